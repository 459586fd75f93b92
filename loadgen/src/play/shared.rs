//! What the threads of a run share.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use parking_lot::Mutex;

use super::Game;
use super::clock::Clock;
use super::record::{histogram, put};
use crate::model::Checked;

/// Tells all threads that a run ends before its time, and why.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    inner: Arc<StopInner>,
}

#[derive(Debug, Default)]
struct StopInner {
    is_asked: AtomicBool,
    reason: Mutex<Option<String>>,
}

impl Stop {
    /// Ends the run; the first reason stays.
    pub(crate) fn ask(&self, reason: impl Into<String>) {
        self.inner.reason.lock().get_or_insert_with(|| reason.into());
        self.inner.is_asked.store(true, Ordering::Release);
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.inner.is_asked.load(Ordering::Acquire)
    }

    pub(crate) fn reason(&self) -> Option<String> {
        self.inner.reason.lock().clone()
    }
}

/// What happened since the timeline was last cut.
#[derive(Debug)]
pub(super) struct Interval {
    pub(super) units: u64,
    pub(super) cases: u64,
    pub(super) operations: u64,
    pub(super) times: Histogram<u64>,
    pub(super) stall: Duration,
    last_answer: Instant,
    /// Since when each driver has waited for answers without a pause.
    waiting_since: Vec<Option<Instant>>,
}

impl Interval {
    fn new() -> Self {
        Self {
            units: 0,
            cases: 0,
            operations: 0,
            times: histogram(),
            stall: Duration::ZERO,
            last_answer: Instant::now(),
            waiting_since: Vec::new(),
        }
    }

    /// How long there has been no answer although some are waited for.
    pub(super) fn silence(&self, now: Instant) -> Duration {
        let oldest = self.waiting_since.iter().flatten().min();
        oldest.map_or(Duration::ZERO, |since| now.saturating_duration_since(self.last_answer.max(*since)))
    }

    /// Begins the next interval.
    pub(super) fn clear(&mut self) {
        self.units = 0;
        self.cases = 0;
        self.operations = 0;
        self.times.reset();
        self.stall = Duration::ZERO;
    }
}

/// What one driver was answered at one moment.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) units: u64,
    pub(super) cases: u64,
    pub(super) times: Vec<Duration>,
}

/// What the threads of a run share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(super) clock: Clock,
    pub(super) interval: Mutex<Interval>,
    pub(super) stop: Stop,
    /// Answers that were not what they had to be.
    pub(super) wrong: Mutex<Checked>,
    /// For each line, how many pallets are finished.
    pub(super) finished: Vec<AtomicU64>,
    /// Pallets of lines of which something was dropped or refused.
    pub(super) odd: Mutex<HashSet<(usize, u64)>>,
    /// Operations that wait for an answer, or to be sent.
    pub(super) waiting: AtomicU64,
    /// How long the lines run.
    pub(super) length: Duration,
    is_over: AtomicBool,
    starved: AtomicU64,
}

impl Shared {
    pub(crate) fn new(game: &Game, stop: &Stop) -> Self {
        Self {
            clock: Clock::default(),
            interval: Mutex::new(Interval::new()),
            stop: stop.clone(),
            wrong: Mutex::default(),
            finished: (0..game.profile.lines.get()).map(|_| AtomicU64::new(0)).collect(),
            odd: Mutex::default(),
            waiting: AtomicU64::new(0),
            length: game.profile.r#for.duration(),
            is_over: AtomicBool::new(false),
            starved: AtomicU64::new(0),
        }
    }

    /// Takes in what a driver was answered, and whether it still waits.
    pub(super) fn answered(&self, driver: usize, answers: &mut Answers, now: Instant, still_waits: bool) {
        let mut interval = self.interval.lock();
        interval.stall = interval.stall.max(interval.silence(now));
        interval.last_answer = now;
        interval.units += answers.units;
        interval.cases += answers.cases;
        interval.operations += answers.times.len() as u64;
        for time in answers.times.drain(..) {
            put(&mut interval.times, time);
        }
        (answers.units, answers.cases) = (0, 0);
        if !still_waits {
            interval.waiting_since[driver] = None;
        }
    }

    /// Notes that a driver begins to wait.
    pub(super) fn waits(&self, driver: usize, now: Instant) {
        let mut interval = self.interval.lock();
        if interval.waiting_since.len() <= driver {
            interval.waiting_since.resize(driver + 1, None);
        }
        interval.waiting_since[driver] = Some(now);
    }

    pub(super) fn starve(&self) {
        self.starved.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn starved(&self) -> u64 {
        self.starved.load(Ordering::Relaxed)
    }

    /// Tells those that ask questions that the lines have finished.
    pub(super) fn finish(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }
}
