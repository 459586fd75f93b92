//! What is kept of an operation that waits for an event that it builds on.

use packtree_gs1::Identifier;

use super::{Header, Microseconds, Verb};
use crate::refusal::Reason;

/// An operation that came before an event that it builds on, and waits for it.
///
/// It says everything that is needed to decide the operation again; [`Operation::of_parked`](crate::Operation::of_parked) reads the
/// operation itself.
///
/// ```
/// use packtree::disk::SimulatedDisk;
/// use packtree::fact::{Effect, EventTime, Level, Parking, ParkingEnd};
/// use packtree::operation::Commission;
/// use packtree::policy::LateEvent;
/// use packtree::{Caller, Engine, Identifier, Operation, Options, Policy, Reason, Request};
/// use std::sync::Arc;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let policy = Policy { late_event: LateEvent::PARK, ..Policy::default() };
/// let engine = Engine::open_on(Arc::new(SimulatedDisk::new()), Options { policy, ..Options::default() })?;
/// let line = Caller::machine("line-3")?;
/// let (case, unit) = (Identifier::parse("(00)095212345000000018")?, Identifier::parse("(01)09521234543213(21)A001")?);
/// let commission = |level, object: &Identifier| {
///     let operation = Operation::Commission(Commission { lot: None, level, objects: vec![object.clone()] });
///     let request = engine.request(&line, operation);
///     Request { event_time: EventTime::utc(request.event_time.at - 60_000_000), ..request }
/// };
/// engine.submit(commission(Level::Case, &case))?.receipt()?;
///
/// // The pack arrives before the commissioning of its unit.
/// let pack = Operation::pack(case.clone(), vec![unit.clone()]);
/// engine.perform(&line, pack.clone())?.receipt()?;
/// let (_, parking): (_, Arc<Parking>) = engine.view().parked().next().ok_or("it waits")?;
/// assert_eq!(parking.reasons, [Reason::ObjectNotFound]);
/// assert_eq!(Operation::of_parked(&parking), Some(pack));
///
/// engine.submit(commission(Level::Unit, &unit))?.receipt()?;
/// assert_eq!(engine.root(&unit), Some(case));
/// let done = engine.fact(engine.head().sequence)?.ok_or("there are facts")?;
/// assert!(done.effects.iter().any(|effect| matches!(effect, Effect::Unparked { end: ParkingEnd::Done, .. })));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parking {
    /// Who asked for it, when and why, without the note, which stays with the fact that parked it.
    pub header: Header,
    /// The kind of operation.
    pub verb: Verb,
    /// Since when it waits, by the engine's clock.
    pub since: Microseconds,
    /// How long it waits, by the engine's clock.
    pub until: Microseconds,
    /// What stood in its way when it was parked, each reason once, in order of precedence.
    pub reasons: Vec<Reason>,
    /// The objects that it names, known or not, in the order in which it names them.
    pub objects: Vec<Identifier>,
    /// Other objects that stood in its way: what has to happen may happen to them.
    pub others: Vec<Identifier>,
    /// The operation, encoded.
    pub(crate) operation: Box<[u8]>,
}

impl Parking {
    /// About how many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        /// An identifier, and its entry in the index.
        const OBJECT_BYTES: usize = 96;
        let bytes = |object: &Identifier| match object {
            Identifier::Opaque(opaque) => OBJECT_BYTES + opaque.uri().len(),
            _ => OBJECT_BYTES,
        };
        self.operation.len() + self.objects.iter().chain(&self.others).map(bytes).sum::<usize>()
    }
}

/// What became of a parked operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParkingEnd {
    /// What it waited for arrived, and it was done.
    Done,
    /// Something newer than it arrived, so that it was recorded as late and changed nothing.
    Late,
    /// What it waited for arrived, and then the rules said no.
    Refused(Reason),
    /// What it waited for did not arrive in time; why it could not be done to the last.
    Expired(Reason),
}
