//! The engine in this process.

use std::path::Path;
use std::time::Duration;

use packtree::fact::{LotName, Standing, Status};
use packtree::operation::Request;
use packtree::query::Inspection;
use packtree::{Engine, Error, Identifier, OpenError, Options, Outcome, Ticket};

use super::{Answer, Failure, LotSeen, Pending, Seen, Statistics, Target};
use crate::machine::resident_bytes;

/// An open engine, and how much memory the process took before it was opened.
#[derive(Debug)]
pub(crate) struct Embedded {
    engine: Engine,
    bytes_before: u64,
}

impl Embedded {
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenError> {
        let bytes_before = resident_bytes();
        Ok(Self { engine: Engine::open(folder, Options::default())?, bytes_before })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl Target for Embedded {
    type Pending = Ticket;

    fn send(&self, request: &Request) -> Result<Ticket, Failure> {
        self.engine.send(request.clone()).map_err(failure)
    }

    fn inspect(&self, objects: &[Identifier]) -> Result<Vec<Option<Seen>>, Failure> {
        let view = self.engine.view();
        Ok(objects.iter().map(|object| view.inspect(object).map(seen)).collect())
    }

    fn contents(&self, object: &Identifier) -> Result<Option<Vec<Identifier>>, Failure> {
        let view = self.engine.view();
        Ok(view.contents(object, usize::MAX).map(|contents| contents.map(|content| content.id).collect()))
    }

    fn lot(&self, lot: &LotName) -> Result<Option<LotSeen>, Failure> {
        let view = self.engine.view();
        Ok(view.lot(lot).map(|lot| LotSeen {
            active: lot.counts.with_status(Status::Active),
            rejected: lot.counts.with_status(Status::Rejected),
            packed: lot.counts.packed,
        }))
    }

    fn statistics(&self) -> Result<Statistics, Failure> {
        // The process takes memory for more than the engine: what it takes beyond what it took before is the most that it can be.
        let bytes = resident_bytes().checked_sub(self.bytes_before).filter(|bytes| 0 < *bytes);
        Ok(Statistics { objects: u64::from(self.engine.stats().objects), bytes, busy: 0 })
    }
}

impl Pending for Ticket {
    fn wait(&self, time: Duration) -> Option<Result<Answer, Failure>> {
        let outcome = if time.is_zero() { self.try_answer()? } else { self.wait_for(time)? };
        Some(outcome.map_err(failure).map(|outcome| match outcome {
            Outcome::Done(receipt) => {
                // Nothing that a line does comes out of order, so whatever is not done at once is not as it should be.
                let late = receipt.standing != Standing::Done;
                Answer::Done { fact: receipt.first.0, repeated: receipt.repeated, late }
            }
            Outcome::Refused(refusal) => Answer::Refused { reason: refusal.reason(), sentence: refusal.to_string() },
        }))
    }
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Busy { .. } => Failure::Busy,
        Error::Poisoned(_) | Error::Checkpoint(_) => Failure::Stopped(error.to_string()),
        Error::Closed | Error::Defect => Failure::Down(error.to_string()),
        other => Failure::Nonsense(other.to_string()),
    }
}

pub(super) fn seen(known: Inspection) -> Seen {
    Seen {
        level: known.level,
        status: known.status,
        seal: known.seal,
        held_by: known.held_by,
        lot_on_hold: known.lot_on_hold,
        away: known.away,
        lot: known.lot.map(|lot| lot.number),
        parent: known.parent,
        children: known.children,
        units: known.units,
    }
}
