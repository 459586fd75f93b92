//! The rules without a disk: operations are decided and applied in memory, as fast as that goes.
//!
//! A [`Site`] decides and applies as the engine does, with the same code, and keeps nothing: no journal, no threads, no request ids. It
//! serves simulations, tests that try millions of operations, and measurements of the rules alone.

use packtree_gs1::Identifier;

use crate::fact::{Counts, Effect, Level, LotData, LotName, Microseconds, Seal, Sequence, Standing, Status, Trust};
use crate::forest::apply::apply;
use crate::forest::record::Ix;
use crate::forest::verify::verify;
use crate::forest::view::class_of;
use crate::forest::{Changes, Draft, Forest, View as _};
use crate::operation::Request;
use crate::operation::parking::{Due, decide_or_park};
use crate::policy::Policy;
use crate::refusal::Refusal;

/// What an accepted operation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The number that its fact would have.
    pub sequence: Sequence,
    /// What it came to.
    pub standing: Standing,
}

/// What is kept of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Object {
    /// Its level.
    pub level: Level,
    /// Whether the level was only concluded from what is in it.
    pub level_is_inferred: bool,
    /// Where it stands in its life.
    pub status: Status,
    /// The state of its closure.
    pub seal: Seal,
    /// Whether it is on hold itself.
    pub held: bool,
    /// Whether it is away itself.
    pub away: bool,
    /// Whether its contents were seen when it last arrived.
    pub trust: Trust,
    /// Its lot.
    pub lot: Option<LotName>,
    /// The container that it is in.
    pub parent: Option<Identifier>,
    /// What is in it, in the order in which it went in.
    pub children: Vec<Identifier>,
}

/// What is kept of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its dates.
    pub data: LotData,
    /// Whether it is on hold.
    pub held: bool,
    /// How many of its objects are where.
    pub counts: Counts,
}

/// A state in memory that operations change.
///
/// ```
/// use packtree::simulation::Site;
/// use packtree::fact::{Entry, EventTime, Level, Name, RequestId, Role, Sequence, Standing};
/// use packtree::operation::{Commission, Operation, Request};
/// use packtree::{Identifier, Policy};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let now = 1_795_392_000_000_000;
/// let mut site = Site::new(Policy::default(), now);
/// let line = Name::new("line-3")?;
/// let case = Identifier::parse("(00)095212345000000018")?;
/// let request = Request {
///     id: RequestId(1),
///     actor: line.clone(),
///     role: Role::Machine,
///     station: line,
///     event_time: EventTime::utc(now),
///     entry: Entry::Machine,
///     reason: None,
///     note: None,
///     signature: None,
///     operation: Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case.clone()] }),
/// };
///
/// let mut fork = site.fork();
/// assert_eq!(fork.submit(&request)?.sequence, Sequence(1));
/// assert_eq!((fork.objects(), site.objects()), (1, 0));
///
/// assert_eq!(site.submit(&request)?.standing, Standing::Done);
/// assert_eq!(site.objects(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Site {
    forest: Forest,
    changes: Changes,
    policy: Policy,
    now: Microseconds,
    previous: Vec<u64>,
}

impl Site {
    /// An empty state, with the rules and the time that operations are decided by.
    pub fn new(policy: Policy, now: Microseconds) -> Self {
        // Nobody outside chooses the serial numbers of a simulation, so the seed need not be a secret.
        Self { forest: Forest::new(0), changes: Changes::default(), policy, now, previous: Vec::new() }
    }

    /// Decides and applies an operation. Its request id is not remembered: every call counts as a new request.
    ///
    /// # Errors
    /// The refusal; nothing has changed.
    pub fn submit(&mut self, request: &Request) -> Result<Done, Refusal> {
        let draft = Draft::new(&self.forest, &mut self.changes);
        let decision = decide_or_park(request, &self.policy, self.now, &draft)?;
        let sequence = Sequence(draft.next_sequence());
        apply(&mut self.forest, request.event_time.at, &decision.effects, &mut self.previous);
        if self.forest.parked_len() != 0 {
            self.release(&decision.effects);
        }
        Ok(Done { sequence, standing: decision.standing })
    }

    /// Does what waited for a fact, and what waited for that.
    fn release(&mut self, effects: &[Effect<Ix>]) {
        let mut due = Due::default();
        due.after(effects, &Draft::new(&self.forest, &mut self.changes));
        while let Some(released) = due.next(&self.policy, self.now, &Draft::new(&self.forest, &mut self.changes)) {
            apply(&mut self.forest, released.time(), &released.effects, &mut self.previous);
            due.after(&released.effects, &Draft::new(&self.forest, &mut self.changes));
        }
    }

    /// Sets the time that operations are decided by.
    pub fn set_now(&mut self, now: Microseconds) {
        self.now = now;
    }

