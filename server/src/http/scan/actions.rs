//! What can be done with an object next, and why not: asked of the same rules that decide.

use packtree::fact::{Entry, ReasonText, Role, Signature, Trust};
use packtree::operation::{
    Close, Contents, ContentsFate, Decommission, Fate, Hold, HoldTarget, Merge, Move, Receive, Relabel, Release,
    Reopen, Replace, Reset, Return, Ship, Split, Swap, TakeOutOfUse, Unpack, VoidShip,
};
use packtree::{Engine, Fault, Identifier, Operation, Reason, Refusal, Request};
use packtree_wire::{Advice, Candidate, Inspection, Need};

use crate::access::Principal;
use crate::http::Problem;
use crate::http::operations::{caller, permission};

/// An SSCC that no company has: what needs a second object is asked of the rules with this one, and whatever they say of it is not said.
const STAND_IN: &str = "(00)000000000000000000";

/// Everything that can be done with an object, with why not where that is so.
pub(super) fn possible(engine: &Engine, principal: &Principal, object: &Inspection) -> Result<Vec<Candidate>, Problem> {
    let is_container = 0 < object.children || object.level.0.holds_others();
    let mut actions = Vec::new();
    for (action, operation) in single(&object.id.0, is_container) {
        actions.push(judged(engine, principal, action, operation, None)?);
    }
    let stand_in = Identifier::parse(STAND_IN).map_err(|_| packtree::Error::Defect)?;
    for (action, operation) in with_another(&object.id.0, &stand_in, is_container) {
        let mut candidate = judged(engine, principal, action, operation, Some(&stand_in))?;
        // What is split off is taken out of it, so that something has to be in it.
        if action == "split" && candidate.allowed && object.children == 0 {
            let refusal =
                Refusal { faults: vec![Fault::of(Reason::ContainerIsEmpty, object.id.0.clone())], position: 0 };
            candidate = Candidate { allowed: false, why_not: Some(advice_of(Problem::from(&refusal))), ..candidate };
        }
        actions.push(candidate);
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

/// The operations that need another object too, with the stand-in for it.
fn with_another(id: &Identifier, other: &Identifier, is_container: bool) -> Vec<(&'static str, Operation)> {
    let (one, another) = (|| id.clone(), || other.clone());
    let mut actions = Vec::new();
    if is_container {
        actions.push(("relabel", Operation::Relabel(Relabel { old: one(), new: another() })));
    }
    // An object on hold is replaced too, unless it stays in use.
    let replace = Replace { old: one(), new: another(), fate: Fate::Rejected };
    actions.extend([
        ("replace", Operation::Replace(replace)),
        ("swap", Operation::Swap(Swap { one: one(), other: another() })),
        ("move", Operation::Move(Move { children: vec![one()], into: another() })),
    ]);
    if is_container {
        let split = Split { from: one(), children: vec![another()], into: another() };
        actions.extend([
            ("merge", Operation::Merge(Merge { from: one(), into: another() })),
            ("split", Operation::Split(split)),
            ("reset", Operation::Reset(Reset { container: one(), children: vec![another()] })),
        ]);
    }
    actions
}

/// What the rules say of an operation by whoever asks. With a stand-in for another object, what they say of the object alone.
fn judged(
    engine: &Engine,
    principal: &Principal,
    action: &str,
    operation: Operation,
    stand_in: Option<&Identifier>,
) -> Result<Candidate, Problem> {
    let needed = permission(&operation);
    let mut candidate = Candidate { action: action.to_owned(), allowed: false, needs: Vec::new(), why_not: None };
    candidate.needs.extend(stand_in.map(|_| Need::Other));
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
    let refused = |request: &Request| {
        let mut refusal = engine.preview(std::slice::from_ref(request)).err()?;
        refusal.faults.retain(|fault| stand_in.is_none_or(|other| !names(fault, other)));
        Some(refusal).filter(|refusal| !refusal.faults.is_empty())
    };
    let mut refusal = refused(&request);
    if refusal.as_ref().is_some_and(|refusal| refusal.faults.iter().any(|fault| fault.reason == Reason::ReasonRequired))
    {
        // What becomes of the one that is replaced is chosen later, and needs a reason or not.
        candidate.needs.extend(stand_in.is_none().then_some(Need::Reason));
        request.reason = ReasonText::new("to be said").ok();
        refusal = refused(&request);
    }
    candidate.allowed = refusal.is_none();
    candidate.why_not = refusal.map(|refusal| advice_of(Problem::from(&refusal)));
    Ok(candidate)
}

fn names(fault: &Fault, object: &Identifier) -> bool {
    [&fault.object, &fault.other].into_iter().flatten().any(|named| named == object)
}

fn advice_of(problem: Problem) -> Advice {
    let packtree_wire::Problem { code, detail, remedy, .. } = problem.into_wire();
    Advice { code, sentence: detail, remedy }
}
