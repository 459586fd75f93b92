//! The process that is killed: opens what the one before left, compares it, and plays on.

use std::collections::VecDeque;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use packtree::fact::EventTime;
use packtree::{Clock as _, SystemClock};
use serde::{Deserialize, Serialize};

use super::place::{Place, Steps, ledger};
use super::{WINDOW, profile};
use crate::model::{Checked, Ledger, check, check_number};
use crate::play::judge;
use crate::profile::Profile;
use crate::random::mix;
use crate::target::{Answer, Embedded, Failure, Pending as _, Target};
use crate::workload::{Maker, Planned, Step};

/// How long an answer may take.
const ANSWER_MAX: Duration = Duration::from_mins(1);

/// From one checkpoint to the next, at most.
const CHECKPOINT_MAX_MS: u64 = 150;

/// Where a child begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) seed: u64,
    /// Which child it is.
    pub(crate) cycle: u64,
    /// How far each line was acknowledged.
    pub(crate) places: Vec<Place>,
    /// From which pallet of each line on to compare; what is below was compared before.
    pub(crate) from: Vec<u64>,
    /// Objects on the pallets below.
    pub(crate) objects_below: u64,
}

/// How many of the operations that were not acknowledged are done, on one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) most: usize,
}

/// Opens the engine, compares, and plays until it is killed; tells on `pipe` how far it is.
///
/// # Errors
/// When the engine does not open, or the pipe is closed.
pub(crate) fn child(folder: &Path, start: &Start, pipe: &mut impl Write) -> Result<()> {
    let target = Embedded::open(folder)?;
    let engine = target.engine().clone();
    write_checkpoints(start, move || engine.checkpoint().is_ok());
    play(&target, start, pipe)
}

/// Has checkpoints written at random moments until one is not. Those that are cut off must not hurt either, and one that fails is no
/// problem of the journal, which is what is proved.
pub(super) fn write_checkpoints(start: &Start, write: impl Fn() -> bool + Send + 'static) {
    let (seed, cycle) = (start.seed, start.cycle);
    std::thread::spawn(move || {
        for number in 0.. {
            std::thread::sleep(Duration::from_millis(mix(&[seed, cycle, number]) % CHECKPOINT_MAX_MS));
            if !write() {
                return;
            }
        }
    });
}

/// Compares what is there, and plays until the target is killed; tells on `pipe` how far it is.
///
/// # Errors
/// When the target does not answer, or the pipe is closed.
pub(super) fn play<T: Target>(target: &T, start: &Start, pipe: &mut impl Write) -> Result<()> {
    let profile = profile();
    let (checked, settled) = verify(target, &profile, start)?;
    for words in &checked.words {
        writeln!(pipe, "problem {}", words.replace('\n', " "))?;
    }
    if 0 < checked.problems {
        bail!("what was left is not what was acknowledged");
    }
    writeln!(pipe, "checked {}", checked.objects)?;
    pipe.flush()?;
    work(target, &profile, start, &settled, pipe, &mut |_| true)
}

/// Compares what is there with what was acknowledged.
pub(crate) fn verify<T: Target>(
    target: &T,
    profile: &Profile,
    start: &Start,
) -> Result<(Checked, Vec<Settled>), Failure> {
    let ledgers: Vec<Ledger> = (start.places.iter().enumerate())
        .map(|(line, place)| ledger(profile, start.seed, line, *place, WINDOW))
        .collect();
    let mut checked = check(target, profile, start.seed, &ledgers, &start.from)?;
    if start.from.iter().any(|from| *from != 0) {
        checked.objects += start.objects_below;
        check_number(target.statistics()?.objects, &mut checked);
    }
    let mut settled = Vec::new();
    for (line, place) in start.places.iter().enumerate() {
        let fitting = fitting(profile, start.seed, line, *place, &checked);
        if fitting.is_empty() && checked.problems == 0 {
            checked
                .problem(format!("line {}: an operation is there, and one that was sent before it is not", line + 1));
        }
        settled.push(Settled { most: fitting.last().copied().unwrap_or(0) });
    }
    Ok((checked, settled))
}

