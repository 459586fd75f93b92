//! The forest as a petgraph graph: objects are nodes, and an edge leads from each container to each of its children.
//!
//! Nothing is copied: petgraph's traversals, checks and exports run on the live forest.

use std::collections::HashSet;
use std::fmt;

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;
use petgraph::dot::{Config, Dot, RankDir};
use petgraph::visit::{
    Data, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoEdgesDirected, IntoNeighbors,
    IntoNeighborsDirected, IntoNodeIdentifiers, IntoNodeReferences, NodeCount, NodeIndexable, NodeRef, Visitable,
};
use petgraph::{Directed, Direction};

use super::Forest;
use super::record::Ix;
use super::view::{Children, View};
use crate::fact::{Seal, Status};

/// The forest, or one tree of it, as a directed petgraph graph.
#[derive(Clone, Copy)]
pub struct Hierarchy<'a> {
    forest: &'a Forest,
    root: Option<Ix>,
}

/// A node of a [`Hierarchy`]: an object. Good for as long as the hierarchy is borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub(crate) Ix);

/// An edge of a [`Hierarchy`], named by the child: it has one parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge(Ix);

/// What a node shows: its identifier, its level, and what is unusual about it.
#[derive(Clone, Copy)]
pub struct Label<'a> {
    forest: &'a Forest,
    ix: Ix,
}

impl<'a> Hierarchy<'a> {
    pub(crate) const fn new(forest: &'a Forest) -> Self {
        Self { forest, root: None }
    }

    /// The tree under one object, as a graph of its own: what is around that object is left out.
    #[must_use]
    pub const fn below(self, root: Node) -> Self {
        Self { forest: self.forest, root: Some(root.0) }
    }

    /// The node of an identifier.
    pub fn find(self, identifier: &Identifier) -> Option<Node> {
        self.forest.find(identifier).map(Node)
    }

    /// The identifier of a node.
    pub fn identifier(self, node: Node) -> Identifier {
        self.forest.identifier(node.0)
    }

    /// The tree under one object in the DOT language, through petgraph's [`Dot`].
    pub fn dot(self, root: Node) -> String {
        let options = [Config::EdgeNoLabel, Config::RankDir(RankDir::TB)];
        let shape = |_: Hierarchy<'a>, _: NodeReference<'a>| String::from("shape = box ");
        Dot::with_attr_getters(self.below(root), &options, &|_, _| String::new(), &shape).to_string()
    }
}

impl fmt::Debug for Hierarchy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hierarchy").field("objects", &self.forest.len()).field("root", &self.root).finish()
    }
}

impl fmt::Debug for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = self.forest.record(self.ix);
        write!(f, "{}\n{}", self.forest.identifier(self.ix), record.level())?;
        let container = self.forest.container(self.ix);
        if let Some(container) = container.filter(|container| 0 < container.count) {
            write!(f, " of {}", container.count)?;
        }
        let seal = container.map_or(Seal::Open, |container| container.seal);
        if seal != Seal::Open {
            write!(f, ", {seal}")?;
        }
        if record.status() != Status::Active {
            write!(f, ", {}", record.status())?;
        }
        for (word, holds) in [("on hold", record.is_held()), ("away", record.is_away())] {
            if holds {
                write!(f, ", {word}")?;
            }
        }
        writeln!(f)
    }
}

/// The children of a node, or its parent.
pub struct Neighbors<'a> {
    children: Option<Children<'a, Forest>>,
    parent: Option<Ix>,
}

impl Iterator for Neighbors<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        let ix = match &mut self.children {
            Some(children) => children.next(),
            None => self.parent.take(),
        };
        ix.map(Node)
    }
}

/// The nodes of a hierarchy: parents before their children where it is one tree, else in the order of commissioning.
pub struct Nodes<'a> {
    hierarchy: Hierarchy<'a>,
    at: Option<Ix>,
}

impl Iterator for Nodes<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        let here = self.at?;
        let forest = self.hierarchy.forest;
        self.at = match self.hierarchy.root {
            Some(root) => after(forest, root, here),
            None => Some(Ix(here.0 + 1)).filter(|next| next.0 < forest.len()),
        };
        Some(Node(here))
    }
}

