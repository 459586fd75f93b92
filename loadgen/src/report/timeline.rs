//! The timeline of a run in so few moments that a picture or a table can show it.

use super::run::{Run, Second};

/// One second of a run, or several taken together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    /// Seconds since the beginning, at its end.
    pub(crate) at: f64,
    /// How long it is, in seconds.
    pub(crate) seconds: f64,
    pub(crate) units_per_second: f64,
    /// The mean over its seconds, weighed by their operations.
    pub(crate) p50_us: f64,
    /// The highest of its seconds, as for what follows.
    pub(crate) p99_us: f64,
    pub(crate) max_us: f64,
    pub(crate) queue: u64,
    pub(crate) stall_us: f64,
}

/// How many seconds each moment has, if there are `most` at most.
pub(crate) fn seconds_each(run: &Run, most: usize) -> usize {
    run.timeline.len().div_ceil(most).max(1)
}

/// The timeline in at most `most` moments.
pub(crate) fn moments(run: &Run, most: usize) -> Vec<Moment> {
    let mut before = 0.0;
    run.timeline
        .chunks(seconds_each(run, most))
        .map(|seconds| {
            let moment = together(seconds, before);
            before = moment.at;
            moment
        })
        .collect()
}

fn together(seconds: &[Second], before: f64) -> Moment {
    let at = seconds.last().map_or(before, |second| second.at);
    let length = at - before;
    let highest = |of: fn(&Second) -> f64| seconds.iter().map(of).fold(0.0, f64::max);
    let units: f64 = seconds.iter().map(|second| second.units as f64).sum();
    let operations: f64 = seconds.iter().map(|second| second.operations as f64).sum();
    let waited: f64 = seconds.iter().map(|second| second.p50_us * second.operations as f64).sum();
    Moment {
        at,
        seconds: length,
        units_per_second: if 0.0 < length { units / length } else { 0.0 },
        p50_us: if 0.0 < operations { waited / operations } else { 0.0 },
        p99_us: highest(|second| second.p99_us),
        max_us: highest(|second| second.max_us),
        queue: seconds.iter().map(|second| second.queue).max().unwrap_or(0),
        stall_us: highest(|second| second.stall_us),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{run, second};
    use super::*;

    #[test]
    fn a_second_that_is_cut_short_counts_for_its_length() {
        let mut run = run();
        run.timeline = vec![second(1.0, 1_000), second(1.5, 600)];
        let moments = moments(&run, 10);
        assert_eq!(moments.iter().map(|moment| moment.units_per_second).collect::<Vec<_>>(), [1_000.0, 1_200.0]);
    }

    #[test]
    fn many_seconds_are_taken_together_without_losing_the_worst() {
        let mut run = run();
        run.timeline = (1..=1_000).map(|at| second(f64::from(at), 100)).collect();
        run.timeline[500].stall_us = 7.0;
        run.timeline[999].queue = 9;
        let moments = moments(&run, 300);
        assert_eq!((moments.len(), seconds_each(&run, 300)), (250, 4));
        assert!(moments.iter().all(|moment| (moment.units_per_second - 100.0).abs() < 1e-9));
        assert!((moments[125].stall_us - 7.0).abs() < 1e-9);
        assert_eq!(moments[249].queue, 9);
    }
}
