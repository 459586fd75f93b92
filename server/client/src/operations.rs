//! Operations: sent with the engine's types, answered with the engine's types.

use packtree::{Operation, Outcome, Receipt, Refusal, Request, RequestId, Sequence};
use packtree_wire as wire;
use serde::Serialize;
use ureq::http::Method;

use crate::client::Client;
use crate::connection::Answered;
use crate::error::{Error, Problem};

/// Requests that a server takes at once, and how many bytes of JSON: less than its limit for a body, so that the braces fit too.
const BATCH_REQUESTS_MAX: usize = 1_000;
const BATCH_BYTES_MAX: usize = 900_000;

/// Requests in JSON already.
#[derive(Serialize)]
struct Batch<'b> {
    requests: &'b [Box<serde_json::value::RawValue>],
}

impl Client {
    /// Submits a request and waits until it is durable or refused, as the engine's own `submit` does.
    ///
    /// The key or the session says who asks: the actor and the role of the request are not sent. It is sent again under the same request id while there
    /// is no answer, so that it is done once.
    ///
    /// # Errors
    /// When there is no answer. What became of the operation is known once the same request is answered.
    pub fn submit(&self, request: &Request) -> Result<Outcome, Error> {
        self.submit_wire(&spelled(request)?)
    }

    /// Submits a request as the wire has it, and waits. What it leaves out is filled in by the server: the time by its clock, the station
    /// and the entry by who asks. A request id is made here where there is none.
    ///
    /// # Errors
    /// As for [`Client::submit`].
    pub fn submit_wire(&self, request: &wire::Request) -> Result<Outcome, Error> {
        let request_id = Some(self.request_id(request.request_id.as_deref()));
        let request = wire::Request { request_id, ..request.clone() };
        let answered = self.connection.ask::<wire::Answer, wire::Problem>(&Method::POST, "/v1/operations", &request)?;
        match answered {
            Answered::Good(answer) => Ok(Outcome::Done(receipt(&answer))),
            Answered::Refused(problem) => refusal(problem),
        }
    }

    /// Submits an operation as of now, under a new request id, and waits.
    ///
    /// It is sent again under that id while there is no answer. Nothing ties another call to it: use [`Client::submit`] with a request id
    /// of your own where a call can be repeated.
    ///
    /// # Errors
    /// As for [`Client::submit`].
    pub fn perform(&self, operation: &Operation) -> Result<Outcome, Error> {
        self.submit_wire(&wire::Request::new(wire::Operation::of(operation).ok_or_else(no_settings)?))
    }

