//! In what order the events of a window are applied.
//!
//! Documents list events in any order, and their times are often all the same, because the batch was exported at once.
//! In a petgraph graph with the events as nodes, an edge says that both concern one object, or one tree, and which of them
//! comes first. Its topological order is the order of application; events that have nothing to do with each other stay as the
//! document has them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use foldhash::fast::RandomState;
use packtree::Identifier;
use packtree::fact::Microseconds;
use packtree::limits::DEPTH_MAX;
use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::{Action, Event, Term};

/// When an event comes, relative to others about the same objects.
///
/// Its time decides. Where times are equal, what must have been so comes first: objects exist before they arrive, are
/// taken out of one container before they go into the next, and are packed before they leave.
type Turn = (Microseconds, u8);

fn turn(event: &Event) -> Option<Turn> {
    let common = event.common();
    if common.error_declaration.is_some() {
        return None;
    }
    let rank = match event {
        Event::Object(event) => match (event.action, common.biz_step.as_ref().map(Term::as_str)) {
            (Action::Add, _) => 0,
            (Action::Observe, Some("receiving" | "void_shipping")) => 1,
            (Action::Observe, Some("shipping")) => 5,
            (Action::Observe, Some("destroying" | "sampling")) | (Action::Delete, _) => 6,
            (Action::Observe, Some("holding")) => 4,
            (Action::Observe, _) => return None,
        },
        Event::Aggregation(event) => match event.action {
            Action::Delete => 2,
            Action::Add => 3,
            Action::Observe => return None,
        },
        _ => return None,
    };
    Some((common.time.at, rank))
}

/// The objects that an event concerns.
fn objects(event: &Event) -> impl Iterator<Item = &Identifier> {
    let (parent, objects): (Option<&Identifier>, &[Identifier]) = match event {
        Event::Object(event) => (None, &event.objects),
        Event::Aggregation(event) => (event.parent.as_ref(), &event.children),
        _ => (None, &[]),
    };
    parent.into_iter().chain(objects)
}

/// The order in which events are applied, as positions in `events`.
pub(super) fn order(events: &[&Event]) -> Vec<usize> {
    let turns: Vec<Option<Turn>> = events.iter().map(|event| turn(event)).collect();
    let mut moving: Vec<usize> = (0..events.len()).filter(|index| turns[*index].is_some()).collect();
    if moving.is_sorted_by_key(|index| turns[*index]) {
        return (0..events.len()).collect();
    }
    moving.sort_by_key(|index| turns[*index]);
    topological(&precedence(events, &moving))
}

/// Leads from each event to the next about one of its objects, or about the tree that the object is in by then; `moving`
/// has the events in the order of their turns.
///
/// A pallet that ships takes with it what is inside, so what happened inside before must be applied before.
fn precedence(events: &[&Event], moving: &[usize]) -> DiGraph<(), ()> {
    let mut graph = DiGraph::with_capacity(events.len(), moving.len());
    for _ in events {
        graph.add_node(());
    }
    let mut last: HashMap<&Identifier, usize, RandomState> = HashMap::default();
    let mut trees = Trees::default();
    for (turn, index) in moving.iter().enumerate() {
        let mut linked = None;
        let mut link = |before: usize| {
            // Most objects of an event were together in the one before.
            if before != *index && linked != Some(before) {
                graph.add_edge(NodeIndex::new(before), NodeIndex::new(*index), ());
                linked = Some(before);
            }
        };
        for object in objects(events[*index]) {
            trees.emptied_around(object).into_iter().for_each(&mut link);
            let root = trees.root(object);
            let is_inside = root != object;
            last.insert(object, *index).into_iter().for_each(&mut link);
            is_inside.then(|| last.insert(root, *index)).flatten().into_iter().for_each(&mut link);
        }
        trees.follow(events[*index], turn, *index);
    }
    graph
}

/// What is in what after the events so far, as far as the window tells.
#[derive(Default)]
struct Trees<'e> {
    /// The parent of an object, and the turn in which it went there.
    parents: HashMap<&'e Identifier, (&'e Identifier, usize), RandomState>,
    /// The turn in which everything came out of a container, and the event that says so.
    emptied: HashMap<&'e Identifier, (usize, usize), RandomState>,
}

