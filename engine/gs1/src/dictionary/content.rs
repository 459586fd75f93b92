//! What a value must hold beyond the right number of the right characters.

use crate::{
    date::{days_in_month, two_digits},
    error::{CharacterSet, Error, Must, Rule},
    text82::INDEX,
};

/// A rule about the characters of one part of a value.
///
/// Lists that others keep and change (countries, currencies, kinds of packaging) are no rules here: they say nothing
/// about identity, and a label with a code that is newer than the program must not stop a pallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The last digit is the check digit of the others.
    CheckDigit,
    /// The last two characters are the check characters of the others (GS1 General Specifications, section 7.9.5).
    CheckCharacters,
    /// A company prefix begins at this place: the shortest that GS1 issues has four digits.
    CompanyPrefix(usize),
    /// A date as YYMMDD.
    Date,
    /// A date as YYYYMMDD.
    FullDate,
    /// The same, and a day of 00 stands for the last of the month.
    DateOrMonth,
    /// An hour from 00 to 23.
    Hour,
    /// A minute, or a second, from 00 to 59.
    Minute,
    /// An hour and a minute.
    HourAndMinute,
    /// Zeros only.
    Zero,
    /// Not only zeros.
    NonZero,
    /// No leading zero.
    NoLeadingZero,
    /// 0 or 1.
    YesNo,
    /// 0, 1 or 9: which way a roll is wound.
    Winding,
    /// 0, 1, 2 or 9 (ISO 5218).
    Sex,
    /// A hyphen, for a temperature below zero.
    Hyphen,
    /// At least one character that is no digit.
    NonDigit,
    /// Percent signs are followed by two hexadecimal digits.
    PercentEncoded,
    /// Two numbers of the same length: which piece, of how many.
    PieceOfTotal,
    /// Two numbers around a slash: which one, of how many.
    PositionOfCount,
    /// One letter, digit, hyphen or underscore.
    ImporterIndex,
    /// Ten digits up to 180.0000000.
    Latitude,
    /// Ten digits up to 360.0000000.
    Longitude,
}

impl Content {
    /// Checks `text`, whose characters belong to the set of its part already.
    ///
    /// `part` is what the value is called in an error.
    pub(crate) fn check(self, text: &[u8], part: &'static str) -> Result<(), Error> {
        let must = |holds: bool, must: Must, at: usize| {
            if holds { Ok(()) } else { Err(Error::new(Rule::Content { part, must }, at)) }
        };
        match self {
            Self::CheckDigit => check_digit(text, part),
            Self::CheckCharacters => check_characters(text, part),
            Self::CompanyPrefix(start) => company_prefix(text, start, part),
            Self::Date => date(text, 2, 1, part),
            Self::FullDate => date(text, 4, 1, part),
            Self::DateOrMonth => date(text, 2, 0, part),
            Self::Hour => two(text, 23, Must::Hour, part),
            Self::Minute => two(text, 59, Must::Minute, part),
            Self::HourAndMinute => {
                digits(text, part)?;
                must(text.len() == 4, Must::Hour, 0)?;
                let (hour, minute) = text.split_at_checked(2).unwrap_or((text, b""));
                Self::Hour.check(hour, part)?;
                Self::Minute.check(minute, part).map_err(|error| error.shifted(2))
            }
            Self::Zero => must(!text.is_empty() && text.iter().all(|byte| *byte == b'0'), Must::Zero, 0),
            Self::NonZero => {
                digits(text, part)?;
                must(text.iter().any(|byte| *byte != b'0'), Must::NonZero, 0)
            }
            Self::NoLeadingZero => {
                digits(text, part)?;
                must(!text.starts_with(b"0"), Must::NoLeadingZero, 0)
            }
            Self::YesNo => must(matches!(text, b"0" | b"1"), Must::YesNo, 0),
            Self::Winding => must(matches!(text, b"0" | b"1" | b"9"), Must::Winding, 0),
            Self::Sex => must(matches!(text, b"0" | b"1" | b"2" | b"9"), Must::Sex, 0),
            Self::Hyphen => must(!text.is_empty() && text.iter().all(|byte| *byte == b'-'), Must::Hyphen, 0),
            Self::NonDigit => must(!text.iter().all(u8::is_ascii_digit), Must::NonDigit, 0),
            Self::PercentEncoded => percent_encoded(text, part),
            Self::PieceOfTotal => piece_of_total(text, part),
            Self::PositionOfCount => position_of_count(text, part),
            Self::ImporterIndex => {
                let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
                must(matches!(text, [byte] if fits(byte)), Must::ImporterIndex, 0)
            }
            Self::Latitude => {
                digits(text, part)?;
                must(text.len() == 10 && text <= b"1800000000", Must::Latitude, 0)
            }
            Self::Longitude => {
                digits(text, part)?;
                must(text.len() == 10 && text <= b"3600000000", Must::Longitude, 0)
            }
        }
    }
}

/// Refuses anything but digits.
fn digits(text: &[u8], part: &'static str) -> Result<(), Error> {
    CharacterSet::Digits.check(text, part)
}

