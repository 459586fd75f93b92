//! What companies and markets decide differently: one checked configuration with named presets.

use std::collections::BTreeMap;

use packtree_gs1::Gtin;

use crate::fact::{Level, Role};

/// Packing a child that already has a parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChildWithParent {
    /// Refuse, and name the parent that it is in.
    #[default]
    Refuse,
    /// Take it out there and put it in here, in one fact.
    Move,
}

/// Unpacking with a named parent that is not the parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WrongParent {
    /// Refuse, and name the real parent.
    #[default]
    Refuse,
    /// Ignore the name: the engine knows the parent.
    Ignore,
}

/// What becomes of a container from which everything was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptiedContainer {
    /// It stays, empty, and can be filled again.
    #[default]
    Stays,
    /// It is decommissioned with the same fact.
    IsDecommissioned,
}

/// Taking something out of a closed container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClosedContainer {
    /// It becomes broken and must be closed again before it ships.
    #[default]
    BecomesBroken,
    /// It becomes broken, and so does every closed container around it.
    AncestorsBecomeBroken,
    /// The containers around it are dissolved: each level comes out of the next.
    AncestorsAreDisbanded,
}

/// Decommissioning something that sits in a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecommissionInside {
    /// Refuse, and name the parent.
    #[default]
    Refuse,
    /// Take it out first, in the same fact.
    TakeOut,
}

/// Commissioning a serial number that was decommissioned. CBV 2.0 wants a new identifier; some vendors allow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recommission {
    /// Refuse.
    #[default]
    Refuse,
    /// Allow; the history goes on under the same identifier.
    Allow,
}

/// Naming something that was never commissioned in a pack, a move, a reset, a shipment or a receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uncommissioned {
    /// Refuse.
    #[default]
    Refuse,
    /// Commission it on sight, as documents from partners need.
    CommissionOnSight,
}

/// An event that arrives out of order: older than the object's latest, or before one that it builds on.
///
/// That is one question and not two. Whoever parks early events expects that what they wait for comes late, so late ones must not be
/// refused; and whoever refuses late ones has a source that keeps the order, and nothing to wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LateEvent {
    /// Record a late one; it never overturns newer state. Refuse an early one.
    #[default]
    Record,
    /// Refuse both.
    Refuse,
    /// Record a late one. Park an early one, and do it once what it builds on has arrived, within so many minutes by the engine's
    /// clock. An event is early when what stands in its way may go away with an event that is still to come
    /// ([`Reason::may_pass`](crate::Reason::may_pass)).
    ParkForMinutes(u16),
}

impl LateEvent {
    /// Parks for four hours, after which a source that delivers out of order has delivered.
    pub const PARK: Self = Self::ParkForMinutes(240);
}

/// Using the identifier of a container again after it was retired or decommissioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerReuse {
    /// Refuse until so many days have passed since its last event. GS1 General Specifications, 2.2.1: at least one year for an SSCC.
    RefuseForDays(u16),
    /// Allow.
    Allow,
}

impl Default for ContainerReuse {
    fn default() -> Self {
        Self::RefuseForDays(365)
    }
}

/// Whether the packaging configuration of products is enforced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PackagingCheck {
    /// Number and level of children as the product's configuration says; a product without one is unchecked.
    #[default]
    AsConfigured,
    /// Unchecked.
    Unchecked,
}

/// How a product is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packaging {
    /// The level of the containers that this applies to.
    pub parent: Level,
    /// The level of their children.
    pub child: Level,
    /// Children in a full container.
    pub children: u32,
}

/// What a company decided for one product.
///
/// ```
/// use packtree::Policy;
/// use packtree::fact::Level;
/// use packtree::policy::{Packaging, Product};
/// use packtree_gs1::Gtin;
///
/// // Twelve units make a case, forty cases a pallet, and a case never holds two lots.
/// let packaging = vec![
///     Packaging { parent: Level::Case, child: Level::Unit, children: 12 },
///     Packaging { parent: Level::Pallet, child: Level::Case, children: 40 },
/// ];
/// let product = Product { packaging, one_lot_up_to: Some(Level::Case) };
/// let mut policy = Policy::default();
/// policy.products.insert(Gtin::parse("09521234543213")?, product);
/// assert_eq!(policy.products.len(), 1);
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// One entry for each level of container.
    pub packaging: Vec<Packaging>,
    /// The highest level of container that must hold one lot only; `None` allows mixed lots everywhere.
    pub one_lot_up_to: Option<Level>,
}

