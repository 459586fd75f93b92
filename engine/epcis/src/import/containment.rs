//! Where the events of a window contradict each other about what is in what.
//!
//! A graph with the objects as nodes, which petgraph walks: an edge leads from a child to the parent that it is in at
//! that moment. A second edge from a child, or a way from a parent back to its child, is a contradiction. What contradicts is
//! submitted all the same, and refused by the engine's own rules; the conflict found here tells what it stands against,
//! which the engine cannot know.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use packtree::Identifier;
use petgraph::algo::has_path_connecting;
use petgraph::visit::{GraphBase, IntoNeighbors, Visitable};

use crate::{Action, AggregationEvent, Event, ObjectEvent, Place};

/// Two events that cannot both be right about one object.
///
/// ```
/// use packtree::{Engine, Options, Policy, disk::SimulatedDisk};
/// use packtree_epcis::{Conflict, ConflictKind, Import, ImportSettings, Refused, Report};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // Two cases claim the same unit.
/// let pack = |case: &str, second: u32| format!(
///     r#"{{"type": "AggregationEvent", "action": "ADD", "bizStep": "packing", "eventTime": "2025-11-23T10:15:0{second}Z",
///         "eventTimeZoneOffset": "+01:00", "parentID": "{case}", "childEPCs": ["urn:epc:id:sgtin:0614141.107346.2017"]}}"#
/// );
/// let (one, other) = ("urn:epc:id:sscc:0614141.1234567890", "urn:epc:id:sscc:0614141.1234567891");
/// let document = format!("[{}, {}]", pack(one, 1), pack(other, 2));
///
/// let options = Options { policy: Policy::partner_documents(), ..Options::default() };
/// let engine = Engine::open_on(std::sync::Arc::new(SimulatedDisk::new()), options)?;
/// let mut import = Import::new(&engine, ImportSettings::new("partner")?);
/// import.read("packing.json", document.as_bytes())?;
/// let report: Report = import.finish()?;
///
/// assert_eq!((report.applied, report.refused_total()), (1, 1));
/// let [Refused { code, index, .. }] = &report.refused[..] else { panic!("the second one is") };
/// assert_eq!((*code, *index), ("child_has_other_parent", Some(1)));
/// let [Conflict { kind: ConflictKind::SeveralParents { .. }, first, .. }] = &report.conflicts[..] else { panic!("there is one") };
/// assert_eq!(first.index, 0);
/// # Ok(())
/// # }
/// ```
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
    objects: Vec<Object<'e>>,
}

#[derive(Clone, Copy)]
struct Object<'e> {
    identifier: &'e Identifier,
    /// Whether an event of the window commissions it.
    is_commissioned: bool,
    /// Where it is, unless it was taken out since.
    edge: Option<Edge>,
    /// The number of the event after which nothing that was in it is there any more.
    emptied: usize,
    /// Whether something was ever put into it.
    is_container: bool,
}

/// From a child to its parent.
#[derive(Clone, Copy)]
struct Edge {
    parent: u32,
    /// The position in the window of the event that put it there.
    position: usize,
    /// How many events were followed before that one.
    since: usize,
}

/// A contradiction between the events at two positions.
pub(super) struct Contradiction<'e> {
    pub(super) object: &'e Identifier,
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) kind: ConflictKind,
}

