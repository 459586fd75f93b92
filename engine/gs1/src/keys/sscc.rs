//! SSCC: one logistic unit, such as a pallet or a mixed case.

use super::number::{check_last_digit, numeric_key, read_digits};
use crate::{check_digit::with_check_digit, error::Error, limits::SSCC_DIGITS, text82::check_length};

/// A Serial Shipping Container Code: 18 digits, check digit included (AI 00).
///
/// ```
/// use packtree_gs1::Sscc;
///
/// let sscc = Sscc::parse("095060001343500002")?;
/// assert_eq!(sscc.value(), 95_060_001_343_500_002);
/// assert_eq!(sscc.to_string(), "095060001343500002");
/// assert_eq!(Sscc::complete(9_506_000_134_350_000), Some(sscc));
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sscc(u64);

numeric_key!(Sscc, "the SSCC", SSCC_DIGITS);

impl Sscc {
    #[expect(clippy::unnecessary_wraps, reason = "other keys have a rule to check here")]
    const fn of_valid(number: u64) -> Result<Self, Error> {
        Ok(Self(number))
    }

    pub(crate) fn from_bytes(digits: &[u8]) -> Result<Self, Error> {
        check_length(digits, Self::PART, SSCC_DIGITS, SSCC_DIGITS)?;
        let number = read_digits(digits, Self::PART)?;
        check_last_digit(number, SSCC_DIGITS)?;
        Self::of_valid(number)
    }

    /// The SSCC whose 17 digits before the check digit are `body`.
    pub(crate) const fn from_body(body: u64) -> Self {
        Self(with_check_digit(body))
    }

    /// The first 12 of the digits between the extension digit and the check digit: they begin with the company prefix.
    pub(crate) const fn company_digits(self) -> u64 {
        self.0 / 100_000 % 10_u64.pow(12)
    }

    /// The extension digit, which the company that issues the number chooses.
    ///
    /// ```
    /// assert_eq!(packtree_gs1::Sscc::parse("395060001343500003")?.extension_digit(), 3);
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub const fn extension_digit(self) -> u8 {
        (self.0 / 10_u64.pow(17)) as u8
    }
}
