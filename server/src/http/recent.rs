//! What everybody did last, so that it can be shown and undone.

use std::collections::{HashMap, VecDeque};

use packtree::fact::{Name, RequestId};
use packtree::{Engine, Sequence};
use parking_lot::Mutex;

/// Facts of each that are remembered.
pub(super) const REMEMBERED: usize = 100;

/// Facts that are looked through after a start, the newest first.
const LOOKED_THROUGH: u64 = 20_000;

/// A fact, and the request that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Act {
    pub(super) fact: Sequence,
    pub(super) request: RequestId,
}

type Acts = HashMap<Name, VecDeque<Act>>;

/// The newest facts of everybody who works through this server.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// Nothing until somebody asks or acts for the first time.
    acts: Mutex<Option<Acts>>,
}

impl Recent {
    /// Notes what somebody did.
    pub(super) fn note(&self, engine: &Engine, actor: &Name, act: Act) -> Result<(), packtree::Error> {
        self.with(engine, |known| remember(known, actor, act))
    }

    /// What somebody did, the newest first.
    pub(super) fn of(&self, engine: &Engine, actor: &Name) -> Result<Vec<Act>, packtree::Error> {
        self.with(engine, |known| known.get(actor).into_iter().flatten().rev().copied().collect())
    }

    fn with<T>(&self, engine: &Engine, work: impl FnOnce(&mut Acts) -> T) -> Result<T, packtree::Error> {
        let mut acts = self.acts.lock();
        let known = match &mut *acts {
            Some(known) => known,
            none => none.insert(read(engine)?),
        };
        Ok(work(known))
    }
}

/// What was done before the server started, as far back as is looked.
fn read(engine: &Engine) -> Result<Acts, packtree::Error> {
    let mut acts = Acts::new();
    let mut feed = engine.subscribe(Sequence(engine.head().sequence.0.saturating_sub(LOOKED_THROUGH) + 1));
    while let Some(fact) = feed.try_next()? {
        remember(&mut acts, &fact.header.actor, Act { fact: fact.sequence, request: fact.header.request });
    }
    Ok(acts)
}

fn remember(known: &mut Acts, actor: &Name, act: Act) {
    let acts = match known.get_mut(actor) {
        Some(acts) => acts,
        None => known.entry(actor.clone()).or_default(),
    };
    // A repeated request tells of a fact that is known already.
    if acts.iter().rev().any(|known| known.fact == act.fact) {
        return;
    }
    acts.push_back(act);
    if REMEMBERED < acts.len() {
        acts.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_remembered_once_and_the_oldest_is_forgotten() {
        let mut acts = Acts::new();
        let actor = Name::new("olga").expect("it is a name");
        let act = |fact: u64| Act { fact: Sequence(fact), request: RequestId(u128::from(fact)) };
        for fact in [1, 1, 2] {
            remember(&mut acts, &actor, act(fact));
        }
        assert_eq!(acts[&actor], [act(1), act(2)]);
        for fact in 3..=REMEMBERED as u64 + 1 {
            remember(&mut acts, &actor, act(fact));
        }
        assert_eq!((acts[&actor].len(), acts[&actor][0]), (REMEMBERED, act(2)));
    }
}
