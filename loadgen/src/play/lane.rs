//! One line as its driver sees it: what was acknowledged, and what can still be sent.

use std::sync::Arc;
use std::time::Duration;

use super::prepare::Prepared;
use super::{Game, Pace};
use crate::model::{Fate, Ledger};
use crate::workload::{Kind, Maker, Step};

/// Time that people in the warehouse give an answer.
pub(super) const PERSON_WAITS: Duration = Duration::from_secs(1);

/// One line.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) line: usize,
    pub(super) ledger: Ledger,
    /// Operations that wait for an answer, or to be sent.
    pub(super) waiting: usize,
    maker: Maker,
    case_units: u32,
    cases: u32,
    /// Time from one unit to the next; none where the line runs as fast as it goes.
    unit_time: Option<Duration>,
    /// The newest pack: pallet, case, and its fact.
    last_pack: Option<(u64, u32, u64)>,
}

impl Lane {
    pub(super) fn new(game: &Game, line: usize) -> Self {
        let profile = &game.profile;
        let unit_time = Duration::from_nanos(profile.line.nanoseconds(1));
        Self {
            line,
            ledger: Ledger::default(),
            waiting: 0,
            maker: Maker::new(profile, game.seed, line as u64),
            case_units: profile.case.get(),
            cases: profile.pallet.get(),
            unit_time: (game.pace == Pace::Fixed).then_some(unit_time),
            last_pack: None,
        }
    }

    /// How long after it was due an answer is in time: until the next unit for a unit, until the next case for everything else on
    /// the line. Where nothing says when it is due, nothing is late.
    pub(super) fn allowed(&self, step: Step) -> Option<Duration> {
        let unit_time = self.unit_time?;
        Some(match step.kind() {
            Kind::Reject => unit_time,
            _ if step.is_of_warehouse() => PERSON_WAITS,
            _ => unit_time * self.case_units,
        })
    }

    /// Units that an acknowledged step has packed.
    pub(super) fn packed(&self, step: Step) -> u64 {
        if matches!(step, Step::Pack { .. }) { u64::from(self.case_units) } else { 0 }
    }

    /// Notes that the pallet of a step is begun.
    pub(super) fn begin(&mut self, prepared: &Prepared) {
        self.ledger.begin(prepared.planned.pallet, prepared.script.steps.len());
    }

    /// Whether the line is through with a pallet: nothing of its own part waits for an answer or to be sent.
    pub(super) fn is_through(&self, prepared: &Prepared) -> bool {
        let fates = self.ledger.fates(prepared.planned.pallet);
        fates.is_none_or(|fates| !fates[..prepared.script.of_line].contains(&Fate::Waiting))
    }

    /// Makes what was prepared fit to what happened meanwhile; `None` where it makes no sense any more, because what it builds on
    /// was dropped or refused.
    pub(super) fn fit(&mut self, mut prepared: Prepared) -> Option<Prepared> {
        let (planned, script) = (prepared.planned, Arc::clone(&prepared.script));
        if !self.ledger.has_gap(planned.pallet) {
            return Some(prepared);
        }
        let fates = self.ledger.fates(planned.pallet)?;
        let is_gone = |index: usize| fates[index] == Fate::NotDone;
        if script.needs(planned.index, self.case_units).into_iter().any(is_gone) {
            return None;
        }
        let packs = script.steps.iter().enumerate().filter(|(index, _)| is_gone(*index));
        let left_out: Vec<u32> = packs
            .filter_map(|(_, scheduled)| match scheduled.step {
                Step::Pack { case } => Some(case),
                _ => None,
            })
            .collect();
        if left_out.is_empty() {
            return Some(prepared);
        }
        if !matches!(planned.step, Step::CloseCases | Step::PackPallet | Step::Count { .. }) {
            return Some(prepared);
        }
        if left_out.len() == self.cases as usize {
            return None;
        }
        prepared.request = self.maker.request(&script, planned.index, &[], &left_out);
        Some(prepared)
    }

    /// Notes the fact of an acknowledged step.
    pub(super) fn acknowledge(&mut self, pallet: u64, step: Step, fact: u64) {
        if let Step::Pack { case } = step {
            self.last_pack = Some((pallet, case, fact));
        }
    }

    /// The fact of the request that a step repeats, if it is the newest pack.
    pub(super) fn original(&self, pallet: u64, step: Step) -> Option<u64> {
        match (step, self.last_pack) {
            (Step::Repeat { case }, Some((of_pallet, of_case, fact))) if (of_pallet, of_case) == (pallet, case) => {
                Some(fact)
            }
            _ => None,
        }
    }
}
