//! The one writer: takes what is queued, decides it, makes it durable with one flush, applies it, answers.

use std::sync::Arc;
use std::time::Instant;

use crossbeam::channel::{Receiver, Sender};

use super::pen::{Pen, TooLarge};
use super::shared::Shared;
use super::ticket::{Answer, Outcome, Receipt, Reply};
use crate::error::Error;
use crate::fact::{Microseconds, Sequence, Standing};
use crate::forest::apply::apply;
use crate::forest::{Changes, Draft, View};
use crate::journal::{Group, Journal};
use crate::limits::{APPLY_OBJECTS_PER_LOCK, GROUP_OBJECTS_MAX, GROUP_OPERATIONS_MAX};
use crate::operation::Request;
use crate::operation::decide::decide;
use crate::operation::parking::{Due, decide_or_park};
use crate::policy::Policy;
use crate::refusal::{Reason, Refusal};
use crate::requests::{Accepted, Requests};
use crate::state::Scribe;

/// What is sent to the committer.
pub(super) enum Message {
    /// Operations that are done all or none, most often one.
    Work(Vec<Request>, Reply),
    /// Begin a checkpoint. The answer is the fact that it follows; none while another is being written.
    Checkpoint(Sender<Option<Sequence>>),
    /// Close the journal and end.
    Stop(Reply),
}

pub(super) struct Committer {
    shared: Arc<Shared>,
    queue: Receiver<Message>,
    /// What was taken from the queue and is still to be done: the wish to stop, found while everybody was told of a failure.
    taken: Option<Message>,
    journal: Journal,
    scribe: Option<Scribe>,
    changes: Changes,
    group: Group,
    batch: Vec<(Vec<Request>, Reply)>,
    pen: Pen,
    answers: Vec<(Reply, Outcome)>,
    /// Whether everything that is parked is decided again with the next group: a crash may have cut what a fact released.
    retries_all: bool,
}

impl Committer {
    pub(super) fn new(shared: Arc<Shared>, queue: Receiver<Message>, journal: Journal, scribe: Option<Scribe>) -> Self {
        Self {
            shared,
            queue,
            taken: None,
            journal,
            scribe,
            changes: Changes::default(),
            group: Group::new(),
            batch: Vec::new(),
            pen: Pen::default(),
            answers: Vec::new(),
            retries_all: true,
        }
    }

    /// Commits groups until it is told to stop or every handle is gone.
    pub(super) fn run(mut self) {
        let _ended = EndOnDrop(Arc::clone(&self.shared));
        let mut held = None;
        loop {
            let Some(message) = held.take().or_else(|| self.taken.take()).or_else(|| self.queue.recv().ok()) else {
                break;
            };
            let (requests, reply) = match message {
                Message::Work(requests, reply) => (requests, reply),
                Message::Checkpoint(reply) => {
                    self.checkpoint(&reply);
                    continue;
                }
                Message::Stop(reply) => {
                    self.stop(Some(reply));
                    return;
                }
            };
            held = self.fill(requests, reply);
            self.commit();
        }
        self.stop(None);
    }

    /// Takes what is queued into a group. What does not belong into it is returned.
    ///
    /// A sequence of operations begins a group, so that refusing it midway means no more than dropping the draft.
    fn fill(&mut self, requests: Vec<Request>, reply: Reply) -> Option<Message> {
        let mut objects: usize = requests.iter().map(|request| request.operation.objects()).sum();
        self.batch.push((requests, reply));
        while self.batch.len() < GROUP_OPERATIONS_MAX && objects < GROUP_OBJECTS_MAX {
            match self.queue.try_recv() {
                Ok(Message::Work(requests, reply)) if requests.len() == 1 => {
                    objects += requests[0].operation.objects();
                    self.batch.push((requests, reply));
                }
                Ok(other) => return Some(other),
                Err(_) => return None,
            }
        }
        None
    }

