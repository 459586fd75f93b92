//! The history of an object, from the newest fact to the oldest, along the chain of facts that touched it.

use std::fmt;
use std::sync::Arc;

use packtree_gs1::Identifier;

use super::facts::{Facts, IndexedFact, Part};
use super::tree::Source;
use crate::error::Error;
use crate::fact::{Effect, Fact, Header, Microseconds, Sequence, Verb};
use crate::forest::View as _;
use crate::limits::DEPTH_MAX;

/// One fact in the history of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The fact.
    pub fact: Sequence,
    /// When it was recorded, in microseconds since 1970-01-01T00:00:00Z.
    pub recorded_at: Microseconds,
    /// Who asked for it, in which role, where, when it happened, why.
    pub header: Header,
    /// The operation.
    pub verb: Verb,
    /// The identifier that the object had behind the fact; with `via`, the one that the container had.
    pub object: Identifier,
    /// Whether it happened to a container that the object sat in at the time, and so to the object with it.
    pub via: bool,
    /// What the fact did to it, in order. Of lists that name many objects only this one is kept, but everything that went into it
    /// or came out of it.
    pub effects: Vec<Effect<Identifier>>,
}

/// The facts that touched an object, the newest first; see [`Engine::history`](crate::Engine::history).
///
/// Reads as it goes: a few frames are kept, whatever the length of the history.
///
/// ```
/// use packtree::fact::Verb;
/// use packtree::query::{Entry, History};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, units, .. } = packed_pallet()?;
/// let mut history: History<'_> = engine.history(&units[0]);
/// let newest: Entry = history.next().ok_or("the unit was commissioned")??;
/// // Its case was packed onto the pallet, and so it was.
/// assert_eq!((newest.verb, newest.via), (Verb::Pack, true));
/// assert_eq!(history.count(), 2);
/// # Ok(())
/// # }
/// ```
pub struct History<'e> {
    source: Source<'e>,
    facts: Facts,
    /// The object, then the containers around it at the time, the innermost first.
    walks: Vec<Walk>,
    /// Entries of the fact that was looked at last, in reverse.
    ready: Vec<Entry>,
}

/// How far the history of one object is shown.
#[derive(Debug)]
struct Walk {
    /// The identifier that it had behind the facts that come next.
    name: Identifier,
    /// The next fact that changed it, and the next that only noted it; 0 for none.
    next: u64,
    note: u64,
}

impl fmt::Debug for History<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("walks", &self.walks).finish_non_exhaustive()
    }
}

impl<'e> Source<'e> {
    /// The history of an object; that of one that the engine does not know is empty.
    pub(crate) fn history(self, id: &Identifier) -> History<'e> {
        let mut walks = Vec::with_capacity(DEPTH_MAX);
        let forest = self.forest.read();
        if let Some(ix) = forest.find(id) {
            walks.push(Walk { name: id.clone(), next: forest.record(ix).last_fact(), note: forest.last_note(ix) });
            walks.extend(forest.ancestors(ix).map(|around| Walk {
                name: forest.identifier(around),
                next: forest.record(around).last_fact(),
                note: 0,
            }));
        }
        drop(forest);
        History { source: self, facts: Facts::new(self.reader.clone()), walks, ready: Vec::new() }
    }
}

impl Iterator for History<'_> {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.ready.pop() {
                return Some(Ok(entry));
            }
            // The object's own history outlasts that of the containers, which ends where it went in.
            let number = self.walks.iter().map(|walk| walk.next.max(walk.note)).max().filter(|number| 0 < *number)?;
            if let Err(error) = self.step(number) {
                self.walks.clear();
                return Some(Err(error));
            }
        }
    }
}

