//! Observe: something is recorded and changes no state.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;

use super::plan::Plan;
use crate::fact::Effect;
use crate::forest::View;
use crate::forest::record::Ix;
use crate::limits::OPERATION_OBJECTS_MAX;
use crate::refusal::Reason;

/// Something was observed that changes no state; the note of the request says what.
///
/// ```
/// use packtree::fact::{Note, Verb};
/// use packtree::operation::{Observe, Request};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, .. } = packed_pallet()?;
/// // A data logger on the pallet has spoken.
/// let observe = engine.request(&line, Operation::Observe(Observe { objects: vec![pallet.clone()] }));
/// engine.submit(Request { note: Some(Note::new("4.2 degrees Celsius")?), ..observe })?.receipt()?;
///
/// let newest = engine.history(&pallet).next().ok_or("it has a history")??;
/// assert_eq!(newest.verb, Verb::Observe);
/// assert_eq!(newest.header.note.as_ref().map(Note::as_str), Some("4.2 degrees Celsius"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Observe {
    /// The objects that it concerns; those that the engine does not know are left to the note.
    pub objects: Vec<Identifier>,
}

impl Observe {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.objects.is_empty() && !plan.context.has_note {
            plan.fault_of_operation(Reason::NothingNamed);
        }
        if OPERATION_OBJECTS_MAX < self.objects.len() {
            plan.fault_of_operation(Reason::TooManyObjects);
            return;
        }
        let mut seen: HashSet<Ix, FixedState> = HashSet::default();
        let known = self.objects.iter().filter_map(|object| plan.draft.find(object));
        let objects = known.filter(|ix| seen.insert(*ix)).collect();
        plan.effects.push(Effect::Noted { objects, late: false });
    }
}

#[cfg(test)]
mod tests {
    use crate::operation::table::check;

    #[test]
    fn known_objects_are_noted_and_nothing_changes() {
        check(
            "
            commission  U1 U2                           done
            observe     U1 U77 U2 U1 U                  done
            observe     note=<event/>                   done
            observe     U77                             done
            observe     U1 at=-500                      done
            sample      U1                              done
            observe     U1 reason= role=auditor         done
            status      U2                              active
        ",
        );
    }

    #[test]
    fn something_must_be_named_or_noted() {
        check(
            "
            observe                                     nothing_named
            observe     U1..U100001                     too_many_objects
            observe     U1 at=too_far                   event_time_out_of_range
        ",
        );
    }
}
