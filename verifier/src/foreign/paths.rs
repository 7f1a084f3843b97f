//! Paths from the entry of a body to one of its leaders: the shortest, then one through each edge.

use rustc_hash::FxHashSet;
use std::collections::VecDeque;

/// Most paths that are tried for one exit.
const MAX_PATHS: usize = 60;

/// No place comes before this one: nothing leads to it.
const NOWHERE: u32 = u32::MAX;

/// The ways through a body.
pub(crate) struct Ways {
    /// Offsets of its leaders, in order. All else is numbers of these.
    leaders: Vec<u32>,
    /// In order.
    edges: Vec<(u32, u32)>,
    before: Neighbours,
    start: u32,
    /// See [`Neighbours::tree`].
    ahead: Vec<u32>,
}

impl Ways {
    /// From `start`, along edges between leaders.
    pub(crate) fn new(edges: &FxHashSet<(u32, u32)>, start: u32) -> Ways {
        let mut leaders: Vec<u32> = edges.iter().flat_map(|&(from, to)| [from, to]).chain([start]).collect();
        leaders.sort_unstable();
        leaders.dedup();
        let number = |leader: u32| leaders.partition_point(|&other| other < leader) as u32;
        let mut edges: Vec<(u32, u32)> = edges.iter().map(|&(from, to)| (number(from), number(to))).collect();
        edges.sort_unstable();
        let next = Neighbours::new(leaders.len(), edges.iter().copied());
        let before = Neighbours::new(leaders.len(), edges.iter().map(|&(from, to)| (to, from)));
        let start = number(start);
        let ahead = next.tree(start);
        Ways { leaders, edges, before, start, ahead }
    }

    /// To `goal`; both ends are included, the shortest comes first.
    pub(crate) fn to(&self, goal: u32) -> Vec<Vec<u32>> {
        let Ok(goal) = self.leaders.binary_search(&goal).map(|goal| goal as u32) else { return Vec::new() };
        let back = self.before.tree(goal);
        let mut found: Vec<Vec<u32>> = walk(&self.ahead, goal).map(reversed).into_iter().collect();
        for &(from, to) in &self.edges {
            if found.len() >= MAX_PATHS {
                break;
            }
            if let (Some(head), Some(tail)) = (walk(&self.ahead, from), walk(&back, to)) {
                let path = [reversed(head), tail].concat();
                if !found.contains(&path) {
                    found.push(path);
                }
            }
        }
        found.sort_by_key(Vec::len);
        let offsets = |path: Vec<u32>| path.into_iter().map(|number| self.leaders[number as usize]).collect();
        found.into_iter().map(offsets).collect()
    }

    /// Where control comes to a leader from, if from one place only.
    pub(crate) fn only_before(&self, leader: u32) -> Option<u32> {
        let number = self.leaders.binary_search(&leader).ok()? as u32;
        match self.before.of(number) {
            &[from] if number != self.start => Some(self.leaders[from as usize]),
            _ => None,
        }
    }
}

/// What each place is connected with, in one direction, in order.
struct Neighbours {
    /// Where those of each place begin.
    begins: Vec<u32>,
    all: Vec<u32>,
}

impl Neighbours {
    fn new(places: usize, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Neighbours {
        let mut begins = vec![0; places + 1];
        edges.clone().for_each(|(from, _)| begins[from as usize + 1] += 1);
        for place in 0..places {
            begins[place + 1] += begins[place];
        }
        let (mut ends, mut all) = (begins.clone(), vec![0; begins[places] as usize]);
        for (from, to) in edges {
            all[ends[from as usize] as usize] = to;
            ends[from as usize] += 1;
        }
        Neighbours { begins, all }
    }

    fn of(&self, place: u32) -> &[u32] {
        let place = place as usize;
        &self.all[self.begins[place] as usize..self.begins[place + 1] as usize]
    }

    /// For each place that `root` leads to, the place before it on a shortest way; for the root itself.
    fn tree(&self, root: u32) -> Vec<u32> {
        let mut from = vec![NOWHERE; self.begins.len() - 1];
        from[root as usize] = root;
        let mut queue = VecDeque::from([root]);
        while let Some(at) = queue.pop_front() {
            for &to in self.of(at) {
                if from[to as usize] == NOWHERE {
                    from[to as usize] = at;
                    queue.push_back(to);
                }
            }
        }
        from
    }
}

/// The way back from a place to the root of the tree.
fn walk(tree: &[u32], from: u32) -> Option<Vec<u32>> {
    let mut path = vec![from];
    let mut at = from;
    loop {
        match tree[at as usize] {
            NOWHERE => return None,
            place if place == at => return Some(path),
            place => {
                path.push(place);
                at = place;
            }
        }
    }
}

fn reversed(mut path: Vec<u32>) -> Vec<u32> {
    path.reverse();
    path
}
