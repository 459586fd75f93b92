//! The operations that are parked, by the fact that parked each and by the objects that they concern.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use packtree_gs1::Identifier;

use crate::fact::{Parking, Verb};

/// How an object concerns a parked operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Concern {
    /// The operation names it.
    Named,
    /// The operation names it, and only puts something into it.
    Receives,
    /// It stands in the way.
    StandsInTheWay,
}

/// A table of what is parked.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParkedTable {
    by_fact: BTreeMap<u64, Arc<Parking>>,
    by_object: HashMap<Identifier, BTreeMap<u64, Concern>, RandomState>,
    /// About how many bytes they take.
    bytes: usize,
}

impl ParkedTable {
    pub(crate) fn len(&self) -> usize {
        self.by_fact.len()
    }

    /// About how many bytes of memory they take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn get(&self, fact: u64) -> Option<&Arc<Parking>> {
        self.by_fact.get(&fact)
    }

    /// Everything that is parked, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Arc<Parking>)> {
        self.by_fact.iter().map(|(fact, parking)| (*fact, parking))
    }

    /// What concerns an object: what names it, and what it stands in the way of.
    pub(crate) fn about(&self, object: &Identifier) -> impl Iterator<Item = (u64, Concern)> + '_ {
        self.by_object.get(object).into_iter().flatten().map(|(fact, concern)| (*fact, *concern))
    }

    pub(crate) fn insert(&mut self, fact: u64, parking: Arc<Parking>) {
        for object in &parking.others {
            self.by_object.entry(object.clone()).or_default().insert(fact, Concern::StandsInTheWay);
        }
        let is_filling = matches!(parking.verb, Verb::Pack | Verb::Move);
        // What is named twice is in the list once more, and counts as that.
        for (place, object) in parking.objects.iter().enumerate() {
            let concern = if place == 0 && is_filling { Concern::Receives } else { Concern::Named };
            self.by_object.entry(object.clone()).or_default().insert(fact, concern);
        }
        self.bytes += parking.bytes();
        self.by_fact.insert(fact, parking);
    }

    pub(crate) fn remove(&mut self, fact: u64) -> Option<Arc<Parking>> {
        let parking = self.by_fact.remove(&fact)?;
        self.bytes -= parking.bytes();
        for object in parking.objects.iter().chain(&parking.others) {
            if let Some(facts) = self.by_object.get_mut(object) {
                facts.remove(&fact);
                if facts.is_empty() {
                    self.by_object.remove(object);
                }
            }
        }
        Some(parking)
    }

    pub(crate) fn clear(&mut self) {
        self.by_fact.clear();
        self.by_object.clear();
        self.bytes = 0;
    }
}

impl FromIterator<(u64, Arc<Parking>)> for ParkedTable {
    fn from_iter<I: IntoIterator<Item = (u64, Arc<Parking>)>>(parked: I) -> Self {
        let mut table = Self::default();
        parked.into_iter().for_each(|(fact, parking)| table.insert(fact, parking));
        table
    }
}
