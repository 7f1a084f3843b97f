//! Paths through the graph to a given block: the shortest, then one through each edge.
//!
//! A path may go round a loop once. What only goes wrong after two rounds that differ is not found here.

use crate::cfg::Cfg;
use std::collections::VecDeque;

/// Most paths tried for one condition.
const MAX_PATHS: usize = 200;
/// Most blocks of a path.
const MAX_BLOCKS: usize = 4000;

/// Paths from `root` to `goal`, both included, shortest first.
pub(crate) fn paths(cfg: &Cfg, root: usize, goal: usize) -> Vec<Vec<usize>> {
    let ahead = tree(cfg, root, |block| &cfg.blocks[block].next);
    let back = tree(cfg, goal, |block| &cfg.blocks[block].before);
    let Some(first) = walk(&ahead, goal) else { return Vec::new() };
    let mut found = vec![first.into_iter().rev().collect::<Vec<_>>()];
    for (from, block) in cfg.blocks.iter().enumerate() {
        for &to in &block.next {
            let (Some(mut path), Some(rest)) = (walk(&ahead, from), walk(&back, to)) else { continue };
            path.reverse();
            path.extend(rest);
            if path.len() <= MAX_BLOCKS && !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found.sort_by_key(Vec::len);
    found.truncate(MAX_PATHS);
    found
}

/// Breadth-first tree: for each block the next one towards the start.
fn tree<'a>(cfg: &Cfg, start: usize, edges: impl Fn(usize) -> &'a Vec<usize>) -> Vec<Option<usize>> {
    let mut parent = vec![None; cfg.blocks.len()];
    parent[start] = Some(start);
    let mut queue = VecDeque::from([start]);
    while let Some(block) = queue.pop_front() {
        for &next in edges(block) {
            if parent[next].is_none() {
                parent[next] = Some(block);
                queue.push_back(next);
            }
        }
    }
    parent
}

/// From `block` to the start of the tree, both included.
fn walk(parent: &[Option<usize>], block: usize) -> Option<Vec<usize>> {
    let mut path = vec![block];
    let mut at = block;
    loop {
        let next = parent[at]?;
        if next == at {
            return Some(path);
        }
        path.push(next);
        at = next;
    }
}
