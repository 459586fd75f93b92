//! Operations: done, repeated, refused, together, shown, undone.

use packtree::fact::{Name, ReasonText, SettingText, Standing, Trust, Verb};
use packtree::operation::{Configure, Contents, Unpack};
use packtree::{Clock, Operation, Outcome, Reason, Refusal, Request, Sequence, SystemClock};
use packtree_client::{Client, Error, wire};

use crate::world::{CASES, PALLET, World, unit};
use crate::{id, machine, request};

fn unpack(number: u32) -> Operation {
    Operation::unpack(vec![id(&unit(number))])
}

#[track_caller]
fn refused(outcome: Result<Outcome, Error>) -> Refusal {
    match outcome.unwrap() {
        Outcome::Refused(refusal) => refusal,
        Outcome::Done(receipt) => panic!("it is done: {receipt:?}"),
    }
}

fn parent(client: &Client, number: u32) -> Option<packtree::Identifier> {
    client.inspect(&id(&unit(number))).unwrap().expect("it is known").parent
}

#[test]
fn a_request_is_done_once_and_a_refusal_names_what_is_at_fault() {
    let world = World::new();
    let client = machine(&world);
    let asked = request(unpack(1));
    let first = client.submit(&asked).unwrap().receipt().unwrap();
    let again = client.submit(&asked).unwrap().receipt().unwrap();
    assert_eq!((first.repeated, again.repeated, again.first), (false, true, first.first));
    let fact = client.fact(first.first).unwrap().expect("it is durable");
    assert_eq!((fact.request, fact.actor.to_string()), (asked.id.to_string(), "line-3".to_owned()));

    let other = refused(client.submit(&Request { operation: unpack(2), ..asked }));
    assert_eq!(other.reason(), Reason::RequestExistsWithDifferentContent);
    let refusal =
        refused(client.perform(&Operation::pack(id(CASES[0]), vec![id(&unit(1)), id(&unit(3)), id(&unit(9))])));
    let faults: Vec<_> = refusal.faults.iter().map(|fault| (fault.reason, fault.object.clone())).collect();
    assert_eq!(
        faults,
        [(Reason::ChildHasOtherParent, Some(id(&unit(3)))), (Reason::ObjectNotFound, Some(id(&unit(9))))]
    );
}

#[test]
fn what_a_request_leaves_out_is_filled_in_by_the_server() {
    let world = World::new();
    let client = machine(&world);
    let before = SystemClock.now();
    let receipt = client.perform(&unpack(1)).unwrap().receipt().unwrap();
    let fact = client.fact(receipt.first).unwrap().expect("it is durable");
    assert!(before <= fact.time.at && fact.time.at <= fact.recorded_at.at, "the time is that of the server's clock");
    assert_eq!((fact.station.to_string(), fact.entry.to_string()), ("line-3".to_owned(), "machine".to_owned()));

    let operation = wire::Operation::of(&unpack(2)).unwrap();
    let station = Some(wire::Text(Name::new("bay-4").unwrap()));
    let named = wire::Request { request_id: Some("scan 17".to_owned()), station, ..wire::Request::new(operation) };
    let first = client.submit_wire(&named).unwrap().receipt().unwrap();
    let again = client.submit_wire(&named).unwrap().receipt().unwrap();
    assert_eq!((again.first, again.repeated), (first.first, true));
    assert_eq!(client.fact(first.first).unwrap().expect("it is durable").station.to_string(), "bay-4");

    let endless = wire::Request { request_id: Some("x".repeat(101)), ..named };
    let error = client.submit_wire(&endless).unwrap_err();
    assert!(matches!(&error, Error::Rejected(problem) if problem.code == "malformed"), "{error}");
    let name = Name::new("policy").unwrap();
    let configure = Operation::Configure(Configure { name, value: Some(SettingText::new("{}").unwrap()) });
    assert!(matches!(client.perform(&configure), Err(Error::Settings(_))), "settings are no request");
}

#[test]
fn many_are_answered_one_by_one_or_all_or_none() {
    let world = World::new();
    let client = machine(&world);
    let answers = client.submit_all(&[request(unpack(1)), request(unpack(5)), request(unpack(2))]).unwrap();
    let done: Vec<bool> = answers.iter().map(|answer| matches!(answer, Ok(Outcome::Done(_)))).collect();
    assert_eq!(done, [true, false, true]);
    assert_eq!(client.submit_all(&[]).unwrap().len(), 0);

    let head = world.server.engine.head();
    let refusal = refused(client.submit_sequence(&[request(unpack(3)), request(unpack(5))]));
    assert_eq!(refusal.reason(), Reason::ChildNotInAnyParent);
    assert_eq!(world.server.engine.head(), head);
    let sequence = [request(unpack(3)), request(unpack(4))];
    let receipt = client.submit_sequence(&sequence).unwrap().receipt().unwrap();
    assert_eq!((receipt.first.0 + 1, receipt.standing), (receipt.last.0, Standing::Done));
    let again = client.submit_sequence(&sequence).unwrap().receipt().unwrap();
    assert_eq!((again.first, again.last, again.repeated), (receipt.first, receipt.last, true));
    assert!(matches!(client.submit_sequence(&[]), Err(Error::Rejected(_))), "a sequence has something in it");
}

#[test]
fn a_preview_shows_and_changes_nothing() {
    let world = World::new();
    let client = machine(&world);
    let head = world.server.engine.head();
    let all = Operation::unpack_all(id(PALLET));
    let shown = client.preview(&[request(all.clone())]).unwrap().unwrap();
    assert_eq!((shown[0].operation.0, shown[0].fact), (Verb::Unpack, head.sequence.0 + 1));
    let spelled = wire::Request::new(wire::Operation::of(&all).unwrap());
    let shown_again = client.preview_wire(&wire::Requests { requests: vec![spelled] }).unwrap().unwrap();
    assert_eq!(shown_again, shown);
    let refusal = client.preview(&[request(unpack(5))]).unwrap().unwrap_err();
    assert_eq!(refusal.reason(), Reason::ChildNotInAnyParent);
    assert_eq!(world.server.engine.head(), head);
}

#[test]
fn ones_own_actions_are_listed_and_undone_once() {
    let world = World::new();
    let client = machine(&world);
    let what = Contents::Named { parent: None, children: vec![id(&unit(1))], quantities: Vec::new() };
    let taken = client.perform(&Operation::Unpack(Unpack { what, trust: Trust::Verified })).unwrap().receipt().unwrap();
    let actions = client.actions(2).unwrap();
    assert_eq!((actions.len(), actions[0].fact.fact, actions[0].undo.possible), (2, taken.first.0, true));
    assert!(matches!(client.actions(0), Err(Error::Rejected(_))));

    let reason = Some(wire::Text(ReasonText::new("wrong case").unwrap()));
    let asked = wire::UndoRequest { request_id: Some("undo 1".to_owned()), reason, signature: None };
    let undone = client.undo(taken.first, &asked).unwrap().receipt().unwrap();
    assert_eq!(parent(&client, 1), Some(id(CASES[0])));
    // As if the answer had been lost.
    let again = client.undo(taken.first, &asked).unwrap().receipt().unwrap();
    assert_eq!((again.first, again.repeated), (undone.first, true));

    let error = client.undo(taken.first, &wire::UndoRequest::default()).unwrap_err();
    assert!(matches!(&error, Error::Rejected(problem) if problem.code == "cannot_be_undone"), "{error}");
    assert!(matches!(client.undo(Sequence(10_000), &asked), Err(Error::NotFound(_))));
}