    /// Changes the rules for operations from now on.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// Objects that are known, retired ones included.
    pub fn objects(&self) -> u32 {
        self.forest.len()
    }

    /// A state that begins as this one and goes its own way, for as much memory as it differs.
    pub fn fork(&self) -> Fork<'_> {
        let mut changes = Changes::default();
        Draft::new(&self.forest, &mut changes);
        Fork { site: self, changes }
    }
}

/// What operations would make of a [`Site`]; clones are cheap while they differ little from it.
///
/// ```
/// use packtree::fact::{Level, LotName};
/// use packtree::operation::Commission;
/// use packtree::simulation::{Fork, Lot, Object, Site};
/// use packtree::{Caller, Identifier, Operation, Policy, RequestId, Request};
/// use packtree_gs1::{Gtin, LotNumber};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let lot = packtree::fact::Lot { number: LotNumber::parse("L1")?, data: packtree::fact::LotData::default() };
/// # let Caller { actor, role, station, entry } = Caller::machine("line-3")?;
/// # let unit = Identifier::parse("(01)09521234543213(21)A001")?;
/// # let operation = Operation::Commission(Commission { lot: Some(lot), level: Level::Unit, objects: vec![unit.clone()] });
/// # let (id, event_time) = (RequestId(1), packtree::fact::EventTime::utc(1_795_392_000_000_000));
/// # let request = Request { id, actor, role, station, event_time, entry, reason: None, note: None, signature: None, operation };
/// let mut site = Site::new(Policy::default(), 0);
/// site.set_now(1_795_392_000_000_000);
/// site.set_policy(Policy::lenient_warehouse());
///
/// // What would come of commissioning a unit of the lot L1.
/// let mut fork: Fork<'_> = site.fork();
/// fork.submit(&request)?;
/// let object: Object = fork.object(&unit).ok_or("it was commissioned")?;
/// assert_eq!((object.level, object.parent), (Level::Unit, None));
/// let name = LotName { gtin: Gtin::parse("09521234543213")?, number: LotNumber::parse("L1")? };
/// let lot: Lot = fork.lot(&name).ok_or("the lot has a unit")?;
/// assert_eq!((lot.held, fork.parked(), fork.problems()), (false, 0, vec![]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Fork<'s> {
    site: &'s Site,
    changes: Changes,
}

impl Fork<'_> {
    /// Decides and applies an operation, to this fork only.
    ///
    /// # Errors
    /// The refusal; nothing has changed.
    pub fn submit(&mut self, request: &Request) -> Result<Done, Refusal> {
        let mut draft = Draft::resume(&self.site.forest, &mut self.changes);
        let Site { policy, now, .. } = self.site;
        let decision = decide_or_park(request, policy, *now, &draft)?;
        let sequence = Sequence(draft.next_sequence());
        apply(&mut draft, request.event_time.at, &decision.effects, &mut Vec::new());
        let mut due = Due::default();
        due.after(&decision.effects, &draft);
        while let Some(released) = due.next(policy, *now, &draft) {
            apply(&mut draft, released.time(), &released.effects, &mut Vec::new());
            due.after(&released.effects, &draft);
        }
        Ok(Done { sequence, standing: decision.standing })
    }

    /// Operations that are parked.
    pub fn parked(&self) -> usize {
        Draft::resume(&self.site.forest, &self.changes).parked_len()
    }

    /// Objects that are known, retired ones included.
    pub fn objects(&self) -> u32 {
        Draft::resume(&self.site.forest, &self.changes).len()
    }

    /// What is kept of an object.
    pub fn object(&self, id: &Identifier) -> Option<Object> {
        let draft = Draft::resume(&self.site.forest, &self.changes);
        let ix = draft.find(id)?;
        let record = draft.record(ix);
        Some(Object {
            level: record.level(),
            level_is_inferred: record.level_is_inferred(),
            status: record.status(),
            seal: draft.seal(ix),
            held: record.is_held(),
            away: record.is_away(),
            trust: record.trust(),
            lot: draft.lot_name(&draft.lot(draft.lot_of(&record))),
            parent: record.parent.known().map(|parent| draft.identifier(parent)),
            children: draft.children(ix).map(|child| draft.identifier(child)).collect(),
        })
    }

    /// What is kept of a lot.
    pub fn lot(&self, name: &LotName) -> Option<Lot> {
        let draft = Draft::resume(&self.site.forest, &self.changes);
        let lot = draft.lot(draft.lot_place(class_of(name.gtin), name.number.value())?);
        Some(Lot { data: lot.data, held: lot.held, counts: lot.counts })
    }

    /// Everything that is not as it always is; nothing for a sound state.
    pub fn problems(&self) -> Vec<String> {
        verify(&Draft::resume(&self.site.forest, &self.changes)).iter().map(ToString::to_string).collect()
    }
}
