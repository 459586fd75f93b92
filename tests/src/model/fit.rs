//! Whether objects fit into a container: levels, depth, and what the packaging of products says.

use packtree::fact::{Level, LotName};
use packtree::limits::DEPTH_MAX;
use packtree::policy::{Packaging, PackagingCheck, Product};
use packtree::{Identifier, Reason};
use packtree_gs1::Gtin;
use petgraph::stable_graph::NodeIndex;

use super::Model;
use super::consequence::Attempt;

/// What a leaf is one of: its product, or the kind of its key, and its lot.
#[derive(PartialEq, Eq)]
pub(super) struct Class {
    product: Option<Gtin>,
    kind: std::mem::Discriminant<Identifier>,
    lot: Option<LotName>,
}

impl Class {
    /// Whether two leaves are of one product, or have keys of one kind, whatever their lots.
    pub(super) fn is_of_the_same_product_as(&self, other: &Self) -> bool {
        self.product == other.product && self.kind == other.kind
    }
}

impl Model {
    /// Levels below an object.
    fn height(&self, place: NodeIndex) -> usize {
        self.children_of(place).into_iter().map(|child| 1 + self.height(child)).max().unwrap_or(0)
    }

    /// The class of an object, or of the first thing in the first thing in it.
    pub(super) fn leaf_class(&self, place: NodeIndex) -> Class {
        match self.children_of(place).first() {
            Some(child) => self.leaf_class(*child),
            None => self.class(place),
        }
    }

    fn class(&self, place: NodeIndex) -> Class {
        let object = &self.graph[place];
        let product = match &object.id {
            Identifier::Sgtin(sgtin) => Some(sgtin.gtin),
            _ => None,
        };
        Class { product, kind: std::mem::discriminant(&object.id), lot: object.lot }
    }

    /// Whether a container is above a level. One that holds a pallet has no level with a name, and is above all.
    fn is_above(&self, container: NodeIndex, level: Level) -> bool {
        match self.graph[container].level {
            Level::Unknown => self.graph[container].level_is_inferred,
            known => level < known,
        }
    }

    /// Whether the level of an object was said and not concluded.
    fn has_fixed_level(&self, place: NodeIndex) -> bool {
        let object = &self.graph[place];
        object.level != Level::Unknown && !object.level_is_inferred
    }
}

impl Attempt<'_> {
    /// Checks that objects may become children of a parent, and concludes the levels that follow.
    pub(super) fn check_fit(&mut self, parent: NodeIndex, children: &[NodeIndex]) {
        let parent_depth = self.after.ancestors_of(parent).len() + 1;
        for child in children {
            let level = self.after.graph[*child].level;
            if self.after.has_fixed_level(parent) && self.after.graph[parent].level <= level {
                self.fault(Reason::LevelNotAbove, *child);
            }
            if DEPTH_MAX < parent_depth + 1 + self.after.height(*child) {
                self.fault(Reason::DepthExceeded, *child);
            }
        }
        let highest = children.iter().map(|child| self.after.graph[*child].level).max().unwrap_or(Level::Unknown);
        let is_above = highest == Level::Unknown || self.after.is_above(parent, highest);
        if !self.after.has_fixed_level(parent) && !is_above {
            self.raise(parent, highest.above().unwrap_or(Level::Unknown));
        }
        if self.policy.packaging_check == PackagingCheck::AsConfigured {
            self.check_packaging(parent, children);
        }
    }

    /// The caller says what level a container is of, which counts where nothing is known.
    pub(super) fn state_level(&mut self, parent: NodeIndex, level: Level) {
        let known = &self.after.graph[parent];
        if known.level == Level::Unknown && !known.level_is_inferred && level != Level::Unknown {
            self.raise(parent, level);
        }
    }

    /// A container is of this level, and what it is in is of one above, unless it is known to be of a lower one.
    fn raise(&mut self, container: NodeIndex, level: Level) {
        let mut level = level;
        for place in std::iter::once(container).chain(self.after.ancestors_of(container)) {
            if place != container && (level == Level::Unknown || self.after.is_above(place, level)) {
                return;
            }
            if place != container {
                if self.after.has_fixed_level(place) {
                    self.fault(Reason::LevelNotAbove, container);
                    return;
                }
                level = level.above().unwrap_or(Level::Unknown);
            }
            let known = &self.after.graph[place];
            if level != known.level || (level == Level::Unknown && !known.level_is_inferred) {
                self.change(place, false, |object| {
                    object.level = level;
                    object.level_is_inferred = true;
                });
            }
        }
    }

    /// The class of what an object held before the operation.
    fn leaf_class(&self, place: NodeIndex) -> Class {
        if self.before.graph.contains_node(place) { self.before.leaf_class(place) } else { self.after.class(place) }
    }

    fn check_packaging(&mut self, parent: NodeIndex, children: &[NodeIndex]) {
        let level = self.after.graph[parent].level;
        let already = self.after.children_of(parent);
        // While something else is wrong, it is not known how many there would be.
        let is_number_known = !self.is_refused();
        let reference = already.first().or(children.first()).map(|place| self.leaf_class(*place));
        for child in children {
            let class = self.leaf_class(*child);
            let Some(product) = class.product.and_then(|gtin| self.policy.products.get(&gtin)) else { continue };
            if let Some(packaging) = packaging_of(product, level) {
                if packaging.child != self.after.graph[*child].level {
                    self.fault(Reason::LevelNotAllowed, *child);
                } else if is_number_known && (packaging.children as usize) < already.len() + children.len() {
                    self.fault(Reason::ContainerIsFull, parent);
                }
            }
            let one_lot = product.one_lot_up_to.is_some_and(|highest| level <= highest);
            if one_lot && reference.as_ref() != Some(&class) {
                self.fault(Reason::LotsMixed, *child);
            }
        }
    }

    /// How many children a full container of this kind has, where a configuration says so.
    pub(super) fn full_count(&self, container: NodeIndex) -> Option<usize> {
        if self.policy.packaging_check == PackagingCheck::Unchecked || self.after.count(container) == 0 {
            return None;
        }
        let product = self.policy.products.get(&self.after.leaf_class(container).product?)?;
        let packaging = packaging_of(product, self.after.graph[container].level)?;
        Some(packaging.children as usize)
    }
}

fn packaging_of(product: &Product, parent: Level) -> Option<&Packaging> {
    product.packaging.iter().find(|packaging| packaging.parent == parent)
}
