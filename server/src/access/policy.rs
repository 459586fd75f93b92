//! The policy as JSON: the rules that differ from company to company, set by an administrator.

use std::collections::BTreeMap;

use packtree::Policy;
use packtree::fact::{Level, Role};
use packtree::policy::{
    Authority, ChildWithParent, ClosedContainer, ContainerReuse, DecommissionInside, EmptiedContainer, LateEvent,
    Packaging, PackagingCheck, Product, Recommission, Uncommissioned, WrongParent,
};
use packtree_gs1::Gtin;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Access;
use super::records::{Changer, POLICY};
use crate::http::{Problem, malformed};

/// The rules that differ from company to company.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyDocument {
    /// Packing a child that already has a parent: `refuse`, `move`.
    child_with_parent: String,
    /// Unpacking with a named parent that is not the parent: `refuse`, `ignore`.
    wrong_parent: String,
    /// What becomes of an emptied container: `stays`, `is_decommissioned`.
    emptied_container: String,
    /// Taking something out of a closed container: `becomes_broken`, `ancestors_become_broken`, `ancestors_are_disbanded`.
    closed_container: String,
    /// Decommissioning something that sits in a container: `refuse`, `take_out`.
    decommission_inside: String,
    /// Commissioning a serial number that was decommissioned: `refuse`, `allow`.
    recommission: String,
    /// Whether products are packed as configured: `as_configured`, `unchecked`.
    packaging_check: String,
    /// Naming something that was never commissioned: `refuse`, `commission_on_sight`.
    uncommissioned: String,
    /// An event that arrives out of order: `record`, `refuse`, `park`.
    late_event: String,
    /// For how many minutes an early event is parked, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    park_minutes: Option<u16>,
    /// Days until the identifier of a container may be used again; null allows it at once.
    container_reuse_days: Option<u16>,
    /// The roles that may do what not everybody may.
    authority: AuthorityDocument,
    /// What was decided for single products.
    #[serde(default)]
    products: Vec<ProductDocument>,
}

/// The roles that may do what not everybody may.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorityDocument {
    close_partial: Vec<String>,
    reopen: Vec<String>,
    void: Vec<String>,
    destroy: Vec<String>,
}

/// What was decided for one product.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductDocument {
    /// The GTIN, 14 digits.
    gtin: String,
    #[serde(default)]
    packaging: Vec<PackagingDocument>,
    /// The highest level of container that must hold one lot only; null allows mixed lots everywhere.
    #[serde(default)]
    one_lot_up_to: Option<String>,
}

/// How a product is packed.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackagingDocument {
    /// The level of the containers that this applies to.
    parent: String,
    /// The level of their children.
    child: String,
    /// Children in a full container.
    children: u32,
}

/// Choices by their words.
trait Worded: Sized + Copy + PartialEq + 'static {
    const WORDS: &'static [(&'static str, Self)];

    fn word(self) -> String {
        let found = Self::WORDS.iter().find(|(_, value)| *value == self);
        found.map(|(word, _)| (*word).to_owned()).unwrap_or_default()
    }

    fn read(field: &str, text: &str) -> Result<Self, String> {
        Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<&str> = Self::WORDS.iter().map(|(word, _)| *word).collect();
            format!("{field}: {text} is not known; there are {}", words.join(", "))
        })
    }
}

macro_rules! worded {
    ($kind:ident, $($word:literal => $value:ident),+) => {
        impl Worded for $kind {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$value)),+];
        }
    };
}

worded!(ChildWithParent, "refuse" => Refuse, "move" => Move);
worded!(WrongParent, "refuse" => Refuse, "ignore" => Ignore);
worded!(EmptiedContainer, "stays" => Stays, "is_decommissioned" => IsDecommissioned);
worded!(ClosedContainer, "becomes_broken" => BecomesBroken, "ancestors_become_broken" => AncestorsBecomeBroken,
    "ancestors_are_disbanded" => AncestorsAreDisbanded);
