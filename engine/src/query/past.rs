//! The state of one object as of a fact: its own facts up to there, folded from the newest to the oldest.
//!
//! The effects on an object are local: its parent, closure, status and so on are said by facts that name it, and so is what went into
//! it and came out. Only a relabelling of a child is not known to its container, so the child is asked which name it has.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use packtree_gs1::{Identifier, LotNumber};

use super::facts::Facts;
use super::tree::Source;
use crate::error::Error;
use crate::fact::{Effect, Level, Quantity, Seal, Sequence, Status};
use crate::forest::View as _;

/// The state of one object as of a fact.
#[derive(Clone, Debug)]
pub(super) struct Past {
    /// The identifier that it had.
    pub(super) id: Identifier,
    pub(super) level: Level,
    pub(super) status: Status,
    pub(super) seal: Seal,
    /// Itself, not counting what was around it.
    pub(super) held: bool,
    pub(super) away: bool,
    pub(super) lot: Option<LotNumber>,
    /// Its parent, by the identifier that it had when the object went in, and the fact that put it there.
    pub(super) parent: Option<(Identifier, Sequence)>,
    /// What was in it, or had left it under another identifier, each with the fact that put it there.
    pub(super) children: Vec<(Identifier, Sequence)>,
    pub(super) quantities: Vec<Quantity>,
    /// The facts that gave what bore its identifier another one, the newest first.
    pub(super) renamed: Vec<(Sequence, Identifier)>,
}

impl Source<'_> {
    /// The state of what bears `id` now, as of a fact; `None` if it did not exist.
    pub(super) fn past(&self, facts: &mut Facts, id: &Identifier, at: Sequence) -> Result<Option<Past>, Error> {
        let last = {
            let forest = self.forest.read();
            forest.find(id).map_or(0, |ix| forest.record(ix).last_fact())
        };
        let (mut name, mut number) = (id.clone(), last);
        let mut fold: Option<Fold> = None;
        while number != 0 {
            let fact = facts.get(number)?;
            let part = fact.part(&name)?;
            if number <= at.0 {
                let fold = fold.get_or_insert_with(|| Fold::new(name.clone()));
                for (effect, name) in &part.effects {
                    fold.effect(effect, name, fact.fact.sequence, part.previous == 0);
                }
            }
            (name, number) = (part.name, part.previous);
        }
        Ok(fold.map(Fold::finish))
    }

    /// The state, as of a fact, of what bore `name` behind the fact `since`.
    pub(super) fn past_since(
        &self,
        facts: &mut Facts,
        mut name: Identifier,
        mut since: Sequence,
        at: Sequence,
    ) -> Result<Option<Past>, Error> {
        loop {
            let Some(past) = self.past(facts, &name, at)? else { return Ok(None) };
            match past.renamed.iter().rev().find(|(fact, _)| since < *fact) {
                Some((fact, to)) => (since, name) = (*fact, to.clone()),
                None => return Ok(Some(past)),
            }
        }
    }

    /// The state of what went into a container with the fact `joined`, if it was still in there.
    pub(super) fn child_then(
        &self,
        facts: &mut Facts,
        name: &Identifier,
        joined: Sequence,
        at: Sequence,
    ) -> Result<Option<Past>, Error> {
        let child = self.past_since(facts, name.clone(), joined, at)?;
        Ok(child.filter(|child| child.parent.as_ref().is_some_and(|(_, fact)| *fact == joined)))
    }
}

/// A state on its way: what the newest fact that says something about it says.
struct Fold {
    id: Identifier,
    level: Option<Level>,
    status: Option<Status>,
    seal: Option<Seal>,
    held: Option<bool>,
    away: Option<bool>,
    lot: Option<Option<LotNumber>>,
    parent: Option<Option<(Identifier, Sequence)>>,
    children: Vec<(Identifier, Sequence)>,
    /// Children that left, whose going in has not been met yet.
    left: HashSet<Identifier, RandomState>,
    /// What went in before concerns another object: the one that took its contents along to a new identifier.
    children_are_known: bool,
    quantities: Option<Vec<Quantity>>,
    renamed: Vec<(Sequence, Identifier)>,
}

