//! All steps of a line in the order in which they are sent: the line fills a pallet while the warehouse works on the one before.

use std::sync::Arc;

use super::script::Script;
use super::step::Step;
use crate::profile::Profile;

/// One step of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) pallet: u64,
    /// Its place in the script of the pallet.
    pub(crate) index: usize,
    pub(crate) step: Step,
    /// When it is due, in units that have passed on the line.
    pub(crate) at: u64,
}

/// The steps of a line, pallet by pallet.
#[derive(Debug)]
pub(crate) struct Stream<'p> {
    profile: &'p Profile,
    seed: u64,
    line: u64,
    pallet: u64,
    before: Option<Arc<Script>>,
}

impl<'p> Stream<'p> {
    /// Begins with the steps that are sent while the line fills the pallet `from`.
    pub(crate) fn new(profile: &'p Profile, seed: u64, line: u64, from: u64) -> Self {
        let before = from.checked_sub(1).map(|before| Arc::new(Script::new(profile, seed, line, before)));
        Self { profile, seed, line, pallet: from, before }
    }

    /// What is sent while the line fills its next pallet, and the scripts of the two pallets that it is about.
    pub(crate) fn next_block(&mut self) -> Block {
        let script = Arc::new(Script::new(self.profile, self.seed, self.line, self.pallet));
        let units = u64::from(self.profile.pallet_units());
        let mut planned = Vec::with_capacity(script.of_line + 2);
        let begun = script.pallet * units;
        planned.extend(of(&script, 0..script.of_line, begun));
        if let Some(before) = &self.before {
            planned.extend(of(before, before.of_line..before.steps.len(), begun - units));
            planned.sort_by_key(|step| step.at);
        }
        let before = self.before.replace(Arc::clone(&script));
        self.pallet += 1;
        Block { script, before, planned }
    }
}

/// What is sent while a line fills one pallet.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) script: Arc<Script>,
    pub(crate) before: Option<Arc<Script>>,
    pub(crate) planned: Vec<Planned>,
}

impl Block {
    /// The script that a step is of.
    pub(crate) fn script_of(&self, planned: &Planned) -> &Arc<Script> {
        match &self.before {
            Some(before) if before.pallet == planned.pallet => before,
            _ => &self.script,
        }
    }
}

fn of(script: &Script, range: std::ops::Range<usize>, begun: u64) -> impl Iterator<Item = Planned> {
    script.steps[range.clone()].iter().zip(range).map(move |(scheduled, index)| Planned {
        pallet: script.pallet,
        index,
        step: scheduled.step,
        at: begun + scheduled.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_once_and_in_time_wherever_it_begins() {
        let profile = Profile::read("site").unwrap();
        let mut stream = Stream::new(&profile, 5, 1, 0);
        let blocks: Vec<Block> = (0..30).map(|_| stream.next_block()).collect();
        let all: Vec<Planned> = blocks.iter().flat_map(|block| block.planned.clone()).collect();
        assert!(all.is_sorted_by_key(|planned| planned.at));
        for block in &blocks[..29] {
            let of_pallet = all.iter().filter(|planned| planned.pallet == block.script.pallet);
            assert!(of_pallet.map(|planned| planned.index).eq(0..block.script.steps.len()));
        }
        let later = Stream::new(&profile, 5, 1, 17).next_block();
        assert_eq!(later.planned, blocks[17].planned);
    }
}
