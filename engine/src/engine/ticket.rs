//! The answer to a submission, before and after it is there.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::error::Error;
use crate::fact::{Sequence, Standing};
use crate::refusal::Refusal;

/// What came of an operation: both are answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is durable.
    Done(Receipt),
    /// The rules said no; nothing has changed.
    Refused(Refusal),
}

impl Outcome {
    /// The receipt, or the refusal as an error.
    ///
    /// # Errors
    /// The refusal.
    pub fn receipt(self) -> Result<Receipt, Refusal> {
        match self {
            Self::Done(receipt) => Ok(receipt),
            Self::Refused(refusal) => Err(refusal),
        }
    }
}

/// Proof that an operation is durable. The same request gets the same receipt again, with `repeated` set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The fact that it made true; the first of them for a sequence.
    pub first: Sequence,
    /// The last fact of a sequence; the same as `first` for a single operation.
    pub last: Sequence,
    /// The request had been accepted before, and was not done again.
    pub repeated: bool,
    /// What it came to; of a sequence, late if any of it was. What was parked may have been done since: a repetition gets the same
    /// answer as the first time.
    pub standing: Standing,
}

pub(super) type Answer = Result<Outcome, Error>;

/// The place where the answer to a submission appears. Dropping it does not withdraw the submission.
///
/// ```
/// use packtree::{Operation, Outcome, Receipt, Ticket};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// let pack = engine.request(&line, Operation::pack(cases[0].clone(), vec![units[4].clone()]));
/// let ticket: Ticket = engine.send(pack)?;
/// // The line goes on, and asks later.
/// let Outcome::Done(receipt) = ticket.wait()? else { panic!("nothing stands in the way") };
/// let Receipt { first, last, repeated, .. } = receipt;
/// assert_eq!((first, repeated), (last, false));
/// assert!(ticket.try_answer().is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Ticket {
    slot: Arc<Slot>,
}

#[derive(Debug, Default)]
struct Slot {
    answer: Mutex<Option<Answer>>,
    answered: Condvar,
}

/// The engine's end of a ticket. It answers even when it is dropped on the way, so that no caller waits for ever.
#[derive(Debug)]
pub(super) struct Reply {
    slot: Arc<Slot>,
}

impl Reply {
    pub(super) fn answer(self, answer: Answer) {
        self.slot.put(answer);
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.slot.put(Err(Error::Defect));
    }
}

impl Slot {
    /// Keeps the first answer.
    fn put(&self, given: Answer) {
        let mut answer = self.answer.lock();
        if answer.is_none() {
            *answer = Some(given);
            self.answered.notify_all();
        }
    }
}

impl Ticket {
    pub(super) fn new() -> (Self, Reply) {
        let slot = Arc::<Slot>::default();
        (Self { slot: Arc::clone(&slot) }, Reply { slot })
    }

    /// A ticket that has its answer already.
    pub(super) fn answered(answer: Answer) -> Self {
        let (ticket, reply) = Self::new();
        reply.answer(answer);
        ticket
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// When the engine cannot answer; the operation may or may not be durable then, and the same request id finds out.
    pub fn wait(&self) -> Result<Outcome, Error> {
        let mut answer = self.slot.answer.lock();
        loop {
            if let Some(answer) = &*answer {
                return answer.clone();
            }
            self.slot.answered.wait(&mut answer);
        }
    }

    /// Waits for the answer up to a time; `None` when it is not there by then.
    pub fn wait_for(&self, time: Duration) -> Option<Result<Outcome, Error>> {
        let mut answer = self.slot.answer.lock();
        if answer.is_none() {
            self.slot.answered.wait_for(&mut answer, time);
        }
        answer.clone()
    }

    /// The answer, if it is there.
    pub fn try_answer(&self) -> Option<Result<Outcome, Error>> {
        self.slot.answer.lock().clone()
    }
}
