//! Writes what was decided into a group: applied to the draft, encoded, kept until it is durable.

use crate::codec::{self, CodecError, Draught};
use crate::fact::{Effect, Header, Microseconds, Verb};
use crate::forest::Draft;
use crate::forest::apply::apply;
use crate::forest::record::Ix;
use crate::journal::{Run, RunTooLarge};
use crate::operation::parking::{Due, Released};
use crate::policy::Policy;

/// A fact that is decided and not yet applied to the forest.
pub(super) struct Decided {
    pub(super) time: Microseconds,
    pub(super) effects: Vec<Effect<Ix>>,
    pub(super) objects: usize,
}

/// A fact that no frame can hold, which the rules refuse before they accept it.
pub(super) struct TooLarge;

impl From<CodecError> for TooLarge {
    fn from(_: CodecError) -> Self {
        Self
    }
}

impl From<RunTooLarge> for TooLarge {
    fn from(_: RunTooLarge) -> Self {
        Self
    }
}

/// The facts of a group, and the buffers that each of them passes through.
#[derive(Default)]
pub(super) struct Pen {
    pub(super) facts: Vec<Decided>,
    pub(super) previous: Vec<u64>,
    encoded: Vec<u8>,
}

impl Pen {
    /// Applies a fact to the draft, so that the next one sees it, and adds it to the run.
    pub(super) fn write(
        &mut self,
        run: &mut Run<'_>,
        header: &Header,
        verb: Verb,
        effects: Vec<Effect<Ix>>,
        draft: &mut Draft<'_>,
    ) -> Result<(), TooLarge> {
        self.encode(header, verb, effects, draft)?;
        run.fact(|bytes| bytes.extend(&self.encoded));
        Ok(())
    }

    fn encode(
        &mut self,
        header: &Header,
        verb: Verb,
        effects: Vec<Effect<Ix>>,
        draft: &mut Draft<'_>,
    ) -> Result<(), TooLarge> {
        let time = header.event_time.at;
        let touched = draft.touched();
        apply(draft, time, &effects, &mut self.previous);
        let fact = Draught { header, verb, effects: &effects, previous: &self.previous };
        self.encoded.clear();
        codec::encode(&fact, draft, &mut self.encoded)?;
        self.facts.push(Decided { time, effects, objects: draft.touched() - touched });
        Ok(())
    }

    /// Adds to a run what its facts, those from place `from` in the group on, have released.
    ///
    /// So after a crash a fact and what it released are both there or neither. Only what does not fit into one frame with it goes into
    /// another run; if that is lost, it is decided again with the first group after opening.
    pub(super) fn write_released(
        &mut self,
        run: &mut Run<'_>,
        from: usize,
        (policy, now): (&Policy, Microseconds),
        draft: &mut Draft<'_>,
    ) -> Result<(), TooLarge> {
        let mut due = Due::default();
        for fact in &self.facts[from..] {
            due.after(&fact.effects, draft);
        }
        self.write_due(run, due, (policy, now), draft)
    }

    /// Adds what waits no longer to a run, and what that releases.
    pub(super) fn write_due(
        &mut self,
        run: &mut Run<'_>,
        mut due: Due,
        (policy, now): (&Policy, Microseconds),
        draft: &mut Draft<'_>,
    ) -> Result<(), TooLarge> {
        while let Some(Released { parking, effects }) = due.next(policy, now, draft) {
            self.encode(&parking.header, parking.verb, effects, draft)?;
            if !run.has_room(self.encoded.len()) {
                run.divide()?;
            }
            run.fact(|bytes| bytes.extend(&self.encoded));
            due.after(&self.facts[self.facts.len() - 1].effects, draft);
        }
        Ok(())
    }
}
