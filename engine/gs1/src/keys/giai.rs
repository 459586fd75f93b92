//! GIAI: an individual asset, such as a trailer or a printer.

use super::read_digits;
use crate::{
    element_string::InBrackets,
    error::Error,
    limits::{COMPANY_PREFIX_DIGITS_MAX, GIAI_CHARACTERS_MAX, GIAI_CHARACTERS_MIN, TEXT_CHARACTERS_MAX},
    text82::{Characters, Text20, check_length},
};
use std::fmt;

/// A Global Individual Asset Identifier: 4 to 30 characters that begin with a company prefix (AI 8004).
///
/// It is packed like a [`Text20`], with what comes before the last 20 characters in a number of its own. So it is
/// `Copy`, 24 bytes, and compares as a number: shorter first, then by character code.
///
/// ```
/// use packtree_gs1::Giai;
///
/// let giai = Giai::parse("95060001343TRAILER-7")?;
/// let (high, low) = giai.parts();
/// assert_eq!(Giai::from_parts(high, low), Some(giai));
/// assert_eq!(giai.to_string(), "(8004)95060001343TRAILER-7");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Giai {
    /// The number of the text of up to 10 characters before the last 20.
    head: u64,
    /// The last 20 characters.
    tail: Text20,
}

const PART: &str = "the GIAI";

impl Giai {
    /// Packs `text`.
    ///
    /// # Errors
    ///
    /// [`Rule::Length`](crate::Rule::Length) for fewer than 4 or more than 30 characters, [`Rule::Digit`](crate::Rule::Digit) if the first four are not digits,
    /// [`Rule::Character`](crate::Rule::Character) for one outside the set.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::from_bytes(text.as_bytes())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        check_length(bytes, PART, GIAI_CHARACTERS_MIN, GIAI_CHARACTERS_MAX)?;
        let (prefix, _) = bytes.split_at(GIAI_CHARACTERS_MIN);
        read_digits(prefix, "the company prefix")?;
        let (head, tail) = bytes.split_at(bytes.len().saturating_sub(TEXT_CHARACTERS_MAX));
        let tail = Text20::from_bytes(tail, PART, 0, TEXT_CHARACTERS_MAX).map_err(|error| error.shifted(head.len()));
        let head = Text20::from_bytes(head, PART, 0, TEXT_CHARACTERS_MAX)?.value() as u64;
        Ok(Self { head, tail: tail? })
    }

    /// The two numbers that it is packed into.
    pub const fn parts(self) -> (u64, u128) {
        (self.head, self.tail.value())
    }

    /// The identifier that packs into these two numbers.
    pub fn from_parts(high: u64, low: u128) -> Option<Self> {
        let tail = Text20::from_value(low)?;
        let head = Text20::from_value(u128::from(high))?;
        if head.len() > GIAI_CHARACTERS_MAX - TEXT_CHARACTERS_MAX
            || (!head.is_empty() && tail.len() < TEXT_CHARACTERS_MAX)
        {
            return None;
        }
        // What remains to be seen is whether it begins with a company prefix.
        Self::parse(&Self { head: high, tail }.text()).ok()
    }

    /// Its leading digits, at most 12 and filled up with zeros to 12, and how many of them can be the company prefix:
    /// at least one character is left for the asset.
    pub(crate) fn company_digits(self) -> (u64, usize) {
        let text = self.text();
        let places = COMPANY_PREFIX_DIGITS_MAX.min(text.len() - 1);
        let digits = text.bytes().take(places).take_while(u8::is_ascii_digit).count();
        let number = read_digits(&text.as_bytes()[..digits], PART).expect("they are digits");
        (number * 10_u64.pow((COMPANY_PREFIX_DIGITS_MAX - digits) as u32), digits)
    }

    /// Its characters, on the stack.
    pub fn text(self) -> Characters {
        let mut characters = Characters::EMPTY;
        characters.push(Text20::from_number(u128::from(self.head)));
        characters.push(self.tail);
        characters
    }
}

impl fmt::Display for Giai {
    /// Prints the bracketed element string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(8004){}", InBrackets(self.text()))
    }
}

impl fmt::Debug for Giai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Giai").field(&self.text()).finish()
    }
}