/// The object that follows in a tree, parents before their children. Needs no stack: the links lead back.
fn after(forest: &Forest, root: Ix, ix: Ix) -> Option<Ix> {
    let first = |ix: Ix| forest.container(ix).and_then(|container| container.first.known());
    if let Some(child) = first(ix) {
        return Some(child);
    }
    let mut at = ix;
    while at != root {
        let record = forest.record(at);
        if first(record.parent) != Some(record.next) {
            return Some(record.next);
        }
        at = record.parent;
    }
    None
}

/// A node with its label.
#[derive(Clone, Copy)]
pub struct NodeReference<'a> {
    label: Label<'a>,
}

impl<'a> NodeRef for NodeReference<'a> {
    type NodeId = Node;
    type Weight = Label<'a>;

    fn id(&self) -> Node {
        Node(self.label.ix)
    }

    fn weight(&self) -> &Label<'a> {
        &self.label
    }
}

/// An edge with its two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeReference {
    parent: Ix,
    child: Ix,
}

impl EdgeRef for EdgeReference {
    type NodeId = Node;
    type EdgeId = Edge;
    type Weight = &'static str;

    fn source(&self) -> Node {
        Node(self.parent)
    }

    fn target(&self) -> Node {
        Node(self.child)
    }

    fn weight(&self) -> &&'static str {
        &"contains"
    }

    fn id(&self) -> Edge {
        Edge(self.child)
    }
}

impl GraphBase for Hierarchy<'_> {
    type EdgeId = Edge;
    type NodeId = Node;
}

impl<'a> Data for Hierarchy<'a> {
    type NodeWeight = Label<'a>;
    type EdgeWeight = &'static str;
}

impl GraphProp for Hierarchy<'_> {
    type EdgeType = Directed;
}

impl GraphRef for Hierarchy<'_> {}

impl<'a> IntoNeighbors for Hierarchy<'a> {
    type Neighbors = Neighbors<'a>;

    fn neighbors(self, node: Node) -> Neighbors<'a> {
        self.neighbors_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoNeighborsDirected for Hierarchy<'a> {
    type NeighborsDirected = Neighbors<'a>;

    fn neighbors_directed(self, node: Node, direction: Direction) -> Neighbors<'a> {
        match direction {
            Direction::Outgoing => Neighbors { children: Some(self.forest.children(node.0)), parent: None },
            Direction::Incoming => {
                let parent = self.forest.record(node.0).parent.known().filter(|_| self.root != Some(node.0));
                Neighbors { children: None, parent }
            }
        }
    }
}

impl<'a> IntoNodeIdentifiers for Hierarchy<'a> {
    type NodeIdentifiers = Nodes<'a>;

    fn node_identifiers(self) -> Nodes<'a> {
        Nodes { hierarchy: self, at: self.root.or(Some(Ix(0)).filter(|first| first.0 < self.forest.len())) }
    }
}

/// Nodes with their labels.
pub struct NodeReferences<'a>(Nodes<'a>);

impl<'a> Iterator for NodeReferences<'a> {
    type Item = NodeReference<'a>;

    fn next(&mut self) -> Option<NodeReference<'a>> {
        let forest = self.0.hierarchy.forest;
        self.0.next().map(|node| NodeReference { label: Label { forest, ix: node.0 } })
    }
}

impl<'a> IntoNodeReferences for Hierarchy<'a> {
    type NodeRef = NodeReference<'a>;
    type NodeReferences = NodeReferences<'a>;

    fn node_references(self) -> NodeReferences<'a> {
        NodeReferences(self.node_identifiers())
    }
}

/// The edges of a hierarchy, in the order of its nodes.
pub struct EdgeReferences<'a>(Nodes<'a>);

impl Iterator for EdgeReferences<'_> {
    type Item = EdgeReference;

    fn next(&mut self) -> Option<EdgeReference> {
        let Hierarchy { forest, root } = self.0.hierarchy;
        self.0.find_map(|Node(child)| {
            let parent = forest.record(child).parent.known().filter(|_| root != Some(child))?;
            Some(EdgeReference { parent, child })
        })
    }
}

impl<'a> IntoEdgeReferences for Hierarchy<'a> {
    type EdgeRef = EdgeReference;
    type EdgeReferences = EdgeReferences<'a>;

