//! The identity of an object, whatever it is written as.

use crate::{
    error::{Error, Rule},
    keys::{Giai, Grai, Gtin, Lgtin, Opaque, Sgln, Sgtin, Sscc},
    limits::INPUT_BYTES_MAX,
    urn,
};
use std::fmt;

/// The identity of an object or of a class of objects, in canonical form.
///
/// Two identifiers are equal if and only if they name the same thing, whatever spellings they were read from. It takes
/// 32 bytes; only [`Opaque`] keeps something on the heap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Identifier {
    /// One logistic unit.
    Sscc(Sscc),
    /// One trade item.
    Sgtin(Sgtin),
    /// All trade items with one GTIN: a class.
    Gtin(Gtin),
    /// All trade items of one lot: a class.
    Lgtin(Lgtin),
    /// A place.
    Sgln(Sgln),
    /// A returnable asset, or the class of them if it has no serial number.
    Grai(Grai),
    /// An individual asset.
    Giai(Giai),
    /// Any other URI.
    Opaque(Opaque),
}

const _: () = assert!(size_of::<Identifier>() <= 32);

impl Identifier {
    /// Reads any spelling.
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, and where.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > INPUT_BYTES_MAX {
            return Err(Error::new(Rule::TooLong { max: INPUT_BYTES_MAX }, INPUT_BYTES_MAX));
        }
        let trimmed = text.trim_ascii_start();
        let start = text.len() - trimmed.len();
        read(trimmed.trim_ascii_end()).map_err(|error| error.shifted(start))
    }
}

/// Reads a text without space around it.
fn read(text: &str) -> Result<Identifier, Error> {
    let bytes = text.as_bytes();
    match bytes {
        [] => Err(Error::new(Rule::Empty, 0)),
        [b'(', ..] => crate::element_string::identifier(bytes),
        [b'0'..=b'9', ..] => {
            Sscc::from_bytes(bytes.strip_prefix(b"00").filter(|rest| rest.len() == 18).unwrap_or(bytes))
                .map(Identifier::Sscc)
        }
        _ => match urn::parse(bytes) {
            Some(result) => result.map(|(identifier, _)| identifier),
            None => Opaque::from_uri(text).map(Identifier::Opaque),
        },
    }
}

impl fmt::Display for Identifier {
    /// Prints the bracketed element string, or the URI of an opaque identifier.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sscc(sscc) => write!(f, "(00){sscc}"),
            Self::Sgtin(sgtin) => sgtin.fmt(f),
            Self::Gtin(gtin) => write!(f, "(01){gtin}"),
            Self::Lgtin(lgtin) => lgtin.fmt(f),
            Self::Sgln(sgln) => sgln.fmt(f),
            Self::Grai(grai) => grai.fmt(f),
            Self::Giai(giai) => giai.fmt(f),
            Self::Opaque(opaque) => opaque.fmt(f),
        }
    }
}