fn check_digit(text: &[u8], part: &'static str) -> Result<(), Error> {
    digits(text, part)?;
    let [body @ .., last] = text else {
        return Err(Error::new(Rule::Content { part, must: Must::CheckDigit }, 0));
    };
    let weighted = |(at, digit): (usize, &u8)| u32::from(digit - b'0') * if at % 2 == 0 { 3 } else { 1 };
    let sum: u32 = body.iter().rev().enumerate().map(weighted).sum();
    let (expected, found) = (((10 - sum % 10) % 10) as u8, last - b'0');
    if expected == found { Ok(()) } else { Err(Error::new(Rule::CheckDigit { expected, found }, body.len())) }
}

/// The characters that a pair of check characters is written in, by their value.
const CHECK_CHARACTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Checks a check character pair: each character's place in the 82-character set is weighed with a prime number, the
/// last one with 2, the one before with 3, and so on; the sum modulo 1021 is written in base 32.
fn check_characters(text: &[u8], part: &'static str) -> Result<(), Error> {
    let fault = |at| Err(Error::new(Rule::Content { part, must: Must::CheckCharacters }, at));
    let Some((body, pair)) = text.split_last_chunk::<2>() else { return fault(0) };
    CharacterSet::Set82.check(body, part)?;
    let weighted = body.iter().rev().zip(primes()).map(|(byte, prime)| u32::from(INDEX[usize::from(*byte)]) * prime);
    let sum = weighted.sum::<u32>() % 1021;
    let expected = [sum / 32, sum % 32].map(|value| CHECK_CHARACTERS[value as usize]);
    if *pair == expected { Ok(()) } else { fault(body.len()) }
}

/// The prime numbers in order.
fn primes() -> impl Iterator<Item = u32> {
    (2..).filter(|number| (2..*number).all(|factor| number % factor != 0))
}

fn company_prefix(text: &[u8], start: usize, part: &'static str) -> Result<(), Error> {
    let must = Must::CompanyPrefix;
    let prefix = text.get(start..).unwrap_or(b"");
    match (0..4).find(|at| !prefix.get(*at).is_some_and(u8::is_ascii_digit)) {
        None => Ok(()),
        Some(at) => Err(Error::new(Rule::Content { part, must }, (start + at).min(text.len()))),
    }
}

/// A year of `year_digits`, a month, and a day from `day_min` on.
fn date(text: &[u8], year_digits: usize, day_min: u8, part: &'static str) -> Result<(), Error> {
    digits(text, part)?;
    let fault = |must, at| Err(Error::new(Rule::Content { part, must }, at));
    if text.len() != year_digits + 4 {
        return fault(Must::Date, 0);
    }
    let (year, rest) = text.split_at(year_digits);
    // Until 2050 six digits mean a year from 1950 on, and there every fourth is a leap year.
    let century = if year_digits == 4 { u16::from(two_digits(year)) } else { 20 };
    let year = century * 100 + u16::from(two_digits(&year[year_digits - 2..]));
    let (month, day) = (two_digits(rest), two_digits(&rest[2..]));
    if !(1..=12).contains(&month) {
        return fault(Must::Month, year_digits);
    }
    let is_day = (day_min..=days_in_month(year, month)).contains(&day);
    if is_day { Ok(()) } else { fault(Must::Day, year_digits + 2) }
}

/// Two digits up to `max`.
fn two(text: &[u8], max: u8, must: Must, part: &'static str) -> Result<(), Error> {
    digits(text, part)?;
    if text.len() == 2 && two_digits(text) <= max { Ok(()) } else { Err(Error::new(Rule::Content { part, must }, 0)) }
}

fn percent_encoded(text: &[u8], part: &'static str) -> Result<(), Error> {
    let must = Must::PercentEncoding;
    let is_wrong = |at: &usize| {
        text[*at] == b'%' && !text.get(at + 1..at + 3).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
    };
    (0..text.len()).find(is_wrong).map_or(Ok(()), |at| Err(Error::new(Rule::Content { part, must }, at)))
}

fn piece_of_total(text: &[u8], part: &'static str) -> Result<(), Error> {
    digits(text, part)?;
    let fault = |must, at| Err(Error::new(Rule::Content { part, must }, at));
    let (piece, total) = text.split_at(text.len() / 2);
    let is_zero = |number: &[u8]| number.iter().all(|byte| *byte == b'0');
    if total.is_empty() || piece.len() != total.len() {
        fault(Must::TwoNumbers, 0)
    } else if is_zero(piece) {
        fault(Must::CountFromOne, 0)
    } else if is_zero(total) {
        fault(Must::CountFromOne, piece.len())
    // Of the same length, so their order as texts is their order as numbers.
    } else if total < piece {
        fault(Must::WithinTotal, 0)
    } else {
        Ok(())
    }
}

fn position_of_count(text: &[u8], part: &'static str) -> Result<(), Error> {
    let fault = |must, at| Err(Error::new(Rule::Content { part, must }, at));
    let halves = text.iter().position(|byte| *byte == b'/').map(|slash| (&text[..slash], &text[slash + 1..]));
    let Some((position, count)) = halves.filter(|(position, count)| {
        [position, count].iter().all(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
    }) else {
        return fault(Must::NumbersAroundSlash, 0);
    };
    if position[0] == b'0' || count[0] == b'0' {
        return fault(Must::NoLeadingZero, if position[0] == b'0' { 0 } else { position.len() + 1 });
    }
    // Without leading zeros the longer number is the larger one.
    if (position.len(), position) <= (count.len(), count) { Ok(()) } else { fault(Must::WithinCount, 0) }
}
