//! Holds the lists of refusals in `docs/rules.md` against the tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::fact::Verb;
use crate::refusal::Reason;

const RULES: &str = include_str!("../../../docs/rules.md");

/// The files with the tables.
const TABLES: &[&str] = &[
    include_str!("../close.rs"),
    include_str!("../commission.rs"),
    include_str!("../configure.rs"),
    include_str!("../correct_lot.rs"),
    include_str!("../decommission.rs"),
    include_str!("../hold.rs"),
    include_str!("../merge.rs"),
    include_str!("../move.rs"),
    include_str!("../observe.rs"),
    include_str!("../pack.rs"),
    include_str!("../receive.rs"),
    include_str!("../relabel.rs"),
    include_str!("../release.rs"),
    include_str!("../reopen.rs"),
    include_str!("../replace.rs"),
    include_str!("../reset.rs"),
    include_str!("../return.rs"),
    include_str!("../ship.rs"),
    include_str!("../split.rs"),
    include_str!("../swap.rs"),
    include_str!("../take_out_of_use.rs"),
    include_str!("../unpack.rs"),
    include_str!("../void_ship.rs"),
];

/// What every operation may be refused for, which the lists do not repeat.
const OF_ALL: &[Reason] = &[Reason::EventTimeOutOfRange, Reason::EventIsLate];

fn reason(code: &str) -> Option<Reason> {
    Reason::ALL.iter().copied().find(|reason| reason.code() == code)
}

/// The refusals of each operation, as the document has them.
pub(super) fn documented() -> BTreeMap<Verb, BTreeSet<Reason>> {
    let mut documented = BTreeMap::new();
    for section in RULES.split("\n### ").skip(1) {
        let (heading, text) = section.split_once('\n').expect("a heading ends with its line");
        let Some(verb) = Verb::from_word(&heading.to_lowercase().replace(' ', "_")) else { continue };
        let (_, list) = text.split_once("Refuses: ").unwrap_or_else(|| panic!("{heading}: says nothing of refusals"));
        let list = list.split("\n\n").next().expect("a split has a first part");
        let codes = list.split('`').skip(1).step_by(2);
        let reasons = codes.map(|code| reason(code).unwrap_or_else(|| panic!("{heading}: {code} is no refusal")));
        documented.insert(verb, reasons.chain(OF_ALL.iter().copied()).collect());
    }
    documented
}

/// The refusals of each operation, as the tables have them.
fn tabled() -> BTreeMap<Verb, BTreeSet<Reason>> {
    let mut tabled: BTreeMap<Verb, BTreeSet<Reason>> = BTreeMap::new();
    for line in TABLES.iter().flat_map(|table| table.lines()) {
        let mut words = line.split_whitespace();
        let verb = match words.next() {
            Some("close_partial") => Some(Verb::Close),
            Some("decommission_only") => Some(Verb::Decommission),
            word => word.and_then(Verb::from_word),
        };
        if let Some(verb) = verb {
            let reasons = words.filter_map(|word| reason(word.trim_end_matches(',')));
            tabled.entry(verb).or_default().extend(reasons);
        }
    }
    // Too many settings for a table are in a test beside it.
    tabled.entry(Verb::Configure).or_default().insert(Reason::SettingsAreFull);
    // Every row that runs is tried with these too.
    for reasons in tabled.values_mut() {
        reasons.extend(OF_ALL);
    }
    tabled
}

#[test]
fn each_operation_is_documented_with_the_refusals_of_its_tables() {
    let (documented, tabled) = (documented(), tabled());
    assert_eq!(documented.len(), Verb::ALL.len(), "an operation is not documented");
    for (verb, reasons) in &tabled {
        let difference: Vec<&str> =
            reasons.symmetric_difference(&documented[verb]).map(|reason| reason.code()).collect();
        assert!(difference.is_empty(), "{verb}: documented or in a table, but not both: {difference:?}");
    }
}

#[test]
fn every_reason_is_in_a_table() {
    let tabled: BTreeSet<Reason> = tabled().into_values().flatten().collect();
    // The engine refuses the first before it asks the rules; the others concern every operation that can be parked, see `parking`.
    let rest = [Reason::RequestExistsWithDifferentContent, Reason::ParkingIsFull, Reason::EarlierEventIsParked];
    let missing: Vec<&Reason> =
        Reason::ALL.iter().filter(|reason| !tabled.contains(reason) && !rest.contains(reason)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
