//! What somebody did last, and how it is undone.

use std::collections::BTreeMap;
use std::fmt::Display;

use axum::extract::State;
use axum::{Extension, Json as Answered};
use packtree::fact::{Effect, LotName, RequestId, Seal, Trust};
use packtree::operation::{Close, Contents, Hold, HoldTarget, Pack, Release, Reopen, Unpack, VoidShip};
use packtree::query::Moment;
use packtree::{Engine, Fact, Identifier, Operation, Sequence};
use packtree_wire as wire;
use packtree_wire::{Action, Actions, Advice, FactJson, SequenceAnswer, Text, Undo, UndoRequest, VerbWord};

use super::asking::ActionsQuery;
use super::body::{Json, malformed};
use super::operations::{done_together, permission, request_id, understood};
use super::part::{Path, Query};
use super::recent::REMEMBERED;
use super::{Code, Problem, Site};
use crate::access::Principal;

/// Actions that are shown where no number is asked for.
const ACTIONS_USUAL: usize = 20;

/// Facts behind a lot's hold that are looked through for a newer one: a lot keeps no history.
const LOT_FACTS_MAX: u64 = 200_000;

/// Why a fact cannot be undone.
struct WhyNot {
    /// A stable name, by which a screen finds its own words.
    code: &'static str,
    sentence: String,
}

impl WhyNot {
    const REMEDY: &'static str = "put right what is wrong with an operation of its own";

    fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }

    /// That an object, or the hold of a lot, is no longer as the fact left it.
    fn changed(what: &dyn Display, by: Option<Sequence>) -> Self {
        let by = by.map_or_else(String::new, |by| format!(", by fact {by}"));
        Self::new("changed_since", format!("{what} was changed since{by}"))
    }
}

/// What you did last, the newest first, and whether it can be undone.
#[utoipa::path(get, path = "/v1/actions", tag = "facts", params(ActionsQuery),
    responses((status = 200, body = Actions)))]
pub(super) async fn actions(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Query(query): Query<ActionsQuery>,
) -> Result<Answered<Actions>, Problem> {
    let limit = query.limit.unwrap_or(ACTIONS_USUAL);
    if limit == 0 || REMEMBERED < limit {
        return Err(malformed(&format!("ask for 1 to {REMEMBERED} actions")));
    }
    let inner = site.clone();
    site.work(move |engine| {
        let mut actions = Vec::new();
        for act in inner.recent().of(engine, &principal.actor)?.into_iter().take(limit) {
            let Some(fact) = engine.fact(act.fact)? else { continue };
            let undo = inverse(engine, &fact).and_then(|operations| {
                untouched(engine, &fact)?;
                allowed(&principal, &operations)?;
                Ok(operations)
            });
            actions.push(Action { fact: FactJson::from(&fact), undo: shown(undo) });
        }
        Ok(Answered(Actions { actions }))
    })
    .await
}

/// Undo what a fact did, where nothing newer stands on it. The fact stays on record.
#[utoipa::path(post, path = "/v1/facts/{number}/undo", tag = "facts", params(("number" = u64, Path, description = "its number", example = 1)),
    request_body = UndoRequest, responses((status = 200, body = SequenceAnswer),
    (status = 403), (status = 404), (status = 409), (status = 428)))]
