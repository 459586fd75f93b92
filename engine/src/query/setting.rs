//! Settings: named documents that belong to the site and not to an object.

use super::View;
use crate::fact::{Name, Sequence, SettingText};
use crate::forest::{SettingRecord, View as _};

/// The newest version of a setting.
///
/// The journal keeps the others: the fact has the effect [`SettingSet`](crate::fact::Effect::SettingSet), which names the fact before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: SettingText,
    /// The fact that set it.
    pub fact: Sequence,
}

impl Setting {
    fn of(record: &SettingRecord) -> Option<Self> {
        let SettingRecord { name, value, fact } = record.clone();
        Some(Self { name, value: value?, fact: Sequence(fact) })
    }
}

impl View<'_> {
    /// A setting; `None` where it was never set, or removed.
    pub fn setting(&self, name: &str) -> Option<Setting> {
        self.forest().setting(name).and_then(Setting::of)
    }

    /// The settings whose names begin so, in the order of their names.
    pub fn settings(&self, prefix: &str) -> Vec<Setting> {
        self.forest().settings(prefix).filter_map(Setting::of).collect()
    }
}