worded!(DecommissionInside, "refuse" => Refuse, "take_out" => TakeOut);
worded!(Recommission, "refuse" => Refuse, "allow" => Allow);
worded!(PackagingCheck, "as_configured" => AsConfigured, "unchecked" => Unchecked);
worded!(Uncommissioned, "refuse" => Refuse, "commission_on_sight" => CommissionOnSight);

impl From<&Policy> for PolicyDocument {
    fn from(policy: &Policy) -> Self {
        let (late_event, park_minutes) = match policy.late_event {
            LateEvent::Record => ("record", None),
            LateEvent::Refuse => ("refuse", None),
            LateEvent::ParkForMinutes(minutes) => ("park", Some(minutes)),
        };
        let roles = |roles: &[Role]| roles.iter().map(|role| role.word().to_owned()).collect();
        let authority = &policy.authority;
        Self {
            child_with_parent: policy.child_with_parent.word(),
            wrong_parent: policy.wrong_parent.word(),
            emptied_container: policy.emptied_container.word(),
            closed_container: policy.closed_container.word(),
            decommission_inside: policy.decommission_inside.word(),
            recommission: policy.recommission.word(),
            packaging_check: policy.packaging_check.word(),
            uncommissioned: policy.uncommissioned.word(),
            late_event: late_event.to_owned(),
            park_minutes,
            container_reuse_days: match policy.container_reuse {
                ContainerReuse::RefuseForDays(days) => Some(days),
                ContainerReuse::Allow => None,
            },
            authority: AuthorityDocument {
                close_partial: roles(&authority.close_partial),
                reopen: roles(&authority.reopen),
                void: roles(&authority.void),
                destroy: roles(&authority.destroy),
            },
            products: policy.products.iter().map(ProductDocument::of).collect(),
        }
    }
}

impl ProductDocument {
    fn of((gtin, product): (&Gtin, &Product)) -> Self {
        let packaging = |packaging: &Packaging| PackagingDocument {
            parent: packaging.parent.word().to_owned(),
            child: packaging.child.word().to_owned(),
            children: packaging.children,
        };
        Self {
            gtin: gtin.to_string(),
            packaging: product.packaging.iter().map(packaging).collect(),
            one_lot_up_to: product.one_lot_up_to.map(|level| level.word().to_owned()),
        }
    }

    fn read(&self) -> Result<(Gtin, Product), String> {
        let gtin = Gtin::parse(&self.gtin).map_err(|error| format!("products: {}: {error}", self.gtin))?;
        let packaging = self.packaging.iter().map(|packaging| {
            if packaging.children == 0 {
                return Err("products: a full container holds at least one child".to_owned());
            }
            let (parent, child) = (level(&packaging.parent)?, level(&packaging.child)?);
            Ok(Packaging { parent, child, children: packaging.children })
        });
        let packaging = packaging.collect::<Result<_, _>>()?;
        let one_lot_up_to = self.one_lot_up_to.as_deref().map(level).transpose()?;
        Ok((gtin, Product { packaging, one_lot_up_to }))
    }
}

fn level(word: &str) -> Result<Level, String> {
    Level::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Level::ALL.iter().map(|level| level.word()).collect();
        format!("products: {word} is no level; there are {}", words.join(", "))
    })
}

fn roles(field: &str, words: &[String]) -> Result<Vec<Role>, String> {
    let role = |word: &String| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        Role::from_word(word)
            .ok_or_else(|| format!("authority.{field}: {word} is no role; there are {}", words.join(", ")))
    };
    words.iter().map(role).collect()
}