pub(super) async fn undo(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Path(number): Path<String>,
    Json(asked): Json<UndoRequest>,
) -> Result<Answered<SequenceAnswer>, Problem> {
    let number: u64 = number.parse().map_err(|_| malformed(&format!("{number} is no number of a fact")))?;
    let first_id = asked.request_id.as_deref().map(|id| request_id(&numbered(id, 0))).transpose()?;
    let (inner, actor) = (site.clone(), principal.actor.clone());
    let done = site.work(move |engine| {
        let fact = engine.fact(Sequence(number))?.filter(|_| 0 < number).ok_or_else(|| {
            let detail = format!("there is no fact {number}");
            Problem::new(Code::FactNotFound, detail, "undo one of your last actions")
        })?;
        let operations = inverse(engine, &fact).map_err(cannot)?;
        // What it undid is no longer as it was left, because this undid it: the engine gives the first answer again.
        let is_repeated = |id: RequestId| -> Result<bool, Problem> {
            Ok(inner.recent().of(engine, &actor)?.iter().any(|act| act.request == id))
        };
        if !first_id.map(is_repeated).transpose()?.unwrap_or(false) {
            untouched(engine, &fact).map_err(cannot)?;
            no_newer_hold(engine, &fact)?;
        }
        Ok(operations)
    });
    let mut requests = Vec::new();
    for (place, operation) in done.await?.into_iter().enumerate() {
        let operation = wire::Operation::of(&operation).ok_or(packtree::Error::Defect)?;
        let request = wire::Request {
            request_id: asked.request_id.as_deref().map(|id| numbered(id, place)),
            reason: asked.reason.clone(),
            signature: asked.signature.clone(),
            ..wire::Request::new(operation)
        };
        requests.push(understood(&site, &principal, request).await?);
    }
    done_together(&site, requests).await
}

/// The id of one of the operations that undo a fact.
fn numbered(id: &str, place: usize) -> String {
    format!("{id}/{place}")
}

fn cannot(why: WhyNot) -> Problem {
    Problem::new(Code::CannotBeUndone, why.sentence, WhyNot::REMEDY)
}

fn shown(inverse: Result<Vec<Operation>, WhyNot>) -> Undo {
    match inverse {
        Err(WhyNot { code, sentence }) => {
            let why_not = Advice { code: code.to_owned(), sentence, remedy: WhyNot::REMEDY.to_owned() };
            Undo { possible: false, why_not: Some(why_not), requests: Vec::new() }
        }
        Ok(operations) => {
            let requests = operations.iter().filter_map(wire::Operation::of).map(wire::Request::new).collect();
            Undo { possible: true, why_not: None, requests }
        }
    }
}

/// The operations that undo a fact.
fn inverse(engine: &Engine, fact: &Fact) -> Result<Vec<Operation>, WhyNot> {
    let mut out_of: Vec<(Identifier, Vec<Identifier>)> = Vec::new();
    let mut into: BTreeMap<Identifier, Vec<Identifier>> = BTreeMap::new();
    let mut others = Vec::new();
    let mut sealed: Vec<(&[Identifier], Seal)> = Vec::new();
    for effect in &fact.effects {
        match effect {
            Effect::Joined { parent, children } => out_of.push((parent.clone(), children.clone())),
            Effect::Left { parent, children, .. } => {
                into.entry(parent.clone()).or_default().extend(children.iter().cloned());
            }
            Effect::HoldSet { objects, held } => others.push(other_hold(HoldTarget::Objects(objects.clone()), *held)),
            Effect::LotHoldSet { lot, held } => others.push(other_hold(HoldTarget::Lot(*lot), *held)),
            Effect::CustodySet { objects, away: true, .. } => {
                others.push(Operation::VoidShip(VoidShip { roots: objects.clone() }));
            }
            Effect::Sealed { objects, seal } => sealed.push((objects.as_slice(), *seal)),
            Effect::LevelSet { .. } | Effect::Signed { .. } => {}
            _ => return Err(WhyNot::new("final", format!("{} is final", Text(fact.verb) as VerbWord))),
        }
    }
    // Where something went in or came out, the closures follow from it, and follow from it again.
    if out_of.is_empty() && into.is_empty() {
        for (containers, seal) in sealed {
            others.push(other_closure(engine, fact, containers, seal)?);
        }
    }
    let mut operations: Vec<Operation> = out_of.into_iter().map(|(parent, children)| out(parent, children)).collect();
    operations.extend(into.into_iter().map(|(parent, children)| {
        let parent_level = packtree::fact::Level::Unknown;
        Operation::Pack(Pack { parent, parent_level, children, quantities: Vec::new() })
    }));
    operations.extend(others);
    if operations.is_empty() {
        return Err(WhyNot::new("nothing_changed", "nothing was changed by it"));
    }
    Ok(operations)
}

