//! Dates as GS1 writes them: a day, or a month whose day is left open.

use crate::{
    error::{Error, Must, Rule},
    keys::read_digits,
    text82::check_length,
};
use std::{cmp::Ordering, fmt};

/// A date of the Gregorian calendar whose day may be 0: the last day of the month, or the month as a whole.
///
/// GS1 General Specifications, 3.4.2 to 3.4.7: the day of AIs (11), (15) and (17) may be 00. The date keeps what was
/// printed; where dates are compared, an open day is the last of its month.
///
/// ```
/// use packtree_gs1::Gs1Date;
///
/// let expiry = Gs1Date::from_yymmdd("280200", 2026)?;
/// assert_eq!((expiry.to_string().as_str(), expiry.last_day()), ("2028-02", 29));
/// assert_eq!(expiry.yymmdd().to_string(), "280200");
/// assert!(Gs1Date::parse_iso("2028-02-28").unwrap() < expiry);
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
        if year < 1900 || 2199 < year || month < 1 || 12 < month || days_in_month(year, month) < day {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// Reads six digits, YYMMDD, as AIs (11), (15) and (17) hold them.
    ///
    /// The century is the one that brings the year closest to `current_year`: from 49 years before it to 50 years after
    /// it (GS1 General Specifications, section 7.12).
    ///
    /// # Errors
    ///
    /// [`Rule::Digit`] and [`Rule::Length`] for anything but six digits, [`Rule::Content`] for a date that is in no
    /// calendar.
    pub fn from_yymmdd(text: &str, current_year: u16) -> Result<Self, Error> {
        Self::from_bytes(text.as_bytes(), current_year)
    }

    pub(crate) fn from_bytes(text: &[u8], current_year: u16) -> Result<Self, Error> {
        let part = "the date";
        check_length(text, part, 6, 6)?;
        read_digits(text, part)?;
        let (year, month) = (century_of(two_digits(text), current_year), two_digits(&text[2..]));
        let fault = |must, at| Error::new(Rule::Content { part, must }, at);
        if !(1..=12).contains(&month) {
            return Err(fault(Must::Month, 2));
        }
        Self::new(year, month, two_digits(&text[4..])).ok_or(fault(Must::Day, 4))
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
        if self.day == 0 { days_in_month(self.year, self.month) } else { self.day }
    }

    /// The date as the number `YYYYMMDD`.
    pub const fn number(self) -> u32 {
        self.year as u32 * 10_000 + self.month as u32 * 100 + self.day as u32
    }

    /// The date of the number `YYYYMMDD`.
    ///
    /// ```
    /// use packtree_gs1::Gs1Date;
    ///
    /// let date = Gs1Date::from_number(20_280_229).expect("2028 is a leap year");
    /// assert_eq!((date.year(), date.month(), date.day(), date.number()), (2028, 2, 29, 20_280_229));
    /// assert_eq!(Gs1Date::from_number(20_270_229), None);
    /// ```
    pub const fn from_number(number: u32) -> Option<Self> {
        if 9999 < number / 10_000 {
            return None;
        }
        Self::new((number / 10_000) as u16, (number / 100 % 100) as u8, (number % 100) as u8)
    }

    /// Prints the six digits of AIs (11), (15) and (17).
    pub fn yymmdd(self) -> impl fmt::Display {
        crate::keys::Digits::<6>(u64::from(self.number() % 1_000_000))
    }
}

impl Ord for Gs1Date {
    /// Orders by the day that is meant; a day left open comes behind the same day written out.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |date: &Self| (date.year, date.month, date.last_day(), date.day == 0);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Gs1Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Gs1Date {
    /// `YYYY-MM-DD`, or `YYYY-MM` when the day is left open.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        if self.day == 0 { Ok(()) } else { write!(f, "-{:02}", self.day) }
    }
}

/// The year that ends with `year` and lies closest to `current_year`.
fn century_of(year: u8, current_year: u16) -> u16 {
    // Years have four digits, those of the next century too.
    let current_year = current_year.min(9_899);
    let century = current_year / 100;
    match i32::from(year) - i32::from(current_year % 100) {
        51.. => century.saturating_sub(1) * 100 + u16::from(year),
        ..=-50 => (century + 1) * 100 + u16::from(year),
        _ => century * 100 + u16::from(year),
    }
}

/// How many days a month (1 to 12) of the Gregorian calendar has.
pub(crate) const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The number that two digits begin with; the caller has checked that they are digits.
pub(crate) const fn two_digits(text: &[u8]) -> u8 {
    (text[0] - b'0') * 10 + (text[1] - b'0')
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
            assert_eq!(Gs1Date::from_yymmdd(&date.yymmdd().to_string(), 2026), Ok(date));
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

    #[test]
    fn says_which_digits_are_wrong() {
        for (text, must, offset) in [("270229", Must::Day, 4), ("271301", Must::Month, 2), ("270001", Must::Month, 2)] {
            let error = Gs1Date::from_yymmdd(text, 2026).unwrap_err();
            assert_eq!((error.rule(), error.offset()), (Rule::Content { part: "the date", must }, offset), "{text}");
        }
        for (text, offset) in [("27010", 5), ("2701011", 6), ("2701O1", 4), ("", 0)] {
            assert_eq!(Gs1Date::from_yymmdd(text, 2026).unwrap_err().offset(), offset, "{text}");
        }
    }

    #[test]
    fn the_century_is_the_closest() {
        // Section 7.12: 51 to 99 ahead is the century before, 50 to 99 behind is the century after.
        for (year, current, expected) in [
            (26, 2026, 2026),
            (76, 2026, 2076),
            (77, 2026, 1977),
            (99, 2026, 1999),
            (0, 2026, 2000),
            (0, 2049, 2000),
            (0, 2050, 2100),
            (49, 2099, 2149),
            (50, 2099, 2050),
            (99, 2000, 1999),
        ] {
            assert_eq!(century_of(year, current), expected, "{year:02} in {current}");
        }
        assert!(Gs1Date::from_yymmdd("000101", u16::MAX).is_err());
    }

    #[test]
    fn an_open_day_is_the_last_of_its_month() {
        let open = Gs1Date::from_yymmdd("270200", 2026).unwrap();
        assert_eq!((open.day(), open.last_day()), (0, 28));
        assert!(open > Gs1Date::from_yymmdd("270228", 2026).unwrap());
        assert!(open < Gs1Date::from_yymmdd("270301", 2026).unwrap());
    }
}
