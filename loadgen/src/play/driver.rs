//! Sends the requests of several lines and takes their answers.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Game;
use super::judge::judge;
use super::lane::Lane;
use super::prepare::Prepared;
use super::record::Record;
use super::shared::{Answers, Shared};
use crate::model::{Fate, Ledger};
use crate::target::{Answer, Failure, Pending as _, Target};
use crate::workload::{Planned, Step};

/// How long no answer comes before the target is given up.
const SILENCE_MAX: Duration = Duration::from_mins(1);

/// Processors that are left to the target.
const PROCESSORS_LEFT: usize = 1;

/// Sends the requests of several lines and takes their answers.
#[derive(Debug)]
pub(super) struct Driver<'s, T: Target> {
    target: &'s T,
    pub(super) shared: &'s Shared,
    number: usize,
    pub(super) lanes: Vec<Lane>,
    /// What was sent and not answered, in the order in which it was sent.
    sent: VecDeque<Sent<T::Pending>>,
    record: Record,
    answers: Answers,
}

#[derive(Debug)]
struct Sent<P> {
    lane: usize,
    planned: Planned,
    due: Instant,
    pending: P,
}

/// What came of sending.
pub(super) enum Sending {
    Sent,
    /// The target is busy, and the request is still to be sent.
    Busy(Box<Prepared>),
    /// The target has failed.
    Failed,
}

/// As many drivers as there are processors to spare, with the lines dealt out among them.
pub(super) fn drivers<'s, T: Target>(target: &'s T, game: &Game, shared: &'s Shared) -> Vec<Driver<'s, T>> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let lines = game.profile.lines.get() as usize;
    let number = processors.saturating_sub(PROCESSORS_LEFT).clamp(1, lines);
    let of_driver = |driver| (driver..lines).step_by(number).map(|line| Lane::new(game, line)).collect();
    (0..number)
        .map(|driver| Driver {
            target,
            shared,
            number: driver,
            lanes: of_driver(driver),
            sent: VecDeque::new(),
            record: Record::new(),
            answers: Answers::default(),
        })
        .collect()
}

impl<T: Target> Driver<'_, T> {
    /// Sends a request that was due at a moment.
    pub(super) fn send(&mut self, lane: usize, mut prepared: Prepared, due: Instant) -> Sending {
        let now = Instant::now();
        prepared.request.event_time = packtree::fact::EventTime::utc(microseconds_now());
        self.record.first_sent.get_or_insert(now);
        match self.target.send(&prepared.request) {
            Ok(pending) => {
                if self.sent.is_empty() {
                    self.shared.waits(self.number, now);
                }
                self.sent.push_back(Sent { lane, planned: prepared.planned, due, pending });
                Sending::Sent
            }
            Err(Failure::Busy) => {
                self.record.counts.busy += 1;
                Sending::Busy(Box::new(prepared))
            }
            Err(failure) => {
                self.shared.stop.ask(failure.to_string());
                Sending::Failed
            }
        }
    }

    /// Notes that an operation waits, or none where the line cannot hold more.
    pub(super) fn hold(&mut self, lane: usize) {
        self.lanes[lane].waiting += 1;
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
    }

    fn let_go(&mut self, lane: usize) {
        self.lanes[lane].waiting -= 1;
        self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Counts an operation that is never sent.
    pub(super) fn drop_step(&mut self, lane: usize, prepared: &Prepared) {
        let Planned { pallet, index, step, .. } = prepared.planned;
        let lane = &mut self.lanes[lane];
        lane.ledger.note(pallet, index, Fate::NotDone);
        if !step.is_of_warehouse() {
            self.shared.odd.lock().insert((lane.line, pallet));
        }
        self.record.counts.dropped += 1;
    }

    /// Gives up what was held and is not sent any more, because the run is over.
    pub(super) fn forget(&mut self, lane: usize) {
        self.let_go(lane);
    }

    pub(super) fn is_idle(&self) -> bool {
        self.sent.is_empty()
    }

    /// Takes the answers that are there, after waiting for the first of them.
    pub(super) fn collect(&mut self, wait: Duration) {
        let mut wait = wait;
        let mut now = None;
        while let Some(sent) = self.sent.front() {
            let Some(answer) = sent.pending.wait(wait) else { break };
            let sent = self.sent.pop_front().expect("it was just looked at");
            let at = Instant::now();
            self.settle(&sent, answer, at);
            (now, wait) = (Some(at), Duration::ZERO);
        }
        if let Some(now) = now {
            self.record.last_answered = Some(now);
            self.shared.answered(self.number, &mut self.answers, now, !self.sent.is_empty());
        }
    }

    fn settle(&mut self, sent: &Sent<T::Pending>, answer: Result<Answer, Failure>, now: Instant) {
        let Planned { pallet, index, step, .. } = sent.planned;
        self.let_go(sent.lane);
        let lane = &mut self.lanes[sent.lane];
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                lane.ledger.note(pallet, index, Fate::Unknown);
                self.shared.stop.ask(failure.to_string());
                return;
            }
        };
        let verdict = judge(step, &answer, lane.original(pallet, step));
        lane.ledger.note(pallet, index, verdict.fate);
        let time = now.saturating_duration_since(sent.due);
        self.record.time(step.kind(), time);
        self.answers.times.push(time);
        let counts = &mut self.record.counts;
        counts.operations += 1;
        counts.refused += u64::from(verdict.is_refused);
        counts.late += u64::from(lane.allowed(step).is_some_and(|allowed| allowed < time));
        if let (Fate::Done, Answer::Done { fact, .. }) = (verdict.fate, &answer) {
            let units = lane.packed(step);
            counts.units += units;
            self.answers.units += units;
            self.answers.cases += u64::from(0 < units);
            lane.acknowledge(pallet, step, *fact);
            if step == Step::ClosePallet {
                self.shared.finished[lane.line].store(pallet + 1, Ordering::Release);
            }
        }
        if let Some(problem) = verdict.problem {
            self.shared.odd.lock().insert((lane.line, pallet));
            let words = format!("line {}, pallet {}: {step:?} {problem}", lane.line + 1, pallet + 1);
            self.shared.wrong.lock().problem(words);
        }
    }

    /// Waits for everything that was sent; what is not answered is unknown.
    pub(super) fn finish(&mut self) {
        let mut silent_since = Instant::now();
        while !self.sent.is_empty() && silent_since.elapsed() < SILENCE_MAX {
            let before = self.sent.len();
            self.collect(Duration::from_millis(100));
            if self.sent.len() < before {
                silent_since = Instant::now();
            }
        }
        if !self.sent.is_empty() {
            self.shared.stop.ask(format!("the target did not answer for {} s", SILENCE_MAX.as_secs()));
        }
        while let Some(sent) = self.sent.pop_front() {
            self.let_go(sent.lane);
            self.lanes[sent.lane].ledger.note(sent.planned.pallet, sent.planned.index, Fate::Unknown);
        }
    }
}

/// What all drivers measured, and the ledgers in the order of the lines.
pub(super) fn merge<T: Target>(drivers: Vec<Driver<'_, T>>) -> (Record, Vec<Ledger>) {
    let mut record = Record::new();
    let mut lanes = Vec::new();
    for driver in drivers {
        record.merge(&driver.record);
        lanes.extend(driver.lanes);
    }
    lanes.sort_by_key(|lane| lane.line);
    (record, lanes.into_iter().map(|lane| lane.ledger).collect())
}

fn microseconds_now() -> i64 {
    use packtree::Clock as _;
    packtree::SystemClock.now()
}
