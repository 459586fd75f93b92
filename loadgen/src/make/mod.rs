//! EPCIS documents of any size, made up, so that anybody can test anything without real data.
//!
//! The same plan gives the same bytes. Memory does not grow with the document: a few pallets are played at a time.

mod event;
mod fault;
mod json;
mod lines;
mod quirk;
mod spelling;
#[cfg(test)]
mod tests;
mod xml;

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use self::event::Event;
use self::json::Json;
use self::lines::Lines;
pub(crate) use self::quirk::Quirk;
use self::xml::Xml;

/// Cases that can have numbers of their own.
const CASES_MAX: u64 = 400_000_000;

/// Units on a pallet. A few pallets are in memory at a time.
const PALLET_UNITS_MAX: u64 = 100_000;

/// 2026-01-01T00:00:00Z, when the document was written by its own account.
const CREATED_SECONDS: i64 = 1_767_225_600;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// EPCIS 1.2 in XML.
    #[value(name = "xml-1.2")]
    Xml12,
    /// EPCIS 2.0 in XML.
    #[value(name = "xml-2.0")]
    Xml20,
    /// EPCIS 2.0 in JSON-LD.
    #[value(name = "json-2.0")]
    Json20,
}

/// What a document is to hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) units: u64,
    /// Units in a case.
    pub(crate) case: u64,
    /// Cases on a pallet.
    pub(crate) pallet: u64,
    pub(crate) lots: u64,
    pub(crate) format: Format,
    /// The share of units that are taken out of their case again and replaced.
    pub(crate) rework: f64,
    pub(crate) ship: bool,
    pub(crate) quirks: Vec<Quirk>,
    /// How many events with a fault are planted, as a share of the others.
    pub(crate) faults: f64,
    pub(crate) seed: u64,
}

/// Why a plan cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    #[error("name at least one unit, one unit in a case, one case on a pallet, and one lot")]
    Nothing,
    #[error("more than {CASES_MAX} cases: name fewer units, or more in a case")]
    Cases,
    #[error("more than {PALLET_UNITS_MAX} units on a pallet: name fewer in a case or fewer cases on a pallet")]
    Pallet,
    #[error("{lots} lots for {cases} cases: a case has one lot, so name fewer lots")]
    Lots { lots: u64, cases: u64 },
    #[error("EPCIS 1.2 has no Digital Links: leave out digital-links, or write xml-2.0 or json-2.0")]
    Links,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) units: u64,
    pub(crate) cases: u64,
    pub(crate) pallets: u64,
    /// Units that took the place of others.
    pub(crate) replaced: u64,
    pub(crate) events: u64,
    pub(crate) faults: u64,
    pub(crate) bytes: u64,
}

impl Plan {
    /// Checks that the plan can be carried out.
    pub(crate) fn check(&self) -> Result<(), PlanError> {
        if [self.units, self.case, self.pallet, self.lots].contains(&0) {
            return Err(PlanError::Nothing);
        }
        if PALLET_UNITS_MAX < self.case.saturating_mul(self.pallet) {
            return Err(PlanError::Pallet);
        }
        if CASES_MAX < self.cases() {
            return Err(PlanError::Cases);
        }
        if self.cases() < self.lots {
            return Err(PlanError::Lots { lots: self.lots, cases: self.cases() });
        }
        if self.quirks.iter().any(|quirk| !quirk.suits(self.format)) {
            return Err(PlanError::Links);
        }
        Ok(())
    }

    fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }

    fn cases(&self) -> u64 {
        self.units.div_ceil(self.case)
    }

    fn pallets(&self) -> u64 {
        self.cases().div_ceil(self.pallet)
    }
}

/// Writes a document, and a line of JSON for each planted fault into `answers`.
///
/// # Errors
/// When writing fails. The plan must have been checked.
pub(crate) fn write(plan: &Plan, document: &mut impl Write, mut answers: Option<&mut dyn Write>) -> io::Result<Made> {
    let mut made = Made::default();
    let mut writer = Writer::new(plan);
    let mut text = String::new();
    if plan.has(Quirk::ByteOrderMark) {
        text.push('\u{feff}');
    }
    writer.begin(&mut text).map_err(io::Error::other)?;
    let mut lines = Lines::new(plan);
    for block in lines.by_ref() {
        made.pallets += block.pallets.len() as u64;
        for case in block.pallets.iter().flat_map(|pallet| &pallet.cases) {
            made.cases += 1;
            made.units += case.units.len() as u64;
        }
        for event in &block.events {
            writer.event(&mut text, event, made.events).map_err(io::Error::other)?;
            if let Some(fault) = &event.fault {
                made.faults += 1;
                if let Some(answers) = answers.as_deref_mut() {
                    writeln!(answers, "{}", serde_json::to_string(&fault.answer(made.events))?)?;
                }
            }
            made.events += 1;
            flush(&mut text, document, &mut made)?;
        }
    }
    made.replaced = lines.replaced;
    writer.end(&mut text).map_err(io::Error::other)?;
    flush(&mut text, document, &mut made)?;
    document.flush()?;
    Ok(made)
}

fn flush(text: &mut String, document: &mut impl Write, made: &mut Made) -> io::Result<()> {
    document.write_all(text.as_bytes())?;
    made.bytes += text.len() as u64;
    text.clear();
    Ok(())
}

/// Writes a document in one of the formats.
enum Writer {
    Xml(Box<Xml>),
    Json(Box<Json>),
}

impl Writer {
    fn new(plan: &Plan) -> Self {
        match plan.format {
            Format::Xml12 | Format::Xml20 => Self::Xml(Box::new(Xml::new(plan))),
            Format::Json20 => Self::Json(Box::new(Json::new(plan))),
        }
    }

    fn begin(&self, out: &mut String) -> fmt::Result {
        match self {
            Self::Xml(xml) => xml.begin(out, CREATED_SECONDS),
            Self::Json(json) => json.begin(out, CREATED_SECONDS),
        }
    }

    fn event(&mut self, out: &mut String, event: &Event, index: u64) -> fmt::Result {
        match self {
            Self::Xml(xml) => {
                xml.spelling.index = index;
                xml.event(out, event)
            }
            Self::Json(json) => {
                json.spelling.index = index;
                json.event(out, event)
            }
        }
    }

    fn end(&self, out: &mut String) -> fmt::Result {
        match self {
            Self::Xml(xml) => xml.end(out),
            Self::Json(_) => out.write_str(json::END),
        }
    }
}
