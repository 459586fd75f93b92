//! Operations: one, many, all or nothing, and what they would do.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json as Answered};
use packtree::fact::{Entry, Name, RequestId, Verb};
use packtree::{Caller, Fact, Operation, Outcome, Receipt, Request, Sequence, Ticket};
use packtree_wire as wire;
use packtree_wire::{Answer, Answers, BatchAnswers, Outlook, PreviewAnswer, SequenceAnswer};

use super::body::{Json, malformed};
use super::recent::Act;
use super::{Problem, Site};
use crate::access::{Given, Kind, Permission, Principal};

/// Requests in one batch.
const BATCH_MAX: usize = 1_000;

/// Signed requests that come together: each has a password to hash, which takes a moment on purpose.
const SIGNED_MAX: usize = 8;

/// Characters of a request id.
const REQUEST_ID_CHARACTERS_MAX: usize = 100;

/// The header that names a request where its body does not.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Whoever needs no changes says so. RFC 7240.
const PREFER: &str = "prefer";
const MINIMAL: &str = "return=minimal";

/// How a request is answered once it is durable.
#[derive(Clone, Copy)]
enum Answering {
    /// With what it did, which is read back from the journal.
    Whole,
    /// With what the receipt says.
    Minimal,
}

impl Answering {
    fn of(headers: &HeaderMap) -> Self {
        let preferences = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
        let is_minimal = preferences.flat_map(|value| value.split([',', ';'])).any(|word| word.trim() == MINIMAL);
        if is_minimal { Self::Minimal } else { Self::Whole }
    }

    fn answer(self, site: &Site, receipt: Receipt, asked: &Asked) -> Result<Answer, Problem> {
        let Receipt { first, repeated, .. } = receipt;
        match self {
            Self::Whole => answer(site, first, repeated),
            Self::Minimal => {
                if !repeated {
                    let act = Act { fact: first, request: asked.id };
                    site.recent().note(site.engine(), &asked.actor, act)?;
                }
                Ok(Answer::minimal(receipt, asked.verb))
            }
        }
    }
}

/// What is kept of a request for its answer.
struct Asked {
    id: RequestId,
    actor: Name,
    verb: Verb,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self { id: request.id, actor: request.actor.clone(), verb: request.operation.verb() }
    }
}

/// Do one operation. Durable when this answers.
#[utoipa::path(post, path = "/v1/operations", tag = "operations", request_body = wire::Request,
    params(("Prefer" = Option<String>, Header, description = "`return=minimal` leaves out what the operation did")), responses(
    (status = 200, body = Answer), (status = 403),
    (status = 409), (status = 428),
    (status = 429)))]
pub(super) async fn perform(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    headers: HeaderMap,
    Json(mut request): Json<wire::Request>,
) -> Result<Answered<Answer>, Problem> {
    if request.request_id.is_none() {
        let key = headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok());
        request.request_id = key.map(str::to_owned);
    }
    let answering = Answering::of(&headers);
    let request = understood(&site, &principal, request).await?;
    let (inner, asked) = (site.clone(), Asked::of(&request));
    site.work(move |engine| match engine.submit(request)? {
        Outcome::Done(receipt) => Ok(Answered(answering.answer(&inner, receipt, &asked)?)),
        Outcome::Refused(refusal) => Err(Problem::from(&refusal)),
    })
    .await
}

/// Do many operations, each on its own. The answers stand in the order of the requests. Behind one that the server is too busy for
/// none is done, so that the rest is sent again as it was.
#[utoipa::path(post, path = "/v1/operations/batch", tag = "operations", request_body = wire::Requests,
    params(("Prefer" = Option<String>, Header, description = "`return=minimal` leaves out what the operations did")), responses(
    (status = 200, body = BatchAnswers),
    (status = 403)))]
pub(super) async fn perform_batch(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    headers: HeaderMap,
    Json(batch): Json<wire::Requests>,
) -> Result<Answered<BatchAnswers>, Problem> {
    if BATCH_MAX < batch.requests.len() {
        return Err(malformed(&format!("a batch has at most {BATCH_MAX} requests")));
    }
    few_signed(&batch)?;
    let mut requests = Vec::with_capacity(batch.requests.len());
    for request in batch.requests {
        requests.push(understood(&site, &principal, request).await);
    }
    let (inner, answering) = (site.clone(), Answering::of(&headers));
    site.work(move |engine| {
        // All are sent before the first is waited for, so that they share the flushes of the journal.
        let sent = send_in_order(requests, |request| {
            let asked = Asked::of(&request);
            Ok((asked, engine.send(request)?))
        });
        let answered = |(asked, ticket): (Asked, Ticket)| match ticket.wait()? {
            Outcome::Done(receipt) => {
                Ok(Answers::Accepted { status: 200, answer: answering.answer(&inner, receipt, &asked)? })
            }
            Outcome::Refused(refusal) => Err(Problem::from(&refusal)),
        };
        let answers = sent
            .into_iter()
            .map(|sent| sent.and_then(answered).unwrap_or_else(|problem| Answers::Problem(problem.into_wire())));
        Ok(Answered(BatchAnswers { answers: answers.collect() }))
    })
    .await
}

