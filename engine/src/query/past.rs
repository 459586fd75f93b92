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
use crate::fact::{Effect, Level, Lot, Quantity, Seal, Sequence, Status};
use crate::forest::View as _;

/// The state of one object as of a fact.
#[derive(Clone, Debug)]
pub(super) struct Past {
    /// The identifier that it had.
    pub(super) id: Identifier,
    /// The last fact that had changed it.
    pub(super) last_fact: Sequence,
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
                let fold = fold.get_or_insert_with(|| Fold::new(name.clone(), Sequence(number)));
                for (effect, name) in &part.effects {
                    fold.effect(effect, name, fact.fact.sequence);
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

    /// The containers around what bears `id` now, as of a fact, the innermost first.
    pub(super) fn around(&self, facts: &mut Facts, id: &Identifier, at: Sequence) -> Result<Vec<Past>, Error> {
        let mut around = Vec::new();
        let mut inner = self.past(facts, id, at)?.and_then(|past| past.parent);
        while let Some((parent, joined)) = inner.take() {
            let Some(outer) = self.past_since(facts, parent, joined, at)? else { break };
            inner.clone_from(&outer.parent);
            around.push(outer);
        }
        Ok(around)
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

/// What the newest fact says that says something about it.
struct Newest<T>(Option<T>);

impl<T> Newest<T> {
    const fn unsaid() -> Self {
        Self(None)
    }

    /// Takes in what an older fact says, which counts if no newer one said anything.
    fn say(&mut self, value: T) {
        self.0.get_or_insert(value);
    }

    fn or(self, unsaid: T) -> T {
        self.0.unwrap_or(unsaid)
    }
}

/// A state on its way, from the newest fact to the oldest.
struct Fold {
    id: Identifier,
    last_fact: Sequence,
    level: Newest<Level>,
    status: Newest<Status>,
    seal: Newest<Seal>,
    held: Newest<bool>,
    away: Newest<bool>,
    lot: Newest<Option<LotNumber>>,
    parent: Newest<Option<(Identifier, Sequence)>>,
    children: Vec<(Identifier, Sequence)>,
    /// Children that left, whose going in has not been met yet.
    left: HashSet<Identifier, RandomState>,
    /// What went in before concerns another object: the one that took its contents along to a new identifier.
    children_are_known: bool,
    quantities: Newest<Vec<Quantity>>,
    renamed: Vec<(Sequence, Identifier)>,
}

impl Fold {
    fn new(id: Identifier, last_fact: Sequence) -> Self {
        Self {
            id,
            last_fact,
            level: Newest::unsaid(),
            status: Newest::unsaid(),
            seal: Newest::unsaid(),
            held: Newest::unsaid(),
            away: Newest::unsaid(),
            lot: Newest::unsaid(),
            parent: Newest::unsaid(),
            children: Vec::new(),
            left: HashSet::default(),
            children_are_known: false,
            quantities: Newest::unsaid(),
            renamed: Vec::new(),
        }
    }

    fn finish(mut self) -> Past {
        self.children.reverse();
        Past {
            id: self.id,
            last_fact: self.last_fact,
            level: self.level.or(Level::Unknown),
            status: self.status.or(Status::Active),
            seal: self.seal.or(Seal::Open),
            held: self.held.or(false),
            away: self.away.or(false),
            lot: self.lot.or(None),
            parent: self.parent.or(None),
            children: self.children,
            quantities: self.quantities.or(Vec::new()),
            renamed: self.renamed,
        }
    }

    /// Takes in an effect on the object, which bore `name` behind it.
    fn effect(&mut self, effect: &Effect<Identifier>, name: &Identifier, fact: Sequence) {
        match effect {
            Effect::Commissioned { lot, level, .. } => self.begin(name, lot.as_ref(), *level),
            Effect::Sighted { level, .. } => self.begin(name, None, *level),
            Effect::Described { lot, level, .. } => {
                if *level != Level::Unknown {
                    self.level.say(*level);
                }
                if let Some(lot) = lot.as_ref().filter(|_| matches!(name, Identifier::Sgtin(_))) {
                    self.lot.say(Some(lot.number));
                }
            }
            Effect::Joined { parent, children } if parent == name => self.take_in(children, fact),
            Effect::Left { parent, children, .. } if parent == name => self.left.extend(children.iter().cloned()),
            Effect::Joined { parent, .. } => self.parent.say(Some((parent.clone(), fact))),
            Effect::Left { .. } => self.parent.say(None),
            Effect::QuantitiesSet { quantities, .. } => self.quantities.say(quantities.clone()),
            Effect::Sealed { seal, .. } => self.seal.say(*seal),
            Effect::StatusSet { status, .. } => self.status.say(*status),
            Effect::HoldSet { held, .. } => self.held.say(*held),
            Effect::CustodySet { away, .. } => self.away.say(*away),
            Effect::LevelSet { level, .. } => self.level.say(*level),
            Effect::Relabelled { from, to } if from == name => self.retire(to, fact),
            Effect::Relabelled { to, .. } => {
                // Lots belong to products: a new identifier that names no product names no lot.
                if !matches!(to, Identifier::Sgtin(_)) {
                    self.lot.say(None);
                }
            }
            Effect::LotHoldSet { .. }
            | Effect::LotCorrected { .. }
            | Effect::Noted { .. }
            | Effect::Parked { .. }
            | Effect::Unparked { .. }
            | Effect::SettingSet { .. }
            | Effect::Signed { .. } => {}
        }
    }

    fn begin(&mut self, name: &Identifier, lot: Option<&Lot>, level: Level) {
        let is_item = matches!(name, Identifier::Sgtin(_));
        self.level.say(if is_item && level == Level::Unknown { Level::Unit } else { level });
        self.status.say(Status::Active);
        self.seal.say(Seal::Open);
        self.lot.say(lot.filter(|_| is_item).map(|lot| lot.number));
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
        self.status.say(Status::Retired);
        self.seal.say(Seal::Open);
        self.held.say(false);
        self.away.say(false);
        self.parent.say(None);
        self.quantities.say(Vec::new());
        self.children_are_known = true;
        self.renamed.push((fact, to.clone()));
    }
}