    /// Submits requests that are done or refused one by one, and answers in their order. As many travel together as the server takes.
    ///
    /// Behind one that is answered with [`Error::Busy`] none was done: send the rest again as it was.
    ///
    /// # Errors
    /// When there is no answer at all: what became of any of them is known once the same requests are answered. What the server says
    /// about a single one is in its place.
    pub fn submit_all(&self, requests: &[Request]) -> Result<Vec<Result<Outcome, Error>>, Error> {
        let mut written = Vec::with_capacity(requests.len());
        for request in requests {
            let json = serde_json::value::to_raw_value(&spelled(request)?);
            written.push(json.map_err(|error| self.connection.nonsense(error.to_string()))?);
        }
        let mut outcomes = Vec::with_capacity(requests.len());
        let mut rest = written.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(fitting(rest));
            rest = later;
            outcomes.extend(self.submit_batch(batch)?);
            let busy = outcomes.iter().find_map(|outcome| match outcome {
                Err(Error::Busy(problem)) => Some(problem.clone()),
                _ => None,
            });
            if let Some(problem) = busy {
                outcomes.extend(rest.iter().map(|_| Err(Error::Busy(problem.clone()))));
                break;
            }
        }
        Ok(outcomes)
    }

    /// Submits what travels together.
    fn submit_batch(&self, batch: &[Box<serde_json::value::RawValue>]) -> Result<Vec<Result<Outcome, Error>>, Error> {
        let answers = match self.connection.post("/v1/operations/batch", &Batch { requests: batch }) {
            Ok(wire::BatchAnswers { answers }) => answers,
            // What travelled before it was answered.
            Err(Error::Busy(problem)) => return Ok(batch.iter().map(|_| Err(Error::Busy(problem.clone()))).collect()),
            Err(error) => return Err(error),
        };
        if answers.len() != batch.len() {
            let (told, asked) = (answers.len(), batch.len());
            return Err(self.connection.nonsense(format!("{told} answers to {asked} requests")));
        }
        let outcome = |answer| match answer {
            wire::Answers::Accepted { answer, .. } => Ok(Outcome::Done(receipt(&answer))),
            wire::Answers::Problem(problem) => refusal(problem),
        };
        Ok(answers.into_iter().map(outcome).collect())
    }

    /// Submits operations that are done all or none, in order; each sees what the ones before it did.
    ///
    /// # Errors
    /// As for [`Client::submit`].
    pub fn submit_sequence(&self, requests: &[Request]) -> Result<Outcome, Error> {
        self.all_or_none("/v1/operations/sequence", &all_spelled(requests)?)
    }

    /// What would come of operations in order, without changing anything: the facts that they would make true, or the refusal.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn preview(&self, requests: &[Request]) -> Result<Result<Vec<wire::Outlook>, Refusal>, Error> {
        self.preview_wire(&all_spelled(requests)?)
    }

    /// What would come of requests as the wire has them; see [`Client::preview`].
    ///
    /// # Errors
    /// When there is no answer.
    pub fn preview_wire(&self, requests: &wire::Requests) -> Result<Result<Vec<wire::Outlook>, Refusal>, Error> {
        let path = "/v1/operations/preview";
        match self.connection.ask::<wire::PreviewAnswer, wire::Problem>(&Method::POST, path, requests)? {
            Answered::Good(answer) => Ok(Ok(answer.facts)),
            Answered::Refused(problem) => problem.refusal().map(Err).ok_or_else(|| Error::Rejected(problem.into())),
        }
    }

    /// What whoever asks did last, the newest first, and whether it can be undone.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn actions(&self, limit: usize) -> Result<Vec<wire::Action>, Error> {
        let answer: wire::Actions = self.connection.get(&format!("/v1/actions?limit={limit}"))?;
        Ok(answer.actions)
    }

    /// Undoes what a fact did, by operations that do the opposite, all or none.
    ///
    /// # Errors
    /// As for [`Client::submit`]; [`Error::Rejected`] says what stands on the fact, and [`Error::NotFound`] that there is no such fact.
    pub fn undo(&self, fact: Sequence, request: &wire::UndoRequest) -> Result<Outcome, Error> {
        let request_id = Some(self.request_id(request.request_id.as_deref()));
        let request = wire::UndoRequest { request_id, ..request.clone() };
        self.all_or_none(&format!("/v1/facts/{}/undo", fact.0), &request)
    }

    fn all_or_none(&self, path: &str, body: &impl Serialize) -> Result<Outcome, Error> {
        match self.connection.ask::<wire::SequenceAnswer, wire::Problem>(&Method::POST, path, body)? {
            Answered::Refused(problem) => refusal(problem),
            Answered::Good(answer) => {
                let (Some(first), Some(last)) = (answer.facts.first(), answer.facts.last()) else {
                    return Err(self.connection.nonsense("a sequence made no fact true".to_owned()));
                };
                Ok(Outcome::Done(Receipt {
                    first: Sequence(*first),
                    last: Sequence(*last),
                    repeated: answer.answers.iter().all(|answer| answer.repeated),
                    standing: answer.outcome.0,
                }))
            }
        }
    }

    /// The request id that was chosen, or a new one: what is sent again must have one.
    fn request_id(&self, chosen: Option<&str>) -> String {
        chosen.map_or_else(|| RequestId(self.connection.entropy.next()).to_string(), str::to_owned)
    }
}

/// A request as the wire has it.
fn spelled(request: &Request) -> Result<wire::Request, Error> {
    wire::Request::of(request).ok_or_else(no_settings)
}

fn no_settings() -> Error {
    Error::Settings("settings are not changed by a request; they have addresses of their own".to_owned())
}

fn all_spelled(requests: &[Request]) -> Result<wire::Requests, Error> {
    let requests = requests.iter().map(spelled).collect::<Result<_, _>>()?;
    Ok(wire::Requests { requests })
}

/// How many of the next requests travel together: at least one.
fn fitting(rest: &[Box<serde_json::value::RawValue>]) -> usize {
    let mut bytes = 0;
    let sizes = rest.iter().take(BATCH_REQUESTS_MAX).map(|request| request.get().len() + 1);
    let fits = |size: &usize| {
        bytes += *size;
        bytes <= BATCH_BYTES_MAX
    };
    sizes.take_while(fits).count().max(1)
}

fn receipt(answer: &wire::Answer) -> Receipt {
    let fact = Sequence(answer.fact);
    Receipt { first: fact, last: fact, repeated: answer.repeated, standing: answer.outcome.0 }
}

/// The refusal that a problem tells; another problem is no answer.
fn refusal(problem: wire::Problem) -> Result<Outcome, Error> {
    match problem.refusal() {
        Some(refusal) => Ok(Outcome::Refused(refusal)),
        None => Err(Error::of_problem(Problem::from(problem))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_keep_within_what_a_server_takes() {
        let of = |bytes: usize, count: usize| {
            let text = format!("\"{}\"", "x".repeat(bytes - 2));
            let raw = serde_json::value::RawValue::from_string(text).expect("it is JSON");
            vec![raw; count]
        };
        assert_eq!(fitting(&of(100, 5)), 5);
        assert_eq!(fitting(&of(100, 5_000)), BATCH_REQUESTS_MAX);
        assert_eq!(fitting(&of(300_000, 5)), 2);
        assert_eq!(fitting(&of(2_000_000, 5)), 1, "the server says what is wrong with it");
    }
}
