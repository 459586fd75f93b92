//! Workloads that the benches share: one product, cases of 48, pallets of 40 cases, serials that look random.

mod documents;

use std::ops::Range;

use packtree::fact::{Entry, EventTime, Level, Name, RequestId, Role};
use packtree::operation::{Commission, Request};
use packtree::simulation::Site;
use packtree::{Caller, Engine, Identifier, Operation, Outcome, Ticket};
use packtree_gs1::{Gtin, Serial, Sgtin, Sscc, check_digit};

pub use documents::{pack_as_xml, xml_document};

/// The time of all events, in microseconds since 1970.
pub const NOW: i64 = 1_790_000_000_000_000;

/// Units in a case.
pub const CASE_UNITS: u64 = 48;

/// Cases on a pallet.
pub const PALLET_CASES: u64 = 40;

/// The unit number `number`; no two numbers share a serial.
///
/// # Panics
/// Never: 13 digits are a serial, and the product's check digit is right.
pub fn unit(number: u64) -> Identifier {
    let serial = u128::from(number) * 2_654_435_761_234_567 % 10_000_000_000_000;
    let serial = Serial::parse(&format!("{serial:013}")).expect("13 digits are a serial");
    Identifier::Sgtin(Sgtin { gtin: Gtin::new(9_521_234_543_213).expect("the check digit is right"), serial })
}

/// The units of a case.
pub fn units_of(case: u64) -> Vec<Identifier> {
    (case * CASE_UNITS..(case + 1) * CASE_UNITS).map(unit).collect()
}

/// The case number `number`.
pub fn case(number: u64) -> Identifier {
    sscc(9_521_234_500_000_000 + number)
}

/// The pallet number `number`.
pub fn pallet(number: u64) -> Identifier {
    sscc(19_521_234_500_000_000 + number)
}

fn sscc(body: u64) -> Identifier {
    Identifier::Sscc(Sscc::new(body * 10 + u64::from(check_digit(body))).expect("the check digit was just computed"))
}

/// Operations that commission these cases, empty, and their units.
pub fn commissions(cases: Range<u64>) -> Vec<Operation> {
    let mut operations = Vec::new();
    for from in cases.clone().step_by(200) {
        let until = cases.end.min(from + 200);
        operations.push(commission(Level::Unit, (from * CASE_UNITS..until * CASE_UNITS).map(unit).collect()));
        operations.push(commission(Level::Case, (from..until).map(case).collect()));
    }
    operations
}

/// An operation that commissions objects.
pub fn commission(level: Level, objects: Vec<Identifier>) -> Operation {
    Operation::Commission(Commission { lot: None, level, objects })
}

/// An operation that commissions these pallets, empty.
pub fn commission_pallets(pallets: Range<u64>) -> Operation {
    commission(Level::Pallet, pallets.map(pallet).collect())
}

/// Operations that pack these pallets with their cases, one each.
pub fn pallet_packs(pallets: Range<u64>) -> Vec<Operation> {
    let cases = |number| (number * PALLET_CASES..(number + 1) * PALLET_CASES).map(case).collect();
    pallets.map(|number| Operation::pack(pallet(number), cases(number))).collect()
}

/// Operations that pack these cases, one each.
pub fn packs(cases: Range<u64>) -> Vec<Operation> {
    cases.map(|number| Operation::pack(case(number), units_of(number))).collect()
}

/// A request of a machine for an operation; its id is not unique, which only an engine minds.
///
/// # Panics
/// Never: the name is one.
pub fn request(operation: Operation) -> Request {
    let name = Name::new("bench").expect("a name");
    Request {
        id: RequestId(0),
        actor: name.clone(),
        role: Role::Machine,
        station: name,
        event_time: EventTime::utc(NOW),
        entry: Entry::Machine,
        reason: None,
        note: None,
        signature: None,
        operation,
    }
}

/// Does operations one by one, in memory.
///
/// # Panics
/// When one is refused.
pub fn submit_all(site: &mut Site, operations: impl IntoIterator<Item = Operation>) {
    for operation in operations {
        site.submit(&request(operation)).expect("the workload follows the rules");
    }
}

/// The number that an environment variable gives, which may have underscores; `usual` where it is not set.
///
/// # Panics
/// When it is set to something else.
pub fn number_from(variable: &str, usual: u64) -> u64 {
    let Ok(text) = std::env::var(variable) else { return usual };
    text.replace('_', "").parse().unwrap_or_else(|_| panic!("{variable} must be a number, and is `{text}`"))
}

/// Performs operations with many in flight, and waits for all of them.
///
/// # Panics
/// When one is not done.
pub fn perform_all(engine: &Engine, operations: impl IntoIterator<Item = Operation>) {
    const IN_FLIGHT: usize = 4_000;
    let caller = Caller::machine("bench").expect("a name");
    let mut pending = std::collections::VecDeque::with_capacity(IN_FLIGHT);
    for operation in operations {
        if pending.len() == IN_FLIGHT
            && let Some(ticket) = pending.pop_front()
        {
            settle(&ticket);
        }
        pending.push_back(engine.send(engine.request(&caller, operation)).expect("fewer are in flight than may be"));
    }
    pending.iter().for_each(settle);
}

fn settle(ticket: &Ticket) {
    let outcome = ticket.wait().expect("the disk works");
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
}
