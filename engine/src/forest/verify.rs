//! Checks everything that is always true of a forest, for tests and for an operator who wants to know.
//!
//! It asks nothing of the forest but what a damaged one can answer: no link is followed before it is known to lead somewhere.

use std::collections::HashSet;
use std::fmt;

use foldhash::fast::FixedState;

use super::record::{Class, Container, Ix, Key, Record};
use super::view::{View, identifier_of};
use crate::fact::{Counts, Level, Status};
use crate::limits::DEPTH_MAX;

/// Something that is not as it always is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A record leads outside the forest, or to a place that is not its own.
    Link { object: String, what: &'static str },
    /// The index does not find the object by its identifier.
    Index { object: String },
    /// The links between the children of a container do not form a ring.
    Ring { container: String, what: &'static str },
    /// A container counts other children than it has.
    Count { container: String, kept: u32, found: u32 },
    /// The object is inside itself.
    Cycle { object: String },
    /// The object sits deeper than allowed.
    Depth { object: String, depth: usize },
    /// A container keeps a height that its contents exceed.
    Height { container: String, kept: u8, found: usize },
    /// A parent's level is not above its child's, though both are known.
    Level { parent: String, child: String },
    /// An object out of use is packed, holds something, is on hold or is away.
    Status { object: String, status: Status, what: &'static str },
    /// An object is away that is not a root.
    Custody { object: String },
    /// An object names a fact that is not there.
    Fact { object: String, sequence: u64 },
    /// A lot is not found under its own name.
    Lot { place: u32 },
    /// A lot counts other objects than belong to it.
    Lots { place: u32, what: &'static str, kept: u32, found: u32 },
    /// The forest counts other holds than are in force.
    Holds { kept: u64, found: u64 },
    /// A setting names a fact that is not there, or is not found, or the settings are counted wrong.
    Setting { name: String, what: &'static str },
    /// Something is parked by a fact that is not there, or is not found by an object that it names.
    Parked { fact: u64, what: &'static str },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link { object, what } => write!(f, "{object}: its {what} leads nowhere"),
            Self::Index { object } => write!(f, "{object}: the index does not find it"),
            Self::Ring { container, what } => write!(f, "{container}: among its children, {what}"),
            Self::Count { container, kept, found } => {
                write!(f, "{container}: counts {kept} children and has {found}")
            }
            Self::Cycle { object } => write!(f, "{object}: is inside itself"),
            Self::Depth { object, depth } => write!(f, "{object}: sits {depth} levels deep, {DEPTH_MAX} are allowed"),
            Self::Height { container, kept, found } => {
                write!(f, "{container}: keeps a height of {kept}, and something sits {found} levels below it")
            }
            Self::Level { parent, child } => write!(f, "{parent}: its level is not above that of {child} in it"),
            Self::Status { object, status, what } => write!(f, "{object}: is {status} and {what}"),
            Self::Custody { object } => write!(f, "{object}: is away by itself, inside a container"),
            Self::Fact { object, sequence } => write!(f, "{object}: names fact {sequence}, which is not there"),
            Self::Lot { place } => write!(f, "lot {place}: is not found by its name"),
            Self::Lots { place, what, kept, found } => {
                write!(f, "lot {place}: counts {kept} objects {what}, and {found} are")
            }
            Self::Holds { kept, found } => write!(f, "{kept} holds are counted, and {found} are in force"),
            Self::Setting { name, what } => write!(f, "setting {name}: {what}"),
            Self::Parked { fact, what } => write!(f, "what fact {fact} parked: {what}"),
        }
    }
}

/// Everything that is wrong with a forest; nothing for a sound one.
pub(crate) fn verify(view: &impl View) -> Vec<Problem> {
    let mut check = Check::new(view);
    check.links();
    // The rest follows links, which a damaged forest must not be asked to do.
    if check.problems.is_empty() {
        check.rings();
    }
    if check.problems.is_empty() {
        check.objects();
        check.lots();
        check.parked();
        check.settings();
    }
    check.problems
}

struct Check<'v, V> {
    view: &'v V,
    problems: Vec<Problem>,
    counts: Vec<Counts>,
    holds: u64,
}

impl<'v, V: View> Check<'v, V> {
    fn new(view: &'v V) -> Self {
        Self { view, problems: Vec::new(), counts: vec![Counts::default(); view.lots_len() as usize], holds: 0 }
    }

    fn all(&self) -> impl Iterator<Item = (Ix, Record)> + use<'v, V> {
        let view = self.view;
        (0..view.len()).map(move |place| (Ix(place), view.record(Ix(place))))
    }

    /// The object's identifier, or its place where it has none.
    fn name(&self, ix: Ix) -> String {
        let key = (self.view.len() > ix.0).then(|| self.key(&self.view.record(ix))).flatten();
        let identifier = key.and_then(|key| match key.class {
            Class::INTERNED => Some(self.view.interned(key.serial as u32).clone()),
            _ => identifier_of(&key),
        });
        identifier.map_or_else(|| format!("object number {}", ix.0), |identifier| identifier.to_string())
    }

    /// The key of a record whose links may lead nowhere.
    fn key(&self, record: &Record) -> Option<Key> {
        let lot = if record.is_container() { self.container(record)?.lot } else { record.link };
        (lot < self.view.lots_len()).then(|| Key { class: self.view.lot(lot).class, serial: record.serial() })
    }

    fn container(&self, record: &Record) -> Option<Container> {
        let is_there = record.is_container() && record.link < self.view.containers_len();
        is_there.then(|| self.view.container_at(record.link))
    }

    /// Every link leads to an object, a container or a lot, and no two records share a container.
    fn links(&mut self) {
        let length = self.view.len();
        let mut owned: HashSet<u32, FixedState> = HashSet::default();
        for (ix, record) in self.all() {
            let container = self.container(&record);
            let leads_somewhere = |ix: Ix| ix.known().is_none_or(|ix| ix.0 < length);
            let links_are_all_or_none = record.parent.known().is_some() == record.next.known().is_some()
                && record.next.known().is_some() == record.previous.known().is_some();
            let checks = [
                ("lot", self.key(&record).is_some()),
                ("place in the container table", !record.is_container() || owned.insert(record.link)),
                ("first child", container.is_none_or(|container| leads_somewhere(container.first))),
                ("parent", leads_somewhere(record.parent)),
                ("next sibling", leads_somewhere(record.next)),
                ("previous sibling", leads_somewhere(record.previous) && links_are_all_or_none),
            ];
            for (what, _) in checks.into_iter().filter(|(_, holds)| !holds) {
                let object = self.name(ix);
                self.problems.push(Problem::Link { object, what });
            }
        }
    }

    /// The children of each container form one ring, as many as it counts, and every packed object is in the ring of its parent.
    fn rings(&mut self) {
        let mut in_rings = 0_u64;
        for (ix, _) in self.all() {
            let Some(container) = self.view.container(ix) else { continue };
            let found = self.ring(ix, &container);
            in_rings += u64::from(found);
            if found != container.count {
                self.problems.push(Problem::Count { container: self.name(ix), kept: container.count, found });
            }
        }
        let packed = self.all().filter(|(_, record)| record.parent.known().is_some()).count() as u64;
        if self.problems.is_empty() && packed != in_rings {
            for (ix, record) in self.all() {
                let Some(parent) = record.parent.known() else { continue };
                if !self.view.children(parent).any(|child| child == ix) {
                    let container = self.name(parent);
                    self.problems.push(Problem::Ring { container, what: "one that names it as its parent is missing" });
                }
            }
        }
    }

    /// Walks one ring, and returns how many children are in it.
    fn ring(&mut self, ix: Ix, container: &Container) -> u32 {
        let Some(first) = container.first.known() else { return 0 };
        let mut found = 0;
        let mut at = first;
        // A ring that does not close is left once it is longer than the forest.
        while found <= self.view.len() {
            let record = self.view.record(at);
            found += 1;
            if record.parent != ix {
                self.problems.push(Problem::Ring { container: self.name(ix), what: "one names another parent" });
                return container.count;
            }
            if self.view.record(record.next).previous != at {
                self.problems
                    .push(Problem::Ring { container: self.name(ix), what: "two do not agree on who follows whom" });
                return container.count;
            }
            if record.next == first {
                return found;
            }
            at = record.next;
        }
        self.problems.push(Problem::Ring { container: self.name(ix), what: "the ring does not close" });
        container.count
    }

    fn objects(&mut self) {
        let last = self.view.next_sequence();
        for (ix, record) in self.all() {
            if self.key(&record).and_then(|key| self.view.find_key(&key)) != Some(ix) {
                self.problems.push(Problem::Index { object: self.name(ix) });
            }
            for sequence in [record.last_fact(), self.view.last_note(ix)] {
                if last <= sequence {
                    self.problems.push(Problem::Fact { object: self.name(ix), sequence });
                }
            }
            self.status(ix, &record);
            let is_away = self.above(ix, &record);
            self.count(&record, is_away);
        }
        let held_lots = (0..self.view.lots_len()).filter(|place| self.view.lot(*place).held).count() as u64;
        let (kept, found) = (self.view.holds(), self.holds + held_lots);
        if kept != found {
            self.problems.push(Problem::Holds { kept, found });
        }
    }

    /// What is out of use is in nothing, holds nothing, is on no hold and is nowhere else.
    fn status(&mut self, ix: Ix, record: &Record) {
        let status = record.status();
        let is_filled = 0 < self.view.count(ix) || !self.view.quantities(ix).is_empty();
        let contradictions = [
            ("packed", record.parent.known().is_some()),
            ("holds something", is_filled),
            ("on hold", record.is_held()),
            ("away", record.is_away()),
        ];
        for (what, _) in contradictions.into_iter().filter(|(_, is)| *is && status != Status::Active) {
            let object = self.name(ix);
            self.problems.push(Problem::Status { object, status, what });
        }
        if !self.view.quantities(ix).is_empty() && !record.is_container() {
            let object = self.name(ix);
            self.problems.push(Problem::Link { object, what: "place in the container table" });
        }
        if record.is_away() && record.parent.known().is_some() {
            let object = self.name(ix);
            self.problems.push(Problem::Custody { object });
        }
    }

    /// Checks what is around an object, and returns whether it is away.
    fn above(&mut self, ix: Ix, record: &Record) -> bool {
        let mut is_away = record.is_away();
        let mut depth = 1;
        let (mut at, mut below) = (record.parent, (ix, record.level()));
        while let Some(around) = at.known() {
            let parent = self.view.record(around);
            let container = self.view.container_at(parent.link);
            if depth == 1 && parent.level() <= below.1 && parent.level() != Level::Unknown && below.1 != Level::Unknown
            {
                self.problems.push(Problem::Level { parent: self.name(around), child: self.name(below.0) });
            }
            if usize::from(container.height) < depth {
                let kept = container.height;
                self.problems.push(Problem::Height { container: self.name(around), kept, found: depth });
            }
            depth += 1;
            if DEPTH_MAX < depth {
                self.too_deep(ix);
                return is_away;
            }
            is_away |= parent.is_away();
            (at, below) = (parent.parent, (around, parent.level()));
        }
        is_away
    }

    fn too_deep(&mut self, ix: Ix) {
        let mut seen: HashSet<Ix, FixedState> = HashSet::default();
        let is_cycle = self.view.ancestors(ix).any(|around| !seen.insert(around));
        let object = self.name(ix);
        self.problems.push(if is_cycle {
            Problem::Cycle { object }
        } else {
            Problem::Depth { object, depth: seen.len() + 1 }
        });
    }

    fn count(&mut self, record: &Record, is_away: bool) {
        let counts = &mut self.counts[self.view.lot_of(record) as usize];
        counts.by_status[record.status() as usize] += 1;
        counts.packed += u32::from(record.parent.known().is_some());
        counts.away += u32::from(is_away);
        self.holds += u64::from(record.is_held());
    }

    /// Each fact parked one operation at most, which every object that it concerns leads to.
    fn parked(&mut self) {
        let (mut number, mut bytes) = (0, 0);
        let mut before = 0;
        self.view.for_each_parked(&mut |fact, parking| {
            number += 1;
            bytes += parking.bytes();
            let is_found = |object| self.view.parked_about(object).iter().any(|(about, _)| *about == fact);
            let checks = [
                ("it is parked twice", before < fact),
                ("the fact is not there", fact < self.view.next_sequence()),
                (
                    "an object that it concerns does not lead to it",
                    parking.objects.iter().chain(&parking.others).all(is_found),
                ),
            ];
            before = fact;
            let problems = checks.into_iter().filter(|(_, holds)| !holds);
            self.problems.extend(problems.map(|(what, _)| Problem::Parked { fact, what }));
        });
        if (number, bytes) != (self.view.parked_len(), self.view.parked_bytes()) {
            self.problems.push(Problem::Parked { fact: before, what: "and those before it are counted wrong" });
        }
    }

    fn settings(&mut self) {
        let (mut number, mut bytes) = (0, 0);
        self.view.for_each_setting(&mut |setting| {
            number += 1;
            bytes += setting.bytes();
            let checks = [
                ("the fact that set it is not there", (1..self.view.next_sequence()).contains(&setting.fact)),
                ("is not found by its name", self.view.setting(setting.name.as_str()) == Some(setting)),
            ];
            let name = || setting.name.to_string();
            let problems = checks.into_iter().filter(|(_, holds)| !holds);
            self.problems.extend(problems.map(|(what, _)| Problem::Setting { name: name(), what }));
        });
        if (number, bytes) != (self.view.settings_len(), self.view.settings_bytes()) {
            self.problems.push(Problem::Setting { name: "of any name".to_owned(), what: "they are counted wrong" });
        }
    }

    fn lots(&mut self) {
        for place in 0..self.view.lots_len() {
            let lot = self.view.lot(place);
            if self.view.lot_place(lot.class, lot.number) != Some(place) {
                self.problems.push(Problem::Lot { place });
            }
            let found = self.counts[place as usize];
            let statuses = Status::ALL
                .iter()
                .map(|status| (status.word(), lot.counts.with_status(*status), found.with_status(*status)));
            let others = [("packed", lot.counts.packed, found.packed), ("away", lot.counts.away, found.away)];
            for (what, kept, found) in statuses.chain(others) {
                if kept != found {
                    self.problems.push(Problem::Lots { place, what, kept, found });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