/// The roles that may do what not everybody may: that of the actor, or of whoever signs.
///
/// ```
/// use packtree::{Policy, fact::Role, policy::Authority};
///
/// let authority = Authority { destroy: vec![Role::Quality], ..Authority::default() };
/// let policy = Policy { authority, ..Policy::default() };
/// assert!(!policy.authority.destroy.contains(&Role::Supervisor));
/// assert!(policy.authority.reopen.contains(&Role::Supervisor));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Closing a container as partial.
    pub close_partial: Vec<Role>,
    /// Reopening a closed container.
    pub reopen: Vec<Role>,
    /// Voiding a shipment.
    pub void: Vec<Role>,
    /// Destroying.
    pub destroy: Vec<Role>,
    /// Changing a setting.
    pub configure: Vec<Role>,
}

impl Default for Authority {
    fn default() -> Self {
        let deciders = vec![Role::Supervisor, Role::Quality, Role::Administrator, Role::Machine];
        Self {
            close_partial: deciders.clone(),
            reopen: deciders.clone(),
            void: deciders.clone(),
            destroy: deciders,
            configure: vec![Role::Administrator],
        }
    }
}

/// The rules that differ from one company or market to the next.
///
/// The default is the strict choice everywhere. It is plain data: a change of policy never touches history, because facts are
/// applied without asking the rules again.
///
/// ```
/// use packtree::policy::{ChildWithParent, Policy};
///
/// assert_eq!(Policy::default().child_with_parent, ChildWithParent::Refuse);
/// assert_eq!(Policy::partner_documents().child_with_parent, ChildWithParent::Refuse);
/// assert_eq!(Policy::lenient_warehouse().child_with_parent, ChildWithParent::Move);
/// ```
///
/// ```
/// use packtree::Policy;
/// use packtree::policy::{
///     ClosedContainer, ContainerReuse, DecommissionInside, EmptiedContainer, PackagingCheck, Recommission, Uncommissioned, WrongParent,
/// };
///
/// assert_eq!(Policy::strict_line(), Policy::default());
/// let own = Policy {
///     wrong_parent: WrongParent::Ignore,
///     emptied_container: EmptiedContainer::IsDecommissioned,
///     closed_container: ClosedContainer::AncestorsBecomeBroken,
///     recommission: Recommission::Allow,
///     container_reuse: ContainerReuse::RefuseForDays(730),
///     ..Policy::partner_documents()
/// };
/// assert_eq!(own.decommission_inside, DecommissionInside::TakeOut);
/// assert_eq!(own.packaging_check, PackagingCheck::Unchecked);
/// assert_eq!(own.uncommissioned, Uncommissioned::CommissionOnSight);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Packing a child that already has a parent.
    pub child_with_parent: ChildWithParent,
    /// Unpacking with a named parent that is not the parent.
    pub wrong_parent: WrongParent,
    /// What becomes of an emptied container.
    pub emptied_container: EmptiedContainer,
    /// Taking something out of a closed container.
    pub closed_container: ClosedContainer,
    /// Decommissioning something that sits in a container.
    pub decommission_inside: DecommissionInside,
    /// Commissioning a serial number that was decommissioned.
    pub recommission: Recommission,
    /// Whether the packaging configuration of products is enforced.
    pub packaging_check: PackagingCheck,
    /// Naming something that was never commissioned where it could begin to exist.
    pub uncommissioned: Uncommissioned,
    /// An event that arrives out of order.
    pub late_event: LateEvent,
    /// Using the identifier of a container again.
    pub container_reuse: ContainerReuse,
    /// The roles that may do what not everybody may.
    pub authority: Authority,
    /// What was decided for single products.
    pub products: BTreeMap<Gtin, Product>,
}

impl Policy {
    /// For a packaging line: the strict default, under the name that says so.
    pub fn strict_line() -> Self {
        Self::default()
    }

    /// For EPCIS documents from partners: what they name for the first time is commissioned on sight.
    pub fn partner_documents() -> Self {
        Self {
            uncommissioned: Uncommissioned::CommissionOnSight,
            packaging_check: PackagingCheck::Unchecked,
            decommission_inside: DecommissionInside::TakeOut,
            ..Self::default()
        }
    }

    /// For a warehouse that trusts the last scan: packing moves, a wrongly named parent is ignored, what is decommissioned is taken out first.
    pub fn lenient_warehouse() -> Self {
        Self {
            child_with_parent: ChildWithParent::Move,
            wrong_parent: WrongParent::Ignore,
            decommission_inside: DecommissionInside::TakeOut,
            ..Self::default()
        }
    }
}
