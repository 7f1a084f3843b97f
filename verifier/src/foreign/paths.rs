//! Paths from the entry of a body to one of its leaders: the shortest, then one through each edge.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Most paths that are tried for one exit.
const MAX_PATHS: usize = 60;

/// Paths from `start` to `goal`, both included, shortest first.
pub(crate) fn paths(edges: &BTreeSet<(u32, u32)>, start: u32, goal: u32) -> Vec<Vec<u32>> {
    let mut next: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut before: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &(from, to) in edges {
        next.entry(from).or_default().push(to);
        before.entry(to).or_default().push(from);
    }
    let ahead = tree(&next, start);
    let back = tree(&before, goal);
    let mut found: Vec<Vec<u32>> = walk(&ahead, goal).map(reversed).into_iter().collect();
    for &(from, to) in edges {
        if found.len() >= MAX_PATHS {
            break;
        }
        if let (Some(head), Some(tail)) = (walk(&ahead, from), walk(&back, to)) {
            let path = [reversed(head), tail].concat();
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found.sort_by_key(Vec::len);
    found
}

/// From each place that `start` leads to, the place before it on a shortest way.
fn tree(next: &BTreeMap<u32, Vec<u32>>, start: u32) -> BTreeMap<u32, Option<u32>> {
    let mut from = BTreeMap::from([(start, None)]);
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &to in next.get(&at).into_iter().flatten() {
            from.entry(to).or_insert_with(|| {
                queue.push_back(to);
                Some(at)
            });
        }
    }
    from
}

/// The way back from a place to the start of the tree.
fn walk(tree: &BTreeMap<u32, Option<u32>>, from: u32) -> Option<Vec<u32>> {
    let mut path = vec![from];
    let mut at = *tree.get(&from)?;
    while let Some(place) = at {
        path.push(place);
        at = *tree.get(&place)?;
    }
    Some(path)
}

fn reversed(mut path: Vec<u32>) -> Vec<u32> {
    path.reverse();
    path
}
