//! Which application identifiers go together.
//!
//! GS1 General Specifications, section 4.13.

use super::ElementString;
use crate::{
    dictionary::{Ai, Entry, Family},
    error::{Error, Rule},
    limits::{ASSET_TYPE_DIGITS, GLN_DIGITS},
};

impl ElementString<'_> {
    /// Checks that the identifiers go together: none excludes another, and each has those that it needs.
    ///
    /// This is a question about everything that stands on one label, so ask it once all its symbols have been read.
    ///
    /// ```
    /// use packtree_gs1::{ElementString, Rule, Ai};
    ///
    /// let alone = ElementString::parse("(21)S-0001")?;
    /// let error = alone.check_combination().unwrap_err();
    /// assert_eq!(error.rule(), Rule::Requires { ai: Ai::SERIAL });
    /// assert!(error.to_string().ends_with("scan (01), or (03), or (8006) as well"));
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Rule::Excluded`], [`Rule::Requires`] or [`Rule::SignatureOfClass`], at the value that is at fault.
    pub fn check_combination(&self) -> Result<(), Error> {
        let entries = self.elements().iter().filter_map(|element| Some((element, Entry::of(element.ai)?)));
        for (element, entry) in entries {
            let fault = self.excluded_by(element.ai, entry).or_else(|| self.missing_for(element.ai, entry));
            if let Some(rule) = fault {
                return Err(Error::new(rule, element.value.start()));
            }
        }
        self.check_signature()
    }

    fn excluded_by(&self, ai: Ai, entry: &Entry) -> Option<Rule> {
        let excludes = |other: Ai| {
            other != ai
                && (entry.excludes.iter().any(|family| family.contains(other))
                    || entry.excludes_own_ten && ai.is_of_same_ten(other))
        };
        let other = self.elements().iter().map(|element| element.ai).find(|other| excludes(*other))?;
        Some(Rule::Excluded { ai, other })
    }

    fn missing_for(&self, ai: Ai, entry: &Entry) -> Option<Rule> {
        let has = |family: &Family| self.elements().iter().any(|other| family.contains(other.ai));
        let is_met = entry.requires.is_empty() || entry.requires.iter().any(|group| group.iter().all(has));
        (!is_met).then_some(Rule::Requires { ai })
    }

    /// A digital signature covers one object, so a key whose serial number is a part of it must have one.
    fn check_signature(&self) -> Result<(), Error> {
        if self.get(Ai::SIGNATURE).is_none() {
            return Ok(());
        }
        for (ai, digits) in [(Ai::GDTI, GLN_DIGITS), (Ai::GCN, GLN_DIGITS), (Ai::GRAI, ASSET_TYPE_DIGITS)] {
            if let Some(value) = self.get(ai).filter(|value| value.bytes().count() <= digits) {
                return Err(Error::new(Rule::SignatureOfClass { ai }, value.start()));
            }
        }
        Ok(())
    }
}
