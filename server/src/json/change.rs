//! Operations: what they did, would do, or why they were refused.

use packtree::fact::{Effect, Standing};
use packtree::{Fact, Identifier, Receipt, Refusal};
use serde::Serialize;

use super::spelled;
use crate::words;

/// What an operation did, or would do.
#[derive(Serialize)]
pub(crate) struct Done {
    /// `done`, or `dry_run` for what would be done.
    outcome: &'static str,
    fact: u64,
    operation: &'static str,
    repeated: bool,
    late: bool,
    /// Whether it came too early, and waits.
    parked: bool,
    changes: Vec<Change>,
}

impl Done {
    pub(crate) fn new(fact: &Fact, receipt: Option<Receipt>) -> Self {
        let standing = receipt.map_or_else(|| words::standing(fact), |receipt| receipt.standing);
        Self {
            outcome: if receipt.is_some() { "done" } else { "dry_run" },
            fact: fact.sequence.0,
            operation: fact.verb.word(),
            repeated: receipt.is_some_and(|receipt| receipt.repeated),
            late: standing == Standing::Late,
            parked: standing == Standing::Parked,
            changes: fact.effects.iter().map(Change::from).collect(),
        }
    }
}

/// One elementary change.
#[derive(Serialize)]
pub(crate) struct Change {
    what: &'static str,
    parent: Option<String>,
    objects: Vec<String>,
    /// What it is now: the level, the seal, the status, on hold or not, away or not.
    now: Option<String>,
}

impl From<&Effect<Identifier>> for Change {
    fn from(effect: &Effect<Identifier>) -> Self {
        let change = |what, parent: Option<&Identifier>, objects: &[Identifier], now: Option<String>| Self {
            what,
            parent: parent.map(ToString::to_string),
            objects: spelled(objects),
            now,
        };
        match effect {
            Effect::Commissioned { level, objects, .. } => {
                change("commissioned", None, objects, Some(level.to_string()))
            }
            Effect::Sighted { level, objects } => change("sighted", None, objects, Some(level.to_string())),
            Effect::Described { level, objects, .. } => change("described", None, objects, Some(level.to_string())),
            Effect::Joined { parent, children } => change("joined", Some(parent), children, None),
            Effect::Left { parent, children, .. } => change("left", Some(parent), children, None),
            Effect::QuantitiesSet { parent, quantities } => {
                let held: Vec<String> = quantities.iter().map(words::quantity).collect();
                change("quantities", Some(parent), &[], Some(held.join(", ")))
            }
            Effect::Sealed { objects, seal } => change("seal", None, objects, Some(seal.to_string())),
            Effect::StatusSet { objects, status } => change("status", None, objects, Some(status.to_string())),
            Effect::HoldSet { objects, held } => change("hold", None, objects, Some(held.to_string())),
            Effect::LotHoldSet { held, .. } => change("lot_hold", None, &[], Some(held.to_string())),
            Effect::LotCorrected { .. } => change("lot", None, &[], Some(words::effect(effect))),
            Effect::Relabelled { from, to } => {
                change("relabelled", None, std::slice::from_ref(from), Some(to.to_string()))
            }
            Effect::CustodySet { objects, away, .. } => change("away", None, objects, Some(away.to_string())),
            Effect::LevelSet { object, level } => {
                change("level", None, std::slice::from_ref(object), Some(level.to_string()))
            }
            Effect::Noted { objects, late } => {
                change("noted", None, objects, Some(if *late { "late" } else { "on record" }.to_owned()))
            }
            Effect::Parked { objects, parking } => {
                let reasons: Vec<&str> = parking.reasons.iter().map(|reason| reason.code()).collect();
                change("parked", None, objects, Some(reasons.join(", ")))
            }
            Effect::Unparked { objects, end, .. } => {
                change("unparked", None, objects, Some(words::end(*end).to_owned()))
            }
            Effect::SettingSet { name, .. } => change("setting", None, &[], Some(name.to_string())),
            Effect::Signed { .. } => change("signed", None, &[], Some(words::effect(effect))),
        }
    }
}

/// A refused operation.
#[derive(Serialize)]
pub(crate) struct Refused {
    outcome: &'static str,
    refused: Vec<Fault>,
}

#[derive(Serialize)]
struct Fault {
    code: &'static str,
    number: u16,
    reason: &'static str,
    remedy: &'static str,
    object: Option<String>,
    other: Option<String>,
}

impl From<&Refusal> for Refused {
    fn from(refusal: &Refusal) -> Self {
        let fault = |fault: &packtree::Fault| Fault {
            code: fault.reason.code(),
            number: fault.reason.number(),
            reason: fault.reason.sentence(),
            remedy: fault.reason.remedy(),
            object: fault.object.as_ref().map(ToString::to_string),
            other: fault.other.as_ref().map(ToString::to_string),
        };
        Self { outcome: "refused", refused: refusal.faults.iter().map(fault).collect() }
    }
}
