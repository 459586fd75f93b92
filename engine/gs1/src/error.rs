//! What is wrong with a text, and where.

use std::fmt;

/// Why a text is not what it should be: the rule that it breaks, and where.
///
/// The offset is 0-based and counts from the first character of the text that was handed in. It is an offset in
/// bytes, which is the same as in characters up to the first character outside ASCII.
///
/// ```
/// use packtree_gs1::{Identifier, Rule};
///
/// let error = Identifier::parse("(00)095060001343500001").unwrap_err();
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
        min: usize,
        /// The characters that it may have at most.
        max: usize,
        /// The characters that it has.
        found: usize,
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
    #[error("an application identifier is two to four digits in round brackets; write it as in (01)")]
    Bracket,
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

/// A set of characters that GS1 allows in a part of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CharacterSet {
    /// The 82 characters of GS1 General Specifications, figure 7.11-1.
    Set82,
}

impl fmt::Display for CharacterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set82 => f.write_str("A-Z a-z 0-9 and !\"%&'()*+,-./_:;<=>?"),
        }
    }
}

/// Prints a range of lengths: `14`, or `1 to 20`.
struct Span(usize, usize);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == self.1 { write!(f, "{}", self.0) } else { write!(f, "{} to {}", self.0, self.1) }
    }
}
