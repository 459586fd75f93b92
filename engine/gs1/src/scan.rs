//! What a scanner sent.

use crate::{
    digital_link::Link,
    element_string::{Element, ElementString, Reader, SEPARATOR},
    error::{Error, Rule},
    identifier::Identifier,
    identity::KeyParts,
    keys::{Gtin, Opaque, Sscc},
    limits::{INPUT_BYTES_MAX, SSCC_DIGITS},
    prefix::CompanyPrefix,
    symbology::Symbology,
    urn,
    value::{Escapes, Value},
};

/// Everything that one scan says: which symbol, which identifier, and all application identifiers with it.
///
/// ```
/// use packtree_gs1::{Ai, Scan, Symbology};
///
/// let scan = Scan::parse("]d201095060001343521726123110LOT-7\u{1d}21S-0001")?;
/// assert_eq!(scan.symbology(), Some(Symbology::DataMatrix));
/// assert_eq!(scan.identifier().to_string(), "(01)09506000134352(21)S-0001");
/// assert_eq!(scan.elements().get(Ai::LOT).unwrap(), "LOT-7");
///
/// let scan = Scan::parse("https://example.com/01/09506000134352/21/S-0001?17=261231")?;
/// assert_eq!(scan.elements().expiry(2026).unwrap().to_string(), "2026-12-31");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan<'a> {
    symbology: Option<Symbology>,
    identifier: Identifier,
    elements: ElementString<'a>,
}

impl<'a> Scan<'a> {
    /// Reads any spelling, with or without a symbology identifier.
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, and where.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        let mut elements = ElementString::EMPTY;
        let read = read(text, &mut |element| elements.push(element))?;
        Ok(Self { symbology: read.symbology, identifier: read.identifier, elements })
    }

    /// Which symbol was scanned, if the scanner says so.
    pub const fn symbology(&self) -> Option<Symbology> {
        self.symbology
    }

    /// What was scanned.
    pub const fn identifier(&self) -> &Identifier {
        &self.identifier
    }

    /// All application identifiers and their values. An EPC URN, another URI, or a bare GTIN has none.
    pub const fn elements(&self) -> &ElementString<'a> {
        &self.elements
    }
}

/// What every reader of a text wants to know.
pub(crate) struct Read {
    pub(crate) symbology: Option<Symbology>,
    pub(crate) identifier: Identifier,
    /// The company prefix, if the spelling shows it.
    pub(crate) prefix: Option<CompanyPrefix>,
}

/// Reads any spelling in one pass, and shows each element to `visit`.
pub(crate) fn read<'a>(text: &'a str, visit: &mut impl FnMut(Element<'a>) -> Result<(), Error>) -> Result<Read, Error> {
    if text.len() > INPUT_BYTES_MAX {
        return Err(Error::new(Rule::TooLong { max: INPUT_BYTES_MAX }, INPUT_BYTES_MAX));
    }
    // All offsets count from the start of `text`, so it is cut at its end only.
    let text = text.trim_ascii_end();
    let start = text.len() - text.trim_ascii_start().len();
    let (symbology, payload) = Symbology::strip(&text.as_bytes()[start..]).map_err(|error| error.shifted(start))?;
    let start = text.len() - payload.len();
    let done = |identifier| Ok(Read { symbology, identifier, prefix: None });
    match symbology {
        Some(symbology) if symbology.holds_gtin() => {
            let gtin = Gtin::from_bytes(payload).map_err(|error| error.shifted(start))?;
            return done(Identifier::Gtin(gtin));
        }
        Some(symbology) if symbology.holds_elements() => return done(read_elements(payload, start, visit)?),
        // Symbols of the other kinds hold a URI or nothing of GS1.
        Some(_) if !payload.first().is_some_and(u8::is_ascii_alphabetic) => {
            return Err(Error::new(Rule::Symbology, start - 3));
        }
        _ => {}
    }
    match payload {
        [] => Err(Error::new(Rule::Empty, start)),
        [b'(' | SEPARATOR, ..] => done(read_elements(payload, start, visit)?),
        [b'0'..=b'9', ..] => done(read_digits(payload, start, visit)?),
        _ => read_uri(text, start, symbology, visit),
    }
}

fn read_elements<'a>(
    text: &'a [u8],
    start: usize,
    visit: &mut impl FnMut(Element<'a>) -> Result<(), Error>,
) -> Result<Identifier, Error> {
    let mut parts = KeyParts::default();
    let mut count = 0;
    for element in Reader::new(text, start) {
        let element = element?;
        count += 1;
        parts.add(element)?;
        visit(element)?;
    }
    if count == 0 {
        return Err(Error::new(Rule::Empty, start + text.len()));
    }
    parts.identifier().map_err(|error| if error.rule() == Rule::NoKey { error.shifted(start) } else { error })
}

/// Reads digits without brackets: an SSCC alone, or else a raw element string.
fn read_digits<'a>(
    text: &'a [u8],
    start: usize,
    visit: &mut impl FnMut(Element<'a>) -> Result<(), Error>,
) -> Result<Identifier, Error> {
    // An SSCC alone is how most systems write a pallet. No raw element string of 18 digits is as frequent; with a
    // symbology identifier or brackets it is read as one.
    if text.len() != SSCC_DIGITS || !text.iter().all(u8::is_ascii_digit) {
        return read_elements(text, start, visit);
    }
    let sscc = Sscc::from_bytes(text).map_err(|error| error.shifted(start))?;
    visit(Element { ai: crate::Ai::SSCC, value: Value::new(text, start, Escapes::None) })?;
    Ok(Identifier::Sscc(sscc))
}

fn read_uri<'a>(
    text: &'a str,
    start: usize,
    symbology: Option<Symbology>,
    visit: &mut impl FnMut(Element<'a>) -> Result<(), Error>,
) -> Result<Read, Error> {
    let done = |identifier, prefix| Ok(Read { symbology, identifier, prefix });
    if let Some(result) = urn::parse(&text.as_bytes()[start..]) {
        let (identifier, prefix) = result.map_err(|error| error.shifted(start))?;
        return done(identifier, Some(prefix));
    }
    let Some(link) = Link::parse(text.as_bytes(), start) else {
        let opaque = Opaque::from_uri(&text[start..]).map_err(|error| error.shifted(start))?;
        return done(Identifier::Opaque(opaque), None);
    };
    let link = link?;
    let mut parts = KeyParts::default();
    for element in std::iter::once(link.key).chain(link.qualifiers.into_iter().flatten()) {
        parts.add(element)?;
        visit(element)?;
    }
    // What the query says describes the object and does not identify it.
    for element in link.attributes() {
        visit(element?)?;
    }
    done(parts.identifier()?, None)
}
