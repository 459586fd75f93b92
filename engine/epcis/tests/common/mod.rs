//! What the tests of the reader share.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test binary uses its own part")]

pub(crate) mod site;

use std::fmt::Write;
use std::io::Read;

use packtree_epcis::{Event, Fault, Item, Limits, MasterData, ReadError, Reader, Warning};

/// Everything that reading a document gave.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) headers: usize,
    pub(crate) events: Vec<Event>,
    pub(crate) master_data: Vec<MasterData>,
    pub(crate) invalid: Vec<Vec<Fault>>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) error: Option<ReadError>,
}

pub(crate) fn read(file: &str, source: impl Read) -> Outcome {
    read_within(file, source, Limits::default())
}

pub(crate) fn read_within(file: &str, source: impl Read, limits: Limits) -> Outcome {
    let mut outcome = Outcome::default();
    for item in Reader::new(file, source, limits) {
        match item {
            Ok(Item::Header(_)) => outcome.headers += 1,
            Ok(Item::MasterData(entry)) => outcome.master_data.push(*entry),
            Ok(Item::Event(event, place, warnings)) => {
                assert_eq!(place.index, (outcome.events.len() + outcome.invalid.len()) as u64);
                outcome.events.push(*event);
                outcome.warnings.extend(warnings);
            }
            Ok(Item::Invalid(_, faults)) => outcome.invalid.push(faults),
            Ok(Item::Warning(warning)) => outcome.warnings.push(warning),
            Ok(other) => panic!("an item that the test does not know: {other:?}"),
            Err(error) => outcome.error = Some(error),
        }
    }
    outcome
}

impl Outcome {
    /// One line: how much was read, and the codes of everything that was wrong or odd.
    pub(crate) fn summary(&self) -> String {
        let mut line = format!("{} events", self.events.len());
        if !self.master_data.is_empty() {
            write!(line, ", {} master data", self.master_data.len()).unwrap();
        }
        let faults = self.invalid.iter().map(|faults| {
            let codes: Vec<_> = faults.iter().map(|fault| fault.problem.code()).collect();
            codes.join("+")
        });
        push_codes(&mut line, "invalid", &faults.collect::<Vec<_>>());
        let mut warnings: Vec<_> = self.warnings.iter().map(|warning| warning.notice.code().to_owned()).collect();
        warnings.sort();
        warnings.dedup();
        push_codes(&mut line, "warned", &warnings);
        let ended = self.error.iter().map(|error| error.problem.code().to_owned());
        push_codes(&mut line, "ended", &ended.collect::<Vec<_>>());
        line
    }
}

fn push_codes(line: &mut String, what: &str, codes: &[String]) {
    if !codes.is_empty() {
        write!(line, ", {what} {}", codes.join(" ")).unwrap();
    }
}
