//! Company prefixes, whose length an EPC URN shows and no other spelling does.

use crate::{
    error::{Error, Rule},
    limits::{COMPANY_PREFIX_DIGITS_MAX, COMPANY_PREFIX_DIGITS_MIN},
};
use std::fmt;

/// The digits that GS1 gave to one company, 6 to 12 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyPrefix {
    digits: u64,
    length: u8,
}

impl CompanyPrefix {
    /// The prefix of `length` digits with this number.
    pub(crate) fn new(digits: u64, length: usize) -> Result<Self, Error> {
        if (COMPANY_PREFIX_DIGITS_MIN..=COMPANY_PREFIX_DIGITS_MAX).contains(&length) {
            Ok(Self { digits, length: length as u8 })
        } else {
            Err(Error::new(Rule::CompanyPrefixLength { found: length }, 0))
        }
    }

    /// Its number; leading zeros are known from its length.
    pub const fn digits(self) -> u64 {
        self.digits
    }

    /// How many digits it has.
    #[expect(clippy::len_without_is_empty, reason = "a company prefix is never empty")]
    pub const fn len(self) -> usize {
        self.length as usize
    }
}

impl fmt::Display for CompanyPrefix {
    /// Prints all digits, leading zeros included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = usize::from(self.length);
        write!(f, "{:0width$}", self.digits)
    }
}
