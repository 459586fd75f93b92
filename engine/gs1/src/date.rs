//! Dates as GS1 writes them: a day, or a month whose day is left open.

use std::fmt;

/// A date of the Gregorian calendar whose day may be 0: the last day of the month, or the month as a whole.
///
/// GS1 General Specifications, 3.4.2 to 3.4.7: the day of AIs (11), (15) and (17) may be 00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gs1Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Gs1Date {
    /// The date, or `None` when there is no such day; years 1900 to 2199.
    ///
    /// ```
    /// use packtree_gs1::Gs1Date;
    ///
    /// assert!(Gs1Date::new(2028, 2, 29).is_some());
    /// assert!(Gs1Date::new(2027, 2, 29).is_none());
    /// assert!(Gs1Date::new(2027, 2, 0).is_some());
    /// ```
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year < 1900 || 2199 < year || month < 1 || 12 < month || days_in(year, month) < day {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD` or `YYYY-MM`, as EPCIS documents write dates.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| {
            let digits = text.get(from..to)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u16>().ok())?
        };
        let dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
        let (year, month) = (number(0, 4)?, number(5, 7)? as u8);
        match text.len() {
            7 if dash(4) => Self::new(year, month, 0),
            10 if dash(4) && dash(7) => Self::new(year, month, number(8, 10)? as u8),
            _ => None,
        }
    }

    /// The year.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day, 0 to 31; 0 leaves it open.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The day, or the last of the month when it is left open.
    pub const fn last_day(self) -> u8 {
        if self.day == 0 { days_in(self.year, self.month) } else { self.day }
    }

    /// The date as the number `YYYYMMDD`.
    pub const fn number(self) -> u32 {
        self.year as u32 * 10_000 + self.month as u32 * 100 + self.day as u32
    }

    /// The date of the number `YYYYMMDD`.
    pub const fn from_number(number: u32) -> Option<Self> {
        if 9999 < number / 10_000 {
            return None;
        }
        Self::new((number / 10_000) as u16, (number / 100 % 100) as u8, (number % 100) as u8)
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Gs1Date {
    /// `YYYY-MM-DD`, or `YYYY-MM` when the day is left open.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        if self.day == 0 { Ok(()) } else { write!(f, "-{:02}", self.day) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_text_come_back() {
        for (text, number) in [("2027-05-31", 20_270_531), ("2027-05", 20_270_500), ("2000-02-29", 20_000_229)] {
            let date = Gs1Date::parse_iso(text).unwrap();
            assert_eq!((date.number(), date.to_string().as_str()), (number, text));
            assert_eq!(Gs1Date::from_number(number), Some(date));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2027-02-29",
            "2027-13-01",
            "2027-00",
            "1899-01-01",
            "27-01-01",
            "2027-1-01",
            "2027-01-32",
            "2100-02-29",
            "+027-01",
        ] {
            assert_eq!(Gs1Date::parse_iso(text), None, "{text}");
        }
        assert_eq!(Gs1Date::from_number(u32::MAX), None);
    }
}
