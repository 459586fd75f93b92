//! Reads what a scanner sent, with everything that keyboards and settings do to it on the way.

use packtree::{Engine, Identifier};
use packtree_wire::{Advice, Reading, ReadingKind, Text, Warning, WarningCode};

use crate::label::Command;

/// The separator of element strings, FNC1 as scanners send it. GS1 General Specifications, 7.8.3.
const GROUP_SEPARATOR: char = '\u{1d}';

/// What scanners, wedges and settings make of it.
const SPELLINGS: &[&str] = &["{GS}", "<GS>", "^]", "|", "~", "\u{241d}"];

/// A GTIN with its application identifier.
const GTIN_LENGTH: usize = 16;

/// Characters of a serial number at most. GS1 General Specifications, 3.5.2.
const SERIAL_CHARACTERS_MAX: usize = 20;

/// What may follow a serial number when the separator behind it is lost.
const BEHIND_A_SERIAL: &[&str] = &["17", "10", "11", "15", "240", "30", "37"];

/// What a text is; where it is nothing, why, in words that say what to do.
pub(super) fn read(engine: &Engine, text: &str) -> (Reading, Option<Advice>) {
    let text = text.trim_matches(|character: char| character.is_whitespace() && character != GROUP_SEPARATOR);
    if let Some(command) = Command::parse(text) {
        let reading = Reading { command: Some(command.code().to_owned()), ..reading(ReadingKind::Command) };
        return (reading, None);
    }
    let plain = SPELLINGS.iter().fold(text.to_owned(), |text, spelling| text.replace(spelling, "\u{1d}"));
    let parsed = Identifier::parse(text).or_else(|error| Identifier::parse(&plain).map_err(|_| error));
    match parsed {
        Ok(id) if engine.inspect(&id).is_some() => (known(id, None), None),
        Ok(id) => rescued(engine, &plain).map_or_else(|| unknown(id), |reading| (reading, None)),
        Err(error) => rescued(engine, &plain).map_or_else(
            || (reading(ReadingKind::Nothing), Some(unreadable(&error.to_string()))),
            |reading| (reading, None),
        ),
    }
}

fn reading(kind: ReadingKind) -> Reading {
    Reading { kind, id: None, command: None, warnings: Vec::new(), candidates: Vec::new() }
}

fn known(id: Identifier, warning: Option<Warning>) -> Reading {
    Reading { id: Some(Text(id)), warnings: warning.into_iter().collect(), ..reading(ReadingKind::Object) }
}

/// An identifier that stands for something, of which nothing is known here.
fn unknown(id: Identifier) -> (Reading, Option<Advice>) {
    let kind = match id {
        Identifier::Gtin(_) => ReadingKind::Product,
        Identifier::Lgtin(_) => ReadingKind::Lot,
        _ => ReadingKind::Object,
    };
    let advice = (kind == ReadingKind::Object).then(|| Advice {
        code: "object_not_found".to_owned(),
        sentence: format!("{id} is not known here"),
        remedy: "check that this is the right label; if it is, the object was never commissioned here".to_owned(),
    });
    (Reading { id: Some(Text(id)), ..reading(kind) }, advice)
}

fn unreadable(why: &str) -> Advice {
    Advice {
        code: "not_understood".to_owned(),
        sentence: format!("this is no GS1 identifier: {why}"),
        remedy: "scan the GS1 symbol of the label; if that is what you did, look at the scanner's self-test".to_owned(),
    }
}

/// What a text was before a keyboard swapped its case or a scanner dropped its separators, if the engine knows exactly one such object.
fn rescued(engine: &Engine, text: &str) -> Option<Reading> {
    let swapped: String = text.chars().map(swap_case).collect();
    let readings = [(text, None), (swapped.as_str(), Some(caps_lock()))];
    let mut found: Vec<Reading> = Vec::new();
    for (text, warning) in readings {
        let mut candidates: Vec<Identifier> = splits(text);
        if warning.is_some() {
            candidates.extend(Identifier::parse(text).ok());
        }
        // Digits have no case: what was found as it is needs no other reading.
        let is_found =
            |id: &Identifier| found.iter().any(|found| found.id.as_ref().is_some_and(|known| known.0 == *id));
        candidates.retain(|id| engine.inspect(id).is_some() && !is_found(id));
        candidates.sort();
        candidates.dedup();
        found.extend(candidates.into_iter().map(|id| known(id, Some(warning.clone().unwrap_or_else(separator_lost)))));
    }
    match found.len() {
        1 => found.pop(),
        _ => None,
    }
}

fn swap_case(character: char) -> char {
    if character.is_ascii_uppercase() { character.to_ascii_lowercase() } else { character.to_ascii_uppercase() }
}

/// The units that a text can mean whose separator behind the serial number is lost.
fn splits(text: &str) -> Vec<Identifier> {
    let text = if text.starts_with(']') { text.get(3..).unwrap_or_default() } else { text };
    let (Some(gtin), Some(rest)) = (text.get(..GTIN_LENGTH), text.get(GTIN_LENGTH..)) else { return Vec::new() };
    let Some(rest) = rest.strip_prefix("21").filter(|_| gtin.starts_with("01")) else { return Vec::new() };
    let ends = (1..rest.len().min(SERIAL_CHARACTERS_MAX + 1)).filter(|end| {
        rest.get(*end..).is_some_and(|behind| BEHIND_A_SERIAL.iter().any(|known| behind.starts_with(known)))
    });
    ends.filter_map(|end| Identifier::parse(&format!("{gtin}21{}", &rest[..end])).ok()).collect()
}

fn separator_lost() -> Warning {
    Warning {
        code: WarningCode::SeparatorLost,
        sentence: "the scanner dropped a separator; only one known object fits".to_owned(),
        remedy: "set the scanner to send GS, or a printable character such as | for FNC1".to_owned(),
    }
}

fn caps_lock() -> Warning {
    Warning {
        code: WarningCode::CapsLock,
        sentence: "Caps Lock has swapped upper and lower case; only one known object fits".to_owned(),
        remedy: "turn Caps Lock off, or set the scanner to ignore it".to_owned(),
    }
}
