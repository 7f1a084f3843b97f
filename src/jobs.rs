//! Work by number on several threads, told in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Results that wait to be heard, for each thread.
const WAITING: usize = 64;

/// Does the work of each number below `count` on `jobs` threads, each with a state of its own, and tells the results in
/// the order of their numbers. `hear` may end it early.
///
/// # Errors
/// That of `hear`.
pub fn in_order<S, T: Send, E>(
    jobs: u32,
    count: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
    mut hear: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    if jobs <= 1 || count <= 1 {
        let mut state = state();
        return (0..count).try_for_each(|index| hear(index, work(&mut state, index)));
    }
    let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let worker = |said: SyncSender<(usize, T)>| {
        let mut state = state();
        while !over.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || said.send((index, work(&mut state, index))).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let (said, heard) = sync_channel(WAITING * jobs as usize);
        for _ in 0..jobs {
            let (said, worker) = (said.clone(), &worker);
            scope.spawn(move || worker(said));
        }
        drop(said);
        let mut early = BTreeMap::new();
        let mut told = 0;
        for (index, result) in heard {
            early.insert(index, result);
            while let Some(result) = early.remove(&told) {
                if let Err(error) = hear(told, result) {
                    over.store(true, Ordering::Relaxed);
                    return Err(error);
                }
                told += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_told_in_order_and_once() {
        for jobs in [1, 2, 7] {
            let mut told = Vec::new();
            let work = |calls: &mut usize, index: usize| {
                *calls += 1;
                // Every third takes longer.
                (0..(index % 3) * 1000).fold(index, |sum, i| sum ^ std::hint::black_box(i) ^ i)
            };
            let hear = |index, result| {
                told.push((index, result));
                Ok::<(), ()>(())
            };
            in_order(jobs, 500, || 0, work, hear).expect("nothing fails");
            let expected: Vec<(usize, usize)> = (0..500).map(|index| (index, index)).collect();
            assert_eq!(told, expected, "{jobs} threads");
        }
    }

    #[test]
    fn an_error_ends_it() {
        let mut heard = 0;
        let hear = |index, ()| {
            heard += 1;
            if index == 9 { Err("enough") } else { Ok(()) }
        };
        let ended = in_order(3, usize::MAX, || (), |(), _| (), hear);
        assert_eq!((ended, heard), (Err("enough"), 10));
    }
}
