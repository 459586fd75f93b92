//! Changes of the model, and what follows for a container when something leaves it.

use std::collections::BTreeSet;

use packtree::fact::{Microseconds, Seal, Status};
use packtree::policy::{ClosedContainer, EmptiedContainer, Policy};
use packtree::{Identifier, Reason};
use petgraph::stable_graph::NodeIndex;

use super::{Faults, Model, Object};

/// What follows for a container when something leaves it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// Its seal breaks, and the policy says what else follows.
    ByPolicy,
    /// Its seal breaks, and it stays where it is.
    KeepsPlace,
    /// Nothing, because it goes out of use too.
    OutOfUse,
}

/// A container from which something was taken.
#[derive(Clone, Copy)]
struct Opened {
    container: NodeIndex,
    opening: Opening,
    /// Those around it come apart, because one inside it was closed.
    disbands: bool,
}

/// An operation that is being tried: the state before it, the state that it leads to, and what stands in its way.
pub(super) struct Attempt<'m> {
    pub(super) before: &'m Model,
    pub(super) after: Model,
    pub(super) policy: &'m Policy,
    pub(super) time: Microseconds,
    faults: Vec<(Option<Identifier>, Reason)>,
    opened: Vec<Opened>,
    /// Objects whose newest event must not be later than this one.
    decisive: BTreeSet<NodeIndex>,
    /// Containers that must not have been settled later than this event.
    filled: BTreeSet<NodeIndex>,
    touched: BTreeSet<NodeIndex>,
    is_settling: bool,
}

impl<'m> Attempt<'m> {
    pub(super) fn new(before: &'m Model, policy: &'m Policy, time: Microseconds) -> Self {
        Self {
            before,
            after: before.clone(),
            policy,
            time,
            faults: Vec::new(),
            opened: Vec::new(),
            decisive: BTreeSet::new(),
            filled: BTreeSet::new(),
            touched: BTreeSet::new(),
            is_settling: false,
        }
    }

    pub(super) fn fault(&mut self, reason: Reason, place: NodeIndex) {
        self.faults.push((Some(self.after.graph[place].id.clone()), reason));
    }

    pub(super) fn fault_of(&mut self, reason: Reason, id: &Identifier) {
        self.faults.push((Some(id.clone()), reason));
    }

    pub(super) fn fault_of_operation(&mut self, reason: Reason) {
        self.faults.push((None, reason));
    }

    pub(super) fn is_refused(&self) -> bool {
        !self.faults.is_empty()
    }

    /// The faults, each object with the first of its reasons in the order of [`Reason::ALL`].
    pub(super) fn faults(&self) -> Faults {
        let rank = |reason: Reason| Reason::ALL.iter().position(|known| *known == reason);
        let is_first = |object: &Option<Identifier>, reason: Reason| {
            object.is_none() || self.faults.iter().all(|(other, than)| other != object || rank(reason) <= rank(*than))
        };
        self.faults.iter().filter(|(object, reason)| is_first(object, *reason)).cloned().collect()
    }

    fn touch(&mut self, place: NodeIndex, is_decisive: bool) {
        self.touched.insert(place);
        if is_decisive && !self.is_settling && self.before.graph.contains_node(place) {
            self.decisive.insert(place);
        }
    }

    /// Makes an object.
    pub(super) fn create(&mut self, object: Object) -> NodeIndex {
        let id = object.id.clone();
        let place = self.after.graph.add_node(object);
        self.after.places.insert(id, place);
        self.touch(place, false);
        place
    }

    /// Changes what is known of an object. `is_decisive`: a newer event of the object would have made this one late.
    pub(super) fn change(&mut self, place: NodeIndex, is_decisive: bool, change: impl FnOnce(&mut Object)) {
        self.touch(place, is_decisive);
        change(&mut self.after.graph[place]);
    }

    fn settle_at(&mut self, place: NodeIndex) {
        let object = &mut self.after.graph[place];
        object.settled = object.settled.max(self.time);
    }

    /// Notes when the custody of an object last changed, for what is in it.
    pub(super) fn note_custody(&mut self, place: NodeIndex, time: Microseconds) {
        let object = &mut self.after.graph[place];
        if object.was_container {
            object.custody = object.custody.max(time);
        }
    }

    pub(super) fn join(&mut self, parent: NodeIndex, children: &[NodeIndex]) {
        if children.is_empty() {
            return;
        }
        self.filled.insert(parent);
        self.change(parent, false, |object| object.was_container = true);
        for child in children {
            self.touch(*child, true);
            self.after.graph.add_edge(parent, *child, ());
        }
    }

    pub(super) fn leave(&mut self, parent: NodeIndex, children: &[NodeIndex], opening: Opening) {
        let returned = if self.after.is_away_at(parent) { self.time } else { Microseconds::MIN };
        let custody = self.after.custody_of(parent).max(returned);
        for child in children {
            self.touch(*child, true);
            self.note_custody(*child, custody);
            let edge = self.after.graph.find_edge(parent, *child).expect("the rules take out what is in there");
            self.after.graph.remove_edge(edge);
        }
        self.touch(parent, false);
        self.settle_at(parent);
        self.open(parent, opening);
    }

