//! What became of the steps of one line. A pallet of which everything was acknowledged takes no room.

use std::collections::BTreeMap;

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was not sent, or not answered yet.
    Waiting,
    /// It was acknowledged.
    Done,
    /// It was dropped or refused.
    NotDone,
    /// It was sent and never will be answered: it is there wholly, or not at all.
    Unknown,
}

/// The steps of one line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// Pallets that were begun.
    pallets: u64,
    /// Those of which not everything was acknowledged.
    open: BTreeMap<u64, Vec<Fate>>,
}

impl Ledger {
    /// So many pallets, of which everything is done.
    pub(crate) fn done(pallets: u64) -> Self {
        Self { pallets, open: BTreeMap::new() }
    }

    /// How many pallets were begun.
    pub(crate) fn pallets(&self) -> u64 {
        self.pallets
    }

    /// Begins the next pallet, which has so many steps, unless it was begun before. Pallets are begun in order.
    pub(crate) fn begin(&mut self, pallet: u64, steps: usize) {
        if self.pallets <= pallet {
            self.pallets = pallet + 1;
            self.open.insert(pallet, vec![Fate::Waiting; steps]);
        }
    }

    /// Notes what became of a step of a pallet that was begun.
    pub(crate) fn note(&mut self, pallet: u64, index: usize, fate: Fate) {
        let Some(fates) = self.open.get_mut(&pallet) else { return };
        fates[index] = fate;
        if fate == Fate::Done && fates.iter().all(|fate| *fate == Fate::Done) {
            self.open.remove(&pallet);
        }
    }

    /// What became of the steps of a pallet; `None` when all are done.
    pub(crate) fn fates(&self, pallet: u64) -> Option<&[Fate]> {
        self.open.get(&pallet).map(Vec::as_slice)
    }

    /// Whether a step of the pallet was dropped or refused.
    pub(crate) fn has_gap(&self, pallet: u64) -> bool {
        self.fates(pallet).is_some_and(|fates| fates.contains(&Fate::NotDone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wholly_done_takes_no_room() {
        let mut ledger = Ledger::default();
        ledger.begin(0, 2);
        ledger.begin(1, 2);
        ledger.note(0, 0, Fate::Done);
        ledger.note(1, 0, Fate::NotDone);
        assert_eq!(ledger.fates(0), Some(&[Fate::Done, Fate::Waiting][..]));
        ledger.note(0, 1, Fate::Done);
        ledger.begin(0, 2);
        assert_eq!((ledger.fates(0), ledger.pallets()), (None, 2));
        assert!(!ledger.has_gap(0) && ledger.has_gap(1));
    }
}
