//! Workloads that the benches share: one product, cases of 48, pallets of 40 cases, serials that look random.

use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Engine, Identifier, Operation, Outcome, Ticket};
use packtree_gs1::{Gtin, Serial, Sgtin, Sscc, check_digit};

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
pub fn commissions(cases: std::ops::Range<u64>) -> Vec<Operation> {
    let commission = |level, objects| Operation::Commission(Commission { lot: None, level, objects });
    let mut operations = Vec::new();
    for from in cases.clone().step_by(200) {
        let until = cases.end.min(from + 200);
        operations.push(commission(Level::Unit, (from * CASE_UNITS..until * CASE_UNITS).map(unit).collect()));
        operations.push(commission(Level::Case, (from..until).map(case).collect()));
    }
    operations
}

/// Operations that pack these cases, one each.
pub fn packs(cases: std::ops::Range<u64>) -> Vec<Operation> {
    cases.map(|number| Operation::pack(case(number), units_of(number))).collect()
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
