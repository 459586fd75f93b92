//! GS1 Digital Link URIs: identifiers as web addresses.
//!
//! GS1 Digital Link standard, URI syntax, section 4: behind any domain and any path stands a key, then its qualifiers
//! in a fixed order, then data attributes in the query:
//! `https://example.com/some/path/01/09506000134352/10/LOT-7/21/S-0001?17=271231`.

#[cfg(test)]
mod vectors;
mod write;

pub(crate) use write::DigitalLink;

use crate::{
    dictionary::{Ai, Entry},
    element_string::Element,
    error::{Error, Rule},
    value::{Escapes, Value},
};

/// Most qualifiers that a key has.
const QUALIFIERS_MAX: usize = 3;

/// The host that GS1 itself answers for. There, anything but a right Digital Link URI is an error.
const GS1_HOST: &[u8] = b"id.gs1.org";

/// A Digital Link URI, taken apart.
pub(crate) struct Link<'a> {
    pub(crate) key: Element<'a>,
    pub(crate) qualifiers: [Option<Element<'a>>; QUALIFIERS_MAX],
    text: &'a [u8],
    /// Where in the text the query begins.
    query: usize,
}

impl<'a> Link<'a> {
    /// Takes apart the web address in `text` from `start` on, or returns `None` if it is none of a key known here.
    pub(crate) fn parse(text: &'a [u8], start: usize) -> Option<Result<Self, Error>> {
        let uri = &text[start..];
        let authority = ["https://", "http://"].iter().find_map(|scheme| {
            let head = uri.get(..scheme.len())?;
            head.eq_ignore_ascii_case(scheme.as_bytes()).then_some(start + scheme.len())
        })?;
        let end = find(text, authority, |byte| matches!(byte, b'?' | b'#'));
        let path = find(&text[..end], authority, |byte| byte == b'/');
        let is_gs1_host = text[authority..path].eq_ignore_ascii_case(GS1_HOST);
        let (ai, value) = find_key(&text[..end], path, is_gs1_host)?;
        Self::read(text, ai, value, end).transpose()
    }

    /// Reads the value of the key at `value` and what follows it, up to the query at `query`.
    ///
    /// Returns `None` for a key that is extended to one of another kind.
    fn read(text: &'a [u8], ai: Ai, value: usize, query: usize) -> Result<Option<Self>, Error> {
        let mut path = Path { text: &text[..query], at: value };
        let mut link = Self { key: path.element(ai)?, qualifiers: [None; QUALIFIERS_MAX], text, query };
        let mut next = 0;
        while let Some((start, qualifier)) = path.qualifier() {
            if matches!(qualifier, Ai::THIRD_PARTY_SERIAL | Ai::UNIQUE_IDENTIFICATION) {
                return Ok(None);
            }
            let place = qualifiers_of(ai)[next..].iter().position(|allowed| *allowed == qualifier);
            let Some(place) = place else { return Err(Error::new(Rule::Qualifier { ai: qualifier }, start)) };
            link.qualifiers[next + place] = Some(path.element(qualifier)?);
            next += place + 1;
        }
        Ok(Some(link))
    }

    /// The data attributes in the query. A name that is no application identifier is somebody else's.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Result<Element<'a>, Error>> {
        let text = self.text;
        let end = find(text, self.query, |byte| byte == b'#');
        let mut at = self.query + 1;
        std::iter::from_fn(move || {
            while at < end {
                let start = at;
                let stop = find(&text[..end], start, |byte| matches!(byte, b'&' | b';'));
                at = stop + 1;
                let equals = find(&text[..stop], start, |byte| byte == b'=');
                let Ok((ai, entry)) = Entry::named(&text[start..equals]) else { continue };
                if equals == stop || !entry.is_attribute {
                    continue;
                }
                return Some(Element { ai, value: value(text, equals + 1, stop) }.checked(entry));
            }
            None
        })
    }
}

/// The qualifiers that a key may have, in their order.
fn qualifiers_of(key: Ai) -> &'static [Ai] {
    match key {
        Ai::GTIN => &[Ai::VARIANT, Ai::LOT, Ai::SERIAL],
        Ai::GLN => &[Ai::GLN_EXTENSION],
        _ => &[],
    }
}

/// The rest of a path, whose values are read one after the other.
struct Path<'a> {
    /// The text up to the end of the path.
    text: &'a [u8],
    /// Where the next value or the next slash is.
    at: usize,
}

