//! Characters that are written in another way, because the spelling uses them for itself.

use crate::error::{Error, Rule};

/// How a spelling writes the characters that it uses for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Escapes {
    /// All characters stand for themselves.
    None,
    /// A percent sign and two hexadecimal digits, in URIs (RFC 3986, section 2.1).
    Percent,
}

/// Room on the stack for one value: the longest has 90 characters.
pub(crate) type Room = [u8; ROOM];
pub(crate) const ROOM: usize = 90;

/// The characters that `raw` stands for: `raw` itself where nothing is escaped, else written into `room`.
pub(crate) fn unescape<'a>(raw: &'a [u8], escapes: Escapes, room: &'a mut Room) -> Result<&'a [u8], Error> {
    let mark = match escapes {
        Escapes::None => return Ok(raw),
        Escapes::Percent => b'%',
    };
    if !raw.contains(&mark) {
        return Ok(raw);
    }
    let mut length = 0;
    let mut at = 0;
    while at < raw.len() {
        let (byte, step) = character(raw, at);
        let Some(place) = room.get_mut(length) else { return Err(Error::new(Rule::TooLong { max: ROOM }, at)) };
        *place = byte;
        length += 1;
        at += step;
    }
    Ok(&room[..length])
}

/// Where in `raw` the character begins that is `at` in the unescaped text.
#[cold]
pub(crate) fn place_in(raw: &[u8], escapes: Escapes, at: usize) -> usize {
    if escapes == Escapes::None {
        return at;
    }
    let mut place = 0;
    for _ in 0..at {
        place += if place < raw.len() { character(raw, place).1 } else { 1 };
    }
    place
}

/// The character at `at`, and how many bytes it takes. A percent sign that two hexadecimal digits do not follow
/// stands for itself: writers forget to escape it, and it cannot mean anything else.
fn character(raw: &[u8], at: usize) -> (u8, usize) {
    let digit = |place: usize| raw.get(place).and_then(|byte| (*byte as char).to_digit(16));
    match (raw[at], digit(at + 1), digit(at + 2)) {
        (b'%', Some(high), Some(low)) => ((high * 16 + low) as u8, 3),
        (byte, _, _) => (byte, 1),
    }
}
