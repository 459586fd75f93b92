//! An image of a forest: what has changed since the last one, as it was after one fact, while later facts are applied.

use std::sync::Arc;

use packtree_gs1::Identifier;

use super::pages::PageSet;
use super::{Containers, Forest, LotChanges, Lots, Notes, Quantities, Records, SettingRecord};
use crate::fact::Parking;

/// What an image consists of: the pages that changed since the image before.
#[derive(Debug)]
pub(crate) struct Outline {
    pub(crate) records: PageSet,
    pub(crate) containers: PageSet,
    pub(crate) lots: PageSet,
    pub(crate) lot_changes: PageSet,
    pub(crate) quantities: PageSet,
    pub(crate) notes: PageSet,
    /// Everything that is parked, if that changed: it is little, and shared with the forest.
    pub(crate) parked: Option<Vec<(u64, Arc<Parking>)>>,
    /// The settings that changed, each with its place.
    pub(crate) settings: Vec<(u32, SettingRecord)>,
    pub(crate) lengths: Lengths,
}

/// How long the tables of an image are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Lengths {
    pub(crate) records: u32,
    pub(crate) containers: u32,
    pub(crate) lots: u32,
    pub(crate) lot_changes: u32,
    pub(crate) interned: u32,
    pub(crate) facts: u64,
    /// Holds in force, which is a number and no table.
    pub(crate) holds: u64,
    pub(crate) settings: u32,
}

impl Forest {
    /// Begins an image of the forest as it is now. One that was begun before and is not copied yet is dropped.
    pub(crate) fn begin_image(&mut self) -> Outline {
        let parked = std::mem::take(&mut self.parked_changed)
            .then(|| self.parked.iter().map(|(fact, parking)| (fact, Arc::clone(parking))).collect());
        Outline {
            lengths: self.lengths(),
            records: self.tables.records.begin_image(),
            containers: self.tables.containers.begin_image(),
            lots: self.tables.lots.begin_image(),
            lot_changes: self.tables.lot_changes.begin_image(),
            quantities: self.quantities.begin_image(),
            notes: self.notes.begin_image(),
            parked,
            settings: self.settings.begin_image(),
        }
    }

    /// Stops keeping what the image would have needed.
    pub(crate) fn abandon_image(&mut self) {
        self.tables.records.abandon_image();
        self.tables.containers.abandon_image();
        self.tables.lots.abandon_image();
        self.tables.lot_changes.abandon_image();
        self.quantities.abandon_image();
        self.notes.abandon_image();
    }

    /// Pages that the next image will have to copy, without the few of the smaller tables.
    pub(crate) fn changed_pages(&self) -> usize {
        self.tables.records.changed() + self.tables.containers.changed()
    }

    /// Makes everything part of the next image.
    pub(crate) fn change_all(&mut self) {
        self.tables.records.change_all();
        self.tables.containers.change_all();
        self.tables.lots.change_all();
        self.tables.lot_changes.change_all();
        self.quantities.change_all();
        self.notes.change_all();
        self.parked_changed = true;
        self.settings.change_all();
    }

    pub(crate) fn lengths(&self) -> Lengths {
        Lengths {
            records: self.tables.records.len(),
            containers: self.tables.containers.len(),
            lots: self.tables.lots.len(),
            lot_changes: self.tables.lot_changes.len(),
            interned: self.interned.len() as u32,
            facts: self.times.len(),
            holds: self.holds,
            settings: self.settings.len() as u32,
        }
    }

    pub(crate) fn records_table(&self) -> &Records {
        &self.tables.records
    }

    pub(crate) fn containers_table(&self) -> &Containers {
        &self.tables.containers
    }

    pub(crate) fn lots_table(&self) -> &Lots {
        &self.tables.lots
    }

    pub(crate) fn lot_changes_table(&self) -> &LotChanges {
        &self.tables.lot_changes
    }

    pub(crate) fn quantities_table(&self) -> &Quantities {
        &self.quantities
    }

    pub(crate) fn notes_table(&self) -> &Notes {
        &self.notes
    }

    /// Interned identifiers from a place on.
    pub(crate) fn interned_from(&self, place: u32) -> &[Identifier] {
        &self.interned[place as usize..]
    }
}