impl<'e> Trees<'e> {
    /// The outermost container of an object.
    fn root(&self, object: &'e Identifier) -> &'e Identifier {
        let mut root = object;
        // Documents may claim cycles, which the engine refuses.
        for _ in 0..DEPTH_MAX {
            match self.parents.get(root) {
                Some((parent, since)) if self.emptied.get(parent).is_none_or(|(turn, _)| turn < since) => root = parent,
                _ => break,
            }
        }
        root
    }

    /// The event that took an object out of its container without naming it.
    fn emptied_around(&self, object: &Identifier) -> Option<usize> {
        let (parent, since) = self.parents.get(object)?;
        self.emptied.get(parent).filter(|(turn, _)| since < turn).map(|(_, event)| *event)
    }

    fn follow(&mut self, event: &'e Event, turn: usize, index: usize) {
        let Event::Aggregation(event) = event else { return };
        let Some(parent) = &event.parent else { return };
        match event.action {
            Action::Add => self.parents.extend(event.children.iter().map(|child| (child, (parent, turn)))),
            Action::Delete if event.children.is_empty() => {
                self.emptied.insert(parent, (turn, index));
            }
            Action::Delete => event.children.iter().for_each(|child| {
                self.parents.remove(child);
            }),
            Action::Observe => {}
        }
    }
}

/// The nodes so that every edge leads forward, and the smaller one first where that leaves a choice.
fn topological(graph: &DiGraph<(), ()>) -> Vec<usize> {
    let count = |node| graph.neighbors_directed(node, Direction::Incoming).count();
    let mut waiting_for: Vec<usize> = graph.node_indices().map(count).collect();
    let free = (0..waiting_for.len()).filter(|node| waiting_for[*node] == 0);
    let mut free: BinaryHeap<Reverse<usize>> = free.map(Reverse).collect();
    let mut order = Vec::with_capacity(waiting_for.len());
    while let Some(Reverse(node)) = free.pop() {
        order.push(node);
        for next in graph.neighbors(NodeIndex::new(node)) {
            let waiting = &mut waiting_for[next.index()];
            *waiting -= 1;
            if *waiting == 0 {
                free.push(Reverse(next.index()));
            }
        }
    }
    debug_assert_eq!(order.len(), waiting_for.len(), "edges follow turns, so there is no way back");
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{aggregation, object};

    #[track_caller]
    fn check(events: &[Event], expected: &[usize]) {
        let events: Vec<&Event> = events.iter().collect();
        assert_eq!(order(&events), expected);
    }

    #[test]
    fn what_is_in_order_stays() {
        check(&[], &[]);
        let events = [
            object(Action::Add, "commissioning", 1, &["u1"]),
            aggregation(Action::Add, 2, "c1", &["u1"]),
            object(Action::Observe, "shipping", 3, &["c1"]),
        ];
        check(&events, &[0, 1, 2]);
    }

    #[test]
    fn times_decide_and_what_is_unrelated_stays() {
        let events = [
            object(Action::Observe, "shipping", 9, &["c1"]),
            object(Action::Add, "commissioning", 5, &["u9"]),
            aggregation(Action::Add, 2, "c1", &["u1"]),
            object(Action::Observe, "inspecting", 7, &["u1"]),
            object(Action::Add, "commissioning", 1, &["u1", "c1"]),
        ];
        check(&events, &[1, 3, 4, 2, 0]);
    }

    #[test]
    fn at_the_same_time_life_comes_before_packing_and_packing_before_leaving() {
        let events = [
            object(Action::Delete, "destroying", 1, &["u2"]),
            object(Action::Observe, "shipping", 1, &["c2"]),
            aggregation(Action::Add, 1, "c2", &["u1"]),
            aggregation(Action::Delete, 1, "c1", &["u1", "u2"]),
            object(Action::Observe, "receiving", 1, &["c1"]),
            object(Action::Add, "commissioning", 1, &["u1", "u2", "c1", "c2"]),
        ];
        check(&events, &[5, 4, 3, 0, 2, 1]);
    }

    #[test]
    fn what_happens_inside_a_container_comes_before_the_container_leaves() {
        let events = [
            object(Action::Observe, "shipping", 5, &["p1"]),
            aggregation(Action::Delete, 4, "c1", &["u1"]),
            aggregation(Action::Add, 3, "p1", &["c1"]),
            aggregation(Action::Add, 2, "c1", &["u1"]),
            aggregation(Action::Add, 1, "c2", &["u2"]),
        ];
        check(&events, &[3, 2, 1, 0, 4]);
        // What was taken out before has nothing to do with it any more.
        let events = [
            object(Action::Observe, "shipping", 5, &["p1"]),
            object(Action::Observe, "holding", 4, &["u1"]),
            aggregation(Action::Delete, 3, "c1", &[]),
            aggregation(Action::Add, 2, "p1", &["c1"]),
            aggregation(Action::Add, 1, "c1", &["u1"]),
        ];
        check(&events, &[4, 3, 2, 0, 1]);
    }

    #[test]
    fn error_declarations_order_nothing() {
        let mut declared = object(Action::Add, "commissioning", 9, &["u1"]);
        declared.common_mut().error_declaration = Some(Box::default());
        check(&[declared, object(Action::Add, "commissioning", 1, &["u1"])], &[0, 1]);
    }
}
