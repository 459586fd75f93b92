//! Quantities, exactly as they were written.

use std::fmt::{self, Display};

/// An exact decimal number of at most 18 digits, not negative: 200.5 is 2005 with a scale of 1.
///
/// Equal quantities are equal whatever their spelling: trailing zeros after the point are dropped.
///
/// ```
/// use packtree_epcis::Decimal;
///
/// assert_eq!(Decimal::parse("29.0"), Decimal::parse("29"));
/// assert_eq!(Decimal::parse("2.005e2").unwrap().to_string(), "200.5");
/// assert_eq!(Decimal::parse("twenty"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits, as one number.
    coefficient: u64,
    /// How many of them stand after the point.
    scale: u8,
}

/// Digits that always fit a `u64`.
const DIGITS_MAX: u32 = 18;

impl Decimal {
    /// Reads an `xsd:decimal` or a JSON number; nothing else, nothing negative, and nothing of more than 18 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        let (number, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut coefficient: u64 = 0;
        for digit in whole.bytes().chain(fraction.trim_end_matches('0').bytes()) {
            if !digit.is_ascii_digit() || coefficient >= 10_u64.pow(DIGITS_MAX - 1) {
                return None;
            }
            coefficient = coefficient * 10 + u64::from(digit - b'0');
        }
        let places = i32::try_from(fraction.trim_end_matches('0').len()).ok()?;
        Self::scaled(coefficient, places.checked_sub(exponent)?)
    }

    /// The whole number, if there is nothing after the point.
    pub fn whole(self) -> Option<u64> {
        (self.scale == 0).then_some(self.coefficient)
    }

    /// All digits as one number, and how many of them stand after the point.
    pub fn parts(self) -> (u64, u8) {
        (self.coefficient, self.scale)
    }

    fn scaled(mut coefficient: u64, mut places: i32) -> Option<Self> {
        if coefficient == 0 {
            return Some(Self { coefficient, scale: 0 });
        }
        while places > 0 && coefficient.is_multiple_of(10) {
            coefficient /= 10;
            places -= 1;
        }
        while places < 0 {
            coefficient = coefficient.checked_mul(10).filter(|coefficient| *coefficient < 10_u64.pow(DIGITS_MAX))?;
            places += 1;
        }
        let scale = u8::try_from(places).ok().filter(|scale| u32::from(*scale) <= DIGITS_MAX)?;
        Some(Self { coefficient, scale })
    }
}

fn parse_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().filter(|exponent: &i32| exponent.abs() <= 100)
}

impl Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.coefficient);
        }
        let unit = 10_u64.pow(u32::from(self.scale));
        let places = usize::from(self.scale);
        write!(f, "{}.{:0places$}", self.coefficient / unit, self.coefficient % unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Decimal::parse(text).map(|decimal| decimal.to_string()).as_deref(), expected, "{text}");
        };
        check("0", Some("0"));
        check("0.000", Some("0"));
        check("00120.500", Some("120.5"));
        check("+5", Some("5"));
        check(".5", Some("0.5"));
        check("5.", Some("5"));
        check("1e3", Some("1000"));
        check("1.5E-2", Some("0.015"));
        check("999999999999999999", Some("999999999999999999"));
        check("0.000000000000000001", Some("0.000000000000000001"));
        check("1000000000000000000", None);
        check("0.0000000000000000001", None);
        check("1e18", None);
        check("1e101", None);
        check("-1", None);
        check("", None);
        check(".", None);
        check("e5", None);
        check("1e", None);
        check("1e+", None);
        check("1,5", None);
        check("twenty", None);
        check("0x10", None);
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_read_back(coefficient in 0..10_u64.pow(18), scale in 0..=18_i32) {
            let decimal = Decimal::scaled(coefficient, scale).unwrap();
            proptest::prop_assert_eq!(Decimal::parse(&decimal.to_string()), Some(decimal));
        }
    }
}
