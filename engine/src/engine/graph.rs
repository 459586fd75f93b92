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
    pub fn hierarchy<R>(&self, read: impl FnOnce(Hierarchy<'_>) -> R) -> R {
        read(Hierarchy::new(&self.inner.shared.forest.read()))
    }

    /// The tree under an object in the DOT language of Graphviz; `None` for an object that the engine does not know.
    pub fn dot(&self, id: &Identifier) -> Option<String> {
        self.hierarchy(|graph| graph.find(id).map(|root| graph.dot(root)))
    }

    /// Checks everything that is always true of the durable state, object by object; nothing is returned for a sound one.
    ///
    /// It visits every object, and the writer waits meanwhile.
    pub fn verify_state(&self) -> Vec<String> {
        verify(&*self.inner.shared.forest.read()).iter().map(ToString::to_string).collect()
    }
}
