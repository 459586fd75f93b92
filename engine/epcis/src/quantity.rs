//! Quantities, exactly as they were written.

use packtree::fact::Decimal;

/// Digits that always fit an `i64`.
const DIGITS_MAX: u32 = 18;

/// Reads an `xsd:decimal` or a JSON number, which may have an exponent.
///
/// Nothing negative, and nothing that would have to be rounded: at most 18 digits, of them as many behind the point as
/// [`Decimal`] keeps. Equal quantities are equal whatever their spelling.
pub(crate) fn parse_quantity(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, parse_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let mut digits: i64 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if !digit.is_ascii_digit() || digits >= 10_i64.pow(DIGITS_MAX - 1) {
            return None;
        }
        digits = digits * 10 + i64::from(digit - b'0');
    }
    let places = i32::try_from(fraction.len()).ok()?;
    scaled(digits, places.checked_sub(exponent)?)
}

fn scaled(mut digits: i64, mut places: i32) -> Option<Decimal> {
    if digits == 0 {
        return Some(Decimal::whole(0));
    }
    while places > 0 && digits % 10 == 0 {
        digits /= 10;
        places -= 1;
    }
    while places < 0 {
        digits = digits.checked_mul(10).filter(|digits| *digits < 10_i64.pow(DIGITS_MAX))?;
        places += 1;
    }
    let scale = u8::try_from(places).ok().filter(|scale| *scale <= Decimal::SCALE_MAX)?;
    Some(Decimal { digits, scale })
}

fn parse_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten().filter(|exponent: &i32| exponent.abs() <= 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_exact() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(parse_quantity(text).map(|decimal| decimal.to_string()).as_deref(), expected, "{text}");
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
        check("0.000000001", Some("0.000000001"));
        check("1000000000000000000", None);
        check("0.0000000001", None);
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
        fn what_is_shown_is_read_back(digits in 0..10_i64.pow(18), scale in 0..=9_i32) {
            let decimal = scaled(digits, scale).unwrap();
            proptest::prop_assert_eq!(parse_quantity(&decimal.to_string()), Some(decimal));
        }
    }
}
