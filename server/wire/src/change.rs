//! What operations did, would do, or why they were refused.

use packtree::fact::{self, Effect, Standing, Verb};
use packtree::{Fact, Identifier, Receipt, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fact::FactJson;
use crate::operation::LotName;
use crate::text::{Code, Id, StandingWord, Text, VerbWord, spelled};
use crate::words;

/// What an operation did, or would do, as the command line prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Done {
    /// `done`, or `dry_run` for what would be done.
    pub outcome: &'static str,
    /// The fact.
    pub fact: u64,
    /// The operation.
    pub operation: VerbWord,
    /// Whether the same request was done before.
    pub repeated: bool,
    /// Whether it came too late to change anything.
    pub late: bool,
    /// Whether it came too early, and waits.
    pub parked: bool,
    /// What it did.
    pub changes: Vec<Change>,
}

impl Done {
    /// What the fact of a receipt did.
    pub fn new(fact: &FactJson, receipt: Receipt) -> Self {
        Self {
            outcome: "done",
            fact: fact.fact,
            operation: fact.operation,
            repeated: receipt.repeated,
            late: receipt.standing == Standing::Late,
            parked: receipt.standing == Standing::Parked,
            changes: fact.changes.clone(),
        }
    }
}

impl From<&Outlook> for Done {
    /// What would be done.
    fn from(outlook: &Outlook) -> Self {
        Self {
            outcome: "dry_run",
            fact: outlook.fact,
            operation: outlook.operation,
            repeated: false,
            late: outlook.outcome.0 == Standing::Late,
            parked: outlook.outcome.0 == Standing::Parked,
            changes: outlook.changes.clone(),
        }
    }
}

/// What an accepted operation came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// Whether it was done, came too late to change anything, or came too early and waits.
    pub outcome: StandingWord,
    /// The fact.
    pub fact: u64,
    /// The operation.
    pub operation: VerbWord,
    /// Whether the same request was done before.
    pub repeated: bool,
    /// What it did; nothing where the request asked for `return=minimal`.
    pub changes: Vec<Change>,
}

impl Answer {
    /// What a receipt says, without what the operation did.
    pub fn minimal(receipt: Receipt, verb: Verb) -> Self {
        let Receipt { first, repeated, standing, .. } = receipt;
        Self { outcome: Text(standing), fact: first.0, operation: Text(verb), repeated, changes: Vec::new() }
    }

    /// What the fact of a receipt did.
    pub fn new(fact: &Fact, repeated: bool) -> Self {
        Self {
            outcome: Text(words::standing(fact)),
            fact: fact.sequence.0,
            operation: Text(fact.verb),
            repeated,
            changes: fact.effects.iter().map(Change::from).collect(),
        }
    }
}

/// One answer of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Answers {
    /// It was accepted.
    Accepted {
        /// 200.
        status: u16,
        /// What it came to.
        #[serde(flatten)]
        answer: Answer,
    },
    /// It was not.
    Problem(Problem),
}

/// The answers of a batch, in the order of its requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchAnswers {
    /// One for each request.
    pub answers: Vec<Answers>,
}

/// What an atomic sequence came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SequenceAnswer {
    /// What it came to; late if any of it was.
    pub outcome: StandingWord,
    /// The facts, in order.
    pub facts: Vec<u64>,
    /// One for each fact.
    pub answers: Vec<Answer>,
}

/// What requests would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PreviewAnswer {
    /// The facts that they would make true.
    pub facts: Vec<Outlook>,
}

/// A fact that would be made true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outlook {
    /// The number that it would have, if nothing else becomes true before.
    pub fact: u64,
    /// The operation.
    pub operation: VerbWord,
    /// What it would come to.
    pub outcome: StandingWord,
    /// What it would do.
    pub changes: Vec<Change>,
    /// What it would do, in sentences.
    pub sentences: Vec<String>,
}

impl From<&Fact> for Outlook {
    fn from(fact: &Fact) -> Self {
        Self {
            fact: fact.sequence.0,
            operation: Text(fact.verb),
            outcome: Text(words::standing(fact)),
            changes: fact.effects.iter().map(Change::from).collect(),
            sentences: fact.effects.iter().map(words::effect).collect(),
        }
    }
}

/// One elementary change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// The kind of change.
    pub what: String,
    /// The container, where it concerns one.
    pub parent: Option<Id>,
    /// The objects.
    pub objects: Vec<Id>,
    /// What it is now: the level, the seal, the status, on hold or not, away or not, the dates of the lot, who signed.
    pub now: Option<String>,
    /// The lot, where it concerns a whole one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotName>,
}

