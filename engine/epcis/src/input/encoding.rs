//! The encodings that documents come in, and their way to UTF-8.
//!
//! UTF-8 and UTF-16 are what XML 1.0 section 4.3.3 asks every reader to accept; ISO-8859-1 is what older exporters
//! declare. Any other encoding is refused by name rather than guessed at: a wrong guess corrupts serial numbers.

use crate::error::{Excerpt, ReadProblem};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Latin1,
    Utf16Le,
    Utf16Be,
}

pub(super) struct Decoded {
    /// Bytes of the source that became text; what is left is the start of a character, or a fault.
    pub(super) used: usize,
    /// The byte after `used` cannot be the start of a character.
    pub(super) faulty: bool,
}

impl Encoding {
    /// Reads the byte order mark or, without one, the XML declaration; gives the length of the mark.
    pub(super) fn detect(start: &[u8]) -> Result<(Self, usize), ReadProblem> {
        match start {
            [0xEF, 0xBB, 0xBF, ..] => Ok((Self::Utf8, 3)),
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(ReadProblem::Encoding { name: "UTF-32".into() }),
            [0xFF, 0xFE, ..] => Ok((Self::Utf16Le, 2)),
            [0xFE, 0xFF, ..] => Ok((Self::Utf16Be, 2)),
            [first, 0, ..] if *first != 0 => Ok((Self::Utf16Le, 0)),
            [0, second, ..] if *second != 0 => Ok((Self::Utf16Be, 0)),
            _ => Ok((Self::declared(start)?, 0)),
        }
    }

    fn declared(start: &[u8]) -> Result<Self, ReadProblem> {
        let Some(name) = declaration(start) else { return Ok(Self::Utf8) };
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(Self::Utf8),
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" => Ok(Self::Latin1),
            _ => Err(ReadProblem::Encoding { name: Excerpt(&name).to_string().into() }),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Latin1 => "ISO-8859-1",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
        }
    }

    /// Appends what `raw` says to `text`, up to a fault or an unfinished character.
    pub(super) fn decode(self, raw: &[u8], text: &mut Vec<u8>) -> Decoded {
        match self {
            Self::Utf8 => decode_utf8(raw, text),
            Self::Latin1 => {
                for byte in raw {
                    text.extend_from_slice(char::from(*byte).encode_utf8(&mut [0; 2]).as_bytes());
                }
                Decoded { used: raw.len(), faulty: false }
            }
            Self::Utf16Le => decode_utf16(raw, text, u16::from_le_bytes),
            Self::Utf16Be => decode_utf16(raw, text, u16::from_be_bytes),
        }
    }
}

fn decode_utf8(raw: &[u8], text: &mut Vec<u8>) -> Decoded {
    let (used, faulty) = match std::str::from_utf8(raw) {
        Ok(_) => (raw.len(), false),
        Err(error) => (error.valid_up_to(), error.error_len().is_some()),
    };
    text.extend_from_slice(&raw[..used]);
    Decoded { used, faulty }
}

fn decode_utf16(raw: &[u8], text: &mut Vec<u8>, unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, _) = raw.as_chunks::<2>();
    let mut used = 0;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(character) => {
                used += 2 * character.len_utf16();
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Err(error) => {
                // The first half of a pair at the very end waits for its second half.
                let unfinished = used + 2 == pairs.len() * 2 && (0xD800..0xDC00).contains(&error.unpaired_surrogate());
                return Decoded { used, faulty: !unfinished };
            }
        }
    }
    Decoded { used, faulty: false }
}

/// The value of `encoding="..."` in an XML declaration; bytes outside ASCII are shown as they can be.
fn declaration(start: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(start);
    let declaration = start.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|character| matches!(character, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}
