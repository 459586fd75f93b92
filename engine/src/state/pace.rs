//! How the worker shares the processor with the line.
//!
//! A thread that never sleeps keeps a processor for a whole slice of the scheduler, 10 ms on some systems, and whoever has an answer to
//! give waits that long. So the worker rests after each short piece of work, as long as it worked, and takes half a processor at most.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::limits::STATE_WORK_MICROSECONDS;

/// Rests between pieces of work.
pub(super) struct Pace<'s> {
    since: Instant,
    /// Nobody is on the line any more.
    is_hurried: &'s AtomicBool,
}

impl<'s> Pace<'s> {
    pub(super) fn new(is_hurried: &'s AtomicBool) -> Self {
        Self { since: Instant::now(), is_hurried }
    }

    /// Rests if it is time to. To be called where nothing is locked, more often than there is time to rest.
    pub(super) fn rest(&mut self) {
        if let Some(rest) = rest_after(self.since.elapsed(), self.is_hurried.load(Ordering::Relaxed)) {
            thread::sleep(rest);
            self.since = Instant::now();
        }
    }
}

/// How long to rest after so much work; `None` to go on.
fn rest_after(worked: Duration, is_hurried: bool) -> Option<Duration> {
    const PIECE: Duration = Duration::from_micros(STATE_WORK_MICROSECONDS);
    // What took long was most often not work but waiting for the disk, which cost nobody the processor.
    const REST_MAX: Duration = Duration::from_micros(4 * STATE_WORK_MICROSECONDS);
    (PIECE <= worked && !is_hurried).then(|| worked.min(REST_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rests_as_long_as_it_worked_unless_it_is_hurried() {
        let piece = Duration::from_micros(STATE_WORK_MICROSECONDS);
        assert_eq!(rest_after(piece / 2, false), None);
        assert_eq!(rest_after(piece, false), Some(piece));
        assert_eq!(rest_after(piece * 3, false), Some(piece * 3));
        assert_eq!(rest_after(piece * 1_000, false), Some(piece * 4));
        assert_eq!(rest_after(piece * 3, true), None);
    }

    #[test]
    fn it_sleeps_once_for_each_piece_of_work() {
        let hurried = AtomicBool::new(false);
        let mut pace = Pace::new(&hurried);
        for _ in 0..3 {
            let worked = Duration::from_micros(STATE_WORK_MICROSECONDS);
            thread::sleep(worked);
            let began = Instant::now();
            pace.rest();
            assert!(worked <= began.elapsed());
        }
    }
}
