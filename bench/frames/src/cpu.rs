//! Time that this thread has had a core, where the system tells: on a busy machine, what the clock says is others' doing.

use std::time::Duration;

/// Time so far; `None` where the system does not tell.
pub fn time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Seconds since an earlier time; those by the clock if the system does not tell.
pub fn seconds_since(start: Option<Duration>, by_clock: f64) -> f64 {
    match (start, time()) {
        (Some(start), Some(now)) => now.saturating_sub(start).as_secs_f64(),
        _ => by_clock,
    }
}
