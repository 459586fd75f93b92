//! Which operations are late although the rules say no: what stands in their way is newer than they are.
//!
//! A refusal tells the caller what is wrong. Nothing is wrong with an event that reports what happened before what is recorded already:
//! had the two come in their order, both might have been done. So it is recorded as late, as an older event is with which nothing
//! interferes.

use super::{Move, Operation, Pack};
use crate::fact::Microseconds;
use crate::forest::record::Ix;
use crate::forest::{Draft, View};
use crate::refusal::{Fault, Reason, Refusal};
use packtree_gs1::Identifier;

/// The container into which an operation only puts something. Two of them do not have to wait for each other.
pub(super) fn receiver(operation: &Operation) -> Option<&Identifier> {
    match operation {
        Operation::Pack(Pack { parent, .. }) => Some(parent),
        Operation::Move(Move { into, .. }) => Some(into),
        _ => None,
    }
}

/// Whether a newer event brought about everything that stands in the way. Where operations are parked, one such fault is enough if the
/// others may pass: nothing that is still to come lets the operation pass then.
pub(super) fn is_overtaken(
    refusal: &Refusal,
    operation: &Operation,
    time: Microseconds,
    parks: bool,
    draft: &Draft<'_>,
) -> bool {
    let receiver = receiver(operation);
    let is_overtaken = |fault: &&Fault| is_of_newer(fault, receiver, time, draft);
    let (overtaken, others): (Vec<&Fault>, Vec<&Fault>) = refusal.faults.iter().partition(is_overtaken);
    !overtaken.is_empty() && others.iter().all(|fault| parks && fault.reason.may_pass())
}

/// Whether a newer event can have brought a fault about, and there is one of every object that it concerns.
fn is_of_newer(fault: &Fault, receiver: Option<&Identifier>, time: Microseconds, draft: &Draft<'_>) -> bool {
    let Some((object, ix)) = fault.object.as_ref().and_then(|object| Some((object, draft.find(object)?))) else {
        return false;
    };
    let is_older = |ix: Ix| time < draft.newest_of(&draft.record(ix));
    let is_older_than_place = |ix: Ix| is_older(ix) && draft.record(ix).parent.known().is_some_and(is_older);
    match fault.reason {
        // What is in a container that left went with it.
        Reason::ObjectIsAway => {
            let mut carriers = draft.ancestors(ix).filter(|around| draft.record(*around).is_away());
            is_older(ix) || carriers.any(is_older)
        }
        Reason::ObjectOnHold => draft.held_by(ix).is_some_and(is_older),
        Reason::ObjectInContainer
        | Reason::ChildAlreadyInParent
        | Reason::ChildHasOtherParent
        | Reason::ChildNotInParent => is_older_than_place(ix),
        reason if !comes_and_goes(reason) => false,
        // One more child makes no container newer.
        _ if Some(object) == receiver => match draft.container(ix) {
            Some(container) => time < container.settled.max(draft.custody_around(ix)),
            None => is_older(ix),
        },
        _ => is_older(ix),
    }
}

/// Whether an event of the object can bring a fault about that was not there before.
const fn comes_and_goes(reason: Reason) -> bool {
    let is_early = matches!(reason, Reason::ObjectNotFound | Reason::EarlierEventIsParked);
    let is_of_state = matches!(reason, Reason::ObjectNotActive | Reason::ObjectNotOnHold | Reason::ObjectAlreadyOnHold);
    is_of_state || (reason.may_pass() && !is_early)
}

#[cfg(test)]
mod tests {
    use crate::operation::table::{after, packaged, under};
    use crate::policy::{LateEvent, Policy};

    /// What happened long before the tables.
    const WORLD: &str = "
            commission  P1 P2 at=-500                   done
            commission  C1 C2 C3 at=-500                done
            commission  U1..U9 at=-500                  done
            pack        C1 <- U1 U2 at=-500             done
    ";

    #[test]
    fn what_ended_later_was_still_in_use() {
        after(WORLD).check(
            "
            destroy     U3                              done
            pack        C2 <- U3 U4 at=-25              late
            unpack      C1 -> U3 at=-35                 late
            parent      U4                              -
            pack        C2 <- U3                        object_not_active U3
            sample      C3                              done
            pack        C3 <- U4 at=-25                 late
            pack        C3 <- U4                        object_not_active C3
        ",
        );
    }

    #[test]
    fn every_fault_has_to_be_of_a_newer_event() {
        after(WORLD).check(
            "
            destroy     U3                              done
            pack        C2 <- U3 U99 at=-25             object_not_active U3, object_not_found U99
            pack        C2 <- U3 U1 at=-25              object_not_active U3, child_has_other_parent U1/C1
            pack        C2 <- U3 U3 at=-25              object_named_twice U3
            sample      U3 at=-25 reason=               reason_required, object_not_active U3
        ",
        );
    }

    #[test]
    fn where_something_is_counts_from_when_it_went_there() {
        after(WORLD).check(
            "
            hold        U1                              done
            release     U1                              done
            pack        C2 <- U1 at=-25                 child_has_other_parent U1/C1
            pack        C2 <- U3                        done
            pack        C3 <- U3 at=-25                 late
            pack        C2 <- U3 at=-35                 late
            unpack      C3 -> U3 at=-45                 late
            ship        U3 at=-55                       late
            parent      U3                              C2
        ",
        );
    }

    #[test]
    fn closures_custody_and_holds_that_are_newer() {
        after(WORLD).check(
            "
            close       C1                              done
            pack        C1 <- U3 at=-25                 late
            close       C1 at=-35                       late
            pack        C1 <- U3                        container_is_closed C1
            pack        P1 <- C1                        done
            ship        P1                              done
            unpack      -> U1 at=-15                    late
            receive     P1                              done
            hold        P1                              done
            unpack      -> U1 at=-15                    late
            unpack      -> U1                           object_on_hold U1/P1
            hold        P1 at=-35                       late
            release     P1                              done
            release     P1 at=-15                       late
            release     P1                              object_not_on_hold P1
            held        P1                              no
        ",
        );
    }

    #[test]
    fn one_more_child_makes_no_container_newer() {
        after(WORLD).under(&packaged(2, 2, None)).check(
            "
            pack        C2 <- U3 U4                     done
            pack        C2 <- U5 at=-25                 container_is_full C2
            unpack      C2 -> U3                        done
            pack        C2 <- U3                        done
            pack        C2 <- U5 at=-25                 late
        ",
        );
    }

    #[test]
    fn where_older_events_are_refused_the_fault_is_told() {
        let policy = Policy { late_event: LateEvent::Refuse, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            destroy     U3                              done
            pack        C2 <- U3 at=-25                 object_not_active U3
        ",
        );
    }

    #[test]
    fn where_operations_are_parked_one_such_fault_is_enough_if_the_others_may_pass() {
        under(&Policy { late_event: LateEvent::PARK, ..Policy::default() }).check(
            "
            commission  C2 at=-500                      done
            commission  U3 U4 at=-500                   done
            destroy     U3                              done
            pack        C2 <- U3 at=-25                 late
            pack        C2 <- U3 U99 at=-25             late
            pack        C2 <- U4 U99 at=-25             parked
            pack        C2 <- U3 U3 at=-25              object_named_twice U3
        ",
        );
    }
}
