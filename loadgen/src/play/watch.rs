//! Cuts the run into seconds while it goes on.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::live::Live;
use super::shared::Shared;
use crate::report::run::Second;

const SECOND: Duration = Duration::from_secs(1);

/// How often to look: a second is cut this late at most.
const LOOK: Duration = Duration::from_millis(20);

/// Watches until the run is over; returns one entry for each second in which the lines played, and one for what was left.
pub(super) fn watch(shared: &Shared, live: &mut Live, is_over: impl Fn() -> bool) -> Vec<Second> {
    let mut timeline: Vec<Second> = Vec::new();
    let mut cut = Duration::ZERO;
    loop {
        let ends = is_over();
        let elapsed = shared.clock.elapsed();
        if cut + SECOND <= elapsed || ends {
            let (second, p99_9_us) = second(shared, elapsed);
            // What happens while the clock stands counts to the second that follows.
            if !ends || 0 < second.operations {
                live.show(&second, p99_9_us, elapsed.saturating_sub(cut), elapsed, shared.length);
                timeline.push(second);
            }
            cut = elapsed;
        }
        if ends {
            live.clear();
            return timeline;
        }
        std::thread::sleep(LOOK);
    }
}

/// What happened since the last cut, and the time that one of a thousand operations waited longer.
fn second(shared: &Shared, elapsed: Duration) -> (Second, f64) {
    let mut interval = shared.interval.lock();
    let silence = interval.silence(Instant::now());
    let at = |quantile: f64| interval.times.value_at_quantile(quantile) as f64 / 1_000.0;
    let second = Second {
        at: elapsed.as_secs_f64(),
        units: interval.units,
        cases: interval.cases,
        operations: interval.operations,
        p50_us: at(0.5),
        p99_us: at(0.99),
        max_us: interval.times.max() as f64 / 1_000.0,
        queue: shared.waiting.load(Ordering::Relaxed),
        stall_us: interval.stall.max(silence).as_nanos() as f64 / 1_000.0,
    };
    let p99_9_us = at(0.999);
    interval.clear();
    (second, p99_9_us)
}
