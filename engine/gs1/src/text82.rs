//! Short texts of the GS1 82-character set, packed into numbers one to one.
//!
//! Texts are numbered by length first and alphabet second: the empty one is 0, the 82 texts of one character follow,
//! then the 6,724 of two, and so on. So the length needs no room of its own, every number up to the last text is a
//! text, and serial numbers that count up have numbers close together, which is what makes lists of them small when
//! only the differences are stored.

use crate::{
    error::{CharacterSet, Error, Rule},
    limits::TEXT_CHARACTERS_MAX,
};
use std::{fmt, num::NonZeroU64, ops::Deref};

/// The set in its order of character codes (GS1 General Specifications, figure 7.11-1).
pub(crate) const CHARACTERS: &[u8; 82] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

const RADIX: u64 = 82;

/// Stands in [`INDEX`] for a byte outside the set.
pub(crate) const OUTSIDE: u8 = 0xFF;

/// The place of each byte in [`CHARACTERS`].
pub(crate) const INDEX: [u8; 256] = {
    let mut index = [OUTSIDE; 256];
    let mut at = 0;
    while at < CHARACTERS.len() {
        index[CHARACTERS[at] as usize] = at as u8;
        at += 1;
    }
    index
};

/// Characters that fit one `u64`, so that long arithmetic is needed once a text and not once a character.
const GROUP: usize = 10;

/// 82 to the power of [`GROUP`].
const GROUP_RADIX: u64 = RADIX.pow(GROUP as u32);

/// How many texts are shorter than this many characters, which is also the number of the first that long.
const FIRST: [u128; TEXT_CHARACTERS_MAX + 2] = {
    let mut first = [0; TEXT_CHARACTERS_MAX + 2];
    let mut power = 1;
    let mut length = 1;
    while length < first.len() {
        first[length] = first[length - 1] + power;
        // The power after the last is not needed, and would not fit.
        if length <= TEXT_CHARACTERS_MAX {
            power *= RADIX as u128;
        }
        length += 1;
    }
    first
};

/// The number of the last text of 20 characters.
const LAST: u128 = FIRST[TEXT_CHARACTERS_MAX + 1] - 1;

/// Packs one group, of at most [`GROUP`] characters.
fn pack_group(group: &[u8]) -> Result<u64, usize> {
    let mut number = 0;
    for (at, byte) in group.iter().enumerate() {
        let index = INDEX[usize::from(*byte)];
        if index == OUTSIDE {
            return Err(at);
        }
        number = number * RADIX + u64::from(index);
    }
    Ok(number)
}

/// Writes `number` as the characters of a whole group, from the right.
fn unpack_group(mut number: u64, group: &mut [u8]) {
    for byte in group.iter_mut().rev() {
        *byte = CHARACTERS[(number % RADIX) as usize];
        number /= RADIX;
    }
}

/// Packs up to 20 characters, or says which one is outside the set.
fn pack(text: &[u8]) -> Result<u128, usize> {
    let (head, tail) = text.split_at(text.len().saturating_sub(GROUP));
    let high = pack_group(head)?;
    let low = pack_group(tail).map_err(|at| at + head.len())?;
    Ok(FIRST[text.len()] + u128::from(high) * u128::from(GROUP_RADIX) + u128::from(low))
}

/// A text of 0 to 20 characters of the GS1 82-character set.
///
/// It is `Copy`, 16 bytes, and compares as a number: shorter texts first, then by character code. The number is
/// [`Text20::value`]; every number from 0 to [`Text20::LAST`] is a text, and every text has one number.
///
/// ```
/// use packtree_gs1::Text20;
///
/// let one = Text20::parse("S-0001")?;
/// let two = Text20::parse("S-0002")?;
/// assert_eq!(two.value() - one.value(), 1);
/// assert_eq!(Text20::from_value(one.value()), Some(one));
/// assert_eq!(one.to_string(), "S-0001");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text20 {
    /// The upper half of the number, plus one: that leaves a niche, so that an `Option<Text20>` is no larger.
    high: NonZeroU64,
    low: u64,
}

