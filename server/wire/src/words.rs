//! Facts and states in words.

use packtree::fact::{Effect, Level, Lot, LotData, ParkingEnd, Quantity, Seal, Standing, Trust};
use packtree::{Fact, Identifier, Reason};

/// Identifiers that are spelled out in one sentence.
const SPELLED_OUT_MAX: usize = 3;

/// A number and what is counted.
pub fn count(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{} {what}s", grouped(number)),
    }
}

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if 0 < index && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The first few identifiers, and how many more there are.
pub fn list(objects: &[Identifier]) -> String {
    let shown: Vec<String> = objects.iter().take(SPELLED_OUT_MAX).map(ToString::to_string).collect();
    let more = objects.len().saturating_sub(SPELLED_OUT_MAX);
    let shown = shown.join(", ");
    if more == 0 { shown } else { format!("{shown} and {} more", grouped(more as u64)) }
}

/// A closure.
pub const fn seal(seal: Seal) -> &'static str {
    match seal {
        Seal::Open => "open",
        Seal::Closed => "closed",
        Seal::ClosedPartial => "closed as partial",
        Seal::Broken => "broken",
    }
}

/// A lot, with its expiry.
pub fn lot(lot: &Lot) -> String {
    match lot.data.expiry {
        Some(expiry) => format!("lot {}, expires {expiry}", lot.number),
        None => format!("lot {}", lot.number),
    }
}

/// Contents by class and quantity.
pub fn quantity(quantity: &Quantity) -> String {
    let amount = quantity.amount.map_or_else(|| "an unknown amount".to_owned(), |amount| amount.to_string());
    match &quantity.unit {
        Some(unit) => format!("{amount} {unit} of {}", quantity.class),
        None => format!("{amount} of {}", quantity.class),
    }
}

/// The dates of a lot.
pub(crate) fn dates(data: &LotData) -> String {
    let named = [("expiry", data.expiry), ("production", data.production), ("best before", data.best_before)];
    let known: Vec<String> = named.iter().filter_map(|(name, date)| Some(format!("{name} {}", (*date)?))).collect();
    if known.is_empty() { "no dates".to_owned() } else { known.join(", ") }
}

/// One effect as a sentence, as history tells it.
pub fn effect(effect: &Effect<Identifier>) -> String {
    match effect {
        Effect::Commissioned { lot: of, level, objects } => {
            let kind = if *level == Level::Unknown { "object" } else { level.word() };
            let of = of.as_ref().map_or_else(String::new, |of| format!(" of {}", lot(of)));
            format!("commissioned {}{of}: {}", count(objects.len() as u64, kind), list(objects))
        }
        Effect::Sighted { objects, .. } => format!("seen before it was commissioned: {}", list(objects)),
        Effect::Described { lot: of, level, objects } => {
            let level = if *level == Level::Unknown { String::new() } else { format!(" as {level}") };
            let of = of.as_ref().map_or_else(String::new, |of| format!(" in {}", lot(of)));
            format!("had been commissioned{level}{of}: {}", list(objects))
        }
        Effect::Joined { parent, children } => format!("into {parent}: {}", list(children)),
        Effect::Left { parent, children, trust } => {
            let unseen = if *trust == Trust::Inferred { " (inferred)" } else { "" };
            format!("out of {parent}{unseen}: {}", list(children))
        }
        Effect::QuantitiesSet { parent, quantities } if quantities.is_empty() => {
            format!("no contents by quantity are left in {parent}")
        }
        Effect::QuantitiesSet { parent, quantities } => {
            let held: Vec<String> = quantities.iter().map(quantity).collect();
            format!("contents by quantity of {parent} are {}", held.join(", "))
        }
        Effect::Sealed { objects, seal: now } => format!("{}: {}", seal(*now), list(objects)),
        Effect::StatusSet { objects, status } => format!("{status}: {}", list(objects)),
        Effect::HoldSet { objects, held } => format!("{}: {}", hold(*held), list(objects)),
        Effect::LotHoldSet { lot, held } => format!("{}: lot {} of (01){}", hold(*held), lot.number, lot.gtin),
        Effect::LotCorrected { lot, data } => format!("lot {} of (01){} has {}", lot.number, lot.gtin, dates(data)),
        Effect::Relabelled { from, to } => format!("relabelled from {from} to {to}"),
        Effect::CustodySet { objects, away: true, .. } => format!("away: {}", list(objects)),
        Effect::CustodySet { objects, away: false, trust } => {
            format!("here, contents {trust}: {}", list(objects))
        }
        Effect::LevelSet { object, level } => format!("{object} is a {level}"),
        Effect::Noted { objects, late: true } => {
            format!("on record, too late to change anything: {}", list(objects))
        }
        Effect::Noted { objects, .. } if objects.is_empty() => "on record".to_owned(),
        Effect::Noted { objects, .. } => format!("on record for {}", list(objects)),
        Effect::Parked { parking, .. } => format!("parked: {}", waits(&parking.reasons)),
        Effect::Unparked { parked, end: ParkingEnd::Done, .. } => {
            format!("was parked by fact #{parked}, and is done now")
        }
        Effect::Unparked { parked, end: ParkingEnd::Late, .. } => {
            format!("was parked by fact #{parked}, and something newer came first")
        }
        Effect::Unparked { parked, end: ParkingEnd::Refused(reason), .. } => {
            format!("was parked by fact #{parked}, and is refused now: {}", reason.sentence())
        }
        Effect::Unparked { parked, end: ParkingEnd::Expired(reason), .. } => {
            format!("was parked by fact #{parked}, and its time is over: {}", reason.sentence())
        }
        Effect::SettingSet { name, value: Some(_), .. } => format!("setting {name} has another value"),
        Effect::SettingSet { name, value: None, .. } => format!("setting {name} has no value any more"),
        Effect::Signed { by, role } => format!("signed by {by} ({role})"),
    }
}

/// Why an operation waits.
pub fn waits(reasons: &[Reason]) -> String {
    let sentences: Vec<&str> = reasons.iter().map(|reason| reason.sentence()).collect();
    sentences.join("; ")
}

/// What became of a parked operation, in one word.
pub const fn end(end: ParkingEnd) -> &'static str {
    match end {
        ParkingEnd::Done => "done",
        ParkingEnd::Late => "late",
        ParkingEnd::Refused(_) => "refused",
        ParkingEnd::Expired(_) => "expired",
    }
}

/// What a fact says that its operation came to.
pub fn standing(fact: &Fact) -> Standing {
    let of = |effect: &Effect<Identifier>| match effect {
        Effect::Noted { late: true, .. } => Standing::Late,
        Effect::Parked { .. } => Standing::Parked,
        _ => Standing::Done,
    };
    fact.effects.iter().map(of).max().unwrap_or(Standing::Done)
}

const fn hold(held: bool) -> &'static str {
    if held { "on hold" } else { "released" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 12_345_678].map(grouped), ["0", "999", "1 000", "12 345 678"]);
        assert_eq!((count(1, "unit"), count(2_000, "unit")), ("1 unit".to_owned(), "2 000 units".to_owned()));
    }

    #[test]
    fn long_lists_are_cut() {
        let unit = |number| Identifier::parse(&format!("(01)09521234543213(21)A{number}")).unwrap();
        let units: Vec<Identifier> = (0..5).map(unit).collect();
        assert_eq!(
            list(&units),
            "(01)09521234543213(21)A0, (01)09521234543213(21)A1, (01)09521234543213(21)A2 and 2 more"
        );
    }
}
