//! What options and profiles set: rates, shares, times, stops and numbers within bounds. Each is a type that cannot be wrong, and is
//! printed as it is written.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The fastest line, in units a minute: more than any engine takes, so that the limit is found and not set.
const RATE_MAX: u32 = 1_000_000_000;

/// The longest time that anything takes: a week, which is a long soak test.
const TIME_MAX: Duration = Duration::from_hours(7 * 24);

/// What was written, and what would have been right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` {problem}")]
pub(crate) struct SettingError {
    text: String,
    problem: String,
}

fn wrong<T>(text: &str, problem: impl Into<String>) -> Result<T, SettingError> {
    Err(SettingError { text: text.to_owned(), problem: problem.into() })
}

/// Gives a type with `FromStr` and `Display` the same form in TOML.
macro_rules! written_as_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = SettingError;

            fn try_from(text: String) -> Result<Self, SettingError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(setting: $name) -> Self {
                setting.to_string()
            }
        }
    };
}

/// Units a minute, written `300upm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Rate(u32);

impl Rate {
    /// So many units a minute, brought within what a line can be set to.
    pub(crate) fn nearest(units_per_minute: f64) -> Self {
        #[expect(clippy::cast_sign_loss, reason = "it is at least one")]
        Self(units_per_minute.round().clamp(1.0, f64::from(RATE_MAX)) as u32)
    }

    pub(crate) fn per_minute(self) -> u32 {
        self.0
    }

    /// When so many units have passed, in nanoseconds from the beginning.
    pub(crate) fn nanoseconds(self, units: u64) -> u64 {
        (u128::from(units) * 60_000_000_000 / u128::from(self.0)) as u64
    }
}

impl FromStr for Rate {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        let Some(Ok(rate)) = text.strip_suffix("upm").map(|number| number.trim().parse()) else {
            return wrong(text, "is no rate: write units a minute, such as 300upm");
        };
        match rate {
            0 => wrong(text, "is a line that stands still: it needs at least 1upm"),
            1..=RATE_MAX => Ok(Self(rate)),
            _ => wrong(text, format!("is faster than {RATE_MAX}upm, the fastest that can be played")),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}upm", self.0)
    }
}

written_as_text!(Rate);

/// A share of 0 to 100 percent, written `0.3%`, exact to four digits behind the point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Share(u32);

impl Share {
    pub(crate) const ALL: u32 = 1_000_000;

    /// In parts of a million.
    pub(crate) fn millionths(self) -> u32 {
        self.0
    }
}

impl FromStr for Share {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        const HELP: &str = "is no share: write percent, with at most four digits behind the point, such as 0.3%";
        let Some(number) = text.strip_suffix('%') else { return wrong(text, HELP) };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || 4 < fraction.len() || !is_number(whole) || !is_number(fraction) {
            return wrong(text, HELP);
        }
        match format!("{whole}{fraction:0<4}").parse() {
            Ok(share) if share <= Self::ALL => Ok(Self(share)),
            _ => wrong(text, "is more than everything: a share is 0% to 100%"),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:04}", self.0 % 10_000);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{}%", self.0 / 10_000),
            digits => write!(f, "{}.{digits}%", self.0 / 10_000),
        }
    }
}

written_as_text!(Share);

/// A time above zero and up to a week, written `500ms`, `60s`, `1.5h` or `1m30s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Time(Duration);

/// The units of time, the largest first, in nanoseconds.
const UNITS: [(&str, u64); 6] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
];

impl Time {
    pub(crate) const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    pub(crate) fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for Time {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        const HELP: &str = "is no time: write a number and its unit, such as 60s, 500ms, 1.5h or 1m30s";
        let mut nanoseconds = 0.0;
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, behind) = rest.split_at(digits);
            let letters = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
            let (unit, behind) = behind.split_at(letters);
            let unit = UNITS.iter().find(|(name, _)| *name == unit);
            let (Some((_, unit)), Ok(number)) = (unit, number.parse::<f64>()) else { return wrong(text, HELP) };
            nanoseconds += number * *unit as f64;
            rest = behind;
        }
        if text.is_empty() {
            return wrong(text, HELP);
        }
        if nanoseconds < 1.0 {
            return wrong(text, "is no time at all: it must be above zero");
        }
        if TIME_MAX.as_nanos() as f64 <= nanoseconds {
            return wrong(text, "is too long: a week (7d) is the longest");
        }
        #[expect(clippy::cast_sign_loss, reason = "it is above zero")]
        Ok(Self(Duration::from_nanos(nanoseconds as u64)))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.0.as_nanos() as u64;
        // What is a whole number of the unit is printed in it; minutes of more than a few are clearer than seconds.
        let exact = UNITS.iter().find(|(_, unit)| nanoseconds.is_multiple_of(*unit) && 2 * unit <= nanoseconds);
        match exact {
            Some((name, unit)) => write!(f, "{}{name}", nanoseconds / unit),
            None => write!(f, "{}us", nanoseconds as f64 / 1_000.0),
        }
    }
}

written_as_text!(Time);

