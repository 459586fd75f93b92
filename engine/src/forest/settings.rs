//! The settings: named documents, of which the state has the newest version and the journal every one.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::ops::Bound;

use crate::fact::{Name, SettingText};

/// The newest version of a setting. One that was removed keeps its name, so that the next version still names the fact before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingRecord {
    pub(crate) name: Name,
    pub(crate) value: Option<SettingText>,
    /// The fact that set or removed it.
    pub(crate) fact: u64,
}

impl SettingRecord {
    /// About how many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        bytes_of(&self.name, self.value.as_ref())
    }
}

/// About how many bytes of memory a setting takes.
pub(crate) fn bytes_of(name: &Name, value: Option<&SettingText>) -> usize {
    /// The record, and its entry in the table of names.
    const SETTING_BYTES: usize = 96;
    SETTING_BYTES + name.as_str().len() + value.map_or(0, |value| value.as_str().len())
}

/// The settings, each at a place of its own, in the order in which they were set first.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    records: Vec<SettingRecord>,
    places: BTreeMap<Name, u32>,
    /// The places that the next image has to have.
    changed: BTreeSet<u32>,
    bytes: usize,
}

impl Settings {
    /// Settings that are saved already, by their places.
    pub(super) fn saved(records: Vec<SettingRecord>) -> Self {
        let places = (0..).zip(&records).map(|(place, setting)| (setting.name.clone(), place)).collect();
        let bytes = records.iter().map(SettingRecord::bytes).sum();
        Self { records, places, changed: BTreeSet::new(), bytes }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn get(&self, name: &str) -> Option<&SettingRecord> {
        self.places.get(name).map(|place| &self.records[*place as usize])
    }

    pub(super) fn beginning_with<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = &'s SettingRecord> {
        let from = self.places.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let those = from.take_while(move |(name, _)| name.as_str().starts_with(prefix));
        those.map(|(_, place)| &self.records[*place as usize])
    }

    pub(super) fn set(&mut self, setting: SettingRecord) {
        self.bytes += setting.bytes();
        let known = self.places.get(&setting.name).copied();
        if let Some(place) = known {
            let before = mem::replace(&mut self.records[place as usize], setting);
            self.bytes -= before.bytes();
        } else {
            self.places.insert(setting.name.clone(), self.records.len() as u32);
            self.records.push(setting);
        }
        self.changed.insert(known.unwrap_or(self.records.len() as u32 - 1));
    }

    /// What changed since the last image; the values are shared, so it takes little memory.
    pub(super) fn begin_image(&mut self) -> Vec<(u32, SettingRecord)> {
        let changed = mem::take(&mut self.changed);
        changed.into_iter().map(|place| (place, self.records[place as usize].clone())).collect()
    }

    pub(super) fn change_all(&mut self) {
        self.changed = (0..self.records.len() as u32).collect();
    }
}
