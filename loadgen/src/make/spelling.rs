//! How a document spells identifiers, words and times.
//!
//! Nothing that is written here needs escaping in XML or JSON: identifiers escape what they must by themselves, and the rest
//! are texts of this module.

use std::fmt::{self, Write};

use jiff::Timestamp;
use jiff::tz::Offset;
use packtree::Identifier;
use packtree_gs1::CompanyPrefixes;

use super::event::{Event, Name, Time};
use super::quirk::Quirk;
use super::{Format, Plan};

/// What the documents are about: an example of GS1, whose prefix nobody else has.
const COMPANY_PREFIX: &str = "9521234";

/// The product of the units, as a pattern of all of them.
pub(super) const PRODUCT_PATTERN: &str = "urn:epc:idpat:sgtin:9521234.054321.*";
pub(super) const PRODUCT_NAME: &str = "Example tablets";

/// Leaflets of one printing.
const LEAFLETS: &str = "urn:epc:class:lgtin:9521234.098765.PRINT-1";

pub(super) const SITE: &str = "urn:epc:id:sgln:9521234.00001.0";
pub(super) const READ_POINT: &str = "urn:epc:id:sgln:9521234.00001.L1";
pub(super) const RECEIVER: &str = "urn:epc:id:sgln:9521235.00001.0";

/// The namespace of blocks that nobody knows.
pub(super) const EXTENSION_NAMESPACE: &str = "https://line.example/epcis/";

/// The namespace of the CBV's master data, with which lots are described.
pub(super) const MASTER_DATA_NAMESPACE: &str = "urn:epcglobal:cbv:mda";

/// Which list of the CBV a word is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    BizStep,
    Disposition,
    ErrorReason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vocabulary {
    Urn,
    Bare,
    Web,
}

/// Spells one document.
#[derive(Debug)]
pub(super) struct Spelling {
    prefixes: CompanyPrefixes,
    leaflets: Identifier,
    vocabulary: Vocabulary,
    is_mixed: bool,
    is_linked: bool,
    is_local: bool,
    /// Events so far, which decides where things take turns.
    pub(super) index: u64,
}

/// An event time with its zone, as texts.
pub(super) struct WrittenTime {
    pub(super) time: String,
    pub(super) offset: String,
}

impl Spelling {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut prefixes = CompanyPrefixes::new();
        prefixes.set(COMPANY_PREFIX, COMPANY_PREFIX.len()).expect("seven digits are a company prefix");
        Self {
            prefixes,
            leaflets: Identifier::parse(LEAFLETS).expect("the leaflets have a right identifier"),
            vocabulary: match plan.format {
                Format::Xml12 => Vocabulary::Urn,
                Format::Xml20 => Vocabulary::Web,
                Format::Json20 => Vocabulary::Bare,
            },
            is_mixed: plan.has(Quirk::MixedVocabulary),
            is_linked: plan.has(Quirk::DigitalLinks),
            is_local: plan.has(Quirk::LocalTimes),
            index: 0,
        }
    }

    pub(super) fn name(&self, out: &mut String, name: &Name) -> fmt::Result {
        match name {
            Name::Of(identifier) => self.identifier(out, identifier),
            Name::Malformed(text) => out.write_str(text),
        }
    }

    fn identifier(&self, out: &mut String, identifier: &Identifier) -> fmt::Result {
        if self.is_linked {
            return write!(out, "{}", identifier.digital_link());
        }
        match identifier.urn(&self.prefixes) {
            Ok(urn) => write!(out, "{urn}"),
            Err(_) => unreachable!("every identifier has the company prefix that the table was made with"),
        }
    }

    /// The class of the leaflets.
    pub(super) fn leaflets(&self, out: &mut String) -> fmt::Result {
        self.identifier(out, &self.leaflets)
    }

    pub(super) fn word(&self, list: List, word: &str) -> String {
        let vocabulary = match self.index % 3 {
            _ if !self.is_mixed => self.vocabulary,
            0 => Vocabulary::Urn,
            1 => Vocabulary::Bare,
            _ => Vocabulary::Web,
        };
        let (urn, web) = match list {
            List::BizStep => ("bizstep", "BizStep"),
            List::Disposition => ("disp", "Disp"),
            List::ErrorReason => ("er", "ER"),
        };
        match vocabulary {
            Vocabulary::Urn => format!("urn:epcglobal:cbv:{urn}:{word}"),
            Vocabulary::Bare => word.to_owned(),
            Vocabulary::Web => format!("https://ref.gs1.org/cbv/{web}-{word}"),
        }
    }

    pub(super) fn time(&self, event: &Event) -> WrittenTime {
        match event.time {
            Time::At(seconds) if self.is_local => local_time(seconds),
            Time::At(seconds) => WrittenTime { time: utc(seconds), offset: "+00:00".to_owned() },
            Time::Malformed(text) => WrittenTime { time: text.to_owned(), offset: "+00:00".to_owned() },
        }
    }
}

/// In a zone that belongs to the moment, so that an event that is repeated is repeated as it was.
fn local_time(seconds: i64) -> WrittenTime {
    let (minutes, has_zone) = match seconds.rem_euclid(3) {
        0 => (120, true),
        1 => (-300, true),
        // The clock alone; its zone is in the offset.
        _ => (345_i64, false),
    };
    let sign = if minutes < 0 { '-' } else { '+' };
    let offset = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
    let local = utc(seconds + minutes * 60);
    let local = local.trim_end_matches('Z');
    let zone = if has_zone { offset.as_str() } else { "" };
    WrittenTime { time: format!("{local}{zone}"), offset }
}

/// When an event was declared to be recorded in error.
pub(super) const DECLARED: &str = "2026-01-01T00:00:00Z";

/// A moment as ISO 8601 in UTC.
pub(super) fn utc(seconds: i64) -> String {
    let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{}Z", Offset::UTC.to_datetime(at))
}

/// An event id.
pub(super) fn uuid(id: u128) -> String {
    // The version and the variant that say: random (RFC 9562, 5.4).
    let id = id & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{id:032x}");
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The number and the expiry date of a lot.
pub(super) fn lot(lot: u64) -> (String, String) {
    (format!("LOT-{:04}", lot + 1), format!("{}-{:02}-28", 2028 + lot / 12 % 10, lot % 12 + 1))
}
