//! The people in the warehouse of a server: who does what, and what became of it.
//!
//! A driver gives them the steps that fall due once the line is through with the pallet; all steps of a pallet fall to the same person,
//! so that they are done in order. What they measure and do is merged with that of the lines at the end.

use crossbeam::channel::{Receiver, Sender, TrySendError, bounded};

use super::Game;
use super::hands::Hands;
use super::prepare::Prepared;
use super::record::Record;
use super::shared::Shared;
use crate::model::{Fate, Ledger};
use crate::random::mix;
use crate::target::User;

/// What somebody still has to do, at most; one more is lost to them.
const JOBS_MAX: usize = 100;

/// What a random number is drawn for: who works on a pallet.
const WHO: u64 = 0x0077_686f;

/// A step that somebody has to do.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) line: usize,
    pub(super) prepared: Prepared,
}

/// What became of a job.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) line: usize,
    pub(super) pallet: u64,
    pub(super) index: usize,
    pub(super) fate: Fate,
}

/// What somebody measured and did.
#[derive(Debug)]
pub(super) struct Shift {
    pub(super) record: Record,
    pub(super) noted: Vec<Noted>,
}

/// Gives jobs to the people of a warehouse.
#[derive(Debug)]
pub(super) struct Crew {
    seed: u64,
    jobs: Vec<Sender<Job>>,
}

impl Crew {
    /// A crew of so many, and where each of them finds what to do.
    pub(super) fn new(seed: u64, people: usize) -> (Self, Vec<Receiver<Job>>) {
        let (jobs, found) = (0..people).map(|_| bounded(JOBS_MAX)).unzip();
        (Self { seed, jobs }, found)
    }

    /// Gives a step to whoever works on its pallet.
    ///
    /// # Errors
    /// The step, where they have too much to do already.
    pub(super) fn give(&self, line: usize, prepared: Prepared) -> Result<(), Box<Prepared>> {
        let who = mix(&[self.seed, line as u64, prepared.planned.pallet, WHO]) as usize % self.jobs.len();
        self.jobs[who].try_send(Job { line, prepared }).map_err(|error| match error {
            TrySendError::Full(job) | TrySendError::Disconnected(job) => Box::new(job.prepared),
        })
    }
}

/// Lets somebody work until the lines have finished.
pub(super) fn work(user: &User, number: usize, jobs: Receiver<Job>, game: &Game, shared: &Shared) -> Shift {
    Hands::new(user, number, jobs, game, shared).work()
}

/// Adds what people did to what the lines did.
pub(super) fn merge(shifts: Vec<Shift>, record: &mut Record, ledgers: &mut [Ledger]) {
    for Shift { record: own, noted } in shifts {
        record.merge(&own);
        for Noted { line, pallet, index, fate } in noted {
            ledgers[line].note(pallet, index, fate);
        }
    }
}