    fn commit(&mut self) {
        let begun = Instant::now();
        let now = self.shared.clock.now();
        let operations = self.batch.iter().map(|(requests, _)| requests.len() as u64).sum();
        self.decide_all(now);
        if !self.group.is_empty() {
            let first = self.journal.head().sequence.next();
            if let Err(error) = self.journal.append(first, &mut self.group, now) {
                self.poison(&Error::Poisoned(error));
                return;
            }
            self.apply_all();
            // Before the callers are answered, so that whoever was answered finds it counted.
            self.shared.commit_times.add(begun.elapsed().as_micros() as u64);
            self.shared.group_operations.add(operations);
            self.shared.publish(self.journal.head());
        }
        for (reply, outcome) in self.answers.drain(..) {
            reply.answer(Ok(outcome));
        }
        self.group.clear();
        if let Err(error) = self.journal.note_head() {
            self.poison(&Error::Poisoned(error));
            return;
        }
        if let Some(scribe) = &mut self.scribe {
            scribe.begin_if_due(&self.shared.forest, self.journal.head());
        }
    }

    /// Begins a checkpoint. An engine that has stopped drops the reply, which the caller notices.
    fn checkpoint(&mut self, reply: &Sender<Option<Sequence>>) {
        if self.shared.ended().is_none()
            && let Some(scribe) = &mut self.scribe
        {
            // A caller that has gone in the meantime needs no answer.
            let _ = reply.send(scribe.begin_now(&self.shared.forest, self.journal.head()));
        }
    }

    fn decide_all(&mut self, now: Microseconds) {
        let shared = Arc::clone(&self.shared);
        let policy = shared.policy();
        let forest = shared.forest.read();
        let mut known = shared.requests.write();
        let mut changes = std::mem::take(&mut self.changes);
        let mut draft = Draft::new(&forest, &mut changes);
        let mut batch = std::mem::take(&mut self.batch);
        for (requests, reply) in batch.drain(..) {
            let outcome = match self.decide_run(&requests, &mut known, &policy, now, &mut draft) {
                Ok(receipt) => Outcome::Done(receipt),
                Err(refusal) => {
                    shared.count_refusal();
                    if 1 < requests.len() {
                        // It is the first of its group, so the draft holds nothing else.
                        draft.clear();
                        self.pen.facts.clear();
                    }
                    Outcome::Refused(refusal)
                }
            };
            self.answers.push((reply, outcome));
        }
        if draft.parked_len() != 0 {
            self.end_overdue(&policy, now, &mut draft);
        }
        self.batch = batch;
        self.changes = changes;
    }

    /// Decides operations that are done all or none, and puts their facts into the group.
    fn decide_run(
        &mut self,
        requests: &[Request],
        known: &mut Requests,
        policy: &Policy,
        now: Microseconds,
        draft: &mut Draft<'_>,
    ) -> Result<Receipt, Refusal> {
        if let Some(receipt) = repeated(known, requests)? {
            return Ok(receipt);
        }
        // None of a sequence waits: they are done all or none.
        let decide = if requests.len() == 1 { decide_or_park } else { decide };
        let first = Sequence(draft.next_sequence());
        let from = self.pen.facts.len();
        let mut standing = Standing::Done;
        let mut accepted = Vec::with_capacity(requests.len());
        let mut run = self.group.run();
        for (position, request) in requests.iter().enumerate() {
            let decision = decide(request, policy, now, draft).map_err(|refusal| Refusal { position, ..refusal })?;
            standing = standing.max(decision.standing);
            let header = request.header();
            let sequence = Sequence(draft.next_sequence());
            accepted.push((request.id, Accepted { content: header.content, sequence, standing: decision.standing }));
            let verb = request.operation.verb();
            self.pen.write(&mut run, &header, verb, decision.effects, draft).map_err(|_| too_large(position))?;
        }
        let last = Sequence(draft.next_sequence() - 1);
        if draft.parked_len() != 0 {
            self.pen.write_released(&mut run, from, (policy, now), draft).map_err(|_| too_large(0))?;
        }
        run.commit().map_err(|_| too_large(0))?;
        for (id, accepted) in accepted {
            known.remember(id, accepted);
            if let Some(scribe) = &mut self.scribe {
                scribe.accept(id, accepted);
            }
        }
        Ok(Receipt { first, last, repeated: false, standing })
    }

