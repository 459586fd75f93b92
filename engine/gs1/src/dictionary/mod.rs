//! The application identifiers: what each is called, what its value looks like, and which others it goes with.
//!
//! GS1 General Specifications, section 3. A raw element string can only be taken apart by whoever knows all of them,
//! because their values have no separator where their length is fixed. So all of them are here, and not only those
//! that this crate does something with.

mod content;
mod table;
#[cfg(test)]
mod vectors;

pub(crate) use content::Content;

use crate::error::{CharacterSet, Error, Rule};
use std::fmt;
use table::TABLE;

/// An application identifier: the two to four digits that say what a value means.
///
/// ```
/// use packtree_gs1::Ai;
///
/// assert_eq!(Ai::parse("17")?, Ai::EXPIRY);
/// assert_eq!(Ai::EXPIRY.to_string(), "(17)");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ai {
    number: u16,
    digits: u8,
}

impl Ai {
    /// SSCC, 00.
    pub const SSCC: Self = Self::of(0, 2);
    /// GTIN, 01.
    pub const GTIN: Self = Self::of(1, 2);
    /// GTIN of what a logistic unit contains, 02.
    pub const CONTENT: Self = Self::of(2, 2);
    /// Batch or lot number, 10.
    pub const LOT: Self = Self::of(10, 2);
    /// Production date, 11.
    pub const PRODUCTION: Self = Self::of(11, 2);
    /// Expiry date, 17.
    pub const EXPIRY: Self = Self::of(17, 2);
    /// Serial number, 21.
    pub const SERIAL: Self = Self::of(21, 2);
    /// Consumer product variant, 22.
    pub const VARIANT: Self = Self::of(22, 2);
    /// Third party controlled, serialised extension of a GTIN, 235.
    pub const THIRD_PARTY_SERIAL: Self = Self::of(235, 3);
    /// GDTI, 253.
    pub const GDTI: Self = Self::of(253, 3);
    /// GCN, 255.
    pub const GCN: Self = Self::of(255, 3);
    /// Extension of a GLN, 254.
    pub const GLN_EXTENSION: Self = Self::of(254, 3);
    /// Number of trade items in a logistic unit, 37.
    pub const COUNT: Self = Self::of(37, 2);
    /// GLN of a physical location, 414.
    pub const GLN: Self = Self::of(414, 3);
    /// Unique identification code with extensions, 7040.
    pub const UNIQUE_IDENTIFICATION: Self = Self::of(7040, 4);
    /// GRAI, 8003.
    pub const GRAI: Self = Self::of(8003, 4);
    /// GIAI, 8004.
    pub const GIAI: Self = Self::of(8004, 4);
    /// Digital signature, 8030.
    pub const SIGNATURE: Self = Self::of(8030, 4);

    const fn of(number: u16, digits: u8) -> Self {
        Self { number, digits }
    }

    /// Reads the digits of an application identifier that exists.
    ///
    /// # Errors
    ///
    /// [`Rule::UnknownAi`] for anything else.
    pub fn parse(digits: &str) -> Result<Self, Error> {
        Entry::named(digits.as_bytes()).map(|(ai, _)| ai)
    }

    /// What the value is, in a few words.
    ///
    /// ```
    /// use packtree_gs1::Ai;
    ///
    /// assert_eq!(Ai::EXPIRY.title(), "the expiry date");
    /// ```
    pub fn title(self) -> &'static str {
        Entry::of(self).map_or("an unknown value", |entry| entry.title)
    }

    /// How many digits it has.
    pub(crate) const fn digits(self) -> usize {
        self.digits as usize
    }

    /// Whether the two differ in no digit but the last of four.
    pub(crate) const fn is_of_same_ten(self, other: Self) -> bool {
        self.digits == other.digits && self.number / 10 == other.number / 10
    }

    /// Prints the digits alone.
    pub(crate) fn name(self) -> impl fmt::Display {
        struct Name(Ai);
        impl fmt::Display for Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let width = self.0.digits();
                write!(f, "{:0width$}", self.0.number)
            }
        }
        Name(self)
    }

    /// Whether the value needs a separator (FNC1) behind it, because its length is not fixed.
    ///
    /// ```
    /// use packtree_gs1::Ai;
    ///
    /// assert!(Ai::LOT.needs_separator() && !Ai::EXPIRY.needs_separator());
    /// ```
    pub fn needs_separator(self) -> bool {
        Entry::of(self).is_none_or(|entry| entry.needs_separator)
    }
}

impl fmt::Display for Ai {
    /// Prints the digits in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", self.name())
    }
}

impl fmt::Debug for Ai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One part of a value: so many characters of one set.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) set: CharacterSet,
    pub(crate) min: usize,
    pub(crate) max: usize,
    pub(crate) is_optional: bool,
    pub(crate) content: &'static [Content],
}

/// A family of application identifiers with the same number of digits, such as all that begin with 310.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Family {
    first: Ai,
    last: u16,
}

impl Family {
    pub(crate) fn contains(self, ai: Ai) -> bool {
        ai.digits == self.first.digits && (self.first.number..=self.last).contains(&ai.number)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.last == self.first.number { Ok(()) } else { write!(f, " to {}", Ai::of(self.last, self.first.digits)) }
    }
}

