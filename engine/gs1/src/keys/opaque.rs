//! Any other URI.

use crate::{
    error::{Error, Rule},
    limits::OPAQUE_BYTES_MAX,
};
use std::{fmt, sync::Arc};

/// A URI that is none of the keys this crate knows, kept as it is and compared character by character.
///
/// ```
/// use packtree_gs1::Identifier;
///
/// let Identifier::Opaque(document) = Identifier::parse("urn:epc:id:gdti:9506000.00001.A")? else { panic!("it is no key here") };
/// let document: packtree_gs1::Opaque = document;
/// assert_eq!(document.uri(), "urn:epc:id:gdti:9506000.00001.A");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opaque(Arc<str>);

impl Opaque {
    /// Keeps `text`, which begins with no key that this crate knows.
    pub(crate) fn from_uri(text: &str) -> Result<Self, Error> {
        let Some(scheme) = text.find(':') else { return Err(Error::new(Rule::Unrecognised, 0)) };
        let (scheme, rest) = (&text.as_bytes()[..scheme], &text[scheme + 1..]);
        let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
            && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
        if !is_scheme || rest.is_empty() {
            return Err(Error::new(Rule::Unrecognised, 0));
        }
        if text.len() > OPAQUE_BYTES_MAX {
            return Err(Error::new(Rule::TooLong { max: OPAQUE_BYTES_MAX }, OPAQUE_BYTES_MAX));
        }
        match text.find(|character: char| character.is_whitespace() || character.is_control()) {
            None => Ok(Self(text.into())),
            Some(at) => Err(Error::new(Rule::UriCharacter, at)),
        }
    }

    /// The URI.
    pub fn uri(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Opaque {
    /// Prints the URI.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
