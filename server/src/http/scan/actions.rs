//! What can be done with an object next, and why not: asked of the same rules that decide.

use packtree::fact::{Entry, ReasonText, Role, Signature, Trust};
use packtree::operation::{
    Close, Contents, ContentsFate, Decommission, Hold, HoldTarget, Receive, Release, Reopen, Return, Ship,
    TakeOutOfUse, Unpack, VoidShip,
};
use packtree::{Engine, Identifier, Operation, Reason};
use packtree_wire::{Advice, Candidate, Inspection, Need};

use crate::access::{Permission, Principal};
use crate::http::Problem;
use crate::http::operations::{caller, permission};

/// Actions that need a second object, and the verb by which a role has them.
const WITH_ANOTHER: &[(&str, packtree::fact::Verb, bool)] = {
    use packtree::fact::Verb;
    &[
        ("relabel", Verb::Relabel, true),
        ("replace", Verb::Replace, false),
        ("swap", Verb::Swap, false),
        ("move", Verb::Move, false),
        ("merge", Verb::Merge, true),
        ("split", Verb::Split, true),
        ("reset", Verb::Reset, true),
    ]
};

/// Everything that can be done with an object, with why not where that is so.
pub(super) fn possible(engine: &Engine, principal: &Principal, object: &Inspection) -> Result<Vec<Candidate>, Problem> {
    let is_container = 0 < object.children || object.level.0.holds_others();
    let mut actions = Vec::new();
    for (action, operation) in single(&object.id.0, is_container) {
        actions.push(judged(engine, principal, action, operation)?);
    }
    for (action, verb, for_containers) in WITH_ANOTHER {
        if !*for_containers || is_container {
            let denied = principal.may(Permission::Operate(*verb)).err().map(|denied| advice_of(Problem::from(denied)));
            actions.push(Candidate {
                action: (*action).to_owned(),
                allowed: denied.is_none(),
                needs: vec![Need::Other],
                why_not: denied,
            });
        }
    }
    let free = ["reconcile", "label"].into_iter().filter(|_| is_container);
    let free =
        free.map(|action| Candidate { action: action.to_owned(), allowed: true, needs: Vec::new(), why_not: None });
    actions.extend(free);
    Ok(actions)
}

/// The operations that need nothing but the object.
fn single(id: &Identifier, is_container: bool) -> Vec<(&'static str, Operation)> {
    let one = || vec![id.clone()];
    let named = || Contents::Named { parent: None, children: one(), quantities: Vec::new() };
    let out_of_use = || TakeOutOfUse { objects: one() };
    let target = || HoldTarget::Objects(one());
    let mut actions = Vec::new();
    if is_container {
        let what = Contents::All { parent: id.clone() };
        actions.push(("break", Operation::Unpack(Unpack { what, trust: Trust::Inferred })));
    }
    actions.push(("take_out", Operation::Unpack(Unpack { what: named(), trust: Trust::Verified })));
    if is_container {
        actions.push(("close", Operation::Close(Close { containers: one(), partial: false })));
        actions.push(("close_partial", Operation::Close(Close { containers: one(), partial: true })));
        actions.push(("reopen", Operation::Reopen(Reopen { containers: one() })));
    }
    actions.extend([
        ("hold", Operation::Hold(Hold { target: target() })),
        ("release", Operation::Release(Release { target: target() })),
        ("sample", Operation::Sample(out_of_use())),
        ("reject", Operation::Reject(out_of_use())),
        ("destroy", Operation::Destroy(out_of_use())),
        ("decommission", Operation::Decommission(Decommission { objects: one(), contents: ContentsFate::StayActive })),
        ("ship", Operation::Ship(Ship { roots: one() })),
        ("void_ship", Operation::VoidShip(VoidShip { roots: one() })),
        ("receive", Operation::Receive(Receive { roots: one(), trust: Trust::Verified })),
        ("return", Operation::Return(Return { objects: one() })),
    ]);
    actions
}

fn judged(engine: &Engine, principal: &Principal, action: &str, operation: Operation) -> Result<Candidate, Problem> {
    let needed = permission(&operation);
    let mut candidate = Candidate { action: action.to_owned(), allowed: false, needs: Vec::new(), why_not: None };
    let is_signed = principal.signs(needed);
    // What is signed may be signed by a second person whose role allows it.
    if let Err(denied) = principal.may(needed)
        && !is_signed
    {
        candidate.why_not = Some(advice_of(Problem::from(denied)));
        return Ok(candidate);
    }
    let mut request = engine.request(&caller(principal, None, Some(Entry::Scan))?, operation);
    if is_signed {
        candidate.needs.push(Need::Signature);
        request.signature = Some(Signature { by: principal.actor.clone(), role: Role::Supervisor });
    }
    let mut refusal = engine.preview(std::slice::from_ref(&request)).err();
    if refusal.as_ref().is_some_and(|refusal| refusal.faults.iter().any(|fault| fault.reason == Reason::ReasonRequired))
    {
        candidate.needs.push(Need::Reason);
        request.reason = ReasonText::new("to be said").ok();
        refusal = engine.preview(&[request]).err();
    }
    candidate.allowed = refusal.is_none();
    candidate.why_not = refusal.map(|refusal| advice_of(Problem::from(&refusal)));
    Ok(candidate)
}

fn advice_of(problem: Problem) -> Advice {
    let packtree_wire::Problem { code, detail, remedy, .. } = problem.into_wire();
    Advice { code, sentence: detail, remedy }
}
