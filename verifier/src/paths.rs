//! Paths through the graph to a given block: the shortest, then one through each edge, then one through each edge
//! after each back-edge.
//!
//! A path goes round a loop twice at most. What only goes wrong in a later round is not found here.

use crate::cfg::{Cfg, Exit};
use std::collections::VecDeque;

/// Most paths tried for one condition.
const MAX_PATHS: usize = 200;
/// Most blocks of a path.
const MAX_BLOCKS: usize = 4000;

/// Paths from `root` through `goal` on to the nearest end of the code, shortest first.
pub(crate) fn paths(cfg: &Cfg, root: usize, goal: usize) -> Vec<Vec<usize>> {
    let rest = to_end(cfg, goal);
    let with_rest = |path: Vec<usize>| path.into_iter().chain(rest.iter().copied()).collect();
    to_goal(cfg, root, goal).into_iter().map(with_rest).collect()
}

/// The shortest way from after a block to one that ends the code.
fn to_end(cfg: &Cfg, from: usize) -> Vec<usize> {
    let onwards = tree(cfg, from, |block| &cfg.blocks[block].next);
    let ends = cfg.blocks.iter().enumerate().filter(|(_, b)| b.exit == Exit::Return).map(|(i, _)| i);
    let ways = ends.filter_map(|end| walk(&onwards, end));
    ways.min_by_key(Vec::len).map_or_else(Vec::new, |way| reversed(way).split_off(1))
}

/// Paths from `root` to `goal`, both included, shortest first.
fn to_goal(cfg: &Cfg, root: usize, goal: usize) -> Vec<Vec<usize>> {
    let ahead = tree(cfg, root, |block| &cfg.blocks[block].next);
    let back = tree(cfg, goal, |block| &cfg.blocks[block].before);
    let Some(first) = walk(&ahead, goal) else { return Vec::new() };
    let mut found = Found { paths: vec![reversed(first)] };
    let edges =
        || cfg.blocks.iter().enumerate().flat_map(|(from, b)| b.next.iter().map(move |&to| (from, to)));
    for (from, to) in edges() {
        found.add([walk(&ahead, from).map(reversed), walk(&back, to)]);
    }
    for (end, head) in edges().filter(|&(end, head)| cfg.blocks[head].rank <= cfg.blocks[end].rank) {
        let round = tree(cfg, head, |block| &cfg.blocks[block].next);
        for (from, to) in edges() {
            let again = walk(&round, from).map(reversed);
            found.add([walk(&ahead, end).map(reversed), again, walk(&back, to)]);
            if found.paths.len() > MAX_PATHS {
                break;
            }
        }
    }
    found.paths.sort_by_key(Vec::len);
    found.paths.truncate(MAX_PATHS);
    found.paths
}

struct Found {
    paths: Vec<Vec<usize>>,
}

impl Found {
    /// Adds the parts as one path if there are all of them and it is new.
    fn add<const N: usize>(&mut self, parts: [Option<Vec<usize>>; N]) {
        let parts: Option<Vec<Vec<usize>>> = parts.into_iter().collect();
        let Some(path) = parts.map(|parts| parts.concat()) else { return };
        if path.len() <= MAX_BLOCKS && self.paths.len() <= MAX_PATHS && !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }
}

fn reversed(mut path: Vec<usize>) -> Vec<usize> {
    path.reverse();
    path
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
