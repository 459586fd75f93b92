//! What is wrong with a text, and where.

use crate::{
    dictionary::{Ai, Entry},
    keys::Digits,
    text82::{INDEX, OUTSIDE},
};
use std::fmt;

/// Why a text is not what it should be: the rule that it breaks, and where.
///
/// The offset is 0-based and counts from the first character of the text that was handed in. It is an offset in
/// bytes, which is the same as in characters up to the first character outside ASCII.
///
/// ```
/// use packtree_gs1::{Error, Identifier, Rule};
///
/// let error: Error = Identifier::parse("(00)095060001343500001").unwrap_err();
/// assert_eq!(error.offset(), 21);
/// assert_eq!(error.rule(), Rule::CheckDigit { expected: 2, found: 1 });
/// assert_eq!(
///     error.to_string(),
///     "at offset 21: the check digit is 1, but the digits before it call for 2; scan again, or compare the digits with the label"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    rule: Rule,
    offset: u32,
}

impl Error {
    /// An error at `offset`. Texts are shorter than 4 GiB, because they are refused by their length first.
    pub(crate) const fn new(rule: Rule, offset: usize) -> Self {
        Self { rule, offset: offset as u32 }
    }

    /// The same error, for a text that begins `by` bytes further left than the one that was looked at.
    pub(crate) const fn shifted(self, by: usize) -> Self {
        Self { rule: self.rule, offset: self.offset + by as u32 }
    }

    /// The rule that is broken.
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// Where: a 0-based offset into the text that was handed in.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {}: {}", self.offset, self.rule)
    }
}

impl std::error::Error for Error {}

