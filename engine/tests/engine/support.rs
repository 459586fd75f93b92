//! An engine on a disk in memory, with a clock and random numbers that are the same in every run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use packtree::disk::SimulatedDisk;
use packtree::fact::{Entry, EventTime, Level, Lot, LotData, LotName, Microseconds, Name, ReasonText, Role};
use packtree::operation::{Commission, Relabel};
use packtree::{Clock, Engine, Entropy, Identifier, Operation, Options, Outcome, Policy, Receipt, Refusal, Request};
use packtree::{RequestId, Ticket};
use packtree_gs1::check_digit;
use packtree_gs1::{Gtin, LotNumber};

/// When everything begins: 2026-11-23T00:00:00Z.
pub(crate) const START: Microseconds = 1_795_392_000_000_000;
pub(crate) const SECOND: Microseconds = 1_000_000;

/// Longer than any answer takes; a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, time: Microseconds) {
        self.0.fetch_add(time, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Microseconds {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn next(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed)) << 64 | 0x5eed
    }
}

/// An engine, and what it stands on.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) disk: Arc<SimulatedDisk>,
    pub(crate) clock: Arc<TestClock>,
}

impl World {
    pub(crate) fn new(policy: Policy) -> Self {
        Self::on(Arc::new(SimulatedDisk::new()), policy, START)
    }

    pub(crate) fn on(disk: Arc<SimulatedDisk>, policy: Policy, now: Microseconds) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(now)));
        let engine = Engine::open_on(disk.clone(), options(&clock, policy)).unwrap();
        Self { engine, disk, clock }
    }

    /// The same engine, closed and opened again.
    pub(crate) fn reopened(self, policy: Policy) -> Self {
        self.engine.close().unwrap();
        let Self { engine, disk, clock } = self;
        drop(engine);
        Self::on(disk, policy, clock.now())
    }

    pub(crate) fn clock_now(&self) -> Microseconds {
        self.clock.now()
    }

    /// A request by a supervisor, a second after the one before, with a reason.
    pub(crate) fn request(&self, operation: Operation) -> Request {
        self.clock.advance(SECOND);
        Request {
            id: RequestId(u128::from(Counting::entropy())),
            actor: Name::new("tester").unwrap(),
            role: Role::Supervisor,
            station: Name::new("bench-1").unwrap(),
            event_time: EventTime::utc(self.clock.now()),
            entry: Entry::Typed,
            reason: Some(ReasonText::new("because").unwrap()),
            note: None,
            signature: None,
            operation,
        }
    }

    pub(crate) fn try_do(&self, operation: Operation) -> Result<Receipt, Refusal> {
        answer(&self.engine.send(self.request(operation)).unwrap()).receipt()
    }

    #[track_caller]
    pub(crate) fn done(&self, operation: Operation) -> Receipt {
        self.try_do(operation).unwrap()
    }

    pub(crate) fn commission(&self, level: Level, objects: &[Identifier]) -> Receipt {
        self.done(Operation::Commission(Commission { lot: None, level, objects: objects.to_vec() }))
    }

    pub(crate) fn pack(&self, parent: &Identifier, children: &[Identifier]) -> Receipt {
        self.done(Operation::pack(parent.clone(), children.to_vec()))
    }

    pub(crate) fn unpack(&self, children: &[Identifier]) -> Receipt {
        self.done(Operation::unpack(children.to_vec()))
    }

    pub(crate) fn relabel(&self, old: &Identifier, new: &Identifier) -> Receipt {
        self.done(Operation::Relabel(Relabel { old: old.clone(), new: new.clone() }))
    }
}

impl Counting {
    /// A number that no other request of the run has.
    fn entropy() -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

pub(crate) fn options(clock: &Arc<TestClock>, policy: Policy) -> Options {
    let clock: Arc<dyn Clock> = clock.clone();
    Options { policy, clock, entropy: Arc::new(Counting(AtomicU64::new(1))), ..Options::default() }
}

/// The answer, or a failure of the test when there is none.
#[track_caller]
pub(crate) fn answer(ticket: &Ticket) -> Outcome {
    ticket.wait_for(PATIENCE).expect("an answer in time").unwrap()
}

pub(crate) fn sscc(number: u64) -> Identifier {
    let body = 9_521_234_500_000_000 + number;
    Identifier::parse(&format!("(00){body:017}{}", check_digit(body))).unwrap()
}

pub(crate) fn pallet(number: u64) -> Identifier {
    sscc(1_000 + number)
}

pub(crate) fn case(number: u64) -> Identifier {
    sscc(2_000 + number)
}

pub(crate) fn unit(number: u64) -> Identifier {
    Identifier::parse(&format!("(01)09521234543213(21)U{number:03}")).unwrap()
}

pub(crate) fn lot() -> Lot {
    Lot { number: lot_name().number, data: LotData::default() }
}

pub(crate) fn lot_name() -> LotName {
    LotName { gtin: Gtin::new(9_521_234_543_213).unwrap(), number: LotNumber::parse("L1").unwrap() }
}
