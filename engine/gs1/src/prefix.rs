//! Company prefixes, whose length an EPC URN shows and no other spelling does.

use crate::{
    error::{Error, Rule},
    identifier::Identifier,
    keys::read_digits,
    limits::{COMPANY_PREFIX_DIGITS_MAX, COMPANY_PREFIX_DIGITS_MIN},
};
use std::{collections::BTreeMap, fmt};

/// The digits that GS1 gave to one company, 6 to 12 of them.
///
/// ```
/// use packtree_gs1::CompanyPrefix;
///
/// let prefix = CompanyPrefix::parse("0614141")?;
/// assert_eq!((prefix.number(), prefix.digits()), (614_141, 7));
/// assert_eq!(prefix.to_string(), "0614141");
/// assert!(CompanyPrefix::parse("06141").is_err());
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyPrefix {
    number: u64,
    digits: u8,
}

impl CompanyPrefix {
    /// Reads the digits of a prefix, leading zeros included.
    ///
    /// # Errors
    ///
    /// [`Rule::CompanyPrefixLength`] for fewer than 6 or more than 12, [`Rule::Digit`] for anything but a digit.
    pub fn parse(digits: &str) -> Result<Self, Error> {
        Self::new(0, digits.len())?;
        Self::new(read_digits(digits.as_bytes(), "the company prefix")?, digits.len())
    }

    /// The prefix of `digits` digits with this number.
    pub(crate) fn new(number: u64, digits: usize) -> Result<Self, Error> {
        if (COMPANY_PREFIX_DIGITS_MIN..=COMPANY_PREFIX_DIGITS_MAX).contains(&digits) {
            Ok(Self { number, digits: digits as u8 })
        } else {
            Err(Error::new(Rule::CompanyPrefixLength { found: digits }, 0))
        }
    }

    /// Its number; leading zeros are known from how many digits it has.
    pub const fn number(self) -> u64 {
        self.number
    }

    /// How many digits it has.
    pub const fn digits(self) -> usize {
        self.digits as usize
    }
}

impl fmt::Display for CompanyPrefix {
    /// Prints all digits, leading zeros included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.digits();
        write!(f, "{:0width$}", self.number)
    }
}

/// What came of a prefix that an EPC URN showed.
///
/// ```
/// use packtree_gs1::{CompanyPrefix, CompanyPrefixes, Learned};
///
/// let (right, wrong) = (CompanyPrefix::parse("9506000")?, CompanyPrefix::parse("95060001")?);
/// let mut prefixes = CompanyPrefixes::new();
/// assert_eq!(prefixes.learn(right), Learned::New);
/// assert_eq!(prefixes.learn(right), Learned::Known);
/// assert_eq!(prefixes.learn(wrong), Learned::Contradicts(right));
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Learned {
    /// The table has it now.
    New,
    /// The table had it before.
    Known,
    /// The table says that the company prefix of these digits is another one, and still does.
    Contradicts(CompanyPrefix),
}

/// The lengths of company prefixes: set by the user, and learned from the EPC URNs that are read.
///
/// What the user set is never overruled by what is read, because partners do write URNs with a wrong prefix; among
/// those read, the first counts.
///
/// ```
/// use packtree_gs1::{CompanyPrefixes, Identifier};
///
/// let mut prefixes = CompanyPrefixes::new();
/// let pallet = Identifier::parse("(00)095060001343500002")?;
/// assert!(pallet.urn(&prefixes).is_err());
///
/// // Reading a URN of the same company teaches the length.
/// prefixes.read("urn:epc:id:sgtin:9506000.013435.S-0001")?;
/// assert_eq!(pallet.urn(&prefixes)?.to_string(), "urn:epc:id:sscc:9506000.0134350000");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CompanyPrefixes {
    /// By how many leading digits, and by their number: how many digits the company prefix has.
    lengths: [BTreeMap<u64, Length>; COMPANY_PREFIX_DIGITS_MAX + 1],
    /// The prefix read last. Documents come from one company at a time.
    last: Option<CompanyPrefix>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Length {
    digits: u8,
    is_set: bool,
}

