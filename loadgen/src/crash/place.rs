//! How far a line has come, and what that makes true.

use serde::{Deserialize, Serialize};

use crate::model::{Fate, Ledger};
use crate::profile::Profile;
use crate::workload::{Block, Planned, Script, Stream};

/// The next step of a line that was not acknowledged: all before it were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The pallet that the line fills.
    pub(crate) block: u64,
    /// The step among those that are sent meanwhile.
    pub(crate) offset: usize,
}

impl Place {
    /// Pallets of which everything is acknowledged, what the warehouse does with them included.
    pub(crate) fn done(self) -> u64 {
        self.block.saturating_sub(1)
    }
}

/// The steps of a line from a place on, without end.
#[derive(Debug)]
pub(crate) struct Steps<'p> {
    stream: Stream<'p>,
    block: Block,
    offset: usize,
}

impl<'p> Steps<'p> {
    pub(crate) fn from(profile: &'p Profile, seed: u64, line: usize, place: Place) -> Self {
        let mut stream = Stream::new(profile, seed, line as u64, place.block);
        let block = stream.next_block();
        Self { stream, block, offset: place.offset }
    }

    /// The place of the step that comes next.
    pub(crate) fn place(&self) -> Place {
        Place { block: self.block.script.pallet, offset: self.offset }
    }

    /// The next step, and the script that it is of.
    pub(crate) fn next(&mut self) -> (Planned, std::sync::Arc<Script>) {
        let planned = self.block.planned[self.offset];
        let script = std::sync::Arc::clone(self.block.script_of(&planned));
        self.offset += 1;
        if self.offset == self.block.planned.len() {
            self.block = self.stream.next_block();
            self.offset = 0;
        }
        (planned, script)
    }
}

/// What became of the steps of a line that has come to a place, with so many steps behind it unknown. Pallets below [`Place::done`]
/// are wholly done.
pub(crate) fn ledger(profile: &Profile, seed: u64, line: usize, place: Place, unknown: usize) -> Ledger {
    let mut ledger = Ledger::done(place.done());
    // Of the pallet before the place, the line has done its part already.
    if let Some(before) = place.block.checked_sub(1) {
        let script = Script::new(profile, seed, line as u64, before);
        ledger.begin(before, script.steps.len());
        (0..script.of_line).for_each(|index| ledger.note(before, index, Fate::Done));
    }
    let mut steps = Steps::from(profile, seed, line, Place { offset: 0, ..place });
    for number in 0..place.offset + unknown {
        let (planned, script) = steps.next();
        ledger.begin(planned.pallet, script.steps.len());
        let fate = if number < place.offset { Fate::Done } else { Fate::Unknown };
        ledger.note(planned.pallet, planned.index, fate);
    }
    ledger
}

/// Objects of a pallet of which everything is done.
pub(crate) fn objects(profile: &Profile, seed: u64, line: usize, pallet: u64) -> u64 {
    let extras = Script::new(profile, seed, line as u64, pallet).extras.len() as u64;
    u64::from(profile.pallet_units()) + extras + u64::from(profile.pallet.get()) + 1
}
