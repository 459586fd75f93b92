//! GLN and SGLN: a location, and a place inside it.

use super::{
    GlnExtension,
    number::{check_last_digit, numeric_key, read_digits},
};
use crate::{
    check_digit::with_check_digit, element_string::InBrackets, error::Error, limits::GLN_DIGITS, text82::check_length,
};
use std::fmt;

/// A Global Location Number: 13 digits, check digit included (AI 414).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gln(u64);

numeric_key!(Gln, "the GLN", GLN_DIGITS);

impl Gln {
    #[expect(clippy::unnecessary_wraps, reason = "other keys have a rule to check here")]
    const fn of_valid(number: u64) -> Result<Self, Error> {
        Ok(Self(number))
    }

    pub(crate) fn from_bytes(digits: &[u8]) -> Result<Self, Error> {
        check_length(digits, Self::PART, GLN_DIGITS, GLN_DIGITS)?;
        let number = read_digits(digits, Self::PART)?;
        check_last_digit(number, GLN_DIGITS)?;
        Self::of_valid(number)
    }

    /// The GLN whose 12 digits before the check digit are `body`.
    pub(crate) const fn from_body(body: u64) -> Self {
        Self(with_check_digit(body))
    }

    /// The 12 digits before the check digit, which begin with the company prefix.
    pub(crate) const fn company_digits(self) -> u64 {
        self.0 / 10
    }
}

/// A place: a GLN, and perhaps an extension that names a place inside it, AI 414 and AI 254.
///
/// The extension `0` means that there is none (EPC Tag Data Standard, section 6.3.3), so it reads as `None`.
///
/// ```
/// use packtree_gs1::{Gln, GlnExtension, Sgln};
///
/// let warehouse = Gln::parse("9506000134352")?;
/// let dock = Sgln::new(warehouse, Some(GlnExtension::parse("DOCK-3")?));
/// assert_eq!(dock.to_string(), "(414)9506000134352(254)DOCK-3");
/// assert_eq!((dock.gln(), dock.extension().is_some()), (warehouse, true));
/// assert_eq!(Sgln::new(warehouse, Some(GlnExtension::parse("0")?)).extension(), None);
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sgln {
    gln: Gln,
    extension: Option<GlnExtension>,
}

impl Sgln {
    /// A place, where an extension of `0` counts as none.
    pub fn new(gln: Gln, extension: Option<GlnExtension>) -> Self {
        Self { gln, extension: extension.filter(|extension| &*extension.text() != "0") }
    }

    /// Which location.
    pub const fn gln(self) -> Gln {
        self.gln
    }

    /// Which place inside it.
    pub const fn extension(self) -> Option<GlnExtension> {
        self.extension
    }
}

impl fmt::Display for Sgln {
    /// Prints the bracketed element string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.extension {
            Some(extension) => write!(f, "(414){}(254){}", self.gln, InBrackets(extension.text())),
            None => write!(f, "(414){}", self.gln),
        }
    }
}
