//! Element strings: application identifiers, each followed by its value.
//!
//! GS1 General Specifications, sections 3 and 7.8. Written for people an identifier stands in brackets,
//! `(01)09506000134352(21)S-0001`; in a symbol there are none, and a separator ends each value whose length is not fixed.

mod combination;
mod reader;
#[cfg(test)]
mod vectors;
mod write;

pub(crate) use reader::{Reader, SEPARATOR};
pub(crate) use write::InBrackets;

use crate::{
    Gs1Date,
    dictionary::{Ai, Entry},
    error::{Error, Rule},
    keys::LotNumber,
    limits::{ELEMENTS_MAX, INPUT_BYTES_MAX},
    symbology::Symbology,
    value::{Escapes, Value},
};

/// An application identifier and its value.
///
/// ```
/// use packtree_gs1::{Ai, Element, ElementString};
///
/// let label = ElementString::parse("(01)09506000134352(10)LOT-7(21)S-0001")?;
/// let lots: Vec<&Element<'_>> = label.elements().iter().filter(|element| element.ai == Ai::LOT).collect();
/// assert_eq!(lots[0].value, "LOT-7");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// What the value means.
    pub ai: Ai,
    /// The value, as it stands in the text that it was read from.
    pub value: Value<'a>,
}

impl Element<'_> {
    /// Checks the value against what the dictionary says about it.
    pub(crate) fn checked(self, entry: &Entry) -> Result<Self, Error> {
        self.value.read(|text| entry.check(text)).map(|()| self)
    }
}

/// Stands in the array behind the last element.
const NOTHING: Element<'static> = Element { ai: Ai::SSCC, value: Value::new(b"", 0, Escapes::None) };

/// All elements of an element string, in their order, each checked against the rules for its value.
///
/// It borrows from the text that it was read from and allocates nothing.
///
/// ```
/// use packtree_gs1::{Ai, ElementString};
///
/// let elements = ElementString::parse("]d201095060001343521727120010LOT-7\u{1d}21S-0001")?;
/// assert_eq!(elements.bracketed().to_string(), "(01)09506000134352(17)271200(10)LOT-7(21)S-0001");
/// assert_eq!(elements.get(Ai::GTIN).unwrap(), "09506000134352");
/// assert_eq!(elements.expiry(2026).unwrap().to_string(), "2027-12");
/// assert_eq!(elements.lot().unwrap().to_string(), "LOT-7");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct ElementString<'a> {
    elements: [Element<'a>; ELEMENTS_MAX],
    length: usize,
}

impl<'a> ElementString<'a> {
    pub(crate) const EMPTY: ElementString<'static> = ElementString { elements: [NOTHING; ELEMENTS_MAX], length: 0 };

    /// Reads a bracketed or raw element string, with or without a symbology identifier before it.
    ///
    /// Each value is checked: its length, its characters, check digits, dates. Whether the identifiers go together is
    /// another question, because they may come from several symbols on one label: see
    /// [`ElementString::check_combination`].
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, and where. An identifier that is there twice must have the same value.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        if text.len() > INPUT_BYTES_MAX {
            return Err(Error::new(Rule::TooLong { max: INPUT_BYTES_MAX }, INPUT_BYTES_MAX));
        }
        let trimmed = text.trim_ascii_start();
        let start = text.len() - trimmed.len();
        let (symbology, payload) = Symbology::strip(trimmed.trim_ascii_end().as_bytes())?;
        if symbology.is_some_and(|symbology| !symbology.holds_elements()) {
            return Err(Error::new(Rule::Symbology, start));
        }
        Self::read(payload, trimmed.trim_ascii_end().len() - payload.len() + start)
    }

    /// Reads `text`, which begins `start` bytes into the whole input and has no symbology identifier.
    pub(crate) fn read(text: &'a [u8], start: usize) -> Result<Self, Error> {
        let mut elements = ElementString::EMPTY;
        for element in Reader::new(text, start) {
            elements.push(element?)?;
        }
        if elements.length == 0 { Err(Error::new(Rule::Empty, start + text.len())) } else { Ok(elements) }
    }

    /// Appends `element`.
    pub(crate) fn push(&mut self, element: Element<'a>) -> Result<(), Error> {
        let Element { ai, value } = element;
        if self.get(ai).is_some_and(|before| before != value) {
            return Err(Error::new(Rule::Repeated { ai }, value.start()));
        }
        let Some(place) = self.elements.get_mut(self.length) else {
            return Err(Error::new(Rule::TooManyElements { max: ELEMENTS_MAX }, value.start()));
        };
        *place = element;
        self.length += 1;
        Ok(())
    }

    /// All elements, in the order in which they were read.
    pub fn elements(&self) -> &[Element<'a>] {
        &self.elements[..self.length]
    }

    /// The value of `ai`, if it is there.
    pub fn get(&self, ai: Ai) -> Option<Value<'a>> {
        self.elements().iter().find(|element| element.ai == ai).map(|element| element.value)
    }

    /// The lot number, AI 10.
    pub fn lot(&self) -> Option<LotNumber> {
        self.get(Ai::LOT)?.read(LotNumber::from_bytes).ok()
    }

    /// The expiry date, AI 17, whose century is the closest to `current_year`.
    pub fn expiry(&self, current_year: u16) -> Option<Gs1Date> {
        self.date(Ai::EXPIRY, current_year)
    }

    /// The production date, AI 11, whose century is the closest to `current_year`.
    pub fn production(&self, current_year: u16) -> Option<Gs1Date> {
        self.date(Ai::PRODUCTION, current_year)
    }

    /// The date that is the value of `ai`, if it is there and a date of six digits.
    ///
    /// ```
    /// use packtree_gs1::{Ai, ElementString, Gs1Date};
    ///
    /// let label = ElementString::parse("(01)09506000134352(11)251123(15)271200(21)S-0001")?;
    /// assert_eq!(label.production(2026), Gs1Date::new(2025, 11, 23));
    /// assert_eq!(label.date(Ai::parse("15")?, 2026), Gs1Date::new(2027, 12, 0));
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn date(&self, ai: Ai, current_year: u16) -> Option<Gs1Date> {
        self.get(ai)?.read(|text| Gs1Date::from_bytes(text, current_year)).ok()
    }
}

impl PartialEq for ElementString<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.elements() == other.elements()
    }
}

impl Eq for ElementString<'_> {}

impl std::fmt::Debug for ElementString<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.elements()).finish()
    }
}
