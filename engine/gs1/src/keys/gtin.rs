//! GTIN: which trade item, and at which packaging level.

use super::number::{check_last_digit, numeric_key, read_digits};
use crate::{
    check_digit::with_check_digit,
    error::{Error, Rule},
    limits::GTIN_DIGITS,
};

/// A Global Trade Item Number in its 14-digit form, check digit included (AI 01).
///
/// ```
/// use packtree_gs1::Gtin;
///
/// let gtin = Gtin::parse("9506000134352")?;
/// assert_eq!(gtin.to_string(), "09506000134352");
/// assert_eq!(gtin.indicator(), 0);
/// assert_eq!(Gtin::new(9_506_000_134_352)?, gtin);
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(u64);

numeric_key!(Gtin, "the GTIN", GTIN_DIGITS);

impl Gtin {
    #[expect(clippy::unnecessary_wraps, reason = "other keys have a rule to check here")]
    const fn of_valid(number: u64) -> Result<Self, Error> {
        Ok(Self(number))
    }

    /// Reads a GTIN-8, GTIN-12, GTIN-13 or GTIN-14, which fill up to 14 digits with zeros on the left.
    pub(crate) fn from_bytes(digits: &[u8]) -> Result<Self, Error> {
        let number = match digits.len() {
            8 | 12 | 13 | GTIN_DIGITS => read_digits(digits, Self::PART)?,
            found => {
                let rule = Rule::length(Self::PART, GTIN_DIGITS, GTIN_DIGITS, found);
                return Err(Error::new(rule, found.min(GTIN_DIGITS)));
            }
        };
        check_last_digit(number, digits.len())?;
        Self::of_valid(number)
    }

    /// The GTIN whose 13 digits before the check digit are `body`.
    pub(crate) const fn from_body(body: u64) -> Self {
        Self(with_check_digit(body))
    }

    /// The 12 digits between the indicator and the check digit, which begin with the company prefix.
    pub(crate) const fn company_digits(self) -> u64 {
        self.0 / 10 % 10_u64.pow(12)
    }

    /// The indicator digit: 0 for the base unit, 1 to 8 for groupings of it, 9 for variable measure
    /// (GS1 General Specifications, section 2.1.1).
    pub const fn indicator(self) -> u8 {
        (self.0 / 10_u64.pow(13)) as u8
    }
}
