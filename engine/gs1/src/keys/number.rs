//! What the numeric keys have in common.

use crate::error::{Error, Rule};
use std::fmt;

/// Reads `bytes`, at most 19 digits and called `part` in an error, as a number.
pub(crate) fn read_digits(bytes: &[u8], part: &'static str) -> Result<u64, Error> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(Error::new(Rule::Digit { part }, at));
        }
        number = number * 10 + u64::from(digit);
    }
    Ok(number)
}

/// Refuses a number of `digits` digits whose last is not the check digit of the others.
pub(crate) fn check_last_digit(number: u64, digits: usize) -> Result<(), Error> {
    let expected = crate::check_digit(number / 10);
    let found = (number % 10) as u8;
    if expected == found { Ok(()) } else { Err(Error::new(Rule::CheckDigit { expected, found }, digits - 1)) }
}

/// Prints a number with leading zeros, to `N` digits.
pub(crate) struct Digits<const N: usize>(pub(crate) u64);

impl<const N: usize> fmt::Display for Digits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [b'0'; N];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        f.pad(std::str::from_utf8(&digits).expect("digits are ASCII"))
    }
}

/// Implements what every numeric key has, given its name in an error and its number of digits.
macro_rules! numeric_key {
    ($name:ident, $part:literal, $digits:expr) => {
        impl $name {
            const PART: &'static str = $part;
            const DIGITS: usize = $digits;

            /// The key with this number, its check digit included.
            ///
            /// # Errors
            ///
            /// [`Rule::Length`](crate::Rule::Length) for a number with more digits than the key has,
            /// [`Rule::CheckDigit`](crate::Rule::CheckDigit) for a wrong last digit.
            pub fn new(number: u64) -> Result<Self, crate::Error> {
                if number >= 10_u64.pow(Self::DIGITS as u32) {
                    let found = number.ilog10() as usize + 1;
                    let rule = crate::Rule::length($part, Self::DIGITS, Self::DIGITS, found);
                    return Err(crate::Error::new(rule, Self::DIGITS));
                }
                super::number::check_last_digit(number, Self::DIGITS)?;
                Self::of_valid(number)
            }

            /// Reads all digits of the key, the check digit and leading zeros included.
            ///
            /// # Errors
            ///
            /// As [`Self::new`], and [`Rule::Digit`](crate::Rule::Digit) for anything but a digit.
            pub fn parse(digits: &str) -> Result<Self, crate::Error> {
                Self::from_bytes(digits.as_bytes())
            }

            /// The key whose digits before the check digit are the number `body`; `None` for a number with too many.
            pub fn complete(body: u64) -> Option<Self> {
                Self::new(body.checked_mul(10)?.checked_add(u64::from(crate::check_digit(body)))?).ok()
            }

            /// The number, its check digit included.
            pub const fn value(self) -> u64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            /// Prints all digits, leading zeros and the check digit included.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&super::number::Digits::<{ $digits }>(self.0), f)
            }
        }
    };
}
pub(crate) use numeric_key;
