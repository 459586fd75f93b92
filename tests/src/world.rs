//! A small world: identifiers with short names, requests with all their parts, a clock and randomness that repeat.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use packtree::fact::{Entry, EventTime, Level, Lot, LotData, LotName, Microseconds, Name, ReasonText, RequestId, Role};
use packtree::operation::Commission;
use packtree::{Clock, Entropy, Identifier, Operation, Request};
use packtree_gs1::{Gtin, LotNumber, Serial, Sgtin, Sscc, check_digit};

/// The time at which worlds begin: 2026-11-23T00:00:00Z.
pub const NOW: Microseconds = 1_795_392_000_000_000;

/// A pallet, which has an SSCC.
pub fn pallet(number: u64) -> Identifier {
    sscc(1, number)
}

/// A case, which has an SSCC.
pub fn case(number: u64) -> Identifier {
    sscc(2, number)
}

/// A logistic unit of unknown level, which has an SSCC.
pub fn unknown(number: u64) -> Identifier {
    sscc(3, number)
}

/// A logistic unit that some operation labels anew or makes.
pub fn label(number: u64) -> Identifier {
    sscc(4, number)
}

fn sscc(kind: u64, number: u64) -> Identifier {
    let body = 9_521_234 * 10_000_000_000 + kind * 1_000_000_000 + number;
    Identifier::Sscc(Sscc::new(body * 10 + u64::from(check_digit(body))).expect("the check digit is right"))
}

/// A product; there are as many as there are numbers below 10,000.
pub fn product(number: u64) -> Gtin {
    let body = 952_123_400_000 + number;
    Gtin::new(body * 10 + u64::from(check_digit(body))).expect("the check digit is right")
}

/// An object of a product.
pub fn item(product_number: u64, number: u64) -> Identifier {
    let serial = Serial::parse(&format!("S{number}")).expect("a letter and digits are a serial number");
    Identifier::Sgtin(Sgtin { gtin: product(product_number), serial })
}

/// A unit of the first product.
pub fn unit(number: u64) -> Identifier {
    item(1, number)
}

/// A lot of a product, without dates.
pub fn lot(product_number: u64, number: u64) -> LotName {
    let number = LotNumber::parse(&format!("L{number}")).expect("a letter and digits are a lot number");
    LotName { gtin: product(product_number), number }
}

/// Commissions objects of one level, perhaps of one lot.
pub fn commission(level: Level, lot: Option<LotName>, objects: Vec<Identifier>) -> Operation {
    let lot = lot.map(|lot| Lot { number: lot.number, data: LotData::default() });
    Operation::Commission(Commission { lot, level, objects })
}

/// A request by a supervisor who gives a reason, at [`NOW`].
pub fn request(id: u128, operation: Operation) -> Request {
    Request {
        id: RequestId(id),
        actor: name("dana"),
        role: Role::Supervisor,
        station: name("bench-2"),
        event_time: EventTime::utc(NOW),
        entry: Entry::Scan,
        reason: Some(ReasonText::new("a test").expect("the text is short")),
        note: None,
        signature: None,
        operation,
    }
}

fn name(text: &str) -> Name {
    Name::new(text).expect("the name is short")
}

/// A clock that shows what it was set to.
#[derive(Debug)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock that shows a time.
    pub const fn new(now: Microseconds) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Sets the clock.
    pub fn set(&self, now: Microseconds) {
        self.0.store(now, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Microseconds {
        self.0.load(Ordering::Relaxed)
    }
}

/// Random numbers that a seed decides: `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug)]
pub struct Seeded(AtomicU64);

impl Seeded {
    /// The numbers of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next 64 bits.
    pub fn word(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&self, bound: u64) -> u64 {
        self.word() % bound
    }

    /// One of several.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

impl Entropy for Seeded {
    fn next(&self) -> u128 {
        (u128::from(self.word()) << 64) | u128::from(self.word())
    }
}
