//! Contents that are known by class and quantity only.

use packtree_gs1::Identifier;
use serde::{Deserialize, Serialize};

use super::Name;

/// Contents that are known by class and quantity only. EPCIS 2.0, 7.3.3.3: `QuantityElement`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// A product ([`Identifier::Gtin`]), a lot of it ([`Identifier::Lgtin`]) or another class.
    pub class: Identifier,
    /// How much; `None` where the document does not say.
    pub amount: Option<Decimal>,
    /// The unit of measure, UN/ECE Recommendation 20, for instance `KGM`; `None` counts pieces.
    pub unit: Option<Name>,
}

/// An exact decimal number, `digits` times ten to the power of minus `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decimal {
    /// The digits, without the point.
    pub digits: i64,
    /// Digits behind the point, 0 to 9.
    pub scale: u8,
}

impl Decimal {
    /// Digits behind the point that are kept.
    pub const SCALE_MAX: u8 = 9;

    /// A whole number.
    pub const fn whole(digits: i64) -> Self {
        Self { digits, scale: 0 }
    }

    /// Reads a decimal number such as `30`, `0.50` or `-1.25`; trailing zeros behind the point are dropped.
    ///
    /// ```
    /// use packtree::fact::Decimal;
    ///
    /// assert_eq!(Decimal::parse("12.50"), Some(Decimal { digits: 125, scale: 1 }));
    /// assert_eq!(Decimal::parse("1e3"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits_text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits_text.split_once('.').unwrap_or((digits_text, ""));
        let fraction = fraction.trim_end_matches('0');
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits || usize::from(Self::SCALE_MAX) < fraction.len() {
            return None;
        }
        let mut digits: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits = digits.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
        }
        Some(Self { digits: if negative { -digits } else { digits }, scale: fraction.len() as u8 })
    }

    /// The sum, or `None` when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let digits = self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?;
        Some(Self { digits, scale }.normal())
    }

    /// The difference, or `None` when it does not fit.
    ///
    /// ```
    /// use packtree::fact::Decimal;
    ///
    /// let (all, taken) = (Decimal::whole(30), Decimal { digits: 125, scale: 1 });
    /// assert_eq!(all.checked_sub(taken), Decimal::parse("17.5"));
    /// assert_eq!(taken.checked_add(taken), Some(Decimal::whole(25)));
    /// assert_eq!(Decimal::whole(i64::MAX).checked_add(all), None);
    /// ```
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self { digits: other.digits.checked_neg()?, scale: other.scale })
    }

    fn at_scale(self, scale: u8) -> Option<i64> {
        self.digits.checked_mul(10_i64.checked_pow(u32::from(scale - self.scale))?)
    }

    fn normal(mut self) -> Self {
        while 0 < self.scale && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let base = 10_u64.pow(u32::from(self.scale));
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs();
        match self.scale {
            0 => write!(f, "{sign}{digits}"),
            scale => write!(f, "{sign}{}.{:0width$}", digits / base, digits % base, width = usize::from(scale)),
        }
    }
}