impl CompanyPrefixes {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that all company prefixes that begin with `leading` (1 to 12 digits) have `length` digits (6 to 12).
    ///
    /// The longest `leading` digits count where several match. What was learned and contradicts is forgotten.
    ///
    /// # Errors
    ///
    /// [`Rule::CompanyPrefixLength`] for a length that no prefix has, or one shorter than `leading`; [`Rule::Digit`] and
    /// [`Rule::Length`] for `leading`.
    pub fn set(&mut self, leading: &str, length: usize) -> Result<(), Error> {
        let part = "the company prefix";
        crate::text82::check_length(leading.as_bytes(), part, 1, COMPANY_PREFIX_DIGITS_MAX)?;
        let number = read_digits(leading.as_bytes(), part)?;
        let prefix = CompanyPrefix::new(0, length)?;
        if prefix.digits() < leading.len() {
            return Err(Error::new(Rule::CompanyPrefixLength { found: length }, 0));
        }
        self.forget_learned_under(number, leading.len(), length);
        self.lengths[leading.len()].insert(number, Length { digits: prefix.digits, is_set: true });
        self.last = None;
        Ok(())
    }

    /// Forgets what was learned about prefixes that begin with these digits and have another length.
    fn forget_learned_under(&mut self, number: u64, leading: usize, length: usize) {
        for (digits, table) in self.lengths.iter_mut().enumerate().skip(leading) {
            let scale = 10_u64.pow((digits - leading) as u32);
            table.retain(|other, known| known.is_set || other / scale != number || usize::from(known.digits) == length);
        }
    }

    /// Takes note of a prefix that an EPC URN showed.
    pub fn learn(&mut self, prefix: CompanyPrefix) -> Learned {
        if self.last == Some(prefix) {
            return Learned::Known;
        }
        let scale = 10_u64.pow((COMPANY_PREFIX_DIGITS_MAX - prefix.digits()) as u32);
        let known = self.find_digits(prefix.number * scale, COMPANY_PREFIX_DIGITS_MAX);
        match known.or_else(|| self.first_under(prefix)) {
            Some(known) if known != prefix => return Learned::Contradicts(known),
            Some(_) => {
                self.last = Some(prefix);
                return Learned::Known;
            }
            None => {}
        }
        self.lengths[prefix.digits()].insert(prefix.number, Length { digits: prefix.digits, is_set: false });
        self.last = Some(prefix);
        Learned::New
    }

    /// A longer prefix in the table that begins with the digits of `prefix`.
    fn first_under(&self, prefix: CompanyPrefix) -> Option<CompanyPrefix> {
        (prefix.digits() + 1..self.lengths.len()).find_map(|digits| {
            let scale = 10_u64.pow((digits - prefix.digits()) as u32);
            let (number, length) =
                self.lengths[digits].range(prefix.number * scale..(prefix.number + 1) * scale).next()?;
            let missing = usize::from(length.digits) - digits;
            CompanyPrefix::new(number * 10_u64.pow(missing as u32), usize::from(length.digits)).ok()
        })
    }

    /// Reads an identifier as [`Identifier::parse`] does, and learns its company prefix if it shows one.
    ///
    /// # Errors
    ///
    /// As [`Identifier::parse`].
    pub fn read(&mut self, text: &str) -> Result<Identifier, Error> {
        let (identifier, prefix) = Identifier::parse_with_prefix(text)?;
        if let Some(prefix) = prefix {
            self.learn(prefix);
        }
        Ok(identifier)
    }

    /// The company prefix of `identifier`, if its length is known. An opaque identifier has none.
    ///
    /// ```
    /// use packtree_gs1::{CompanyPrefixes, Identifier};
    ///
    /// let mut prefixes = CompanyPrefixes::new();
    /// prefixes.set("9506000", 7)?;
    /// let pallet = Identifier::parse("(00)095060001343500002")?;
    /// assert_eq!(prefixes.find(&pallet).map(|prefix| prefix.to_string()).as_deref(), Some("9506000"));
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn find(&self, identifier: &Identifier) -> Option<CompanyPrefix> {
        let (number, digits) = identifier.company_digits()?;
        self.find_digits(number, digits)
    }