    /// Takes objects out of wherever they are, container by container; the loose ones are passed over.
    pub(super) fn take_out(&mut self, children: &[NodeIndex], opening: Opening) {
        let mut parents: Vec<NodeIndex> = Vec::new();
        for child in children {
            parents.extend(self.after.parent_of(*child).filter(|parent| !parents.contains(parent)));
        }
        for parent in parents {
            let inside: Vec<_> =
                children.iter().copied().filter(|child| self.after.parent_of(*child) == Some(parent)).collect();
            self.leave(parent, &inside, opening);
        }
    }

    pub(super) fn empty(&mut self, container: NodeIndex, opening: Opening) {
        let children = self.after.children_of(container);
        if !children.is_empty() {
            self.leave(container, &children, opening);
        }
    }

    pub(super) fn seal(&mut self, place: NodeIndex, seal: Seal, is_decisive: bool) {
        self.change(place, is_decisive, |object| {
            object.seal = seal;
            object.was_container = true;
        });
        self.settle_at(place);
    }

    fn is_closed(&self, place: NodeIndex) -> bool {
        matches!(self.after.graph[place].seal, Seal::Closed | Seal::ClosedPartial)
    }

    /// Something left the container, or it is known to be other than it was.
    pub(super) fn open(&mut self, container: NodeIndex, opening: Opening) {
        if opening != Opening::OutOfUse {
            self.opened.push(Opened { container, opening, disbands: false });
        }
    }

    /// Objects go out of use; a hold ends with them.
    pub(super) fn end(&mut self, objects: &[NodeIndex], status: Status) {
        for place in objects {
            self.change(*place, true, |object| {
                object.status = status;
                object.held = false;
            });
            if self.after.graph[*place].was_container {
                self.settle_at(*place);
            }
        }
    }

    /// Objects and everything in them go out of use, each loose and empty.
    pub(super) fn end_trees(&mut self, outermost: &[NodeIndex], status: Status) {
        let mut ending = Vec::new();
        for place in outermost {
            ending.push(*place);
            ending.extend(self.after.below(*place));
        }
        for place in &ending {
            self.empty(*place, Opening::OutOfUse);
        }
        self.end(&ending, status);
    }

    /// What follows for the containers that were opened, after everything that the operation does itself.
    pub(super) fn settle(&mut self) {
        self.is_settling = true;
        let mut place = 0;
        while let Some(Opened { container, opening, disbands }) = self.opened.get(place).copied() {
            place += 1;
            let was_closed = self.is_closed(container);
            let by_policy = opening == Opening::ByPolicy;
            let (breaks_around, disbands) = match self.policy.closed_container {
                ClosedContainer::BecomesBroken => (false, false),
                ClosedContainer::AncestorsBecomeBroken => (true, false),
                ClosedContainer::AncestorsAreDisbanded => {
                    (was_closed && !by_policy, by_policy && (was_closed || disbands))
                }
            };
            if breaks_around {
                for around in self.after.ancestors_of(container) {
                    if self.is_closed(around) {
                        self.seal(around, Seal::Broken, false);
                    }
                }
            }
            if disbands && let Some(around) = self.after.parent_of(container) {
                let known = self.opened.len();
                self.empty(around, Opening::ByPolicy);
                self.opened[known..].iter_mut().for_each(|opened| opened.disbands = true);
            }
            self.settle_one(container, by_policy, was_closed);
        }
    }

    /// What is empty is open or goes out of use, what was closed is broken.
    fn settle_one(&mut self, container: NodeIndex, by_policy: bool, was_closed: bool) {
        let is_empty = self.after.count(container) == 0;
        let Object { status, seal, .. } = self.after.graph[container];
        if status != Status::Active {
            return;
        }
        if is_empty && by_policy && self.policy.emptied_container == EmptiedContainer::IsDecommissioned {
            if let Some(around) = self.after.parent_of(container) {
                self.leave(around, &[container], Opening::ByPolicy);
            }
            self.end(&[container], Status::Decommissioned);
        } else if is_empty && seal != Seal::Open {
            self.seal(container, Seal::Open, false);
        } else if was_closed {
            self.seal(container, Seal::Broken, false);
        }
    }

    /// The objects for which a newer event is known.
    pub(super) fn late(&self) -> BTreeSet<NodeIndex> {
        let before = &self.before.graph;
        let custody_around = |place| self.before.parent_of(place).map(|around| self.before.custody_of(around));
        let newer = self.decisive.iter().filter(|place| {
            self.time < before[**place].newest || custody_around(**place).is_some_and(|custody| self.time < custody)
        });
        let filled = self.filled.iter().filter(|place| before.contains_node(**place));
        let settled_later =
            filled.filter(|place| self.time < before[**place].settled.max(self.before.custody_of(**place)));
        newer.chain(settled_later).copied().collect()
    }

    /// The state that the operation leads to.
    pub(super) fn finish(mut self) -> Model {
        for place in &self.touched {
            let object = &mut self.after.graph[*place];
            object.newest = object.newest.max(self.time);
        }
        self.after
    }
}