    /// Ends what has waited long enough. It comes last in the group, because a sequence has to come first.
    fn end_overdue(&mut self, policy: &Policy, now: Microseconds, draft: &mut Draft<'_>) {
        let due = if std::mem::take(&mut self.retries_all) { Due::all(draft) } else { Due::overdue(now, draft) };
        let mut run = self.group.run();
        let written = self.pen.write_due(&mut run, due, (policy, now), draft);
        written
            .and_then(|()| Ok(run.commit()?))
            .unwrap_or_else(|TooLarge| unreachable!("the rules refuse facts that are too large"));
    }

    /// Applies what is durable, under short write locks, between which waiting readers go first.
    fn apply_all(&mut self) {
        let Pen { facts, previous, .. } = &mut self.pen;
        let mut facts = facts.drain(..).peekable();
        while facts.peek().is_some() {
            let mut forest = self.shared.forest.write();
            let mut objects = 0;
            while objects < APPLY_OBJECTS_PER_LOCK
                && let Some(fact) = facts.next()
            {
                apply(&mut *forest, fact.time, &fact.effects, previous);
                objects += fact.objects.max(1);
            }
            if let Some(scribe) = &mut self.scribe {
                scribe.count(objects);
            }
            parking_lot::RwLockWriteGuard::unlock_fair(forest);
        }
    }

    /// Answers everybody that the engine has stopped, now and from now on.
    fn poison(&mut self, error: &Error) {
        self.shared.end(error.clone());
        self.pen.facts.clear();
        self.group.clear();
        for (reply, _) in self.answers.drain(..) {
            reply.answer(Err(error.clone()));
        }
        while let Ok(message) = self.queue.try_recv() {
            match message {
                Message::Work(_, reply) => reply.answer(Err(error.clone())),
                Message::Checkpoint(_) => {}
                // Whoever wants it to stop waits for the thread to end.
                Message::Stop(_) => {
                    self.taken = Some(message);
                    return;
                }
            }
        }
    }

    fn stop(mut self, reply: Option<Reply>) {
        if self.shared.ended().is_none()
            && let Some(scribe) = &mut self.scribe
        {
            scribe.begin_at_close(&self.shared.forest, self.journal.head());
        }
        let closed: Answer = match self.journal.close() {
            Ok(head) => {
                let (sequence, standing) = (head.sequence, Standing::Done);
                let receipt = Receipt { first: sequence, last: sequence, repeated: false, standing };
                Ok(Outcome::Done(receipt))
            }
            Err(error) => Err(Error::Poisoned(error)),
        };
        self.shared.end(Error::Closed);
        if let Some(reply) = reply {
            reply.answer(closed);
        }
        while let Ok(message) = self.queue.try_recv() {
            if let Message::Work(_, reply) | Message::Stop(reply) = message {
                reply.answer(Err(Error::Closed));
            }
        }
    }
}

/// Lets everybody know that the committer has ended, also when it ends by a panic.
struct EndOnDrop(Arc<Shared>);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.end(Error::Defect);
    }
}

/// The receipt of requests that were accepted before.
pub(super) fn repeated(known: &Requests, requests: &[Request]) -> Result<Option<Receipt>, Refusal> {
    let mut receipt: Option<Receipt> = None;
    for (position, request) in requests.iter().enumerate() {
        let before = known.get(request.id);
        let is_same = before.is_some_and(|before| before.content == request.content());
        match (before, &mut receipt) {
            (None, None) if position == 0 => {}
            (Some(known), None) if position == 0 && is_same => {
                let sequence = known.sequence;
                receipt = Some(Receipt { first: sequence, last: sequence, repeated: true, standing: known.standing });
            }
            (Some(known), Some(receipt)) if is_same && known.sequence == receipt.last.next() => {
                receipt.last = known.sequence;
                receipt.standing = receipt.standing.max(known.standing);
            }
            (None, None) => {}
            _ => {
                let refusal = Refusal::of_operation(Reason::RequestExistsWithDifferentContent);
                return Err(Refusal { position, ..refusal });
            }
        }
    }
    Ok(receipt)
}

fn too_large(position: usize) -> Refusal {
    Refusal { position, ..Refusal::of_operation(Reason::TooManyObjects) }
}