/// How a line stops: for how long, and which share of the time it stands; written `30s@10%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Stops {
    pub(crate) length: Time,
    pub(crate) share: Share,
}

impl Stops {
    /// How long the line runs from one stop to the next, in nanoseconds.
    pub(crate) fn run_nanoseconds(self) -> u64 {
        let (length, share) = (self.length.0.as_nanos(), u128::from(self.share.0));
        (length * (u128::from(Share::ALL) - share) / share) as u64
    }
}

impl FromStr for Stops {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        let Some((length, share)) = text.split_once('@') else {
            return wrong(
                text,
                "says nothing about stops: write how long one is and which share of the time, such as 30s@10%",
            );
        };
        let stops = Self { length: length.parse()?, share: share.parse()? };
        if stops.share.0 == 0 || 900_000 < stops.share.0 {
            return wrong(text, "is no line that stops now and then: the share must be above 0% and at most 90%");
        }
        Ok(stops)
    }
}

impl fmt::Display for Stops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.length, self.share)
    }
}

written_as_text!(Stops);

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub(crate) struct Bounded<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Bounded<MIN, MAX> {
    /// A number that is known to lie within the bounds.
    pub(crate) const fn new(number: u32) -> Self {
        assert!(MIN <= number && number <= MAX);
        Self(number)
    }

    pub(crate) fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> Default for Bounded<MIN, MAX> {
    /// The least.
    fn default() -> Self {
        Self(MIN)
    }
}

impl<const MIN: u32, const MAX: u32> TryFrom<i64> for Bounded<MIN, MAX> {
    type Error = SettingError;

    fn try_from(number: i64) -> Result<Self, SettingError> {
        match u32::try_from(number) {
            Ok(within) if (MIN..=MAX).contains(&within) => Ok(Self(within)),
            _ => wrong(&number.to_string(), format!("must be {MIN} to {MAX}")),
        }
    }
}

impl<const MIN: u32, const MAX: u32> From<Bounded<MIN, MAX>> for i64 {
    fn from(number: Bounded<MIN, MAX>) -> Self {
        Self::from(number.0)
    }
}

impl<const MIN: u32, const MAX: u32> FromStr for Bounded<MIN, MAX> {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        match text.parse::<i64>() {
            Ok(number) => number.try_into(),
            Err(_) => wrong(text, format!("must be {MIN} to {MAX}")),
        }
    }
}

impl<const MIN: u32, const MAX: u32> fmt::Display for Bounded<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text and what it is printed as again, or the start of the problem.
    fn check<T: FromStr<Err = SettingError> + fmt::Display>(table: &[(&str, &str)]) {
        for (text, expected) in table {
            let found = match text.parse::<T>() {
                Ok(setting) => setting.to_string(),
                Err(error) => error.to_string(),
            };
            assert!(found == *expected || found.starts_with(&format!("`{text}` {expected}")), "{text}: {found}");
        }
    }

    #[test]
    fn rates() {
        check::<Rate>(&[
            ("300upm", "300upm"),
            ("300 upm", "300upm"),
            ("0upm", "is a line that stands still"),
            ("300", "is no rate"),
            ("-1upm", "is no rate"),
            ("fast", "is no rate"),
            ("1000000001upm", "is faster than"),
            ("99999999999upm", "is no rate"),
        ]);
        assert_eq!("300upm".parse::<Rate>().unwrap().nanoseconds(300), 60_000_000_000);
    }

    #[test]
    fn shares() {
        check::<Share>(&[
            ("0%", "0%"),
            ("0.3%", "0.3%"),
            ("12.50%", "12.5%"),
            ("100%", "100%"),
            ("100.0001%", "is more than everything"),
            ("99999999999%", "is more than everything"),
            ("0.00001%", "is no share"),
            ("-1%", "is no share"),
            ("%", "is no share"),
            ("1", "is no share"),
        ]);
        assert_eq!("0.3%".parse::<Share>().unwrap().millionths(), 3_000);
    }

    #[test]
    fn times() {
        check::<Time>(&[
            ("60s", "60s"),
            ("120s", "2m"),
            ("1m30s", "90s"),
            ("1.5h", "90m"),
            ("500ms", "500ms"),
            ("1500us", "1500us"),
            ("365d", "is too long"),
            ("1y", "is no time: "),
            ("0s", "is no time at all"),
            ("60", "is no time: "),
            ("", "is no time: "),
            ("1..5s", "is no time: "),
        ]);
    }

    #[test]
    fn stops() {
        check::<Stops>(&[
            ("30s@10%", "30s@10%"),
            ("30s", "says nothing about stops"),
            ("30s@0%", "is no line that stops"),
            ("30s@95%", "is no line that stops"),
        ]);
        assert_eq!("30s@10%".parse::<Stops>().unwrap().run_nanoseconds(), 270_000_000_000);
        assert!("30s@110%".parse::<Stops>().is_err());
    }

    #[test]
    fn numbers_within_bounds() {
        check::<Bounded<1, 10>>(&[
            ("1", "1"),
            ("10", "10"),
            ("0", "must be 1 to 10"),
            ("11", "must be"),
            ("x", "must be"),
        ]);
    }
}