/// What the dictionary says about an application identifier, or about several that differ in their last digit only.
pub(crate) struct Entry {
    pub(crate) family: Family,
    pub(crate) title: &'static str,
    /// Whether its value is followed by a separator unless it is the last.
    pub(crate) needs_separator: bool,
    /// Whether it may be a data attribute of a Digital Link URI.
    pub(crate) is_attribute: bool,
    /// The largest last digit of those in the family.
    last_digit_max: u16,
    pub(crate) parts: &'static [Part],
    /// It goes with all of at least one of these groups; with anything if there is none.
    pub(crate) requires: &'static [&'static [Family]],
    /// It goes with none of these, itself excepted.
    pub(crate) excludes: &'static [Family],
    /// It goes with no other that differs from it in the last digit only.
    pub(crate) excludes_own_ten: bool,
}

impl Entry {
    /// What is known about `ai`.
    pub(crate) fn of(ai: Ai) -> Option<&'static Self> {
        let key = sort_key(ai);
        let pair = usize::from(key / 100);
        let (from, to) = (ROWS_BY_PAIR[pair], ROWS_BY_PAIR[pair + 1]);
        let row = from + TABLE[from..to].partition_point(|entry| entry.last_key() < key);
        TABLE.get(row).filter(|entry| entry.family.contains(ai) && ai.number % 10 <= entry.last_digit_max)
    }

    /// The application identifier that consists of exactly these bytes.
    pub(crate) fn named(digits: &[u8]) -> Result<(Ai, &'static Self), Error> {
        Self::at_start_of(digits)
            .filter(|(ai, _)| usize::from(ai.digits) == digits.len())
            .ok_or(Error::new(Rule::UnknownAi, 0))
    }

    /// The application identifier that `text` begins with. The first two digits tell how many it has.
    pub(crate) fn at_start_of(text: &[u8]) -> Option<(Ai, &'static Self)> {
        let pair = text.first_chunk::<2>().filter(|pair| pair.iter().all(u8::is_ascii_digit))?;
        let digits = DIGITS_BY_PAIR[usize::from(crate::date::two_digits(pair))];
        let name = text.get(..usize::from(digits)).filter(|name| !name.is_empty())?;
        let ai = Ai::of(crate::keys::read_digits(name, "").ok()? as u16, digits);
        Self::of(ai).map(|entry| (ai, entry))
    }

    /// Where its last one stands in the order of the table.
    const fn last_key(&self) -> u16 {
        sort_key(Ai::of(self.family.last, self.family.first.digits))
    }

    /// The longest that a value can be.
    pub(crate) fn characters_max(&self) -> usize {
        self.parts.iter().map(|part| part.max).sum()
    }

    /// The shortest that a value can be.
    fn characters_min(&self) -> usize {
        self.parts.iter().filter(|part| !part.is_optional).map(|part| part.min).sum()
    }

    /// Checks a value, nothing of which is escaped any more.
    pub(crate) fn check(&self, value: &[u8]) -> Result<(), Error> {
        let mut at = 0;
        for part in self.parts {
            let rest = &value[at..];
            if rest.is_empty() && part.is_optional {
                break;
            }
            let length = rest.len().min(part.max);
            if length < part.min {
                return Err(self.wrong_length(value));
            }
            part.check(&rest[..length], self.title).map_err(|error| error.shifted(at))?;
            at += length;
        }
        if at == value.len() { Ok(()) } else { Err(self.wrong_length(value)) }
    }

    fn wrong_length(&self, value: &[u8]) -> Error {
        let (min, max) = (self.characters_min(), self.characters_max());
        let found = crate::text82::count_characters(value);
        Error::new(Rule::length(self.title, min, max, found), value.len().min(max))
    }
}

impl Part {
    fn check(&self, text: &[u8], title: &'static str) -> Result<(), Error> {
        self.set.check(text, title)?;
        self.content.iter().try_for_each(|content| content.check(text, title))
    }
}

/// The order of the table: by the digits as text, so that 31 stands between 30 and 310.
const fn sort_key(ai: Ai) -> u16 {
    ai.number * 10_u16.pow(4 - ai.digits as u32)
}

/// How many digits an application identifier has, by its first two. None has any other number of digits.
const DIGITS_BY_PAIR: [u8; 100] = {
    let mut digits = [0; 100];
    let mut row = 0;
    while row < TABLE.len() {
        let family = TABLE[row].family;
        let scale = 10_u16.pow(family.first.digits as u32 - 2);
        let mut pair = family.first.number / scale;
        while pair <= family.last / scale {
            assert!(digits[pair as usize] == 0 || digits[pair as usize] == family.first.digits);
            digits[pair as usize] = family.first.digits;
            pair += 1;
        }
        row += 1;
    }
    digits
};

/// The first row of the table that does not end before two digits, and behind all of them its length: what is read most often, such as 00,
/// 01 and 21, is found without a search.
const ROWS_BY_PAIR: [usize; 101] = {
    let mut rows = [0; 101];
    let (mut pair, mut row) = (0, 0);
    while pair < rows.len() {
        while row < TABLE.len() && TABLE[row].last_key() < pair as u16 * 100 {
            row += 1;
        }
        rows[pair] = row;
        pair += 1;
    }
    rows
};
