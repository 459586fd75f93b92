//! Where operations go: into the engine, many at a time, or into a rehearsal.

use std::collections::VecDeque;

use packtree::fact::Standing;
use packtree::operation::Request;
use packtree::{Engine, Error, Outcome, Rehearsal, Ticket};

use super::report::Report;
use crate::Place;

/// Operations that wait for their answers at the same time. Enough to fill the groups of the committer, so that one
/// flush makes many events durable; few enough that other callers find room in its queue.
const IN_FLIGHT_MAX: usize = 2_048;

/// Objects that operations on their way may name, all together, so that large events do not pile up in the queue. One
/// event may have more; it then goes alone.
const IN_FLIGHT_OBJECTS_MAX: usize = 250_000;

/// An event on its way, to be told what came of it.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) place: Place,
    /// How many objects its operations name.
    pub(super) objects: usize,
    /// Whether it is to change something, and not only to be recorded.
    pub(super) applies: bool,
    pub(super) is_error_declaration: bool,
}

pub(super) enum Sink<'e> {
    Engine { engine: &'e Engine, in_flight: InFlight },
    Rehearsal(Box<Rehearsal<'e>>),
}

/// Events on their way, the oldest first.
#[derive(Default)]
pub(super) struct InFlight {
    sent: VecDeque<(Sent, Ticket)>,
    objects: usize,
}

impl<'e> Sink<'e> {
    pub(super) fn engine(engine: &'e Engine) -> Self {
        Self::Engine { engine, in_flight: InFlight::default() }
    }

    /// Submits the operations of one event.
    pub(super) fn send(&mut self, sent: Sent, requests: &[Request], report: &mut Report) -> Result<(), Error> {
        match self {
            Self::Rehearsal(rehearsal) => {
                let outcome = rehearsal.submit(requests);
                settle(&sent, outcome, report);
                Ok(())
            }
            Self::Engine { engine, in_flight } => {
                while in_flight.is_full_for(sent.objects) {
                    in_flight.settle_oldest(report)?;
                }
                let ticket = send(engine, requests, in_flight, report)?;
                in_flight.objects += sent.objects;
                in_flight.sent.push_back((sent, ticket));
                Ok(())
            }
        }
    }

    /// Waits for everything that is on its way.
    pub(super) fn settle_all(&mut self, report: &mut Report) -> Result<(), Error> {
        if let Self::Engine { in_flight, .. } = self {
            while !in_flight.sent.is_empty() {
                in_flight.settle_oldest(report)?;
            }
        }
        Ok(())
    }
}

/// Sends requests, and waits while others fill the queue.
fn send(engine: &Engine, requests: &[Request], in_flight: &mut InFlight, report: &mut Report) -> Result<Ticket, Error> {
    loop {
        match engine.send_sequence(requests.to_vec()) {
            Err(Error::Busy { .. }) if in_flight.sent.is_empty() => std::thread::yield_now(),
            // Waiting for one of ours lets the queue drain.
            Err(Error::Busy { .. }) => in_flight.settle_oldest(report)?,
            answer => return answer,
        }
    }
}

impl InFlight {
    fn is_full_for(&self, objects: usize) -> bool {
        let has_room = self.sent.len() < IN_FLIGHT_MAX && self.objects + objects <= IN_FLIGHT_OBJECTS_MAX;
        !has_room && !self.sent.is_empty()
    }

    fn settle_oldest(&mut self, report: &mut Report) -> Result<(), Error> {
        if let Some((sent, ticket)) = self.sent.pop_front() {
            self.objects -= sent.objects;
            settle(&sent, ticket.wait()?, report);
        }
        Ok(())
    }
}

fn settle(sent: &Sent, outcome: Outcome, report: &mut Report) {
    match outcome {
        Outcome::Refused(refusal) => report.refusal(&sent.place, &refusal),
        Outcome::Done(receipt) if receipt.repeated => report.repeated += 1,
        Outcome::Done(receipt) => {
            let standing = if sent.applies { Some(receipt.standing) } else { None };
            *match standing {
                Some(Standing::Done) => &mut report.applied,
                Some(Standing::Parked) => &mut report.parked,
                Some(Standing::Late) | None => &mut report.recorded,
            } += 1;
            report.late += u64::from(standing == Some(Standing::Late));
            report.error_declarations += u64::from(sent.is_error_declaration);
        }
    }
}