impl Text20 {
    /// The largest number that a text has: twenty times the letter `z`.
    pub const LAST: u128 = LAST;

    /// The text without a character.
    pub const EMPTY: Self = Self { high: NonZeroU64::MIN, low: 0 };

    /// Packs `text`.
    ///
    /// # Errors
    ///
    /// [`Rule::Length`] beyond 20 characters, [`Rule::Character`] for one outside the set.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::from_bytes(text.as_bytes(), "the text", 0, TEXT_CHARACTERS_MAX)
    }

    /// Packs `bytes`, which are called `part` in an error and have `min` to `max` (at most 20) characters.
    pub(crate) fn from_bytes(bytes: &[u8], part: &'static str, min: usize, max: usize) -> Result<Self, Error> {
        check_length(bytes, part, min, max)?;
        match pack(bytes) {
            Ok(number) => Ok(Self::from_number(number)),
            Err(at) => Err(Error::new(Rule::Character { part, set: CharacterSet::Set82 }, at)),
        }
    }

    /// The text that has this number.
    pub const fn from_value(value: u128) -> Option<Self> {
        if value <= LAST { Some(Self::from_number(value)) } else { None }
    }

    /// Wraps a number that is known to be at most [`Text20::LAST`].
    pub(crate) const fn from_number(number: u128) -> Self {
        let high = NonZeroU64::new((number >> 64) as u64 + 1).expect("the upper half of the last text is not the last");
        Self { high, low: number as u64 }
    }

    /// The number of this text.
    pub const fn value(self) -> u128 {
        ((self.high.get() - 1) as u128) << 64 | self.low as u128
    }

    /// How many characters it has.
    pub fn len(self) -> usize {
        let number = self.value();
        FIRST[1..].partition_point(|first| *first <= number)
    }

    /// Whether it has no character.
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Its characters, on the stack.
    ///
    /// ```
    /// use packtree_gs1::{Characters, Text20};
    ///
    /// let serial = Text20::parse("S-0001")?;
    /// let characters: Characters = serial.text();
    /// assert!(characters.starts_with("S-") && characters.len() == serial.len());
    /// assert!(Text20::EMPTY.is_empty() && Text20::from_value(Text20::LAST + 1).is_none());
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn text(self) -> Characters {
        let mut characters = Characters::EMPTY;
        characters.push(self);
        characters
    }
}

/// Refuses a part that is too short or too long, at the place where it ends or where it should have.
pub(crate) fn check_length(bytes: &[u8], part: &'static str, min: usize, max: usize) -> Result<(), Error> {
    if (min..=max).contains(&bytes.len()) {
        return Ok(());
    }
    Err(Error::new(Rule::length(part, min, max, count_characters(bytes)), bytes.len().min(max)))
}

/// How many characters UTF-8 bytes are: what a person counts, if the text is not ASCII after all.
pub(crate) fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !(0x80..0xC0).contains(*byte)).count()
}

impl fmt::Display for Text20 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl fmt::Debug for Text20 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.text(), f)
    }
}

/// Unpacked characters, up to 30 of them, on the stack; a `str` to whoever looks.
#[derive(Clone, Copy)]
pub struct Characters {
    bytes: [u8; Self::CAPACITY],
    length: u8,
}

impl Characters {
    const CAPACITY: usize = 30;

    pub(crate) const EMPTY: Self = Self { bytes: [0; Self::CAPACITY], length: 0 };

    /// Appends `text`. The caller has at most 10 characters in front of it.
    pub(crate) fn push(&mut self, text: Text20) {
        let length = text.len();
        let number = text.value() - FIRST[length];
        let start = usize::from(self.length);
        let (head, tail) = self.bytes[start..start + length].split_at_mut(length.saturating_sub(GROUP));
        unpack_group((number / u128::from(GROUP_RADIX)) as u64, head);
        unpack_group((number % u128::from(GROUP_RADIX)) as u64, tail);
        self.length += length as u8;
    }
}

impl Deref for Characters {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).expect("the set is ASCII")
    }
}

impl fmt::Display for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