/// A rule that a text breaks.
///
/// Each prints as a sentence that says what stands in the way and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// There is nothing to read.
    #[error("there is no text; scan or type an identifier")]
    Empty,
    /// The whole text is too long to be looked at.
    #[error("the text is longer than {max} bytes, which no identifier is; hand in one identifier at a time")]
    TooLong {
        /// The bytes that are allowed.
        max: usize,
    },
    /// The text begins like none of the spellings.
    #[error(
        "this is no spelling of an identifier; write an element string such as (00)... or (01)...(21)..., \
         an EPC URN or a Digital Link URI"
    )]
    Unrecognised,
    /// A part has the wrong number of characters.
    #[error("{part} has {found} characters instead of {}; {LENGTH_HELP}", Span(*min, *max))]
    Length {
        /// The part, with its article.
        part: &'static str,
        /// The characters that it needs at least.
        min: u16,
        /// The characters that it may have at most.
        max: u16,
        /// The characters that it has.
        found: u16,
    },
    /// Something other than a digit stands where only digits may.
    #[error("{part} consists of digits only; replace this character by the digit on the label")]
    Digit {
        /// The part, with its article.
        part: &'static str,
    },
    /// A character is outside the set that the part may use.
    #[error("{part} may not hold this character, which is not one of {set}; correct it, or write it escaped in a URI")]
    Character {
        /// The part, with its article.
        part: &'static str,
        /// The set that is allowed.
        set: CharacterSet,
    },
    /// The check digit does not match.
    #[error(
        "the check digit is {found}, but the digits before it call for {expected}; \
         scan again, or compare the digits with the label"
    )]
    CheckDigit {
        /// The digit that the others call for.
        expected: u8,
        /// The digit that stands there.
        found: u8,
    },
    /// The first digit of a returnable asset's number is not the zero that the standard puts there.
    #[error("the number of a returnable asset begins with the digit 0; put it in front of the 13 digits")]
    LeadingZero,
    /// The parts of an EPC URN are not as many as its scheme has.
    #[error(
        "an EPC URN of this scheme has {expected} parts, separated by dots; write all of them, even the empty ones"
    )]
    UrnParts {
        /// How many parts there should be.
        expected: u8,
    },
    /// The company prefix of an EPC URN is too short or too long.
    #[error("a company prefix has 6 to 12 digits, and this one has {found}; move the dot behind the company prefix")]
    CompanyPrefixLength {
        /// How many digits there are.
        found: usize,
    },
    /// The digits of an EPC URN do not add up to the key's length.
    #[error(
        "the company prefix and the reference have {found} digits together instead of {expected}; \
         leave out the check digit and fill the reference with leading zeros"
    )]
    UrnDigits {
        /// How many digits there should be, without the check digit.
        expected: usize,
        /// How many digits there are.
        found: usize,
    },
    /// An application identifier's brackets do not match.
    #[error(
        "an application identifier is two to four digits in round brackets, as in (01); \
         write a bracket that belongs to a value as \\("
    )]
    Bracket,
    /// No application identifier begins with these characters.
    #[error(
        "there is no such application identifier; if a value before it has no fixed length, \
         the separator (FNC1) behind that value is missing"
    )]
    UnknownAi,
    /// A value holds the right characters in the wrong arrangement.
    #[error("{part} must {must}; scan again, or compare it with the label")]
    Content {
        /// The part, with its article.
        part: &'static str,
        /// What it must do.
        must: Must,
    },
    /// There are more application identifiers than any symbol holds.
    #[error("there are more than {max} application identifiers; hand in one label at a time")]
    TooManyElements {
        /// How many there may be.
        max: usize,
    },
    /// An application identifier stands there twice, with different values.
    #[error("{ai} was there before with another value; scan one label at a time")]
    Repeated {
        /// The application identifier.
        ai: Ai,
    },
    /// Two application identifiers contradict each other.
    #[error("{ai} and {other} cannot belong to the same object; scan one label at a time")]
    Excluded {
        /// The one that excludes the other.
        ai: Ai,
        /// The other one.
        other: Ai,
    },
    /// An application identifier means nothing without another.
    #[error("{ai}, {}, means nothing alone; scan {} as well", ai.title(), Requirement(*ai))]
    Requires {
        /// The one that is there.
        ai: Ai,
    },
    /// A digital signature covers a key that names a class.
    #[error("a digital signature belongs to one object, and {ai} has no serial number; scan the label of the object")]
    SignatureOfClass {
        /// The key without a serial number.
        ai: Ai,
    },
    /// Two keys name two objects.
    #[error("{ai} and {other} name two different objects; scan one label at a time")]
    TwoKeys {
        /// The first key.
        ai: Ai,
        /// The second key.
        other: Ai,
    },
    /// The key is extended in a way that this crate does not follow.
    #[error("{ai}, {}, extends the key to one that is not tracked here; hand in its Digital Link URI", ai.title())]
    NotTracked {
        /// What extends the key.
        ai: Ai,
    },
    /// A qualifier in a Digital Link URI does not belong to its key, or is out of order.
    #[error(
        "{ai} cannot stand here; a Digital Link URI has (22), (10), (21) behind (01) and (254) behind (414), in this order"
    )]
    Qualifier {
        /// The qualifier.
        ai: Ai,
    },
    /// The symbology identifier does not announce GS1 data.
    #[error(
        "the symbology identifier announces no GS1 data, so the symbol is no GS1 one; \
         GS1 symbols announce ]C1, ]d2, ]Q3, ]e0, ]J1, ]E0, ]E4 or ]I1"
    )]
    Symbology,
    /// The length of the company prefix is unknown, and an EPC URN shows it.
    #[error(
        "the length of the company prefix that {} begins with is not known; \
         add the prefix to the table of company prefixes, or read an EPC URN of that company first",
        Digits::<12>(*digits)
    )]
    UnknownCompanyPrefix {
        /// Twelve digits that begin with the company prefix.
        digits: u64,
    },
    /// A character that no URI holds.
    #[error("a URI holds no spaces and no control characters; remove this one, or write it with a percent sign")]
    UriCharacter,
    /// The text names no object.
    #[error(
        "no application identifier here identifies an object; it takes one of (00), (01), (414), (8003) and (8004)"
    )]
    NoKey,
}

const LENGTH_HELP: &str = "compare it with the label";

const _: () = assert!(size_of::<Error>() <= 32);

impl Rule {
    /// A part that has `found` characters instead of `min` to `max`.
    pub(crate) const fn length(part: &'static str, min: usize, max: usize, found: usize) -> Self {
        Self::Length { part, min: min as u16, max: max as u16, found: found as u16 }
    }
}