impl<'e> Containment<'e> {
    /// Follows the next events, given with their positions in the order of application.
    pub(super) fn follow(&mut self, events: impl Iterator<Item = (usize, &'e Event)>) -> Vec<Contradiction<'e>> {
        let mut found = Vec::new();
        for (number, (position, event)) in events.enumerate() {
            if event.common().error_declaration.is_some() {
                continue;
            }
            match event {
                Event::Object(event) => self.object(event),
                Event::Aggregation(event) => self.aggregation(number, position, event, &mut found),
                _ => {}
            }
        }
        found
    }

    /// Objects that no event followed so far commissions.
    pub(super) fn uncommissioned(&self) -> u64 {
        self.objects.iter().filter(|object| !object.is_commissioned).count() as u64
    }

    fn object(&mut self, event: &'e ObjectEvent) {
        for object in &event.objects {
            let node = self.node(object);
            let object = &mut self.objects[node as usize];
            match event.action {
                Action::Add => object.is_commissioned = true,
                Action::Delete => object.edge = None,
                Action::Observe => {}
            }
        }
    }

    fn aggregation(
        &mut self,
        number: usize,
        position: usize,
        event: &'e AggregationEvent,
        found: &mut Vec<Contradiction<'e>>,
    ) {
        let Some(parent) = &event.parent else { return };
        let parent = self.node(parent);
        match event.action {
            Action::Observe => {}
            Action::Delete if event.children.is_empty() => self.objects[parent as usize].emptied = number,
            Action::Delete => {
                for child in &event.children {
                    let child = self.node(child);
                    if self.edge(child).is_some_and(|edge| edge.parent == parent) {
                        self.objects[child as usize].edge = None;
                    }
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
                    self.put_in(parent, &children, Edge { parent, position, since: number });
                }
            }
        }
    }

    fn put_in(&mut self, parent: u32, children: &[u32], edge: Edge) {
        self.objects[parent as usize].is_container = true;
        for child in children {
            let known = self.edge(*child).is_some();
            if !known {
                self.objects[*child as usize].edge = Some(edge);
            }
        }
    }

    fn contradiction(&self, child: u32, parent: u32, second: usize) -> Option<Contradiction<'e>> {
        let name = |node: u32| self.objects[node as usize].identifier;
        let object = name(child);
        // The engine sees for itself what is packed into itself.
        if child == parent {
            return None;
        }
        if let Some(edge) = self.edge(child) {
            let kind = ConflictKind::SeveralParents { first: name(edge.parent).clone(), second: name(parent).clone() };
            return (edge.parent != parent).then_some(Contradiction { object, first: edge.position, second, kind });
        }
        let around = self.edge(parent)?;
        let holds_parent = self.objects[child as usize].is_container && has_path_connecting(self, parent, child, None);
        holds_parent.then(|| {
            let kind = ConflictKind::Cycle { parent: name(parent).clone() };
            Contradiction { object, first: around.position, second, kind }
        })
    }

    /// Where an object is now.
    fn edge(&self, node: u32) -> Option<Edge> {
        let edge = self.objects[node as usize].edge?;
        let is_emptied = edge.since < self.objects[edge.parent as usize].emptied;
        (!is_emptied).then_some(edge)
    }

    fn node(&mut self, identifier: &'e Identifier) -> u32 {
        let Self { nodes, objects } = self;
        *nodes.entry(identifier).or_insert_with(|| {
            let object = Object { identifier, is_commissioned: false, edge: None, emptied: 0, is_container: false };
            objects.push(object);
            objects.len() as u32 - 1
        })
    }
}

impl GraphBase for Containment<'_> {
    type NodeId = u32;
    type EdgeId = u32;
}

impl Visitable for Containment<'_> {
    /// The way from an object to its root is short, whatever the number of objects.
    type Map = HashSet<u32>;

    fn visit_map(&self) -> HashSet<u32> {
        HashSet::new()
    }

    fn reset_map(&self, map: &mut HashSet<u32>) {
        map.clear();
    }
}

impl IntoNeighbors for &Containment<'_> {
    type Neighbors = std::option::IntoIter<u32>;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.edge(node).map(|edge| edge.parent).into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{aggregation, object};

    /// The contradictions as text: object, positions, kind.
    fn found(events: &[Event]) -> Vec<String> {
        let found = Containment::default().follow(events.iter().enumerate());
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
        containment.follow(events.iter().enumerate());
        assert_eq!(containment.uncommissioned(), 2);
    }
}
