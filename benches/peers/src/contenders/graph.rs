//! A graph library and string keys, in memory: what one writes first. It keeps nothing when the process ends.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;

use crate::contender::Contender;
use crate::workload::{LOT, Level, Object, Pack, Size};

#[derive(Default)]
pub(crate) struct Graph {
    graph: StableDiGraph<Node, ()>,
    places: HashMap<String, NodeIndex>,
    lots: HashMap<&'static str, bool>,
}

struct Node {
    identifier: String,
    lot: Option<&'static str>,
}

impl Graph {
    fn place(&self, key: &str) -> Result<NodeIndex> {
        self.places.get(key).copied().with_context(|| format!("{key} is not known"))
    }

    fn parent(&self, place: NodeIndex) -> Option<NodeIndex> {
        self.graph.neighbors_directed(place, Incoming).next()
    }

    fn join(&mut self, parent: NodeIndex, child: &str) -> Result<()> {
        let child = self.place(child)?;
        ensure!(self.parent(child).is_none(), "it has a parent");
        self.graph.add_edge(parent, child, ());
        Ok(())
    }

    fn leave(&mut self, child: NodeIndex) -> Result<()> {
        let edge = self.graph.edges_directed(child, Incoming).next().context("it has a parent")?.id();
        self.graph.remove_edge(edge);
        Ok(())
    }

    fn below(&self, container: NodeIndex) -> Vec<NodeIndex> {
        let mut below: Vec<NodeIndex> = self.graph.neighbors_directed(container, Outgoing).collect();
        let mut next = 0;
        while let Some(place) = below.get(next).copied() {
            below.extend(self.graph.neighbors_directed(place, Outgoing));
            next += 1;
        }
        below
    }
}

impl Contender for Graph {
    type Key = String;

    const IN_MEMORY: bool = true;

    fn open(_: &Path, _: Size) -> Result<Self> {
        Ok(Self { lots: HashMap::from([(LOT, false)]), ..Self::default() })
    }

    fn key(&self, object: Object) -> String {
        object.identifier().to_string()
    }

    fn commission(&mut self, level: Level, objects: Vec<String>) -> Result<()> {
        let lot = (level == Level::Unit).then_some(LOT);
        for identifier in objects {
            let place = self.graph.add_node(Node { identifier: identifier.clone(), lot });
            ensure!(self.places.insert(identifier, place).is_none(), "it was commissioned before");
        }
        Ok(())
    }

    fn pack(&mut self, packs: Vec<Pack<String>>) -> Result<()> {
        for pack in packs {
            let parent = self.place(&pack.parent)?;
            pack.children.iter().try_for_each(|child| self.join(parent, child))?;
        }
        Ok(())
    }

    fn pack_one(&mut self, parent: String, child: String) -> Result<()> {
        let parent = self.place(&parent)?;
        self.join(parent, &child)
    }

    fn unpack_one(&mut self, child: String) -> Result<()> {
        let child = self.place(&child)?;
        self.leave(child)
    }

    fn unpack_below(&mut self, container: String) -> Result<()> {
        let below = self.below(self.place(&container)?);
        below.into_iter().try_for_each(|child| self.leave(child))
    }

    fn hold_lot(&mut self, held: bool) -> Result<()> {
        self.lots.insert(LOT, held);
        Ok(())
    }

    fn is_held(&mut self, object: &String) -> Result<bool> {
        let lot = self.graph[self.place(object)?].lot;
        Ok(lot.is_some_and(|lot| self.lots[lot]))
    }

    fn root(&mut self, object: &String) -> Result<String> {
        let mut place = self.place(object)?;
        while let Some(parent) = self.parent(place) {
            place = parent;
        }
        Ok(self.graph[place].identifier.clone())
    }

    fn contents(&mut self, container: &String) -> Result<Vec<String>> {
        let below = self.below(self.place(container)?);
        Ok(below.into_iter().map(|place| self.graph[place].identifier.clone()).collect())
    }

    fn objects(&mut self) -> Result<u64> {
        Ok(self.graph.node_count() as u64)
    }

    fn close(self) -> Result<()> {
        Ok(())
    }
}