impl From<&Effect<Identifier>> for Change {
    fn from(effect: &Effect<Identifier>) -> Self {
        let change = |what: &str, parent: Option<&Identifier>, objects: &[Identifier], now: Option<String>| Self {
            what: what.to_owned(),
            parent: parent.cloned().map(Text),
            objects: spelled(objects),
            now,
            lot: None,
        };
        let of_lot =
            |what, lot: fact::LotName, now| Self { lot: Some(lot.into()), ..change(what, None, &[], Some(now)) };
        let of_one = |what, object, now| change(what, None, std::slice::from_ref(object), Some(now));
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
            Effect::LotHoldSet { lot, held } => of_lot("lot_hold", *lot, held.to_string()),
            Effect::LotCorrected { lot, data } => of_lot("lot", *lot, words::dates(data)),
            Effect::Relabelled { from, to } => of_one("relabelled", from, to.to_string()),
            Effect::CustodySet { objects, away, .. } => change("away", None, objects, Some(away.to_string())),
            Effect::LevelSet { object, level } => of_one("level", object, level.to_string()),
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
            Effect::Signed { by, role } => change("signed", None, &[], Some(format!("{by} ({role})"))),
        }
    }
}

/// A refused operation, as the command line prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Refused {
    /// `refused`.
    pub outcome: &'static str,
    /// Every object at fault.
    pub refused: Vec<FaultJson>,
}

/// An object at fault, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Fault)]
pub struct FaultJson {
    /// The reason, a stable name.
    pub code: Code,
    /// The stable number of the reason.
    pub number: u16,
    /// The reason in words.
    pub reason: String,
    /// What would work instead.
    pub remedy: String,
    /// The object at fault, if the reason concerns one.
    pub object: Option<Id>,
    /// What stands in the way, for instance the parent that the object is in.
    pub other: Option<Id>,
    /// Of a sequence, the position of the request that is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<usize>,
}

impl From<&packtree::Fault> for FaultJson {
    fn from(fault: &packtree::Fault) -> Self {
        Self {
            code: Text(fault.reason),
            number: fault.reason.number(),
            reason: fault.reason.sentence().to_owned(),
            remedy: fault.reason.remedy().to_owned(),
            object: fault.object.clone().map(Text),
            other: fault.other.clone().map(Text),
            request: None,
        }
    }
}

impl From<FaultJson> for packtree::Fault {
    fn from(fault: FaultJson) -> Self {
        Self { reason: fault.code.0, object: fault.object.map(|id| id.0), other: fault.other.map(|id| id.0) }
    }
}

impl From<&Refusal> for Refused {
    fn from(refusal: &Refusal) -> Self {
        Self { outcome: "refused", refused: refusal.faults.iter().map(FaultJson::from).collect() }
    }
}

/// Why a request was not answered as asked. RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Where the problem is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What stands in the way, in words.
    pub detail: String,
    /// A stable name; for a refusal, that of the first fault.
    pub code: String,
    /// For a refusal, the stable number of the first fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u16>,
    /// For a refusal, every object at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultJson>,
    /// For a malformed body, the place in it, as a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What to do.
    pub remedy: String,
}

impl Problem {
    /// The refusal of the engine that it tells; `None` when it is another problem.
    pub fn refusal(&self) -> Option<Refusal> {
        let position = self.faults.first()?.request.unwrap_or(0);
        Some(Refusal { faults: self.faults.iter().cloned().map(packtree::Fault::from).collect(), position })
    }
}

#[cfg(test)]
mod tests {
    use packtree::fact::{LotData, Name, Role};
    use packtree_gs1::{Gs1Date, Gtin, LotNumber};

    use super::*;

    #[test]
    fn a_change_names_its_lot_and_who_signed() {
        let lot = fact::LotName {
            gtin: Gtin::parse("09521234543213").expect("a GTIN"),
            number: LotNumber::parse("L1").expect("a lot number"),
        };
        let data = LotData { expiry: Gs1Date::parse_iso("2028-11-30"), ..LotData::default() };
        let by = Name::new("sam").expect("a name");
        let effects = [
            Effect::LotHoldSet { lot, held: true },
            Effect::LotCorrected { lot, data },
            Effect::Signed { by, role: Role::Supervisor },
        ];
        let changes = effects.each_ref().map(|effect| {
            let Change { lot, now, .. } = Change::from(effect);
            (lot.map(|lot| lot.number.0.to_string()), now)
        });
        let now = |text: &str| Some(text.to_owned());
        assert_eq!(
            changes,
            [(now("L1"), now("true")), (now("L1"), now("expiry 2028-11-30")), (None, now("sam (supervisor)"))]
        );
    }
}