/// What a value must be, beyond the right number of the right characters.
///
/// ```
/// use packtree_gs1::{ElementString, Must, Rule};
///
/// let error = ElementString::parse("(01)09506000134352(17)271300").expect_err("there is no month 13");
/// assert!(matches!(error.rule(), Rule::Content { must: Must::Month, .. }));
/// assert_eq!(Must::Month.to_string(), "have a month from 01 to 12");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Must {
    /// A check digit at its end.
    #[error("end with a check digit")]
    CheckDigit,
    /// Two check characters at its end (GS1 General Specifications, section 7.9.5).
    #[error("end with the two check characters that belong to what is before them")]
    CheckCharacters,
    /// A company prefix, the shortest of which has four digits.
    #[error("begin with a company prefix, which has at least 4 digits")]
    CompanyPrefix,
    /// Six digits, or eight for a date of birth.
    #[error("be a date of six digits, YYMMDD")]
    Date,
    /// A month of the year.
    #[error("have a month from 01 to 12")]
    Month,
    /// A day that the month has.
    #[error("have a day of that month")]
    Day,
    /// An hour of the day.
    #[error("have an hour from 00 to 23")]
    Hour,
    /// A minute of the hour, or a second of the minute.
    #[error("have minutes and seconds from 00 to 59")]
    Minute,
    /// Nothing but zeros.
    #[error("be zero")]
    Zero,
    /// Something but zeros.
    #[error("not be zero")]
    NonZero,
    /// No zero at its beginning.
    #[error("not begin with a zero")]
    NoLeadingZero,
    /// 0 for no, 1 for yes.
    #[error("be 0 or 1")]
    YesNo,
    /// Which way a roll is wound.
    #[error("be 0, 1 or 9")]
    Winding,
    /// A code of ISO 5218.
    #[error("be 0, 1, 2 or 9")]
    Sex,
    /// A hyphen, for a temperature below zero.
    #[error("end with a hyphen")]
    Hyphen,
    /// At least one character that is no digit.
    #[error("hold something besides digits")]
    NonDigit,
    /// Escapes that are complete.
    #[error("have two hexadecimal digits behind a percent sign")]
    PercentEncoding,
    /// Which piece, and of how many.
    #[error("be two numbers of the same length")]
    TwoNumbers,
    /// A first piece that is number 1.
    #[error("count pieces from 1")]
    CountFromOne,
    /// A piece that is one of those that there are.
    #[error("not count more pieces than there are")]
    WithinTotal,
    /// Which one, a slash, and of how many.
    #[error("be two numbers around a slash")]
    NumbersAroundSlash,
    /// One of those that there are.
    #[error("not count beyond the last")]
    WithinCount,
    /// The index of an importer.
    #[error("be a letter, a digit, a hyphen or an underscore")]
    ImporterIndex,
    /// Degrees from the south pole, times ten million.
    #[error("be at most 1800000000, in ten digits")]
    Latitude,
    /// Degrees from the date line, times ten million.
    #[error("be at most 3600000000, in ten digits")]
    Longitude,
}

/// A set of characters that GS1 allows in a part of an identifier.
///
/// ```
/// use packtree_gs1::{CharacterSet, Rule, Serial};
///
/// let error = Serial::parse("S 1").expect_err("a space is in no set");
/// assert!(matches!(error.rule(), Rule::Character { set: CharacterSet::Set82, .. }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CharacterSet {
    /// The ten digits.
    Digits,
    /// The 82 characters of GS1 General Specifications, figure 7.11-1.
    Set82,
    /// The 39 characters of GS1 General Specifications, figure 7.11-2.
    Set39,
    /// The 64 characters of GS1 General Specifications, figure 7.11-3, and the sign that fills up to a multiple of three.
    Set64,
}

impl CharacterSet {
    /// Refuses the first character that is not in the set.
    pub(crate) fn check(self, text: &[u8], part: &'static str) -> Result<(), Error> {
        let fits = |byte: &u8| match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Set82 => INDEX[usize::from(*byte)] != OUTSIDE,
            Self::Set39 => byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'#' | b'-' | b'/'),
            Self::Set64 => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
        };
        let checked = if self == Self::Set64 { without_filling(text) } else { text };
        match checked.iter().position(|byte| !fits(byte)) {
            None => Ok(()),
            Some(at) if self == Self::Digits => Err(Error::new(Rule::Digit { part }, at)),
            Some(at) => Err(Error::new(Rule::Character { part, set: self }, at)),
        }
    }
}

/// The text without the one or two equals signs that fill it up to a multiple of three characters.
fn without_filling(text: &[u8]) -> &[u8] {
    match text {
        _ if !text.len().is_multiple_of(3) => text,
        [rest @ .., b'=', b'='] | [rest @ .., b'='] if !rest.ends_with(b"=") => rest,
        _ => text,
    }
}

impl fmt::Display for CharacterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "0-9",
            Self::Set82 => "A-Z a-z 0-9 and !\"%&'()*+,-./_:;<=>?",
            Self::Set39 => "A-Z 0-9 and #-/",
            Self::Set64 => "A-Z a-z 0-9 and -_, filled up with =",
        })
    }
}

/// Prints what an application identifier goes with: `(01) and (21), or (00)`.
struct Requirement(Ai);

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = Entry::of(self.0).map_or(&[][..], |entry| entry.requires);
        for (at, group) in groups.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { ", or " })?;
            for (at, family) in group.iter().enumerate() {
                write!(f, "{}{family}", if at == 0 { "" } else { " and " })?;
            }
        }
        Ok(())
    }
}

/// Prints a range of lengths: `14`, or `1 to 20`.
struct Span(u16, u16);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == self.1 { write!(f, "{}", self.0) } else { write!(f, "{} to {}", self.0, self.1) }
    }
}
