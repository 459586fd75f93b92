//! A value as it stands in a text, and the characters that it stands for.

use crate::{
    error::{Error, Rule},
    limits::VALUE_CHARACTERS_MAX,
};
use std::fmt;

/// How a spelling writes the characters that it uses for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Escapes {
    /// All characters stand for themselves.
    None,
    /// A backslash before an opening bracket, in bracketed element strings.
    Backslash,
    /// A percent sign and two hexadecimal digits, in URIs (RFC 3986, section 2.1).
    Percent,
}

/// Room on the stack for the characters of one value.
pub(crate) type Room = [u8; VALUE_CHARACTERS_MAX];

pub(crate) const ROOM: Room = [0; VALUE_CHARACTERS_MAX];

/// The value of an application identifier, borrowed from the text that it was read from.
///
/// It prints, and compares, as the characters that it stands for, with nothing escaped.
///
/// ```
/// use packtree_gs1::{Ai, ElementString, Value};
///
/// let label = ElementString::parse("(01)09506000134352(10)A\\(7)")?;
/// let lot: Value<'_> = label.get(Ai::LOT).expect("the label has one");
/// assert_eq!(lot, "A(7)");
/// assert_eq!(lot.to_string(), "A(7)");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Value<'a> {
    raw: &'a [u8],
    /// Where in the whole text it begins.
    start: u32,
    escapes: Escapes,
}

impl<'a> Value<'a> {
    /// The value that begins `start` bytes into the text, which is at most 4 GiB long.
    pub(crate) const fn new(raw: &'a [u8], start: usize, escapes: Escapes) -> Self {
        Self { raw, start: start as u32, escapes }
    }

    pub(crate) const fn start(self) -> usize {
        self.start as usize
    }

    /// Its bytes, nothing escaped. They are ASCII once the value has been checked.
    pub(crate) fn bytes(self) -> impl Iterator<Item = u8> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (byte, step) = self.character(at)?;
            at += step;
            Some(byte)
        })
    }

    /// The same bytes in one piece: where they stand if nothing is escaped, else in `room`.
    ///
    /// # Errors
    ///
    /// [`Rule::Length`] for more characters than any value has.
    pub(crate) fn unescaped<'b>(&'b self, room: &'b mut Room) -> Result<&'b [u8], Error> {
        let mark = match self.escapes {
            Escapes::None => return Ok(self.raw),
            Escapes::Backslash => b'\\',
            Escapes::Percent => b'%',
        };
        if !self.raw.contains(&mark) {
            return Ok(self.raw);
        }
        let mut length = 0;
        for byte in self.bytes() {
            let Some(place) = room.get_mut(length) else {
                let rule = Rule::length("a value", 1, VALUE_CHARACTERS_MAX, self.bytes().count());
                return Err(Error::new(rule, self.place(VALUE_CHARACTERS_MAX)));
            };
            *place = byte;
            length += 1;
        }
        Ok(&room[..length])
    }

    /// Hands the unescaped bytes to `read`, and moves the offset of its error to where it stands in the whole text.
    pub(crate) fn read<T>(self, read: impl FnOnce(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
        let mut room = ROOM;
        read(self.unescaped(&mut room)?).map_err(|error| Error::new(error.rule(), self.place(error.offset())))
    }

    /// Where in the whole text the character stands that is the one at `at` of the unescaped bytes.
    #[cold]
    pub(crate) fn place(self, at: usize) -> usize {
        let mut place = 0;
        for _ in 0..at {
            place += self.character(place).map_or(1, |(_, step)| step);
        }
        self.start() + place
    }

    /// The byte at `at`, unescaped, and how many bytes it takes.
    ///
    /// A percent sign that two hexadecimal digits do not follow stands for itself: writers forget to escape it, and it
    /// cannot mean anything else.
    fn character(self, at: usize) -> Option<(u8, usize)> {
        let rest = self.raw.get(at..)?;
        let digit = |byte: u8| (byte as char).to_digit(16);
        match (self.escapes, rest) {
            (_, []) => None,
            (Escapes::Backslash, [b'\\', b'(', ..]) => Some((b'(', 2)),
            (Escapes::Percent, [b'%', high, low, ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => Some(((high * 16 + low) as u8, 3)),
                _ => Some((b'%', 1)),
            },
            (_, [byte, ..]) => Some((*byte, 1)),
        }
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for Value<'_> {}

impl PartialEq<str> for Value<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl PartialEq<&str> for Value<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().try_for_each(|byte| fmt::Write::write_char(f, byte as char))
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, escapes: Escapes, expected: &str) {
        let value = Value::new(raw.as_bytes(), 0, escapes);
        assert_eq!(value.to_string(), expected);
        let mut room = ROOM;
        assert_eq!(value.unescaped(&mut room).unwrap(), expected.as_bytes());
    }

    #[test]
    fn unescapes_what_the_spelling_escapes() {
        check("A%2FB", Escapes::None, "A%2FB");
        check("A%2fB%2F", Escapes::Percent, "A/B/");
        check("A\\(B", Escapes::Percent, "A\\(B");
        check("A\\(B\\", Escapes::Backslash, "A(B\\");
    }

    #[test]
    fn a_lone_percent_sign_stands_for_itself() {
        for lone in ["%", "%2", "%%", "%G0", "5%&6"] {
            check(lone, Escapes::Percent, lone);
        }
        check("%%41", Escapes::Percent, "%A");
    }

    #[test]
    fn finds_the_place_behind_escapes() {
        let value = Value::new(b"%41%42C", 5, Escapes::Percent);
        assert_eq!([0, 1, 2, 3, 4].map(|at| value.place(at)), [5, 8, 11, 12, 13]);
    }

    #[test]
    fn a_value_longer_than_any_is_refused() {
        let raw = "%41".repeat(VALUE_CHARACTERS_MAX + 1);
        let error = Value::new(raw.as_bytes(), 2, Escapes::Percent).read(|_| Ok(())).unwrap_err();
        assert_eq!(error.offset(), 2 + 3 * VALUE_CHARACTERS_MAX);
    }
}