impl Fold {
    fn new(id: Identifier) -> Self {
        Self {
            id,
            level: None,
            status: None,
            seal: None,
            held: None,
            away: None,
            lot: None,
            parent: None,
            children: Vec::new(),
            left: HashSet::default(),
            children_are_known: false,
            quantities: None,
            renamed: Vec::new(),
        }
    }

    fn finish(mut self) -> Past {
        self.children.reverse();
        Past {
            id: self.id,
            level: self.level.unwrap_or(Level::Unknown),
            status: self.status.unwrap_or(Status::Active),
            seal: self.seal.unwrap_or(Seal::Open),
            held: self.held.unwrap_or(false),
            away: self.away.unwrap_or(false),
            lot: self.lot.flatten(),
            parent: self.parent.flatten(),
            children: self.children,
            quantities: self.quantities.unwrap_or_default(),
            renamed: self.renamed,
        }
    }

    /// Takes in an effect on the object, which bore `name` behind it, of a fact that may be its first.
    fn effect(&mut self, effect: &Effect<Identifier>, name: &Identifier, fact: Sequence, is_first: bool) {
        match effect {
            Effect::Commissioned { lot, level, .. } => {
                let is_item = matches!(name, Identifier::Sgtin(_));
                let unit = is_first && is_item && *level == Level::Unknown;
                self.level.get_or_insert(if unit { Level::Unit } else { *level });
                self.status.get_or_insert(Status::Active);
                self.seal.get_or_insert(Seal::Open);
                self.lot.get_or_insert(lot.as_ref().filter(|_| is_item).map(|lot| lot.number));
            }
            Effect::Joined { parent, children } if parent == name => self.take_in(children, fact),
            Effect::Left { parent, children, .. } if parent == name => self.left.extend(children.iter().cloned()),
            Effect::Joined { parent, .. } => {
                self.parent.get_or_insert_with(|| Some((parent.clone(), fact)));
            }
            Effect::Left { .. } => {
                self.parent.get_or_insert(None);
            }
            Effect::QuantitiesSet { quantities, .. } => {
                self.quantities.get_or_insert_with(|| quantities.clone());
            }
            Effect::Sealed { seal, .. } => {
                self.seal.get_or_insert(*seal);
            }
            Effect::StatusSet { status, .. } => {
                self.status.get_or_insert(*status);
            }
            Effect::HoldSet { held, .. } => {
                self.held.get_or_insert(*held);
            }
            Effect::CustodySet { away, .. } => {
                self.away.get_or_insert(*away);
            }
            Effect::LevelSet { level, .. } => {
                self.level.get_or_insert(*level);
            }
            Effect::Relabelled { from, to } if from == name => self.retire(to, fact),
            Effect::Relabelled { to, .. } => {
                // Lots belong to products: a new identifier that names no product names no lot.
                if !matches!(to, Identifier::Sgtin(_)) {
                    self.lot.get_or_insert(None);
                }
            }
            Effect::LotHoldSet { .. } | Effect::LotCorrected { .. } | Effect::Noted { .. } => {}
        }
    }

    fn take_in(&mut self, children: &[Identifier], fact: Sequence) {
        if self.children_are_known {
            return;
        }
        for child in children.iter().rev() {
            if !self.left.remove(child) {
                self.children.push((child.clone(), fact));
            }
        }
    }

    /// The object behind the identifier went on under another one; what is left is the retired identifier.
    fn retire(&mut self, to: &Identifier, fact: Sequence) {
        self.status.get_or_insert(Status::Retired);
        self.seal.get_or_insert(Seal::Open);
        self.held.get_or_insert(false);
        self.away.get_or_insert(false);
        self.parent.get_or_insert(None);
        self.quantities.get_or_insert_default();
        self.children_are_known = true;
        self.renamed.push((fact, to.clone()));
    }
}