impl PolicyDocument {
    fn read(&self) -> Result<Policy, String> {
        let late_event = match (self.late_event.as_str(), self.park_minutes) {
            ("record", None) => LateEvent::Record,
            ("refuse", None) => LateEvent::Refuse,
            ("park", None) => LateEvent::PARK,
            ("park", Some(minutes @ 1..)) => LateEvent::ParkForMinutes(minutes),
            ("park", Some(0)) => return Err("park_minutes: an early event is parked for a minute at least".to_owned()),
            ("record" | "refuse", Some(_)) => {
                return Err("park_minutes: nothing is parked; leave it out, or set late_event to park".to_owned());
            }
            (other, _) => return Err(format!("late_event: {other} is not known; there are record, refuse, park")),
        };
        let mut products = BTreeMap::new();
        for document in &self.products {
            let (gtin, product) = document.read()?;
            if products.insert(gtin, product).is_some() {
                return Err(format!("products: {} is named twice", document.gtin));
            }
        }
        let authority = &self.authority;
        Ok(Policy {
            child_with_parent: Worded::read("child_with_parent", &self.child_with_parent)?,
            wrong_parent: Worded::read("wrong_parent", &self.wrong_parent)?,
            emptied_container: Worded::read("emptied_container", &self.emptied_container)?,
            closed_container: Worded::read("closed_container", &self.closed_container)?,
            decommission_inside: Worded::read("decommission_inside", &self.decommission_inside)?,
            recommission: Worded::read("recommission", &self.recommission)?,
            packaging_check: Worded::read("packaging_check", &self.packaging_check)?,
            uncommissioned: Worded::read("uncommissioned", &self.uncommissioned)?,
            late_event,
            container_reuse: self.container_reuse_days.map_or(ContainerReuse::Allow, ContainerReuse::RefuseForDays),
            authority: Authority {
                close_partial: roles("close_partial", &authority.close_partial)?,
                reopen: roles("reopen", &authority.reopen)?,
                void: roles("void", &authority.void)?,
                destroy: roles("destroy", &authority.destroy)?,
                ..Authority::default()
            },
            products,
        })
    }
}

impl Access {
    /// Puts the policy that an administrator has set into force. One that this release cannot read leaves the rules as they are.
    pub(super) fn apply_policy(&self) {
        let Some(document) = self.record::<PolicyDocument>(POLICY) else { return };
        match document.read() {
            Ok(policy) => self.inner.engine.set_policy(policy),
            Err(error) => {
                tracing::error!(%error, "the policy that was set cannot be read; the rules of the settings are in force");
            }
        }
    }

    pub(super) fn policy(&self) -> PolicyDocument {
        PolicyDocument::from(&*self.inner.engine.policy())
    }

    pub(super) async fn set_policy(&self, by: &Changer, document: &PolicyDocument) -> Result<(), Problem> {
        let _alone = self.inner.changing.lock().await;
        document.read().map_err(|what| malformed(&what))?;
        self.put(by, POLICY, document).await?;
        self.apply_policy();
        tracing::info!(by = by.actor.as_str(), "the policy was set");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_read_back_as_it_was_written() {
        let mut with_product = Policy { late_event: LateEvent::ParkForMinutes(7), ..Policy::default() };
        let packaging = vec![Packaging { parent: Level::Case, child: Level::Unit, children: 48 }];
        let product = Product { packaging, one_lot_up_to: Some(Level::Pallet) };
        with_product.products.insert(Gtin::parse("09521234543213").unwrap(), product);
        with_product.container_reuse = ContainerReuse::Allow;
        for policy in [Policy::default(), Policy::partner_documents(), Policy::lenient_warehouse(), with_product] {
            let text = serde_json::to_string(&PolicyDocument::from(&policy)).unwrap();
            let document: PolicyDocument = serde_json::from_str(&text).unwrap();
            assert_eq!(document.read(), Ok(policy), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        let check = |change: fn(&mut PolicyDocument), expected: &str| {
            let mut document = PolicyDocument::from(&Policy::default());
            change(&mut document);
            assert_eq!(document.read().unwrap_err(), expected);
        };
        check(
            |document| document.recommission = "maybe".to_owned(),
            "recommission: maybe is not known; there are refuse, allow",
        );
        check(
            |document| document.park_minutes = Some(5),
            "park_minutes: nothing is parked; leave it out, or set late_event to park",
        );
        check(
            |document| document.authority.void = vec!["boss".to_owned()],
            "authority.void: boss is no role; there are operator, supervisor, quality, administrator, auditor, machine",
        );
    }
}
