//! The durable state as a petgraph graph, and the check of everything that is always true of it.

use packtree_gs1::Identifier;

use super::Engine;
use crate::forest::verify::verify;
use crate::forest::walk::Hierarchy;

impl Engine {
    /// Calls `read` with the durable state as a petgraph graph. The writer waits while it runs.
    ///
    /// ```
    /// use packtree::fact::Level;
    /// use packtree::operation::Commission;
    /// use packtree::{Caller, Engine, Identifier, Operation, Options};
    /// use petgraph::visit::Dfs;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// let engine = Engine::open(directory.path(), Options::default())?;
    /// let line = Caller::machine("line-3")?;
    /// let case = Identifier::parse("(00)095212345000000018")?;
    /// let unit = Identifier::parse("(01)09521234543213(21)A001")?;
    /// for (object, level) in [(&case, Level::Case), (&unit, Level::Unit)] {
    ///     engine.perform(&line, Operation::Commission(Commission { lot: None, level, objects: vec![object.clone()] }))?;
    /// }
    /// engine.perform(&line, Operation::pack(case.clone(), vec![unit]))?;
    ///
    /// let objects = engine.hierarchy(|graph| {
    ///     let mut walk = Dfs::new(graph, graph.find(&case)?);
    ///     Some(std::iter::from_fn(|| walk.next(graph)).count())
    /// });
    /// assert_eq!(objects, Some(2));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The names of what petgraph walks it with are in [`graph`](crate::graph):
    ///
    /// ```
    /// use packtree::graph::{Edge, EdgeReference, EdgeReferences, Edges, Hierarchy, Label, Neighbors};
    /// use packtree::graph::{Node, NodeReference, NodeReferences, Nodes};
    /// use petgraph::visit::{EdgeRef, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNodeIdentifiers, IntoNodeReferences, NodeRef};
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, pallet, cases, .. } = packed_pallet()?;
    /// let found = engine.hierarchy(|graph| {
    ///     let root: Node = graph.find(&pallet)?;
    ///     let tree: Hierarchy<'_> = graph.below(root);
    ///     let (nodes, edges): (Nodes<'_>, EdgeReferences<'_>) = (tree.node_identifiers(), tree.edge_references());
    ///     assert_eq!((nodes.count(), edges.count()), (7, 6));
    ///
    ///     let mut children: Neighbors<'_> = tree.neighbors(root);
    ///     assert_eq!(children.next().map(|case| tree.identifier(case)), Some(cases[0].clone()));
    ///     let mut labelled: NodeReferences<'_> = tree.node_references();
    ///     let pallet: NodeReference<'_> = labelled.next()?;
    ///     let label: &Label<'_> = pallet.weight();
    ///     assert!(label.to_string().contains("pallet of 2"));
    ///     assert!(tree.dot(root).contains("pallet of 2"));
    ///
    ///     let mut down: Edges<'_> = tree.edges(root);
    ///     let first: EdgeReference = down.next()?;
    ///     Some((first.id(), first.source() == root))
    /// });
    /// let (_, leads_down): (Edge, bool) = found.ok_or("the pallet has cases")?;
    /// assert!(leads_down);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hierarchy<R>(&self, read: impl FnOnce(Hierarchy<'_>) -> R) -> R {
        read(Hierarchy::new(&self.inner.shared.forest.read()))
    }

    /// The tree under an object in the DOT language of Graphviz; `None` for an object that the engine does not know.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, pallet, fresh, .. } = packed_pallet()?;
    /// let dot = engine.dot(&pallet).ok_or("the pallet is known")?;
    /// assert!(dot.starts_with("digraph {") && dot.matches(" -> ").count() == 6);
    /// assert_eq!(engine.dot(&fresh), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dot(&self, id: &Identifier) -> Option<String> {
        self.hierarchy(|graph| graph.find(id).map(|root| graph.dot(root)))
    }

    /// Checks everything that is always true of the durable state, object by object; nothing is returned for a sound one.
    ///
    /// It visits every object, and the writer waits meanwhile.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, .. } = packed_pallet()?;
    /// assert_eq!(engine.verify_state(), Vec::<String>::new());
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify_state(&self) -> Vec<String> {
        verify(&*self.inner.shared.forest.read()).iter().map(ToString::to_string).collect()
    }
}