impl<'a> Path<'a> {
    /// Reads the value of `ai`, which ends at the next qualifier.
    ///
    /// A slash that belongs to a value should be escaped. Writers forget it, so a segment that is no application
    /// identifier belongs to the value before it; its length and its characters are checked either way.
    fn element(&mut self, ai: Ai) -> Result<Element<'a>, Error> {
        let start = self.at;
        self.at = find(self.text, start, |byte| byte == b'/');
        // An empty value must begin with a slash, or there is none.
        while self.at < self.text.len() && (self.at == start || self.qualifier_at(self.at).is_none()) {
            self.at = find(self.text, self.at + 1, |byte| byte == b'/');
        }
        let end = if self.text[start..self.at].ends_with(b"/") { self.at - 1 } else { self.at };
        let entry = Entry::of(ai).expect("the keys and their qualifiers are in the dictionary");
        Element { ai, value: value(self.text, start, end) }.checked(entry)
    }

    /// Steps over the name of the next qualifier, if there is one.
    fn qualifier(&mut self) -> Option<(usize, Ai)> {
        let (ai, value) = self.qualifier_at(self.at)?;
        let start = self.at + 1;
        self.at = value;
        Some((start, ai))
    }

    /// The qualifier whose name stands behind the slash at `slash`, and where its value begins.
    fn qualifier_at(&self, slash: usize) -> Option<(Ai, usize)> {
        let end = find(self.text, slash + 1, |byte| byte == b'/');
        if end == self.text.len() {
            return None;
        }
        let name = &self.text[slash + 1..end];
        let ai = QUALIFIER_NAMES
            .iter()
            .find(|(known, _)| name == known.as_bytes())
            .map(|(_, ai)| *ai)
            .or_else(|| Entry::named(name).ok().map(|(ai, _)| ai))?;
        Some((ai, end + 1))
    }
}

/// The names that earlier versions of the standard allowed instead of digits, for keys.
const KEY_NAMES: [(&str, Ai); 10] = [
    ("00", Ai::SSCC),
    ("01", Ai::GTIN),
    ("414", Ai::GLN),
    ("8003", Ai::GRAI),
    ("8004", Ai::GIAI),
    ("sscc", Ai::SSCC),
    ("gtin", Ai::GTIN),
    ("gln", Ai::GLN),
    ("grai", Ai::GRAI),
    ("giai", Ai::GIAI),
];

/// The same for qualifiers.
const QUALIFIER_NAMES: [(&str, Ai); 4] =
    [("cpv", Ai::VARIANT), ("lot", Ai::LOT), ("ser", Ai::SERIAL), ("glnx", Ai::GLN_EXTENSION)];

/// The first key in the path from `path` on, and where its value begins.
///
/// Any address may have a segment `01`. It is a key if the next segment looks like the value of one, or on the host
/// that has no other addresses.
fn find_key(text: &[u8], path: usize, is_gs1_host: bool) -> Option<(Ai, usize)> {
    let mut at = path;
    while at < text.len() {
        let start = at + 1;
        at = find(text, start, |byte| byte == b'/');
        let Some((_, ai)) = KEY_NAMES.iter().find(|(name, _)| text[start..at] == *name.as_bytes()) else { continue };
        let value = at + 1;
        let next = text.get(value..find(text, value, |byte| byte == b'/')).unwrap_or(b"");
        if !next.is_empty() && (is_gs1_host || looks_like(*ai, next)) {
            return Some((*ai, value));
        }
    }
    None
}

/// Whether `segment` is shaped like the value of `key`.
fn looks_like(key: Ai, segment: &[u8]) -> bool {
    let leading_digits = segment.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match key {
        Ai::SSCC => leading_digits == 18 && segment.len() == 18,
        Ai::GTIN => matches!(leading_digits, 12..=14) && segment.len() == leading_digits,
        Ai::GLN => leading_digits == 13 && segment.len() == 13,
        Ai::GRAI => leading_digits >= 14,
        _ => leading_digits >= 4,
    }
}

fn value(text: &[u8], start: usize, end: usize) -> Value<'_> {
    Value::new(&text[start..end], start, Escapes::Percent)
}

/// Where from `start` on the first byte is that `is_wanted`, or the end.
fn find(text: &[u8], start: usize, is_wanted: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(start..).unwrap_or(b"");
    rest.iter().position(|byte| is_wanted(*byte)).map_or(text.len(), |at| start + at)
}
