//! GRAI: a returnable asset, such as a tote or a roll cage.

use super::{
    AssetSerial,
    number::{check_last_digit, numeric_key, read_digits},
};
use crate::{
    check_digit::with_check_digit,
    element_string::InBrackets,
    error::{Error, Rule},
    limits::ASSET_TYPE_DIGITS,
    text82::check_length,
};
use std::fmt;

/// A type of returnable asset: 14 digits, the leading zero and the check digit included (the first part of AI 8003).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetType(u64);

numeric_key!(AssetType, "the number of the returnable asset", ASSET_TYPE_DIGITS);

impl AssetType {
    const fn of_valid(number: u64) -> Result<Self, Error> {
        if number < 10_u64.pow(13) { Ok(Self(number)) } else { Err(Error::new(Rule::LeadingZero, 0)) }
    }

    pub(crate) fn from_bytes(digits: &[u8]) -> Result<Self, Error> {
        check_length(digits, Self::PART, ASSET_TYPE_DIGITS, ASSET_TYPE_DIGITS)?;
        let asset_type = Self::of_valid(read_digits(digits, Self::PART)?)?;
        check_last_digit(asset_type.0, ASSET_TYPE_DIGITS)?;
        Ok(asset_type)
    }

    /// The type whose 12 digits between the leading zero and the check digit are `body`.
    pub(crate) const fn from_body(body: u64) -> Self {
        Self(with_check_digit(body))
    }

    /// The 12 digits between the leading zero and the check digit, which begin with the company prefix.
    pub(crate) const fn company_digits(self) -> u64 {
        self.0 / 10
    }
}

/// A returnable asset: its type, and perhaps its serial number (AI 8003). Without one it names the class.
///
/// ```
/// use packtree_gs1::{AssetSerial, AssetType, Grai, Identifier};
///
/// let tote = Grai { asset_type: AssetType::parse("09506000134352")?, serial: Some(AssetSerial::parse("T-7")?) };
/// assert_eq!(tote.to_string(), "(8003)09506000134352T-7");
/// assert_eq!(Identifier::parse("(8003)09506000134352T-7")?, Identifier::Grai(tote));
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grai {
    /// Which type of asset.
    pub asset_type: AssetType,
    /// Which one of them.
    pub serial: Option<AssetSerial>,
}

impl fmt::Display for Grai {
    /// Prints the bracketed element string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(8003){}", self.asset_type)?;
        self.serial.map_or(Ok(()), |serial| write!(f, "{}", InBrackets(serial.text())))
    }
}
