//! What arguments name: objects in any spelling, lots, dates, moments.

use std::io::BufRead;

use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use packtree::Identifier;
use packtree::fact::{EventTime, LotName, Sequence};
use packtree::query::Moment;
use packtree_gs1::{Gs1Date, Lgtin};

use crate::failure::Failure;

/// An object on the command line, or `-` for those on standard input, one a line.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    One(Identifier),
    StandardInput,
}

pub(crate) fn named(text: &str) -> Result<Named, packtree_gs1::Error> {
    if text == "-" { Ok(Named::StandardInput) } else { identifier(text).map(Named::One) }
}

pub(crate) fn identifier(text: &str) -> Result<Identifier, packtree_gs1::Error> {
    Identifier::parse(text)
}

/// The identifiers, those on standard input in place of `-`.
pub(crate) fn identifiers(named: Vec<Named>) -> Result<Vec<Identifier>, Failure> {
    let mut found = Vec::with_capacity(named.len());
    for one in named {
        match one {
            Named::One(id) => found.push(id),
            Named::StandardInput => read_identifiers(std::io::stdin().lock(), &mut found)?,
        }
    }
    Ok(found)
}

fn read_identifiers(input: impl BufRead, found: &mut Vec<Identifier>) -> Result<(), Failure> {
    for (index, line) in input.lines().enumerate() {
        let number = index + 1;
        let line = line.map_err(|error| Failure::cannot(format!("standard input, line {number}: {error}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let id = identifier(&line).map_err(|error| {
            Failure::cannot(format!("standard input, line {number}: `{}`: {error}", line.trim()))
                .remedy("give one identifier a line, in any spelling")
        })?;
        found.push(id);
    }
    Ok(())
}

/// A lot, named by its product and number: `(01)09521234543213(10)LOT-7`.
pub(crate) fn lot_name(text: &str) -> Result<LotName, String> {
    let id = identifier(text).map_err(|error| error.to_string())?;
    lot_of(&id).ok_or_else(|| format!("{id} is not a lot; name product and lot: (01)...(10)..."))
}

pub(crate) fn lot_of(id: &Identifier) -> Option<LotName> {
    match id {
        Identifier::Lgtin(Lgtin { gtin, lot }) => Some(LotName { gtin: *gtin, number: *lot }),
        _ => None,
    }
}

pub(crate) fn date(text: &str) -> Result<Gs1Date, String> {
    Gs1Date::parse_iso(text).ok_or_else(|| "write a date as 2028-02-29, or 2028-02 where the day is open".to_owned())
}

/// A moment: `#12`, a fact number; or a time with its offset.
pub(crate) fn moment(text: &str) -> Result<Moment, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = digits.parse().map_err(|_| "no fact has a number as large as this".to_owned())?;
        return Ok(Moment::Fact(Sequence(number)));
    }
    match text {
        "now" => Ok(Moment::Now),
        _ => event_time(text).map(|time| Moment::Time(time.at)),
    }
}

/// A time with its offset, such as `2026-11-23T08:14:02+01:00`.
pub(crate) fn event_time(text: &str) -> Result<EventTime, String> {
    const FORM: &str = "write a fact as '#12' or a time with its offset as 2026-11-23T08:14:02+01:00";
    let at: Timestamp = text.parse().map_err(|_| FORM.to_owned())?;
    let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
    let offset_minutes = offset.map_or(0, |offset| (offset.seconds() / 60) as i16);
    Ok(EventTime { at: at.as_microsecond(), offset_minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_facts_or_times() {
        assert_eq!(moment("#12"), Ok(Moment::Fact(Sequence(12))));
        assert_eq!(moment("12"), Ok(Moment::Fact(Sequence(12))));
        assert_eq!(moment("1970-01-01T01:00:01+01:00"), Ok(Moment::Time(1_000_000)));
        assert_eq!(moment("now"), Ok(Moment::Now));
        for wrong in ["", "#", "#-1", "yesterday", "2026-11-23", "2026-11-23T08:14:02", "#99999999999999999999"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn event_times_keep_their_offset() {
        let time = event_time("2026-11-23T08:14:02.5-05:30").unwrap();
        assert_eq!(time.offset_minutes, -330);
        assert_eq!(time.to_string(), "2026-11-23T08:14:02.5-05:30");
        assert_eq!(event_time("2026-11-23T08:14:02Z").map(|time| time.offset_minutes), Ok(0));
    }

    #[test]
    fn lots_need_product_and_number() {
        assert!(lot_name("(01)09521234543213(10)LOT-7").is_ok());
        assert!(lot_name("(01)09521234543213").unwrap_err().contains("is not a lot"));
    }
}
