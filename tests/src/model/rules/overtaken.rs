//! Which operations are late although the rules say no: newer events brought about all that stands in their way.

use packtree::fact::Microseconds;
use packtree::operation::{Move, Operation, Pack};
use packtree::{Identifier, Reason};
use petgraph::stable_graph::NodeIndex;

use crate::model::{Faults, Model};

/// Whether every fault is of events that are newer than `time`.
pub(super) fn is_overtaken(before: &Model, operation: &Operation, time: Microseconds, faults: &Faults) -> bool {
    let receiver = match operation {
        Operation::Pack(Pack { parent, .. }) => Some(parent),
        Operation::Move(Move { into, .. }) => Some(into),
        _ => None,
    };
    let is_of_newer = |(object, reason): &(Option<Identifier>, Reason)| {
        let place = object.as_ref().and_then(|object| before.places.get(object));
        place.is_some_and(|place| is_of_newer(before, *place, *reason, object.as_ref() == receiver, time))
    };
    faults.iter().all(is_of_newer)
}

fn is_of_newer(before: &Model, place: NodeIndex, reason: Reason, receives: bool, time: Microseconds) -> bool {
    let object = &before.graph[place];
    let is_older = |place: NodeIndex| time < before.graph[place].newest;
    match reason {
        Reason::ObjectIsAway => {
            let around = before.ancestors_of(place).into_iter();
            is_older(place) || around.filter(|around| before.graph[*around].away).any(is_older)
        }
        Reason::ObjectOnHold => before.held_by(&object.id).is_some_and(|holder| is_older(before.places[holder])),
        Reason::ObjectInContainer
        | Reason::ChildAlreadyInParent
        | Reason::ChildHasOtherParent
        | Reason::ChildNotInParent => is_older(place) && before.parent_of(place).is_some_and(is_older),
        Reason::ObjectNotFound | Reason::EarlierEventIsParked => false,
        Reason::ObjectNotActive | Reason::ObjectNotOnHold | Reason::ObjectAlreadyOnHold => {
            is_older_as(before, place, receives, time)
        }
        reason => reason.may_pass() && is_older_as(before, place, receives, time),
    }
}

/// Whether an event of the object is newer, where one more child does not make what receives it newer.
fn is_older_as(before: &Model, place: NodeIndex, receives: bool, time: Microseconds) -> bool {
    let object = &before.graph[place];
    if receives && object.was_container {
        return time < object.settled.max(before.custody_of(place));
    }
    time < object.newest
}
