//! What would come of operations, one after the other, while nothing is changed.

use parking_lot::RwLockReadGuard;

use super::committer::repeated;
use super::shared::Shared;
use super::ticket::{Outcome, Receipt};
use crate::fact::{Sequence, Standing};
use crate::forest::apply::apply;
use crate::forest::{Changes, Draft, Forest, View as _};
use crate::operation::Request;
use crate::operation::decide::decide;
use crate::operation::parking::{Due, decide_or_park};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::requests::{Accepted, Requests};

/// A world laid over the engine's in which operations are done for show: each sees what the ones before it would have done.
///
/// While it lives the engine applies nothing, and whoever waits for that waits. Its memory grows with the objects that the operations
/// name. It is for looking at a document before it is imported, not for the line.
///
/// ```
/// use packtree::fact::Level;
/// use packtree::operation::Commission;
/// use packtree::{Caller, Engine, Identifier, Operation, Options, Outcome, Rehearsal};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let engine = Engine::open(directory.path(), Options::default())?;
/// let line = Caller::machine("line-3")?;
/// let case = Identifier::parse("(00)095212345000000018")?;
/// let commission = Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case] });
/// let request = engine.request(&line, commission);
///
/// let mut rehearsal: Rehearsal<'_> = engine.rehearse();
/// assert!(matches!(rehearsal.submit(&[request.clone()]), Outcome::Done(_)));
/// assert!(matches!(rehearsal.submit(&[request]), Outcome::Done(receipt) if receipt.repeated));
/// drop(rehearsal);
/// assert_eq!(engine.stats().objects, 0);
/// # Ok(())
/// # }
/// ```
pub struct Rehearsal<'e> {
    shared: &'e Shared,
    forest: RwLockReadGuard<'e, Forest>,
    changes: Changes,
    /// What was accepted in the rehearsal, beside what the engine has accepted.
    requests: Requests,
}

impl std::fmt::Debug for Rehearsal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rehearsal").field("touched", &self.changes.len()).finish_non_exhaustive()
    }
}

impl<'e> Rehearsal<'e> {
    pub(super) fn new(shared: &'e Shared) -> Self {
        let forest = shared.forest.read();
        let mut changes = Changes::default();
        Draft::new(&forest, &mut changes);
        Self { shared, forest, changes, requests: Requests::default() }
    }

    /// What would come of operations that are done all or none; later calls see what they would have done.
    pub fn submit(&mut self, requests: &[Request]) -> Outcome {
        match self.try_submit(requests) {
            Ok(receipt) => Outcome::Done(receipt),
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    fn try_submit(&mut self, requests: &[Request]) -> Result<Receipt, Refusal> {
        for known in [&*self.shared.requests.read(), &self.requests] {
            if let Some(receipt) = repeated(known, requests)? {
                return Ok(receipt);
            }
        }
        // Only a sequence can be refused when a part of it is done already.
        let before = (1 < requests.len()).then(|| self.changes.clone());
        let result = self.decide(requests, &self.shared.policy());
        if let (Err(_), Some(before)) = (&result, before) {
            self.changes = before;
        }
        result
    }

    fn decide(&mut self, requests: &[Request], policy: &Policy) -> Result<Receipt, Refusal> {
        let now = self.shared.clock.now();
        let mut draft = Draft::resume(&self.forest, &mut self.changes);
        let first = Sequence(draft.next_sequence());
        let mut previous = Vec::new();
        let mut accepted = Vec::with_capacity(requests.len());
        let mut standing = Standing::Done;
        let mut due = Due::default();
        let decide = if requests.len() == 1 { decide_or_park } else { decide };
        for (position, request) in requests.iter().enumerate() {
            let decision = decide(request, policy, now, &draft).map_err(|refusal| Refusal { position, ..refusal })?;
            standing = standing.max(decision.standing);
            let (content, sequence) = (request.content(), Sequence(draft.next_sequence()));
            accepted.push((request.id, Accepted { content, sequence, standing: decision.standing }));
            apply(&mut draft, request.event_time.at, &decision.effects, &mut previous);
            due.after(&decision.effects, &draft);
        }
        let last = Sequence(draft.next_sequence() - 1);
        while let Some(released) = due.next(policy, now, &draft) {
            apply(&mut draft, released.time(), &released.effects, &mut previous);
            due.after(&released.effects, &draft);
        }
        for (id, accepted) in accepted {
            self.requests.remember(id, accepted);
        }
        Ok(Receipt { first, last, repeated: false, standing })
    }
}

#[cfg(test)]
mod tests {
    use packtree_gs1::Identifier;

    use crate::fact::{Level, RequestId};
    use crate::operation::{Commission, Operation, Request};
    use crate::refusal::Reason;
    use crate::{Caller, Engine, Options, Outcome};

    fn object(serial: u64) -> Identifier {
        Identifier::parse(&format!("(01)09521234543213(21)A{serial}")).unwrap()
    }

    fn commission(engine: &Engine, id: u128, serial: u64) -> Request {
        let objects = vec![object(serial)];
        let operation = Operation::Commission(Commission { lot: None, level: Level::Unit, objects });
        Request { id: RequestId(id), ..engine.request(&Caller::machine("line").unwrap(), operation) }
    }

    #[test]
    fn a_rehearsal_answers_as_the_engine_would_and_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::open(directory.path(), Options::default()).unwrap();
        engine.submit(commission(&engine, 1, 1)).unwrap();

        let reason = |outcome: Outcome| outcome.receipt().err().map(|refusal| (refusal.position, refusal.reason()));
        let repeated = |outcome: Outcome| outcome.receipt().unwrap().repeated;
        let mut rehearsal = engine.rehearse();
        assert!(repeated(rehearsal.submit(&[commission(&engine, 1, 1)])));
        assert_eq!(
            reason(rehearsal.submit(&[commission(&engine, 1, 2)])),
            Some((0, Reason::RequestExistsWithDifferentContent))
        );
        assert_eq!(
            reason(rehearsal.submit(&[commission(&engine, 2, 1)])),
            Some((0, Reason::ObjectAlreadyCommissioned))
        );

        // A sequence that is refused midway leaves nothing behind.
        let sequence = [commission(&engine, 3, 2), commission(&engine, 4, 1)];
        assert_eq!(reason(rehearsal.submit(&sequence)), Some((1, Reason::ObjectAlreadyCommissioned)));
        assert!(!repeated(rehearsal.submit(&[commission(&engine, 3, 2)])));
        assert!(repeated(rehearsal.submit(&[commission(&engine, 3, 2)])));
        drop(rehearsal);

        assert_eq!(engine.stats().objects, 1);
        assert!(
            matches!(engine.submit(commission(&engine, 3, 2)).unwrap(), Outcome::Done(receipt) if !receipt.repeated)
        );
    }
}
