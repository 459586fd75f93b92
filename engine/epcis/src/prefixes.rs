//! How many digits the company prefixes have that a document shows.

use packtree_gs1::{CompanyPrefix, CompanyPrefixes, Learned};

/// Company prefixes that are learned from one document. A partner has a handful; a hostile document has no end of them.
const LEARNED_MAX: usize = 10_000;

/// What the EPC URNs of a document show, kept from event to event.
#[derive(Default)]
pub(crate) struct Prefixes {
    pub(crate) table: CompanyPrefixes,
    learned: usize,
}

impl Prefixes {
    #[inline]
    pub(crate) fn learn(&mut self, prefix: Option<CompanyPrefix>) {
        if let Some(prefix) = prefix
            && self.learned < LEARNED_MAX
        {
            self.learned += usize::from(self.table.learn(prefix) == Learned::New);
        }
    }
}
