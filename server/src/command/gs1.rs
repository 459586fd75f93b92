//! `gs1 parse`: what a text says, in every spelling.

use std::io::Write as _;

use clap::Subcommand;
use packtree_gs1::{Ai, CompanyPrefixes, Identifier, Scan, Symbology};
use serde::Serialize;

use super::Context;
use crate::failure::Failure;

/// How many years a date of two digits may lie ahead is decided from this year on.
fn current_year() -> u16 {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    u16::try_from(now.year()).unwrap_or(u16::MAX)
}

#[derive(Subcommand)]
pub(super) enum Gs1 {
    /// Show what a text names, and all its spellings.
    Parse {
        /// An element string with or without brackets, an EPC URN, a GS1 Digital Link URI, or what a scanner sent.
        text: String,
        /// How many digits the company prefix has, which an EPC URN needs to know.
        #[arg(long, value_name = "DIGITS", value_parser = clap::value_parser!(u8).range(4..=12))]
        prefix_length: Option<u8>,
    },
}

#[derive(Serialize)]
struct Parsed {
    id: String,
    kind: &'static str,
    symbology: Option<String>,
    elements: Vec<Element>,
    element_string: String,
    raw: String,
    digital_link: String,
    urn: Option<String>,
}

#[derive(Serialize)]
struct Element {
    ai: String,
    title: &'static str,
    value: String,
    /// What a date means.
    date: Option<String>,
}

impl Gs1 {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let Self::Parse { text, prefix_length } = self;
        let scan = Scan::parse(text).map_err(|error| explain(text, &error))?;
        let parsed = parsed(&scan, text, *prefix_length);
        if context.json {
            return context.out.json(&parsed);
        }
        let style = context.out.style;
        writeln!(context.out, "{}  {}", style.strong(&parsed.id), parsed.kind)?;
        let mut row =
            |name: &str, value: &str| writeln!(context.out, "  {}{value}", style.faint(format!("{name:<16}")));
        if let Some(symbology) = &parsed.symbology {
            row("symbol", symbology)?;
        }
        for element in &parsed.elements {
            let date = element.date.as_ref().map_or_else(String::new, |date| format!(", {date}"));
            row(&format!("({})", element.ai), &format!("{}  {}{date}", element.value, element.title))?;
        }
        row("element string", &parsed.element_string)?;
        row("raw", &parsed.raw)?;
        row("Digital Link", &parsed.digital_link)?;
        let urn = parsed.urn.as_deref();
        row("EPC URN", urn.unwrap_or("needs the length of the company prefix: --prefix-length DIGITS"))?;
        Ok(())
    }
}

fn parsed(scan: &Scan<'_>, text: &str, prefix_length: Option<u8>) -> Parsed {
    let id = scan.identifier();
    let element = |element: &packtree_gs1::Element<'_>| Element {
        ai: element.ai.to_string().trim_matches(['(', ')']).to_owned(),
        title: element.ai.title(),
        value: element.value.to_string(),
        date: date_of(scan, element.ai),
    };
    Parsed {
        id: id.to_string(),
        kind: kind(id),
        symbology: scan.symbology().map(symbol),
        elements: scan.elements().elements().iter().map(element).collect(),
        element_string: id.to_string(),
        raw: id.raw().to_string(),
        digital_link: id.digital_link().to_string(),
        urn: urn(id, text, prefix_length),
    }
}

/// The EPC URN, if the text shows the company prefix or its length is given.
fn urn(id: &Identifier, text: &str, prefix_length: Option<u8>) -> Option<String> {
    let mut prefixes = CompanyPrefixes::new();
    prefixes.read(text).ok()?;
    if let Some(length) = prefix_length {
        // Every prefix that the number may begin with has this length.
        for leading in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] {
            prefixes.set(leading, usize::from(length)).ok()?;
        }
    }
    id.urn(&prefixes).ok().map(|urn| urn.to_string())
}

fn date_of(scan: &Scan<'_>, ai: Ai) -> Option<String> {
    scan.elements().date(ai, current_year()).map(|date| date.to_string())
}

const fn kind(id: &Identifier) -> &'static str {
    match id {
        Identifier::Sscc(_) => "SSCC: one logistic unit",
        Identifier::Sgtin(_) => "SGTIN: one trade item",
        Identifier::Gtin(_) => "GTIN: a class of trade items",
        Identifier::Lgtin(_) => "LGTIN: one lot of trade items",
        Identifier::Sgln(_) => "SGLN: a place",
        Identifier::Grai(_) => "GRAI: a returnable asset",
        Identifier::Giai(_) => "GIAI: an individual asset",
        _ => "a URI that is no GS1 key known here",
    }
}

fn symbol(symbology: Symbology) -> String {
    format!("{symbology:?}")
}

/// Where in a text something is wrong, shown below it.
fn explain(text: &str, error: &packtree_gs1::Error) -> Failure {
    let shown: String = text.chars().map(|character| if character.is_control() { '~' } else { character }).collect();
    let offset = error.offset().min(text.len());
    let place = text.get(..offset).map_or(offset, |before| before.chars().count());
    Failure::no(format!("{error}\n  {shown}\n  {}^", " ".repeat(place)))
}
