//! What stands in the demo's warehouse: two full pallets to take apart, and two cases of which a hand has swapped two units.

use packtree::fact::{Level, Lot, LotData};
use packtree::operation::{Close, Commission};
use packtree::{Caller, Engine, Identifier, Operation, Outcome};
use packtree_gs1::{Gs1Date, LotNumber, Sscc};
use serde::Serialize;

use crate::failure::Failure;

/// The product of the demo. The company does not exist: 952 is GS1's prefix for examples.
const GTIN: &str = "09521234543213";

/// Units in a case, and cases on a pallet.
pub(super) const UNITS: u32 = 12;
pub(super) const CASES: u32 = 8;

/// Something to scan.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Code {
    /// What a scanner sends, in brackets.
    pub(super) text: String,
    /// What it is, and what to do with it.
    pub(super) what: String,
    /// The same in German, for the screen.
    german: String,
    /// The symbol that it is printed as: `gs1_128` or `data_matrix`.
    pub(super) kind: &'static str,
}

impl Code {
    fn container(id: &Identifier, what: impl Into<String>, german: impl Into<String>) -> Self {
        Self { text: id.to_string(), what: what.into(), german: german.into(), kind: "gs1_128" }
    }

    fn unit(id: &Identifier, what: impl Into<String>, german: impl Into<String>) -> Self {
        Self { text: id.to_string(), what: what.into(), german: german.into(), kind: "data_matrix" }
    }
}

/// A logistic unit of the demo, by its serial reference.
pub(super) fn container(number: u64) -> Identifier {
    let sscc = Sscc::complete(9_521_234_600_000_000 + number).expect("the number has at most 17 digits");
    Identifier::Sscc(sscc)
}

/// A unit of the demo.
pub(super) fn unit(serial: &str) -> Identifier {
    Identifier::parse(&format!("(01){GTIN}(21){serial}")).expect("serials of the demo are short and plain")
}

/// A lot of the demo.
pub(super) fn lot(number: &str) -> Lot {
    let number = LotNumber::parse(number).expect("lot numbers of the demo are short and plain");
    Lot { number, data: LotData { expiry: Gs1Date::parse_iso("2028-11-30"), ..LotData::default() } }
}

/// Does an operation that the rules of the demo allow.
pub(super) fn done(engine: &Engine, caller: &Caller, operation: Operation) -> Result<(), Failure> {
    match engine.perform(caller, operation)? {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal) => Err(Failure::cannot(format!("the demo does not follow its own rules: {refusal}"))),
    }
}

pub(super) fn commission(level: Level, lot: Option<Lot>, objects: Vec<Identifier>) -> Operation {
    Operation::Commission(Commission { lot, level, objects })
}

pub(super) fn close(container: Identifier) -> Operation {
    Operation::Close(Close { containers: vec![container], partial: false })
}

/// Builds the stock, and says what there is to scan.
pub(super) fn build(engine: &Engine) -> Result<Vec<Code>, Failure> {
    let line = Caller::machine("line-0").map_err(Failure::cannot)?;
    let mut codes = Vec::new();
    for pallet in 1..=2_u64 {
        let first = full_pallet(engine, &line, pallet)?;
        codes.push(Code::container(
            &container(pallet * 100),
            format!("Pallet {pallet}: take it apart, or take cases off"),
            format!("Palette {pallet}: aufl\u{f6}sen, oder Kartons abnehmen"),
        ));
        codes.push(Code::container(
            &container(pallet * 100 + 1),
            format!("A case on pallet {pallet}"),
            format!("Ein Karton auf Palette {pallet}"),
        ));
        codes.push(Code::unit(
            &first,
            format!("A unit in that case of pallet {pallet}"),
            format!("Eine Packung in diesem Karton von Palette {pallet}"),
        ));
    }
    let (wrong, other) = (container(301), container(302));
    case(engine, &line, &wrong, "W")?;
    case(engine, &line, &other, "X")?;
    codes.push(Code::container(
        &wrong,
        "The wrong case: count what is in it. It was recorded with W01 to W12",
        "Der falsche Karton: z\u{e4}hlen, was darin ist. Gebucht ist er mit W01 bis W12",
    ));
    let physical = (1..UNITS).map(|number| unit(&format!("W{number:02}"))).chain([unit(&format!("X{UNITS:02}"))]);
    codes
        .extend(physical.map(|unit| Code::unit(&unit, "In the wrong case, physically", "Wirklich im falschen Karton")));
    codes.push(Code::container(
        &other,
        "The case beside it, in which a hand has put the unit that is missing",
        "Der Karton daneben, in den eine Hand die Packung gelegt hat, die fehlt",
    ));
    Ok(codes)
}

/// A full pallet of closed cases; gives its first unit.
fn full_pallet(engine: &Engine, line: &Caller, number: u64) -> Result<Identifier, Failure> {
    let pallet = container(number * 100);
    done(engine, line, commission(Level::Pallet, None, vec![pallet.clone()]))?;
    let mut cases = Vec::new();
    for position in 1..=CASES {
        let id = container(number * 100 + u64::from(position));
        case(engine, line, &id, &format!("P{number}C{position}U"))?;
        cases.push(id);
    }
    done(engine, line, Operation::pack(pallet.clone(), cases))?;
    done(engine, line, close(pallet))?;
    Ok(unit(&format!("P{number}C1U01")))
}

/// A closed case of units whose serials begin so.
fn case(engine: &Engine, line: &Caller, id: &Identifier, serial: &str) -> Result<(), Failure> {
    let units: Vec<Identifier> = (1..=UNITS).map(|number| unit(&format!("{serial}{number:02}"))).collect();
    done(engine, line, commission(Level::Case, None, vec![id.clone()]))?;
    done(engine, line, commission(Level::Unit, Some(lot("L2611A")), units.clone()))?;
    done(engine, line, Operation::pack(id.clone(), units))?;
    done(engine, line, close(id.clone()))
}