impl History<'_> {
    /// Takes one fact into the history: what it did to the object, then what it did to the containers around it.
    fn step(&mut self, number: u64) -> Result<(), Error> {
        let fact = self.facts.get(number)?;
        let mut place = 0;
        while let Some(walk) = self.walks.get_mut(place) {
            if walk.next.max(walk.note) == number {
                let part = fact.part(&walk.name)?;
                if let Some(entry) = entry(&fact, &part, &walk.name, 0 < place) {
                    self.ready.push(entry);
                }
                let has_moved = has_moved(&part);
                if walk.next == number {
                    walk.next = part.previous;
                }
                if walk.note == number {
                    walk.note = part.note.unwrap_or(0);
                }
                walk.name = part.name;
                if has_moved {
                    self.follow(place, Sequence(number - 1))?;
                }
            }
            place += 1;
        }
        self.ready.reverse();
        Ok(())
    }

    /// Goes on with the containers that the object sat in before a fact that moved it.
    fn follow(&mut self, place: usize, before: Sequence) -> Result<(), Error> {
        self.walks.truncate(place + 1);
        let around = self.source.around(&mut self.facts, &self.walks[place].name, before)?;
        self.walks.extend(around.into_iter().map(|outer| Walk { name: outer.id, next: outer.last_fact.0, note: 0 }));
        Ok(())
    }
}

/// Whether a fact put the object elsewhere, or began a life of its own for an identifier that was retired.
fn has_moved(part: &Part<'_>) -> bool {
    part.effects.iter().any(|(effect, name)| match effect {
        Effect::Joined { parent, .. } | Effect::Left { parent, .. } => parent != name,
        Effect::Relabelled { from, .. } => from == name,
        _ => false,
    })
}

/// The entry for what a fact did to an object; `None` where it did nothing to a container that concerns what is in it.
fn entry(fact: &IndexedFact, part: &Part<'_>, object: &Identifier, via: bool) -> Option<Entry> {
    let concerns = |effect: &Effect<Identifier>, name: &Identifier| match effect {
        Effect::Joined { parent, .. } | Effect::Left { parent, .. } => parent != name,
        Effect::Sealed { .. }
        | Effect::StatusSet { .. }
        | Effect::HoldSet { .. }
        | Effect::CustodySet { .. }
        | Effect::Relabelled { .. } => true,
        _ => false,
    };
    let mut effects: Vec<_> = part
        .effects
        .iter()
        .rev()
        .filter(|(effect, name)| !via || concerns(effect, name))
        .map(|(effect, name)| narrowed(effect, name))
        .collect();
    let is_empty = effects.is_empty();
    // Who vouched for the fact vouched for what it did to each object.
    effects.extend(fact.fact.effects.iter().filter(|effect| matches!(effect, Effect::Signed { .. })).cloned());
    let Fact { sequence, recorded_at, header, verb, .. } = &fact.fact;
    (!via || !is_empty).then(|| Entry {
        fact: *sequence,
        recorded_at: *recorded_at,
        header: header.clone(),
        verb: *verb,
        object: object.clone(),
        via,
        effects,
    })
}

/// An effect with one object left of those that it names, and with all that went in or came out where that object is the container.
fn narrowed(effect: &Effect<Identifier>, name: &Identifier) -> Effect<Identifier> {
    let one = || vec![name.clone()];
    match effect {
        Effect::Joined { parent, .. } if parent != name => Effect::Joined { parent: parent.clone(), children: one() },
        Effect::Left { parent, trust, .. } if parent != name => {
            Effect::Left { parent: parent.clone(), children: one(), trust: *trust }
        }
        Effect::Commissioned { lot, level, .. } => Effect::Commissioned { lot: *lot, level: *level, objects: one() },
        Effect::Sighted { level, .. } => Effect::Sighted { level: *level, objects: one() },
        Effect::Described { lot, level, .. } => Effect::Described { lot: *lot, level: *level, objects: one() },
        Effect::Sealed { seal, .. } => Effect::Sealed { objects: one(), seal: *seal },
        Effect::StatusSet { status, .. } => Effect::StatusSet { objects: one(), status: *status },
        Effect::HoldSet { held, .. } => Effect::HoldSet { objects: one(), held: *held },
        Effect::CustodySet { away, trust, .. } => Effect::CustodySet { objects: one(), away: *away, trust: *trust },
        Effect::Noted { late, .. } => Effect::Noted { objects: one(), late: *late },
        Effect::Parked { parking, .. } => Effect::Parked { objects: one(), parking: Arc::clone(parking) },
        Effect::Unparked { parked, end, .. } => Effect::Unparked { objects: one(), parked: *parked, end: *end },
        other => other.clone(),
    }
}
