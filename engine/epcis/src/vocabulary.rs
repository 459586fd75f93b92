//! The Core Business Vocabulary (CBV): short names for what EPCIS 1.2 spells as URNs and 2.0 as web URIs.

use std::fmt::{self, Display};

/// A word of the CBV by its short name, or the URI of somebody else's word.
///
/// `urn:epcglobal:cbv:bizstep:packing`, `https://ref.gs1.org/cbv/BizStep-packing` and `packing` are one term.
///
/// ```
/// use packtree_epcis::{Term, Vocabulary};
///
/// let term = Term::new(Vocabulary::BizStep, "urn:epcglobal:cbv:bizstep:packing");
/// assert_eq!(term, Term::Cbv("packing"));
/// assert_eq!(Term::new(Vocabulary::BizStep, "https://example.com/voc/gluing").as_str(), "https://example.com/voc/gluing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A word of CBV 2.0, by its short name.
    Cbv(&'static str),
    /// Anything else, as it was written.
    Other(Box<str>),
}

/// The CBV's lists of words that events use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// CBV 2.0 section 7.1.
    BizStep,
    /// CBV 2.0 section 7.2.
    Disposition,
    /// CBV 2.0 section 7.3.
    BizTransactionType,
    /// CBV 2.0 section 7.4.
    SourceDestinationType,
    /// CBV 2.0 section 7.5.
    ErrorReason,
}

impl Term {
    /// Reads any spelling; what is not a word of this list stays as it is.
    pub fn new(vocabulary: Vocabulary, text: &str) -> Self {
        match vocabulary.word_in(text).and_then(|word| vocabulary.words().iter().find(|known| **known == word)) {
            Some(word) => Self::Cbv(word),
            None => Self::Other(text.into()),
        }
    }

    /// The short name of a CBV word; the URI of any other.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cbv(word) => word,
            Self::Other(text) => text,
        }
    }

    /// Whether the text claims to be of the CBV and is not: a misspelling, or a word of another release.
    pub(crate) fn is_misspelt(&self, vocabulary: Vocabulary) -> bool {
        matches!(self, Self::Other(text) if vocabulary.word_in(text).is_some())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Vocabulary {
    /// The part of `text` that should be a word of this list: after the CBV's prefixes, or all of a bare word.
    fn word_in(self, text: &str) -> Option<&str> {
        let (urn, web) = self.prefixes();
        if let Some(word) = text.strip_prefix("urn:epcglobal:cbv:").and_then(|rest| rest.strip_prefix(urn)) {
            return Some(word);
        }
        for site in ["https://ref.gs1.org/cbv/", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/", "cbv:"] {
            if let Some(word) = text.strip_prefix(site).and_then(|rest| rest.strip_prefix(web)) {
                return Some(word);
            }
        }
        (!text.contains(':')).then_some(text)
    }

    fn prefixes(self) -> (&'static str, &'static str) {
        match self {
            Self::BizStep => ("bizstep:", "BizStep-"),
            Self::Disposition => ("disp:", "Disp-"),
            Self::BizTransactionType => ("btt:", "BTT-"),
            Self::SourceDestinationType => ("sdt:", "SDT-"),
            Self::ErrorReason => ("er:", "ER-"),
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Self::BizStep => BIZ_STEPS,
            Self::Disposition => DISPOSITIONS,
            Self::BizTransactionType => BIZ_TRANSACTION_TYPES,
            Self::SourceDestinationType => &["owning_party", "possessing_party", "location"],
            Self::ErrorReason => &["did_not_occur", "incorrect_data"],
        }
    }
}

impl Display for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BizStep => "business steps",
            Self::Disposition => "dispositions",
            Self::BizTransactionType => "business transaction types",
            Self::SourceDestinationType => "source and destination types",
            Self::ErrorReason => "error reasons",
        })
    }
}

/// In order of how often packing lines and warehouses say them.
#[rustfmt::skip]
const BIZ_STEPS: &[&str] = &[
    "packing", "commissioning", "shipping", "receiving", "unpacking", "accepting", "arriving", "assembling",
    "collecting", "consigning", "creating_class_instance", "cycle_counting", "decommissioning", "departing",
    "destroying", "disassembling", "dispensing", "encoding", "entering_exiting", "holding", "inspecting", "installing",
    "killing", "loading", "other", "picking", "removing", "repackaging", "repairing", "replacing", "reserving",
    "retail_selling", "sampling", "sensor_reporting", "staging_outbound", "stock_taking", "stocking", "storing",
    "transporting", "unloading", "void_shipping",
];

#[rustfmt::skip]
const DISPOSITIONS: &[&str] = &[
    "in_progress", "active", "in_transit", "available", "completeness_inferred", "completeness_verified", "conformant",
    "container_closed", "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded", "expired",
    "inactive", "mismatch_class", "mismatch_instance", "mismatch_quantity", "needs_replacement", "no_pedigree_match",
    "non_conformant", "non_sellable_other", "partially_dispensed", "recalled", "reserved", "retail_sold", "returned",
    "sellable_accessible", "sellable_not_accessible", "stolen", "unavailable", "unknown",
];

#[rustfmt::skip]
const BIZ_TRANSACTION_TYPES: &[&str] = &[
    "bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd", "testres", "upevt",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_are_one_term() {
        let check = |vocabulary, text: &str, expected: &str, misspelt: bool| {
            let term = Term::new(vocabulary, text);
            assert_eq!((term.as_str(), term.is_misspelt(vocabulary)), (expected, misspelt), "{text}");
        };
        check(Vocabulary::BizStep, "urn:epcglobal:cbv:bizstep:shipping", "shipping", false);
        check(Vocabulary::BizStep, "https://ref.gs1.org/cbv/BizStep-shipping", "shipping", false);
        check(Vocabulary::BizStep, "cbv:BizStep-shipping", "shipping", false);
        check(Vocabulary::BizStep, "shipping", "shipping", false);
        check(Vocabulary::BizStep, "transforming", "transforming", true);
        check(Vocabulary::BizStep, "urn:epcglobal:cbv:bizstep:shiping", "urn:epcglobal:cbv:bizstep:shiping", true);
        check(Vocabulary::BizStep, "urn:epcglobal:cbv:disp:active", "urn:epcglobal:cbv:disp:active", false);
        check(Vocabulary::BizStep, "https://example.com/glueing", "https://example.com/glueing", false);
        check(Vocabulary::Disposition, "urn:epcglobal:cbv:disp:in_transit", "in_transit", false);
        check(Vocabulary::Disposition, "in_transport", "in_transport", true);
        check(Vocabulary::BizTransactionType, "urn:epcglobal:cbv:btt:po", "po", false);
        check(Vocabulary::SourceDestinationType, "urn:epcglobal:cbv:sdt:owning_party", "owning_party", false);
        check(Vocabulary::SourceDestinationType, "place", "place", true);
        check(Vocabulary::ErrorReason, "https://ref.gs1.org/cbv/ER-did_not_occur", "did_not_occur", false);
    }
}