    fn edge_references(self) -> EdgeReferences<'a> {
        EdgeReferences(self.node_identifiers())
    }
}

/// The edges at one node.
pub struct Edges<'a> {
    node: Ix,
    direction: Direction,
    neighbors: Neighbors<'a>,
}

impl Iterator for Edges<'_> {
    type Item = EdgeReference;

    fn next(&mut self) -> Option<EdgeReference> {
        let Node(other) = self.neighbors.next()?;
        let (parent, child) = match self.direction {
            Direction::Outgoing => (self.node, other),
            Direction::Incoming => (other, self.node),
        };
        Some(EdgeReference { parent, child })
    }
}

impl<'a> IntoEdges for Hierarchy<'a> {
    type Edges = Edges<'a>;

    fn edges(self, node: Node) -> Edges<'a> {
        self.edges_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoEdgesDirected for Hierarchy<'a> {
    type EdgesDirected = Edges<'a>;

    fn edges_directed(self, node: Node, direction: Direction) -> Edges<'a> {
        Edges { node: node.0, direction, neighbors: self.neighbors_directed(node, direction) }
    }
}

impl NodeCount for Hierarchy<'_> {
    fn node_count(&self) -> usize {
        match self.root {
            Some(_) => self.node_identifiers().count(),
            None => self.forest.len() as usize,
        }
    }
}

impl NodeIndexable for Hierarchy<'_> {
    fn node_bound(&self) -> usize {
        self.forest.len() as usize
    }

    fn to_index(&self, node: Node) -> usize {
        node.0.0 as usize
    }

    fn from_index(&self, index: usize) -> Node {
        Node(Ix(u32::try_from(index).expect("an index of this graph fits 32 bits")))
    }
}

impl Visitable for Hierarchy<'_> {
    /// Grows with what is visited and not with the forest, so that a walk through one tree costs what that tree does.
    type Map = HashSet<Node, FixedState>;

    fn visit_map(&self) -> Self::Map {
        HashSet::default()
    }

    fn reset_map(&self, map: &mut Self::Map) {
        map.clear();
    }
}

#[cfg(test)]
mod tests {
    use petgraph::Direction::{Incoming, Outgoing};
    use petgraph::algo::{has_path_connecting, is_cyclic_directed, toposort};
    use petgraph::visit::{Bfs, Dfs, DfsPostOrder, Reversed, Topo, Walker as _};

    use super::*;
    use crate::fact::{Effect, Level};
    use crate::forest::apply::apply;

    const PALLET: Node = Node(Ix(0));
    const CASE: Node = Node(Ix(1));

    fn id(number: u64) -> Identifier {
        Identifier::parse(&format!("(01)09521234543213(21){number}")).expect("an identifier")
    }

    /// Object 0 holds 1, 2 and 3; 1 holds 4 and 5; 6 is loose.
    fn forest() -> Forest {
        let ix = |numbers: &[u32]| numbers.iter().map(|n| Ix(*n)).collect::<Vec<_>>();
        let effects = [
            Effect::Commissioned { lot: None, level: Level::Pallet, objects: vec![id(0)] },
            Effect::Commissioned { lot: None, level: Level::Case, objects: (1..4).map(id).collect() },
            Effect::Commissioned { lot: None, level: Level::Unit, objects: (4..7).map(id).collect() },
            Effect::Joined { parent: Ix(1), children: ix(&[4, 5]) },
            Effect::Joined { parent: Ix(0), children: ix(&[1, 2, 3]) },
            Effect::Sealed { objects: ix(&[1]), seal: Seal::ClosedPartial },
            Effect::HoldSet { objects: ix(&[3]), held: true },
            Effect::StatusSet { objects: ix(&[6]), status: Status::Sampled },
        ];
        let mut forest = Forest::new(1);
        apply(&mut forest, 7, &effects, &mut Vec::new());
        forest
    }

    fn numbers(nodes: impl Iterator<Item = Node>) -> Vec<u32> {
        nodes.map(|Node(ix)| ix.0).collect()
    }