fn other_hold(target: HoldTarget, held: bool) -> Operation {
    if held { Operation::Release(Release { target }) } else { Operation::Hold(Hold { target }) }
}

/// Opens what was closed, and closes what was opened as it was closed before.
fn other_closure(engine: &Engine, fact: &Fact, containers: &[Identifier], now: Seal) -> Result<Operation, WhyNot> {
    if now != Seal::Open {
        return Ok(Operation::Reopen(Reopen { containers: containers.to_vec() }));
    }
    let mut partial = None;
    for container in containers {
        let before = Moment::Fact(Sequence(fact.sequence.0 - 1));
        let was = engine.tree(container, before, 0).ok().flatten().map(|tree| tree.seal);
        let was_partial = match was {
            Some(Seal::Closed) => false,
            Some(Seal::ClosedPartial) => true,
            _ => return Err(WhyNot::new("not_closed_before", format!("{container} was not closed before"))),
        };
        if partial.replace(was_partial).is_some_and(|other| other != was_partial) {
            return Err(WhyNot::new("closed_differently", "some of the containers were full and some were not"));
        }
    }
    Ok(Operation::Close(Close { containers: containers.to_vec(), partial: partial.unwrap_or(false) }))
}

/// Takes children out of the parent that they were put into: whoever moved one in the meantime has it refused.
fn out(parent: Identifier, children: Vec<Identifier>) -> Operation {
    let what = Contents::Named { parent: Some(parent), children, quantities: Vec::new() };
    Operation::Unpack(Unpack { what, trust: Trust::Verified })
}

/// Whether somebody may do what undoes a fact, by themselves or with a signature.
fn allowed(principal: &Principal, operations: &[Operation]) -> Result<(), WhyNot> {
    let mut needed = operations.iter().map(permission).filter(|needed| !principal.signs(*needed));
    needed.try_for_each(|needed| {
        principal.may(needed).map_err(|denied| WhyNot::new("role_not_allowed", denied.to_string()))
    })
}

/// Whether each object that a fact touched is still as the fact left it.
fn untouched(engine: &Engine, fact: &Fact) -> Result<(), WhyNot> {
    let view = engine.view();
    for effect in &fact.effects {
        let objects = match effect {
            Effect::Joined { children, .. } | Effect::Left { children, .. } => children,
            Effect::HoldSet { objects, .. } | Effect::CustodySet { objects, .. } | Effect::Sealed { objects, .. } => {
                objects
            }
            Effect::LotHoldSet { lot, held } if view.lot(lot).is_none_or(|lot| lot.held != *held) => {
                return Err(WhyNot::changed(&format_args!("the hold of lot {}", lot.number), None));
            }
            _ => continue,
        };
        for object in objects {
            let last = view.inspect(object).map(|found| found.last_fact);
            if last != Some(fact.sequence) {
                return Err(WhyNot::changed(object, last));
            }
        }
    }
    Ok(())
}

/// Whether a lot that a fact put on hold, or released, was not put on hold or released again since.
fn no_newer_hold(engine: &Engine, fact: &Fact) -> Result<(), Problem> {
    let of_lot = |effect: &Effect<Identifier>| match effect {
        Effect::LotHoldSet { lot, .. } => Some(*lot),
        _ => None,
    };
    let lots: Vec<LotName> = fact.effects.iter().filter_map(of_lot).collect();
    if lots.is_empty() {
        return Ok(());
    }
    if LOT_FACTS_MAX < engine.head().sequence.0 - fact.sequence.0 {
        return Err(cannot(WhyNot::new("too_long_ago", "too much has happened since to look through")));
    }
    let mut feed = engine.subscribe(Sequence(fact.sequence.0 + 1));
    while let Some(newer) = feed.try_next()? {
        if newer.effects.iter().filter_map(of_lot).any(|lot| lots.contains(&lot)) {
            return Err(cannot(WhyNot::changed(&"the hold of the lot", Some(newer.sequence))));
        }
    }
    Ok(())
}