/// Sends requests in order. Behind one that the engine is too busy for none is sent, because what comes later may build on it.
fn send_in_order<R, T>(
    requests: Vec<Result<R, Problem>>,
    send: impl Fn(R) -> Result<T, packtree::Error>,
) -> Vec<Result<T, Problem>> {
    let mut busy: Option<Problem> = None;
    let send_one = |request: Result<R, Problem>| {
        let request = request?;
        if let Some(busy) = &busy {
            return Err(busy.clone());
        }
        send(request).map_err(|error| {
            let is_busy = matches!(error, packtree::Error::Busy { .. });
            let problem = Problem::from(error);
            busy = is_busy.then(|| problem.clone());
            problem
        })
    };
    requests.into_iter().map(send_one).collect()
}

/// Do several operations, all or none of them.
#[utoipa::path(post, path = "/v1/operations/sequence", tag = "operations", request_body = wire::Requests, responses(
    (status = 200, body = SequenceAnswer),
    (status = 403), (status = 409),
    (status = 428)))]
pub(super) async fn perform_sequence(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Json(sequence): Json<wire::Requests>,
) -> Result<Answered<SequenceAnswer>, Problem> {
    let requests = all_understood(&site, &principal, sequence).await?;
    done_together(&site, requests).await
}

/// Does all of the requests or none.
pub(super) async fn done_together(site: &Site, requests: Vec<Request>) -> Result<Answered<SequenceAnswer>, Problem> {
    let inner = site.clone();
    site.work(move |engine| {
        let Receipt { first, last, repeated, standing } = match engine.send_sequence(requests)?.wait()? {
            Outcome::Refused(refusal) => return Err(Problem::from(&refusal)),
            Outcome::Done(receipt) => receipt,
        };
        let facts: Vec<u64> = (first.0..=last.0).collect();
        let answers = facts.iter().map(|fact| answer(&inner, Sequence(*fact), repeated));
        let answers = answers.collect::<Result<Vec<_>, Problem>>()?;
        Ok(Answered(SequenceAnswer { outcome: wire::Text(standing), facts, answers }))
    })
    .await
}

/// Show what operations would do, one after the other, and change nothing.
#[utoipa::path(post, path = "/v1/operations/preview", tag = "operations", request_body = wire::Requests, responses(
    (status = 200, body = PreviewAnswer),
    (status = 403), (status = 409)))]
pub(super) async fn preview(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Json(preview): Json<wire::Requests>,
) -> Result<Answered<PreviewAnswer>, Problem> {
    let mut requests = Vec::with_capacity(preview.requests.len());
    bounded(preview.requests.len())?;
    for (place, request) in preview.requests.into_iter().enumerate() {
        let within = |problem: Problem| problem.within(&format!("/requests/{place}"));
        let operation = operation(request.operation.clone()).map_err(within)?;
        principal.may(permission(&operation))?;
        requests.push(made(&site, &principal, request, operation)?);
    }
    site.work(move |engine| match engine.preview(&requests) {
        Ok(facts) => Ok(Answered(PreviewAnswer { facts: facts.iter().map(Outlook::from).collect() })),
        Err(refusal) => Err(Problem::from(&refusal)),
    })
    .await
}

fn few_signed(all: &wire::Requests) -> Result<(), Problem> {
    if SIGNED_MAX < all.requests.iter().filter(|request| request.signature.is_some()).count() {
        return Err(malformed(&format!("at most {SIGNED_MAX} of the requests are signed")));
    }
    Ok(())
}

fn bounded(requests: usize) -> Result<(), Problem> {
    let max = packtree::limits::SEQUENCE_OPERATIONS_MAX;
    if requests == 0 || max < requests {
        return Err(malformed(&format!("name 1 to {max} requests")));
    }
    Ok(())
}

