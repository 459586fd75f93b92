//! Reads facts by number, each frame and each fact as seldom as a bounded memory allows, and says what a fact did to one object.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use foldhash::fast::RandomState;
use packtree_gs1::Identifier;

use crate::codec;
use crate::error::Error;
use crate::fact::{Effect, Fact, Sequence};
use crate::journal::{OwnedFrame, Reader};
use crate::limits::{QUERY_FRAMES_KEPT, QUERY_MENTIONS_KEPT};

/// The facts of a journal, and those read last.
#[derive(Debug)]
pub(super) struct Facts {
    reader: Reader,
    frames: VecDeque<OwnedFrame>,
    read: HashMap<u64, Arc<IndexedFact>, RandomState>,
    /// The numbers in `read`, the oldest reading first.
    order: VecDeque<u64>,
    mentions: usize,
}

/// A fact, and where it mentions which object.
#[derive(Debug)]
pub(super) struct IndexedFact {
    pub(super) fact: Fact,
    mentions: HashMap<Identifier, Mention, RandomState>,
}

/// What a fact says of one object.
#[derive(Debug, Default)]
struct Mention {
    /// The fact before it in the object's history, and in the chain of those that only noted it.
    previous: Option<u64>,
    note: Option<u64>,
    /// The effects that name it.
    effects: Vec<u32>,
}

/// What a fact did to one object.
pub(super) struct Part<'f> {
    /// The effects that name it, the newest first, each with the identifier that the object had until then.
    pub(super) effects: Vec<(&'f Effect<Identifier>, Identifier)>,
    /// The identifier that it had before the fact.
    pub(super) name: Identifier,
    /// The fact before it in the object's history; 0 for none.
    pub(super) previous: u64,
    /// If the fact noted it, the fact before that did so; 0 for none.
    pub(super) note: Option<u64>,
}

impl Facts {
    pub(super) fn new(reader: Reader) -> Self {
        Self { reader, frames: VecDeque::new(), read: HashMap::default(), order: VecDeque::new(), mentions: 0 }
    }

    pub(super) fn get(&mut self, number: u64) -> Result<Arc<IndexedFact>, Error> {
        if let Some(fact) = self.read.get(&number) {
            return Ok(Arc::clone(fact));
        }
        let fact = Arc::new(IndexedFact::new(self.decode(Sequence(number))?));
        self.mentions += fact.mentions.len();
        self.order.push_back(number);
        self.read.insert(number, Arc::clone(&fact));
        while QUERY_MENTIONS_KEPT < self.mentions
            && 1 < self.order.len()
            && let Some(oldest) = self.order.pop_front()
        {
            self.mentions -= self.read.remove(&oldest).map_or(0, |fact| fact.mentions.len());
        }
        Ok(fact)
    }

    fn decode(&mut self, sequence: Sequence) -> Result<Fact, Error> {
        let unreadable = |reason: String| Error::Unreadable { sequence, reason };
        let known = self.frames.iter().position(|frame| frame.first() <= sequence && sequence <= frame.last());
        let place = if let Some(place) = known {
            place
        } else {
            let frame = self.reader.frame(sequence)?;
            let frame = frame.ok_or_else(|| unreadable(String::from("it is not in the journal")))?;
            if self.frames.len() == QUERY_FRAMES_KEPT {
                self.frames.pop_front();
            }
            self.frames.push_back(frame);
            self.frames.len() - 1
        };
        let frame = &self.frames[place];
        let (_, bytes) = frame
            .facts()
            .find(|(number, _)| *number == sequence)
            .ok_or_else(|| unreadable(String::from("its frame does not hold it")))?;
        codec::decode(sequence, frame.recorded_at_us(), bytes).map_err(|error| unreadable(error.to_string()))
    }
}

impl IndexedFact {
    fn new(fact: Fact) -> Self {
        let mut mentions: HashMap<Identifier, Mention, RandomState> = HashMap::default();
        for touched in fact.touched() {
            let mention = mentions.entry(touched.object.clone()).or_default();
            if touched.noted {
                mention.note = Some(touched.previous.0);
            } else {
                mention.previous = Some(touched.previous.0);
            }
        }
        for (place, effect) in fact.effects.iter().enumerate() {
            effect.for_each_named(|object| {
                if let Some(mention) = mentions.get_mut(object) {
                    mention.effects.push(place as u32);
                }
            });
        }
        Self { fact, mentions }
    }

    /// What the fact did to the object that bears `name` behind it.
    ///
    /// # Errors
    /// When it does not name the object, although the object's history says so.
    pub(super) fn part(&self, name: &Identifier) -> Result<Part<'_>, Error> {
        let unnamed = || Error::Unreadable {
            sequence: self.fact.sequence,
            reason: format!("the history of {name} leads to it, but it does not name that object"),
        };
        let mut name_then = name.clone();
        let mut mention = self.mentions.get(name).ok_or_else(unnamed)?;
        let mut effects = Vec::with_capacity(mention.effects.len());
        let mut before = u32::MAX;
        while let Some(place) = mention.effects.iter().rev().copied().find(|place| *place < before) {
            before = place;
            let effect = &self.fact.effects[place as usize];
            effects.push((effect, name_then.clone()));
            if let Effect::Relabelled { from, to } = effect
                && *to == name_then
            {
                name_then = from.clone();
                mention = self.mentions.get(from).ok_or_else(unnamed)?;
            }
        }
        let previous = mention.previous.unwrap_or(0);
        if self.fact.sequence.0 <= previous.max(mention.note.unwrap_or(0)) {
            return Err(unnamed());
        }
        Ok(Part { effects, name: name_then, previous, note: mention.note })
    }
}