    #[test]
    fn petgraph_walks_the_live_forest() {
        let forest = forest();
        let graph = Hierarchy::new(&forest);
        assert_eq!(numbers(Bfs::new(graph, PALLET).iter(graph)), [0, 1, 2, 3, 4, 5]);
        assert_eq!(numbers(DfsPostOrder::new(graph, CASE).iter(graph)).last(), Some(&1));
        let mut below = numbers(Dfs::new(graph, PALLET).iter(graph));
        below.sort_unstable();
        assert_eq!(below, [0, 1, 2, 3, 4, 5]);
        assert_eq!(numbers(Dfs::new(Reversed(graph), Node(Ix(5))).iter(Reversed(graph))), [5, 1, 0]);
        assert!(has_path_connecting(graph, PALLET, Node(Ix(5)), None));
        assert!(!has_path_connecting(graph, CASE, Node(Ix(6)), None));
    }

    #[test]
    fn petgraph_checks_the_live_forest() {
        let forest = forest();
        let graph = Hierarchy::new(&forest);
        assert!(!is_cyclic_directed(graph));
        let order = numbers(toposort(graph, None).expect("no cycle").into_iter());
        let place = |number| order.iter().position(|other| *other == number);
        assert_eq!(order.len(), 7);
        assert!(place(0) < place(1) && place(1) < place(4));
        assert_eq!(numbers(Topo::new(graph).iter(graph)).len(), 7);
    }

    #[test]
    fn one_tree_is_a_graph_of_its_own() {
        let forest = forest();
        let graph = Hierarchy::new(&forest);
        let tree = graph.below(CASE);
        assert_eq!(numbers(tree.node_identifiers()), [1, 4, 5]);
        assert_eq!(numbers(graph.below(PALLET).node_identifiers()), [0, 1, 4, 5, 2, 3]);
        assert_eq!(numbers(graph.below(Node(Ix(6))).node_identifiers()), [6]);
        assert_eq!((tree.node_count(), graph.node_count()), (3, 7));
        assert_eq!(tree.edge_references().count(), 2);
        assert_eq!(graph.edge_references().count(), 5);
        assert_eq!(numbers(tree.neighbors_directed(CASE, Incoming)), [0; 0], "what is around is left out");
        assert_eq!(numbers(graph.neighbors_directed(CASE, Incoming)), [0]);
        let empty = Forest::new(1);
        assert_eq!(Hierarchy::new(&empty).node_identifiers().count(), 0);
    }

    #[test]
    fn edges_lead_from_a_container_to_its_children() {
        let forest = forest();
        let graph = Hierarchy::new(&forest);
        let ends = |edge: EdgeReference| (edge.source(), edge.target());
        assert_eq!(graph.edges(CASE).map(ends).collect::<Vec<_>>(), [(CASE, Node(Ix(4))), (CASE, Node(Ix(5)))]);
        assert_eq!(graph.edges_directed(CASE, Incoming).map(ends).collect::<Vec<_>>(), [(PALLET, CASE)]);
        assert_eq!(
            graph.edges_directed(CASE, Outgoing).map(|edge| edge.id()).collect::<Vec<_>>(),
            [Edge(Ix(4)), Edge(Ix(5))]
        );
        assert_eq!(graph.from_index(graph.to_index(CASE)), CASE);
        assert_eq!(graph.find(&id(1)).map(|node| graph.identifier(node)), Some(id(1)));
        assert_eq!(graph.find(&id(99)), None);
    }

    #[test]
    fn a_tree_is_drawn_through_petgraph() {
        let forest = forest();
        let expected = r#"digraph {
    rankdir="TB"
    1 [ label = "(01)09521234543213(21)1\lcase of 2, closed_partial\l" shape = box ]
    4 [ label = "(01)09521234543213(21)4\lunit\l" shape = box ]
    5 [ label = "(01)09521234543213(21)5\lunit\l" shape = box ]
    1 -> 4 [ ]
    1 -> 5 [ ]
}
"#;
        assert_eq!(Hierarchy::new(&forest).dot(CASE), expected);
        let held = Hierarchy::new(&forest).dot(Node(Ix(3)));
        assert!(held.contains("(01)09521234543213(21)3\\lcase, on hold\\l"), "{held}");
        let sampled = Hierarchy::new(&forest).dot(Node(Ix(6)));
        assert!(sampled.contains("(01)09521234543213(21)6\\lunit, sampled\\l"), "{sampled}");
    }
}
