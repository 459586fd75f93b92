//! Where the events of a window contradict each other about what is in what.
//!
//! A petgraph graph with the objects as nodes: an edge leads from a child to the parent that it is in at that moment.
//! A second edge from a child, or a way back from a parent to its child, is a contradiction. What contradicts is
//! submitted all the same, and refused by the engine's own rules; the conflict found here tells what it stands against,
//! which the engine cannot know.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use packtree::Identifier;
use petgraph::algo::has_path_connecting;
use petgraph::graphmap::GraphMap;
use petgraph::{Directed, Direction};

use crate::{Action, AggregationEvent, Event, Place};

/// Two events that cannot both be right about one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The object that both are about.
    pub object: Identifier,
    /// What is wrong.
    pub kind: ConflictKind,
    /// The event that comes first.
    pub first: Place,
    /// The event that contradicts it.
    pub second: Place,
}

/// How two events contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// Both put the object into a container, and nothing between takes it out.
    SeveralParents {
        /// The first event's.
        first: Identifier,
        /// The second event's.
        second: Identifier,
    },
    /// The object contains the container that the second event puts it into.
    Cycle {
        /// The container that the second event puts it into.
        parent: Identifier,
    },
}

/// What is in what after the events so far.
#[derive(Default)]
pub(super) struct Containment<'e> {
    nodes: HashMap<&'e Identifier, u32, RandomState>,
    objects: Vec<&'e Identifier>,
    /// Whether an event of the window commissions the object.
    is_commissioned: Vec<bool>,
    /// From a child to its parent, with the event that put it there.
    graph: GraphMap<u32, usize, Directed, RandomState>,
}

/// A contradiction between the events at two positions.
pub(super) struct Contradiction<'e> {
    pub(super) object: &'e Identifier,
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) kind: ConflictKind,
}

impl<'e> Containment<'e> {
    /// Follows the next event, at a position, in the order of application.
    pub(super) fn follow(&mut self, position: usize, event: &'e Event, found: &mut Vec<Contradiction<'e>>) {
        if event.common().error_declaration.is_some() {
            return;
        }
        match event {
            Event::Object(event) => {
                for object in &event.objects {
                    let node = self.node(object);
                    match event.action {
                        Action::Add => self.is_commissioned[node as usize] = true,
                        Action::Delete => self.detach(node),
                        Action::Observe => {}
                    }
                }
            }
            Event::Aggregation(event) => self.aggregation(position, event, found),
            _ => {}
        }
    }

    /// Objects that no event followed so far commissions.
    pub(super) fn uncommissioned(&self) -> u64 {
        self.is_commissioned.iter().filter(|is_commissioned| !**is_commissioned).count() as u64
    }

    fn aggregation(&mut self, position: usize, event: &'e AggregationEvent, found: &mut Vec<Contradiction<'e>>) {
        let Some(parent) = &event.parent else { return };
        let parent = self.node(parent);
        match event.action {
            Action::Observe => {}
            Action::Delete if event.children.is_empty() => {
                let children: Vec<u32> = self.graph.neighbors_directed(parent, Direction::Incoming).collect();
                for child in children {
                    self.graph.remove_edge(child, parent);
                }
            }
            Action::Delete => {
                for child in &event.children {
                    let child = self.node(child);
                    self.graph.remove_edge(child, parent);
                }
            }
            Action::Add => {
                let children: Vec<u32> = event.children.iter().map(|child| self.node(child)).collect();
                let before = found.len();
                for child in &children {
                    found.extend(self.contradiction(*child, parent, position));
                }
                // The engine refuses an event as a whole.
                if found.len() == before {
                    for child in children {
                        self.graph.add_edge(child, parent, position);
                    }
                }
            }
        }
    }

