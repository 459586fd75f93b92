//! Ship, void, receive and return.

use packtree::fact::{Seal, Trust};
use packtree::limits::OPERATION_OBJECTS_MAX;
use packtree::{Identifier, Reason};
use petgraph::stable_graph::NodeIndex;

use crate::model::consequence::{Attempt, Opening};

impl Attempt<'_> {
    pub(super) fn check_away_root(&mut self, place: NodeIndex) {
        if self.check_root(place) && !self.after.graph[place].away {
            self.fault(Reason::ObjectIsNotAway, place);
        }
    }

    pub(super) fn set_custody(&mut self, places: &[NodeIndex], away: bool, trust: Option<Trust>) {
        for place in places {
            self.change(*place, true, |object| {
                object.away = away;
                object.trust = trust.unwrap_or(object.trust);
            });
            self.note_custody(*place, self.time);
        }
    }

    pub(super) fn ship(&mut self, roots: &[Identifier]) {
        if !self.check_number(roots.len(), OPERATION_OBJECTS_MAX) {
            return;
        }
        let roots = self.find_or_commission_all(roots);
        for root in &roots {
            if self.check_usable(*root) && self.check_root(*root) {
                self.check_contents_not_held(*root);
                let tree = std::iter::once(*root).chain(self.after.below(*root));
                for broken in tree.filter(|place| self.after.graph[*place].seal == Seal::Broken).collect::<Vec<_>>() {
                    self.fault(Reason::ContainerIsBroken, broken);
                }
            }
        }
        self.set_custody(&roots, true, None);
    }

    pub(super) fn receive(&mut self, roots: &[Identifier], trust: Trust) {
        if !self.check_number(roots.len(), OPERATION_OBJECTS_MAX) {
            return;
        }
        let roots = self.find_or_commission_all(roots);
        for root in &roots {
            let is_known = self.before.graph.contains_node(*root);
            if is_known {
                self.check_away_root(*root);
            }
        }
        self.set_custody(&roots, false, Some(trust));
    }

    pub(super) fn bring_back(&mut self, objects: &[Identifier]) {
        let objects = self.find_all(objects);
        for place in &objects {
            if !self.after.is_away_at(*place) {
                self.fault(Reason::ObjectIsNotAway, *place);
            }
        }
        if self.is_refused() {
            return;
        }
        self.take_out(&objects, Opening::KeepsPlace);
        let away: Vec<_> = objects.into_iter().filter(|place| self.after.graph[*place].away).collect();
        self.set_custody(&away, false, None);
    }
}
