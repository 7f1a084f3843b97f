//! Measuring.

use std::time::{Duration, Instant};

/// The shortest of `runs` runs, with what the last one returned.
pub fn best<R>(runs: usize, mut run: impl FnMut() -> R) -> (Duration, R) {
    let mut shortest = Duration::MAX;
    let mut last = None;
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        last = Some(run());
        shortest = shortest.min(start.elapsed());
    }
    (shortest, last.expect("at least one run"))
}

/// The value below which a share of all values lies.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(((values.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Microseconds.
pub fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