async fn all_understood(site: &Site, principal: &Principal, all: wire::Requests) -> Result<Vec<Request>, Problem> {
    bounded(all.requests.len())?;
    few_signed(&all)?;
    let mut requests = Vec::with_capacity(all.requests.len());
    for (place, request) in all.requests.into_iter().enumerate() {
        let request = understood(site, principal, request).await;
        requests.push(request.map_err(|problem| problem.within(&format!("/requests/{place}")))?);
    }
    Ok(requests)
}

/// A request as the engine takes it, if whoever asks may do it.
pub(super) async fn understood(
    site: &Site,
    principal: &Principal,
    mut request: wire::Request,
) -> Result<Request, Problem> {
    let operation = operation(request.operation.clone())?;
    let given = request.signature.take().map(|given| Given { user: given.user, password: given.password });
    let signature = site.access().vouch(principal, permission(&operation), given).await?;
    let mut request = made(site, principal, request, operation)?;
    request.signature = signature;
    Ok(request)
}

fn operation(operation: wire::Operation) -> Result<Operation, Problem> {
    Operation::try_from(operation)
        .map_err(|misfit| malformed(misfit.detail).at(format!("/operation{}", misfit.pointer)))
}

/// What somebody must be allowed to do for an operation.
pub(super) const fn permission(operation: &Operation) -> Permission {
    match operation {
        Operation::Close(close) if close.partial => Permission::ClosePartial,
        _ => Permission::Operate(operation.verb()),
    }
}

fn made(site: &Site, principal: &Principal, of: wire::Request, operation: Operation) -> Result<Request, Problem> {
    let entry = of.entry.map(|entry| entry.0);
    let caller = caller(principal, of.station.map(|station| station.0), entry)?;
    let mut request = site.engine().request(&caller, operation);
    if let Some(id) = of.request_id {
        request.id = request_id(&id)?;
    }
    if let Some(time) = of.event_time {
        request.event_time = time.0;
    }
    request.reason = of.reason.map(|reason| reason.0);
    request.note = of.note.map(|note| note.0);
    Ok(request)
}

/// Who works where, as the engine has it.
pub(super) fn caller(principal: &Principal, station: Option<Name>, entry: Option<Entry>) -> Result<Caller, Problem> {
    let own = || principal.stations.first().unwrap_or(&principal.actor).clone();
    let station = match station {
        Some(station) => {
            principal.may_work_at(&station)?;
            station
        }
        None => own(),
    };
    let usual = if principal.kind == Kind::Machine { Entry::Machine } else { Entry::Typed };
    let (actor, role) = (principal.actor.clone(), principal.role);
    Ok(Caller { actor, role, station, entry: entry.unwrap_or(usual) })
}

/// The number of a request id: of what answers spell, the same again; of anything else, one that follows from it.
pub(super) fn request_id(text: &str) -> Result<RequestId, Problem> {
    if text.is_empty() || REQUEST_ID_CHARACTERS_MAX < text.chars().count() {
        return Err(malformed(&format!("a request id has 1 to {REQUEST_ID_CHARACTERS_MAX} characters")));
    }
    let is_spelled = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = u128::from_str_radix(text, 16).ok().filter(|_| is_spelled);
    Ok(number.map_or_else(|| RequestId::from_name(text), RequestId))
}

/// The answer to a request that was done, which is remembered as what its actor did last.
fn answer(site: &Site, fact: Sequence, repeated: bool) -> Result<Answer, Problem> {
    let engine = site.engine();
    let fact: Fact = engine.fact(fact)?.ok_or(packtree::Error::Defect)?;
    if !repeated {
        let act = Act { fact: fact.sequence, request: fact.header.request };
        site.recent().note(engine, &fact.header.actor, act)?;
    }
    Ok(Answer::new(&fact, repeated))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_request_that_the_engine_is_too_busy_for_none_is_sent() {
        let send = |request: u32| match request {
            1 => Err(packtree::Error::Closed),
            3 => Err(packtree::Error::Busy { waiting: 7 }),
            request => Ok(request),
        };
        let requests = vec![Ok(0), Err(malformed("no identifier")), Ok(1), Ok(2), Ok(3), Ok(4), Err(malformed("none"))];
        let outcomes: Vec<_> = send_in_order(requests, send)
            .into_iter()
            .map(|sent| sent.map_err(|problem| problem.status().as_u16()))
            .collect();
        assert_eq!(outcomes, [Ok(0), Err(400), Err(503), Ok(2), Err(503), Err(503), Err(400)]);
    }
}
