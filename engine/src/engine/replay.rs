//! Rebuilds the forest from the journal: facts are applied as they stand, no rule is asked again.

use crate::codec::{self, CodecError, Draught, Item};
use crate::fact::{Effect, Fact, Header, Microseconds, Sequence, Standing, Verb};
use crate::forest::apply::{Step, apply};
use crate::forest::record::Ix;
use crate::forest::view::known_key;
use crate::forest::{Draft, Forest, View};
use crate::journal::{Frame, VisitError};
use crate::operation::Operation;
use crate::requests::{Accepted, Requests};
use crate::state::Image;

/// A forest and the accepted requests, on the way from the first fact to the last.
pub(crate) struct Replay {
    forest: Forest,
    requests: Requests,
    previous: Vec<u64>,
}

impl Replay {
    pub(crate) fn new(seed: u64) -> Self {
        Self { forest: Forest::new(seed), requests: Requests::default(), previous: Vec::new() }
    }

    /// Goes on from a checkpoint.
    pub(super) fn from_image(image: Image) -> Self {
        Self { forest: image.forest, requests: image.requests, previous: Vec::new() }
    }

    /// Applies the facts of a frame.
    pub(crate) fn frame(&mut self, frame: &Frame<'_>) -> Result<(), VisitError> {
        for (sequence, bytes) in frame.facts() {
            self.fact(sequence, bytes).map_err(|error| format!("fact {sequence}: {error}"))?;
        }
        Ok(())
    }

    /// Applies the facts of a frame, and checks that each names the facts before it in the histories of its objects.
    pub(crate) fn checked_frame(&mut self, frame: &Frame<'_>) -> Result<(), VisitError> {
        for (sequence, bytes) in frame.facts() {
            self.fact(sequence, bytes).map_err(|error| format!("fact {sequence}: {error}"))?;
            let fact = codec::decode(sequence, frame.recorded_at_us(), bytes);
            let fact = fact.map_err(|error| format!("fact {sequence}: {error}"))?;
            if fact.previous != self.previous {
                return Err(format!("fact {sequence}: the facts that it names as the ones before it are others").into());
            }
        }
        Ok(())
    }

    fn fact(&mut self, sequence: Sequence, bytes: &[u8]) -> Result<(), CodecError> {
        let stored = codec::decode_stored(bytes)?;
        let Self { forest, requests, previous } = self;
        let mut step = Step::begin(forest, stored.event_time.at, previous);
        let mut standing = Standing::Done;
        let mut is_request = true;
        for effect in &stored.effects {
            let effect = effect.read(&mut Ok)?;
            warm(forest, &effect);
            let effect = effect.map(|item| place(forest, &item))?;
            match &effect {
                Effect::Noted { late: true, .. } => standing = Standing::Late,
                Effect::Parked { parking, .. } => {
                    Operation::of_parked(parking).ok_or(CodecError::Record)?;
                    standing = Standing::Parked;
                }
                // The request was accepted when it was parked, which is what whoever repeats it is told.
                Effect::Unparked { parked, .. } => {
                    forest.parking(parked.0).ok_or(CodecError::UnknownParking)?;
                    is_request = false;
                }
                Effect::SettingSet { name, previous, .. } => {
                    let before = forest.setting(name.as_str()).map_or(0, |setting| setting.fact);
                    (before == previous.0).then_some(()).ok_or(CodecError::UnknownSetting)?;
                }
                _ => {}
            }
            step.effect(forest, &effect);
        }
        step.end(forest);
        if is_request {
            requests.remember(stored.request, Accepted { content: stored.content, sequence, standing });
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> (Forest, Requests) {
        (self.forest, self.requests)
    }
}

fn warm(forest: &Forest, effect: &Effect<Item>) {
    match effect {
        Effect::Commissioned { objects, .. } | Effect::Sighted { objects, .. } => {
            forest.warm(&mut objects.iter().filter_map(known_key));
        }
        Effect::Joined { children: objects, .. }
        | Effect::Left { children: objects, .. }
        | Effect::StatusSet { objects, .. }
        | Effect::Described { objects, .. }
        | Effect::CustodySet { objects, .. } => forest.warm(&mut objects.iter().filter_map(Item::key)),
        _ => {}
    }
}

fn place(forest: &Forest, item: &Item) -> Result<Ix, CodecError> {
    let found = match item {
        Item::Key(key) => forest.find_key(key),
        Item::Spelled(identifier) => forest.find(identifier),
    };
    found.ok_or(CodecError::UnknownObject)
}

/// The fact that a decision would make true; applies it to the draft, so that the next one sees it.
pub(super) fn preview(
    header: &Header,
    verb: Verb,
    effects: &[Effect<Ix>],
    now: Microseconds,
    draft: &mut Draft<'_>,
) -> Fact {
    let sequence = Sequence(draft.next_sequence());
    let mut previous = Vec::new();
    apply(draft, header.event_time.at, effects, &mut previous);
    let mut bytes = Vec::new();
    let fact = Draught { header, verb, effects, previous: &previous };
    codec::encode(&fact, draft, &mut bytes).expect("decide refuses facts that are too large");
    codec::decode(sequence, now, &bytes).expect("what was just encoded can be decoded")
}