/// How many of the next steps of a line can be done, in the order in which they are sent, so that each pallet is as it is.
fn fitting(profile: &Profile, seed: u64, line: usize, place: Place, checked: &Checked) -> Vec<usize> {
    let mut steps = Steps::from(profile, seed, line, place);
    let pallets: Vec<u64> = (0..WINDOW).map(|_| steps.next().0.pallet).collect();
    let fits = |done: &usize| {
        let of_pallet = |pallet: u64| pallets[..*done].iter().filter(|other| **other == pallet).count();
        let mut settled = checked.settled.range((line, 0)..=(line, u64::MAX));
        settled.all(|((_, pallet), numbers)| numbers.contains(&of_pallet(*pallet)))
    };
    (0..=WINDOW).filter(fits).collect()
}

/// One line as the child sees it.
struct Line<'p, P> {
    steps: Steps<'p>,
    maker: Maker,
    sent: VecDeque<(Planned, P)>,
    /// How many of the next answers may say that the operation was done before.
    may_be_done: usize,
}

/// Plays until `goes_on` says no, the target fails, or the pipe is closed. Each acknowledgement is told before more is sent.
pub(crate) fn work<T: Target>(
    target: &T,
    profile: &Profile,
    start: &Start,
    settled: &[Settled],
    pipe: &mut impl Write,
    goes_on: &mut dyn FnMut(usize) -> bool,
) -> Result<()> {
    let mut lines: Vec<Line<'_, T::Pending>> = (start.places.iter().zip(settled).enumerate())
        .map(|(line, (place, settled))| Line {
            steps: Steps::from(profile, start.seed, line, *place),
            maker: Maker::new(profile, start.seed, line as u64),
            sent: VecDeque::new(),
            may_be_done: settled.most,
        })
        .collect();
    loop {
        for line in &mut lines {
            fill(target, line)?;
        }
        for (number, line) in lines.iter_mut().enumerate() {
            let mut wait = ANSWER_MAX;
            while let Some((planned, pending)) = line.sent.front() {
                let Some(answer) = pending.wait(wait) else { break };
                let step = planned.step;
                if let Some(problem) = problem(step, answer?, &mut line.may_be_done) {
                    writeln!(pipe, "problem line {}, pallet {}: {step:?} {problem}", number + 1, planned.pallet + 1)?;
                    bail!("an answer is wrong");
                }
                line.sent.pop_front();
                writeln!(pipe, "ack {number}")?;
                if !goes_on(number) {
                    return Ok(pipe.flush()?);
                }
                wait = Duration::ZERO;
            }
        }
        pipe.flush()?;
    }
}

/// Sends so much that the window is full.
fn fill<T: Target>(target: &T, line: &mut Line<'_, T::Pending>) -> Result<()> {
    while line.sent.len() < WINDOW {
        let (planned, script) = line.steps.next();
        let units = if planned.step.is_of_warehouse() { Vec::new() } else { line.maker.units(script.pallet) };
        let mut request = line.maker.request(&script, planned.index, &units, &[]);
        request.event_time = EventTime::utc(SystemClock.now());
        line.sent.push_back((planned, target.send(&request)?));
    }
    Ok(())
}

/// What is wrong with an answer. An operation that was sent before the kill may have been done then.
fn problem(step: Step, answer: Answer, may_be_done: &mut usize) -> Option<String> {
    let was_sent_before = 0 < *may_be_done;
    *may_be_done = may_be_done.saturating_sub(1);
    let answer = match answer {
        // What must be refused is not remembered, and what was sent behind it may be done: it is refused again, perhaps for another
        // reason.
        Answer::Refused { .. } if was_sent_before && matches!(step, Step::Malformed { .. }) => return None,
        Answer::Done { fact, repeated: true, late } if was_sent_before && !matches!(step, Step::Repeat { .. }) => {
            Answer::Done { fact, repeated: false, late }
        }
        answer => answer,
    };
    judge(step, &answer, None).problem
}
