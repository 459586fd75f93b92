//! Configure: a setting gets a value, or none.

use super::plan::Plan;
use crate::fact::{Effect, Name, Sequence, SettingText};
use crate::forest::{SettingRecord, View as _, settings_bytes_of};
use crate::limits::{SETTINGS_BYTES_MAX, SETTINGS_MAX};
use crate::refusal::Reason;

/// Gives a setting a value, or removes it; needs a role.
///
/// A setting is a named document that belongs to the site and not to an object, such as a user or the policy. The engine does not look
/// into it. It answers with the newest version ([`Engine::setting`](crate::Engine::setting)), and the journal keeps every one: each
/// fact names the one before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Configure {
    /// The name of the setting.
    pub name: Name,
    /// The value that it has from now on; `None` removes it.
    pub value: Option<SettingText>,
}

impl Configure {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_role(&plan.policy().authority.configure);
        let before = plan.draft.setting(self.name.as_str());
        if self.value.is_none() && before.is_none_or(|before| before.value.is_none()) {
            plan.fault_of_operation(Reason::SettingNotFound);
        }
        if self.value.is_some() && !self.has_room(plan) {
            plan.fault_of_operation(Reason::SettingsAreFull);
        }
        let previous = Sequence(before.map_or(0, |before| before.fact));
        plan.effects.push(Effect::SettingSet { name: self.name.clone(), value: self.value.clone(), previous });
    }

    fn has_room(&self, plan: &Plan<'_>) -> bool {
        let draft = plan.draft;
        let before = draft.setting(self.name.as_str());
        let bytes = draft.settings_bytes() - before.map_or(0, SettingRecord::bytes);
        let grows_by = settings_bytes_of(&self.name, self.value.as_ref());
        (before.is_some() || draft.settings_len() < SETTINGS_MAX) && bytes + grows_by <= SETTINGS_BYTES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Role;
    use crate::forest::{Changes, Draft, Forest};
    use crate::operation::decide::decide;
    use crate::operation::table::{check, request, under};
    use crate::operation::{Operation, Request};
    use crate::policy::{Authority, Policy};
    use crate::refusal::Refusal;

    #[test]
    fn the_newest_value_counts() {
        check(
            "
            configure   user/ada 1 role=administrator           done
            configure   user/bea 2 role=administrator           done
            setting     user/ada                                1
            configure   user/ada 3 role=administrator reason=   done
            setting     user/ada                                3
            configure   user/ada 4 role=administrator at=-500   done
            setting     user/ada                                4
            setting     user/bea                                2
        ",
        );
    }

    #[test]
    fn what_has_no_value_cannot_be_removed() {
        check(
            "
            configure   user/ada role=administrator             setting_not_found
            configure   user/ada 1 role=administrator           done
            configure   user/ada role=administrator             done
            setting     user/ada                                -
            configure   user/ada role=administrator             setting_not_found
            configure   user/ada 2 role=administrator           done
            setting     user/ada                                2
        ",
        );
    }

    #[test]
    fn it_needs_a_role_of_the_actor_or_of_whoever_signs() {
        check(
            "
            configure   policy 1                                role_not_allowed
            configure   policy 1 role=machine                   role_not_allowed
            configure   policy 1 sign=quality                   role_not_allowed
            configure   policy 1 sign=administrator             done
            configure   policy 2 role=administrator             done
        ",
        );
        let authority = Authority { configure: vec![Role::Quality], ..Authority::default() };
        under(&Policy { authority, ..Policy::default() }).check(
            "
            configure   policy 1 role=administrator             role_not_allowed
            configure   policy 1 role=quality                   done
        ",
        );
    }

    /// A forest with so many settings, each with so many bytes.
    fn forest(settings: usize, bytes: usize) -> Forest {
        let mut forest = Forest::new(1);
        let value = SettingText::new(&"x".repeat(bytes)).ok();
        let set = |number| {
            let name = Name::new(&format!("setting {number}")).unwrap();
            Effect::SettingSet { name, value: value.clone(), previous: Sequence(0) }
        };
        let effects: Vec<_> = (0..settings).map(set).collect();
        crate::forest::apply::apply(&mut forest, 7, &effects, &mut Vec::new());
        forest
    }

    fn refusal(forest: &Forest, name: &str, bytes: usize) -> Option<Refusal> {
        const NOW: i64 = 1_795_392_000_000_000;
        let value = SettingText::new(&"x".repeat(bytes)).ok();
        let configure = Configure { name: Name::new(name).unwrap(), value };
        let request = Request { role: Role::Administrator, ..request(Operation::Configure(configure), NOW) };
        decide(&request, &Policy::default(), NOW, &Draft::new(forest, &mut Changes::default())).err()
    }

    #[test]
    fn there_are_so_many_settings_at_most() {
        let full = Some(Refusal::of_operation(Reason::SettingsAreFull));
        let forest = forest(SETTINGS_MAX, 1);
        assert_eq!(refusal(&forest, "setting 1", 2), None);
        assert_eq!(refusal(&forest, "another", 1), full);
        assert_eq!(refusal(&self::forest(SETTINGS_MAX - 1, 1), "another", 1), None);
    }

    #[test]
    fn settings_take_so_many_bytes_at_most() {
        const BYTES: usize = 60_000;
        let forest = forest(SETTINGS_BYTES_MAX / (BYTES + 200), BYTES);
        let room = |settings: &Forest| SETTINGS_BYTES_MAX - settings.settings_bytes();
        let mut forest = forest;
        while let Some(bytes) = room(&forest).checked_sub(BYTES) {
            let value = SettingText::new(&"x".repeat(BYTES.min(bytes + 1))).ok();
            let name = Name::new(&format!("more {bytes}")).unwrap();
            let effect = Effect::SettingSet { name, value, previous: Sequence(0) };
            crate::forest::apply::apply(&mut forest, 7, &[effect], &mut Vec::new());
        }
        let overhead = settings_bytes_of(&Name::new("another").unwrap(), None);
        assert_eq!(refusal(&forest, "another", room(&forest) - overhead), None);
        let full = Some(Refusal::of_operation(Reason::SettingsAreFull));
        assert_eq!(refusal(&forest, "another", room(&forest) - overhead + 1), full);
        assert_eq!(refusal(&forest, "setting 1", BYTES), None);
    }
}
