//! A clock that stands while the lines are not let play.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Counts the time in which the lines play.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    before: Duration,
    running_since: Option<Instant>,
}

impl Clock {
    pub(crate) fn start(&self) {
        self.state.lock().running_since.get_or_insert_with(Instant::now);
    }

    pub(crate) fn stop(&self) {
        let mut state = self.state.lock();
        if let Some(since) = state.running_since.take() {
            state.before += since.elapsed();
        }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        let state = self.state.lock();
        state.before + state.running_since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}