    fn contradiction(&self, child: u32, parent: u32, second: usize) -> Option<Contradiction<'e>> {
        // The engine sees for itself what is packed into itself.
        if child == parent {
            return None;
        }
        let object = self.objects[child as usize];
        if let Some((_, other, first)) = self.graph.edges(child).next() {
            let kind = ConflictKind::SeveralParents {
                first: self.objects[other as usize].clone(),
                second: self.objects[parent as usize].clone(),
            };
            return (other != parent).then_some(Contradiction { object, first: *first, second, kind });
        }
        let holds_something = self.graph.edges_directed(child, Direction::Incoming).next().is_some();
        let (_, _, first) = self.graph.edges(parent).next()?;
        (holds_something && has_path_connecting(&self.graph, parent, child, None)).then(|| {
            let kind = ConflictKind::Cycle { parent: self.objects[parent as usize].clone() };
            Contradiction { object, first: *first, second, kind }
        })
    }

    /// Takes an object out of the parent that it is in.
    fn detach(&mut self, node: u32) {
        let parents: Vec<u32> = self.graph.neighbors(node).collect();
        for parent in parents {
            self.graph.remove_edge(node, parent);
        }
    }

    fn node(&mut self, object: &'e Identifier) -> u32 {
        let Self { nodes, objects, is_commissioned, .. } = self;
        *nodes.entry(object).or_insert_with(|| {
            objects.push(object);
            is_commissioned.push(false);
            objects.len() as u32 - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{aggregation, object};

    /// The contradictions as text: object, positions, kind.
    fn found(events: &[Event]) -> Vec<String> {
        let mut containment = Containment::default();
        let mut found = Vec::new();
        for (position, event) in events.iter().enumerate() {
            containment.follow(position, event, &mut found);
        }
        let show = |contradiction: &Contradiction<'_>| {
            let Contradiction { object, first, second, kind } = contradiction;
            match kind {
                ConflictKind::SeveralParents { first: one, second: other } => {
                    format!("{object} in {one} {first} and {other} {second}")
                }
                ConflictKind::Cycle { parent } => format!("{object} around {parent} {first} {second}"),
            }
        };
        found.iter().map(show).collect()
    }

    #[test]
    fn a_child_has_one_parent_at_a_time() {
        let pack = |time, parent, children: &[&str]| aggregation(Action::Add, time, parent, children);
        assert_eq!(
            found(&[pack(1, "c1", &["u1", "u2"]), pack(2, "c2", &["u2", "u3"])]),
            ["urn:x:u2 in urn:x:c1 0 and urn:x:c2 1"]
        );
        // More into the same container, and out of one into another, are no contradictions.
        let events = [
            pack(1, "c1", &["u1", "u2"]),
            pack(2, "c1", &["u2", "u3"]),
            aggregation(Action::Delete, 3, "c1", &["u1"]),
            pack(4, "c2", &["u1"]),
            aggregation(Action::Delete, 5, "c1", &[]),
            pack(6, "c3", &["u2", "u3"]),
        ];
        assert_eq!(found(&events), [""; 0]);
        let events =
            [pack(1, "c1", &["u1"]), object(Action::Delete, "decommissioning", 2, &["u1"]), pack(3, "c2", &["u1"])];
        assert_eq!(found(&events), [""; 0]);
    }

    #[test]
    fn nothing_is_inside_itself() {
        let pack = |time, parent, child: &str| aggregation(Action::Add, time, parent, &[child]);
        let events = [pack(1, "c2", "c1"), pack(2, "c3", "c2"), pack(3, "c1", "c3"), pack(4, "c4", "c3")];
        assert_eq!(found(&events), ["urn:x:c3 around urn:x:c1 0 2"]);
    }

    #[test]
    fn what_nothing_commissions_is_counted() {
        let events = [
            object(Action::Add, "commissioning", 1, &["u1", "u2"]),
            aggregation(Action::Add, 2, "c1", &["u1", "u2", "u3"]),
        ];
        let mut containment = Containment::default();
        for event in &events {
            containment.follow(0, event, &mut Vec::new());
        }
        assert_eq!(containment.uncommissioned(), 2);
    }
}
