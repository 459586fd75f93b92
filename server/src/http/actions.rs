//! What somebody did last, and how it is undone.

use std::collections::{BTreeMap, VecDeque};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::{Extension, Json as Answered};
use packtree::fact::{Effect, Trust};
use packtree::operation::{Contents, Hold, HoldTarget, Pack, Release, Unpack, VoidShip};
use packtree::{Engine, Fact, Identifier, Operation, Outcome, Sequence};
use packtree_wire as wire;
use packtree_wire::{Action, Actions, FactJson, SequenceAnswer, Text, Undo, UndoRequest, VerbWord};

use super::asking::ActionsQuery;
use super::body::{Json, malformed};
use super::operations::{answers_of, understood};
use super::{Problem, Site};
use crate::access::Principal;

/// Actions that are shown where no number is asked for, and at most.
const ACTIONS_USUAL: usize = 20;
const ACTIONS_MAX: usize = 100;

/// Facts that are looked through for them, the newest first: at 150 operations a second these are the last two minutes of a busy site.
const FACTS_LOOKED_AT: u64 = 20_000;

/// Why a fact cannot be undone, in words.
type WhyNot = String;

/// What you did last, the newest first, and whether it can be undone.
#[utoipa::path(get, path = "/v1/actions", tag = "facts", params(ActionsQuery),
    responses((status = 200, body = Actions), (status = 400, body = Problem), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn actions(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Query(query): Query<ActionsQuery>,
) -> Result<Answered<Actions>, Problem> {
    let limit = query.limit.unwrap_or(ACTIONS_USUAL);
    if limit == 0 || ACTIONS_MAX < limit {
        return Err(malformed(&format!("ask for 1 to {ACTIONS_MAX} actions")));
    }
    site.work(move |engine| {
        let from = engine.head().sequence.0.saturating_sub(FACTS_LOOKED_AT) + 1;
        let mut feed = engine.subscribe(Sequence(from));
        let mut own = VecDeque::new();
        while let Some(fact) = feed.try_next()? {
            if fact.header.actor == principal.actor {
                own.push_front(fact);
                own.truncate(limit);
            }
        }
        let action = |fact: &Fact| Action { fact: FactJson::from(fact), undo: shown(inverse(engine, fact)) };
        let actions = own.iter().map(action).collect();
        Ok(Answered(Actions { actions }))
    })
    .await
}

/// Undo what a fact did, where nothing newer stands on it. The fact stays on record.
#[utoipa::path(post, path = "/v1/facts/{number}/undo", tag = "facts", params(("number" = u64, Path, description = "its number")),
    request_body = UndoRequest, responses((status = 200, body = SequenceAnswer), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 428, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn undo(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Path(number): Path<String>,
    Json(asked): Json<UndoRequest>,
) -> Result<Answered<SequenceAnswer>, Problem> {
    let number: u64 = number.parse().map_err(|_| malformed(&format!("{number} is no number of a fact")))?;
    let request_id = asked.request_id.clone();
    let done = site.work(move |engine| {
        let fact = engine.fact(Sequence(number))?.filter(|_| 0 < number).ok_or_else(|| {
            let detail = format!("there is no fact {number}");
            Problem::new(StatusCode::NOT_FOUND, "fact_not_found", detail, "undo one of your last actions")
        })?;
        inverse(engine, &fact).map_err(|why| {
            let remedy = "put right what is wrong with an operation of its own";
            Problem::new(StatusCode::CONFLICT, "cannot_be_undone", why, remedy)
        })
    });
    let mut requests = Vec::new();
    for (place, operation) in done.await?.into_iter().enumerate() {
        let operation = wire::Operation::of(&operation).ok_or(packtree::Error::Defect)?;
        let request = wire::Request {
            request_id: request_id.as_ref().map(|id| format!("{id}/{place}")),
            reason: asked.reason.clone(),
            signature: asked.signature.clone(),
            ..wire::Request::new(operation)
        };
        requests.push(understood(&site, &principal, request).await?);
    }
    site.work(move |engine| match engine.send_sequence(requests)?.wait()? {
        Outcome::Refused(refusal) => Err(Problem::from(&refusal)),
        Outcome::Done(receipt) => answers_of(engine, receipt),
    })
    .await
}

fn shown(inverse: Result<Vec<Operation>, WhyNot>) -> Undo {
    match inverse {
        Err(why) => Undo { possible: false, why_not: Some(why), requests: Vec::new() },
        Ok(operations) => {
            let requests = operations.iter().filter_map(wire::Operation::of).map(wire::Request::new).collect();
            Undo { possible: true, why_not: None, requests }
        }
    }
}

/// The operations that undo a fact, if each object that it touched is still as the fact left it.
fn inverse(engine: &Engine, fact: &Fact) -> Result<Vec<Operation>, WhyNot> {
    let mut out_of: Vec<(Identifier, Vec<Identifier>)> = Vec::new();
    let mut into: BTreeMap<Identifier, Vec<Identifier>> = BTreeMap::new();
    let mut others = Vec::new();
    for effect in &fact.effects {
        match effect {
            Effect::Joined { parent, children } => out_of.push((parent.clone(), untouched(engine, fact, children)?)),
            Effect::Left { parent, children, .. } => {
                into.entry(parent.clone()).or_default().extend(untouched(engine, fact, children)?);
            }
            Effect::HoldSet { objects, held } => {
                let target = HoldTarget::Objects(untouched(engine, fact, objects)?);
                others.push(if *held {
                    Operation::Release(Release { target })
                } else {
                    Operation::Hold(Hold { target })
                });
            }
            Effect::LotHoldSet { lot, held } => {
                let target = HoldTarget::Lot(*lot);
                others.push(if *held {
                    Operation::Release(Release { target })
                } else {
                    Operation::Hold(Hold { target })
                });
            }
            Effect::CustodySet { objects, away: true, .. } => {
                others.push(Operation::VoidShip(VoidShip { roots: untouched(engine, fact, objects)? }));
            }
            // They follow from what went in or came out, and follow from it again.
            Effect::Sealed { .. } | Effect::LevelSet { .. } | Effect::Signed { .. }
                if !out_of.is_empty() || !into.is_empty() => {}
            Effect::Signed { .. } => {}
            _ => return Err(format!("{} is final", Text(fact.verb) as VerbWord)),
        }
    }
    let mut operations: Vec<Operation> = out_of.into_iter().map(|(parent, children)| out(parent, children)).collect();
    operations.extend(into.into_iter().map(|(parent, children)| {
        let parent_level = packtree::fact::Level::Unknown;
        Operation::Pack(Pack { parent, parent_level, children, quantities: Vec::new() })
    }));
    operations.extend(others);
    if operations.is_empty() {
        return Err("nothing was changed by it".to_owned());
    }
    Ok(operations)
}

/// Takes children out of the parent that they were put into: whoever moved one in the meantime has it refused.
fn out(parent: Identifier, children: Vec<Identifier>) -> Operation {
    let what = Contents::Named { parent: Some(parent), children, quantities: Vec::new() };
    Operation::Unpack(Unpack { what, trust: Trust::Verified })
}

/// The objects, if nothing newer is known of any of them.
fn untouched(engine: &Engine, fact: &Fact, objects: &[Identifier]) -> Result<Vec<Identifier>, WhyNot> {
    let view = engine.view();
    for object in objects {
        let last = view.inspect(object).map(|found| found.last_fact);
        if last != Some(fact.sequence) {
            let since = last.map_or_else(String::new, |last| format!(", by fact {last}"));
            return Err(format!("{object} was changed since{since}"));
        }
    }
    Ok(objects.to_vec())
}
