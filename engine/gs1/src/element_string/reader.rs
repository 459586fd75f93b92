//! Takes element strings apart, one application identifier at a time.

use super::Element;
use crate::{
    dictionary::Entry,
    error::{Error, Rule},
    value::{Escapes, Value},
};

/// The separator, as scanners transmit the symbol character FNC1 (GS1 General Specifications, section 7.8.3).
pub(crate) const SEPARATOR: u8 = 0x1D;

/// Reads the elements of a bracketed or a raw element string in turn; each is checked against the dictionary.
pub(crate) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// Where in the whole input `text` begins.
    start: usize,
    is_bracketed: bool,
}

impl<'a> Reader<'a> {
    /// Reads `text`, which begins `start` bytes into the whole input.
    pub(crate) fn new(text: &'a [u8], start: usize) -> Self {
        let is_bracketed = text.starts_with(b"(");
        // The FNC1 that makes a symbol a GS1 one is not transmitted, but some scanners do it nevertheless.
        let at = usize::from(text.starts_with(&[SEPARATOR]));
        Self { text, at, start, is_bracketed }
    }

    fn read_bracketed(&mut self) -> Result<Element<'a>, Error> {
        let rest = &self.text[self.at..];
        let name = name_in_brackets(rest).ok_or(Error::new(Rule::Bracket, self.start + self.at))?;
        let (ai, entry) = Entry::named(name).map_err(|error| error.shifted(self.start + self.at + 1))?;
        let value_at = self.at + name.len() + 2;
        let length = next_bracket(&self.text[value_at..]);
        self.at = value_at + length;
        Element { ai, value: self.value(value_at, length, Escapes::Backslash) }.checked(entry)
    }

    fn read_raw(&mut self) -> Result<Element<'a>, Error> {
        let rest = &self.text[self.at..];
        let Some((ai, entry)) = Entry::at_start_of(rest) else {
            return Err(Error::new(Rule::UnknownAi, self.start + self.at));
        };
        let value_at = self.at + ai.digits();
        let rest = &self.text[value_at..];
        let until_separator = rest.iter().position(|byte| *byte == SEPARATOR).unwrap_or(rest.len());
        let length = if entry.needs_separator { until_separator } else { until_separator.min(entry.characters_max()) };
        self.at = value_at + length;
        // Where none is needed it does no harm.
        self.at += usize::from(self.text.get(self.at) == Some(&SEPARATOR));
        Element { ai, value: self.value(value_at, length, Escapes::None) }.checked(entry)
    }

    fn value(&self, at: usize, length: usize, escapes: Escapes) -> Value<'a> {
        Value::new(&self.text[at..at + length], self.start + at, escapes)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Element<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let element = if self.is_bracketed { self.read_bracketed() } else { self.read_raw() };
        if element.is_err() {
            self.at = self.text.len();
        }
        Some(element)
    }
}

/// The two to four digits in brackets that `text` begins with.
fn name_in_brackets(text: &[u8]) -> Option<&[u8]> {
    let inner = text.strip_prefix(b"(")?;
    let close = inner.iter().take(5).position(|byte| *byte == b')')?;
    let name = &inner[..close];
    (name.len() >= 2 && name.iter().all(u8::is_ascii_digit)).then_some(name)
}

/// How many bytes of `text` come before a bracket that no backslash escapes.
fn next_bracket(text: &[u8]) -> usize {
    let is_end = |at: &usize| text[*at] == b'(' && !text[..*at].ends_with(b"\\");
    (0..text.len()).find(is_end).unwrap_or(text.len())
}
