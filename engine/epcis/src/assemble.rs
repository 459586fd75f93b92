//! What both formats do with an event once its fields have been read.

use std::sync::Arc;

use packtree_gs1::CompanyPrefixes;

use crate::Limits;
use crate::check::FullName;
use crate::document::Item;
use crate::draft::Draft;
use crate::fault::Place;
use crate::prefixes::Prefixes;

/// Numbers the events of one document.
pub(crate) struct Assembly {
    file: Arc<str>,
    index: u64,
    /// How long the lists of the last event were: the next one's are likely to be as long.
    objects: usize,
    prefixes: Prefixes,
}

/// Room that is reserved for a list before its first entry is seen.
const RESERVED_MAX: usize = 1_024;

impl Assembly {
    pub(crate) fn new(file: Arc<str>) -> Self {
        Self { file, index: 0, objects: 0, prefixes: Prefixes::default() }
    }

    /// The company prefixes that were read so far.
    pub(crate) fn prefixes(&self) -> &CompanyPrefixes {
        &self.prefixes.table
    }

    pub(crate) fn begin(&mut self, limits: &Limits, line: u64) -> Draft {
        let mut draft = Draft::new(limits, line);
        draft.prefixes = std::mem::take(&mut self.prefixes);
        draft.objects.reserve(self.objects);
        draft
    }

    pub(crate) fn finish(&mut self, mut draft: Draft, limits: &Limits, full_name: &FullName<'_>) -> Item {
        self.objects = draft.objects.len().min(RESERVED_MAX);
        let place = Place {
            file: Arc::clone(&self.file),
            line: draft.line,
            index: self.index,
            event_id: draft.event_id.clone(),
        };
        self.index += 1;
        self.prefixes = std::mem::take(&mut draft.prefixes);
        match draft.finish(limits, full_name) {
            Some(event) => Item::Event(Box::new(event), place, draft.take_warnings()),
            None => Item::Invalid(place, draft.faults),
        }
    }
}