    /// The company prefix of a key whose first `digits` digits, followed by zeros up to 12, are `number`.
    fn find_digits(&self, number: u64, digits: usize) -> Option<CompanyPrefix> {
        let leading = |length: usize| number / 10_u64.pow((COMPANY_PREFIX_DIGITS_MAX - length) as u32);
        let longest_first = self.lengths.iter().enumerate().rev().filter(|(_, table)| !table.is_empty());
        let length = longest_first
            .filter(|(length, _)| *length <= digits)
            .find_map(|(length, table)| table.get(&leading(length)))
            .filter(|length| usize::from(length.digits) <= digits)?;
        CompanyPrefix::new(leading(usize::from(length.digits)), usize::from(length.digits)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(digits: &str) -> CompanyPrefix {
        CompanyPrefix::parse(digits).unwrap()
    }

    /// The company prefix of an SSCC, or an empty text if it is not known.
    #[track_caller]
    fn check(prefixes: &CompanyPrefixes, sscc: &str, expected: &str) {
        let found = prefixes.find(&Identifier::parse(sscc).unwrap());
        assert_eq!(found.map_or(String::new(), |prefix| prefix.to_string()), expected);
    }

    #[test]
    fn the_longest_leading_digits_count() {
        let mut prefixes = CompanyPrefixes::new();
        check(&prefixes, "095060001343500002", "");
        prefixes.set("95", 9).unwrap();
        check(&prefixes, "095060001343500002", "950600013");
        prefixes.set("9506000", 7).unwrap();
        check(&prefixes, "095060001343500002", "9506000");
        prefixes.set("950600013435", 12).unwrap();
        check(&prefixes, "095060001343500002", "950600013435");
        prefixes.set("9506000", 8).unwrap();
        check(&prefixes, "095060000000000015", "95060000");
    }

    #[test]
    fn leading_zeros_count() {
        let mut prefixes = CompanyPrefixes::new();
        prefixes.set("0950600", 7).unwrap();
        check(&prefixes, "095060001343500002", "");
        assert_eq!(prefixes.learn(prefix("095060")), Learned::Contradicts(prefix("0950600")));
        assert_eq!(prefixes.learn(prefix("950600")), Learned::New);
        check(&prefixes, "095060001343500002", "950600");
    }

    #[test]
    fn what_is_learned_overrules_nothing() {
        let mut prefixes = CompanyPrefixes::new();
        assert_eq!(prefixes.learn(prefix("9506000")), Learned::New);
        assert_eq!(prefixes.learn(prefix("9506000")), Learned::Known);
        assert_eq!(prefixes.learn(prefix("950600")), Learned::Contradicts(prefix("9506000")));
        assert_eq!(prefixes.learn(prefix("95060001")), Learned::Contradicts(prefix("9506000")));
        assert_eq!(prefixes.learn(prefix("9506001")), Learned::New);
        assert_eq!(prefixes.learn(prefix("9506000")), Learned::Known);
    }

    #[test]
    fn what_is_set_overrules_what_was_learned() {
        let mut prefixes = CompanyPrefixes::new();
        prefixes.learn(prefix("95060001343"));
        prefixes.set("9506000", 7).unwrap();
        check(&prefixes, "095060001343500002", "9506000");
        assert_eq!(prefixes.learn(prefix("95060001343")), Learned::Contradicts(prefix("9506000")));
    }

    #[test]
    fn lengths_that_no_prefix_has_are_refused() {
        let mut prefixes = CompanyPrefixes::new();
        for (leading, length) in [("", 7), ("95", 5), ("95", 13), ("9506000", 6), ("95O", 7), ("1234567890123", 12)] {
            assert!(prefixes.set(leading, length).is_err(), "{leading} {length}");
        }
    }

    #[test]
    fn a_giai_has_its_prefix_among_its_leading_digits() {
        let mut prefixes = CompanyPrefixes::new();
        prefixes.set("9506000", 7).unwrap();
        let urn = |text: &str| Identifier::parse(text).unwrap().urn(&prefixes).map(|urn| urn.to_string());
        assert_eq!(urn("(8004)9506000T/7").as_deref(), Ok("urn:epc:id:giai:9506000.T%2F7"));
        // Nothing would be left for the asset.
        assert!(urn("(8004)9506000").is_err());
        assert!(urn("(8004)950600A").is_err());
    }
}
