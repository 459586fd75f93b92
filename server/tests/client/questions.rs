//! Questions: objects, the past, lots, lists, scans, documents, labels and the feed.

use std::sync::Arc;

use packtree::disk::SimulatedDisk;
use packtree::fact::{Level, LotName, Seal};
use packtree::operation::Commission;
use packtree::query::Moment;
use packtree::{Engine, Operation, Options, Sequence};
use packtree_client::{Client, Error, LabelForm, LabelSize, SymbolKind, wire};
use packtree_gs1::{Gtin, LotNumber};
use packtree_server::serve::Settings;

use crate::support::{PASSWORD, Server};
use crate::world::{CASES, PALLET, World, unit};
use crate::{id, machine};

/// An identifier that is right and not known.
const NOBODY: &str = "(00)095212345000000995";

#[test]
fn an_object_and_its_contents_are_told_and_an_unknown_one_is_none() {
    let world = World::new();
    let client = machine(&world);
    let (pallet, nobody) = (id(PALLET), id(NOBODY));
    let found = client.inspect(&id(&unit(1))).unwrap().expect("it is known");
    assert_eq!(Some(found), world.server.engine.inspect(&id(&unit(1))), "the engine's own answer");
    let found = client.inspect_wire(&id(&unit(1))).unwrap().expect("it is known");
    let around: Vec<String> = found.around.iter().map(|around| around.id.to_string()).collect();
    assert_eq!(around, [PALLET, CASES[0]]);
    let tree = client.tree(&pallet, Moment::Now, Some(1)).unwrap().expect("it is known");
    assert_eq!((tree.children.len(), tree.children[0].children.len()), (2, 0));
    assert!(client.dot(&pallet).unwrap().expect("it is known").starts_with("digraph {"));
    let contents = client.contents(&pallet, None).unwrap().expect("it is known");
    let levels: Vec<Level> = contents.map(|content| content.unwrap().level.0).collect();
    assert_eq!(levels, [Level::Case, Level::Unit, Level::Unit, Level::Case, Level::Unit, Level::Unit]);

    assert_eq!(client.inspect(&nobody).unwrap(), None);
    assert_eq!(client.inspect_wire(&nobody).unwrap(), None);
    assert_eq!(client.tree(&nobody, Moment::Now, None).unwrap(), None);
    assert_eq!(client.tree(&pallet, Moment::Fact(Sequence(0)), None).unwrap(), None);
    assert_eq!(client.dot(&nobody).unwrap(), None);
    assert!(client.contents(&nobody, None).unwrap().is_none());
}

#[test]
fn the_past_is_told_and_compared() {
    let world = World::new();
    let client = machine(&world);
    let packed = world.server.engine.head().sequence;
    client.perform(&Operation::unpack(vec![id(CASES[0])])).unwrap().receipt().unwrap();
    let (pallet, nobody) = (id(PALLET), id(NOBODY));
    let first = client.history(&id(CASES[0]), 1, None).unwrap().expect("it is known");
    assert_eq!(first.entries[0].operation.to_string(), "unpack");
    let next = client.history(&id(CASES[0]), 10, first.next.map(Sequence)).unwrap().expect("it is known");
    assert_eq!(next.entries[0].operation.to_string(), "pack");
    assert!(client.history(&nobody, 1, None).unwrap().is_none());
    assert!(matches!(client.history(&pallet, 0, None), Err(Error::Rejected(_))));

    let difference = client.difference(&pallet, Moment::Fact(packed), Moment::Now).unwrap().expect("it is known");
    assert!(difference.went_out.contains(&wire::Text(id(CASES[0]))), "{difference:?}");
    let back = client.difference(&pallet, Moment::Now, Moment::Fact(packed)).unwrap().expect("it is known");
    assert_eq!(back, difference, "from the earlier moment to the later one");
    assert!(client.difference(&nobody, Moment::Now, Moment::Now).unwrap().is_none());

    let counted = client.reconcile(&id(CASES[1]), &[id(&unit(3)), id(&unit(1))]).unwrap().expect("it is known");
    assert_eq!((counted.missing, counted.unexpected.len()), (vec![wire::Text(id(&unit(4)))], 1));
    assert!(client.reconcile(&nobody, &[]).unwrap().is_none());
    assert!(client.fact(Sequence(10_000)).unwrap().is_none());
}

#[test]
fn lots_lists_and_numbers_are_told() {
    let world = World::new();
    let client = machine(&world);
    let lot =
        |number| LotName { gtin: Gtin::parse("09521234543213").unwrap(), number: LotNumber::parse(number).unwrap() };
    assert_eq!(client.lot(&lot("L1")).unwrap().expect("it is known").counts.packed, 4);
    assert!(client.lot(&lot("L2")).unwrap().is_none());
    let lots = client.lots(None).unwrap();
    assert_eq!((lots.lots.len(), lots.next), (1, None));
    assert!(matches!(client.lots(Some("none of theirs")), Err(Error::Rejected(_))));
    assert_eq!(client.containers(Seal::Open, None).unwrap().objects.len(), 3);
    assert_eq!(client.orphans(None).unwrap().objects, [wire::Text(id(&unit(5)))]);
    assert!(client.parked().unwrap().is_empty());
    assert_eq!(client.statistics().unwrap().objects, 8);
}

#[test]
fn a_scan_is_understood_or_explained() {
    let world = World::new();
    let client = machine(&world);
    let scan = client.scan("]d2010952123454321321A00117280229\u{1d}10L1").unwrap();
    assert_eq!((scan.reading.id, scan.problem), (Some(wire::Text(id(&unit(1)))), None));
    let nonsense = client.scan("nonsense").unwrap();
    assert_eq!(nonsense.problem.map(|problem| problem.code), Some("not_understood".to_owned()));
    assert!(matches!(client.scan(&"x".repeat(5_000)), Err(Error::Rejected(_))));
}

#[test]
fn labels_and_symbols_are_drawn() {
    let world = World::new();
    let client = machine(&world);
    let label = |name: &str, form| client.label(&id(name), form, LabelSize::Inches4By6, 2);
    let picture = label(CASES[0], LabelForm::Picture).unwrap().expect("it is known");
    assert!(picture.starts_with(b"<svg"), "{}", String::from_utf8_lossy(&picture));
    let printed = label(CASES[0], LabelForm::Printer { dots_per_inch: 300 }).unwrap().expect("it is known");
    assert!(printed.starts_with(b"^XA"));
    assert_eq!(label(NOBODY, LabelForm::Picture).unwrap(), None);
    assert!(matches!(label(&unit(1), LabelForm::Picture), Err(Error::Rejected(_))), "it is no SSCC");
    assert!(matches!(label(CASES[0], LabelForm::Printer { dots_per_inch: 1 }), Err(Error::Rejected(_))));
    assert_ne!(client.command_sheet("en").unwrap(), client.command_sheet("de").unwrap());
    for (kind, text) in
        [(SymbolKind::Gs1128, PALLET), (SymbolKind::DataMatrix, unit(1).as_str()), (SymbolKind::Code128, "PT-CONFIRM")]
    {
        assert!(client.barcode(kind, text).unwrap().starts_with(b"<svg"), "{text}");
    }
    assert!(matches!(client.barcode(SymbolKind::Gs1128, "PT-CONFIRM"), Err(Error::Rejected(_))));
}

#[test]
fn a_document_is_imported_once_and_called_by_its_name() {
    let world = World::new();
    let client = machine(&world);
    let import = |name: &str, text: &str, is_dry_run| client.import(name, &mut text.as_bytes(), is_dry_run);
    let document = include_str!("../../demo/1-packaging-line.xml");
    let head = world.server.engine.head();
    let shown = import("packaging & line", document, true).unwrap();
    assert_eq!(world.server.engine.head(), head);
    let done = import("packaging & line", document, false).unwrap();
    assert_eq!(done, shown);
    assert!(done.refused.iter().all(|refused| refused.file == "packaging & line"), "{done:?}");
    assert_eq!(import("again", document, false).unwrap().applied, 0);
    let broken = import("half", "{\"type\": \"EPCISDocument\", ", false).unwrap();
    assert_eq!((broken.refused[0].file.as_str(), broken.refused_total()), ("half", 1));
}

#[test]
fn a_checkpoint_is_written_when_it_is_asked_for() {
    let world = World::new();
    let client = machine(&world);
    assert_eq!(client.statistics().unwrap().checkpoint, 0);
    let head = world.server.engine.head().sequence;
    assert_eq!(client.checkpoint().unwrap(), head);
    assert_eq!(client.statistics().unwrap().checkpoint, head.0);
    let operator = client.sign_in("operator", PASSWORD, None).unwrap();
    assert!(matches!(operator.checkpoint(), Err(Error::Forbidden(_))));
    let directory = world.server.stop();
    let engine = Engine::open(directory.path(), Options::default()).unwrap();
    assert_eq!((engine.opened().checkpoint, engine.opened().journal.facts_visited), (Some(head), 0));
}

#[test]
fn a_store_that_writes_no_checkpoint_is_told_and_operations_go_on() {
    let engine = Engine::open_on(Arc::new(SimulatedDisk::new()), Options::default()).unwrap();
    let server = Server::start_on(engine, tempfile::tempdir().unwrap(), Settings::default(), |_| {});
    let access = server.running.as_ref().unwrap().access();
    let key = server.runtime.block_on(access.key_for("line-3")).unwrap();
    let client = Client::builder(&format!("http://{}", server.address)).key(key).build().unwrap();
    let error = client.checkpoint().unwrap_err();
    assert!(matches!(&error, Error::Failed(problem) if problem.code == "checkpoint_failed"), "{error}");
    let commission = Commission { lot: None, level: Level::Case, objects: vec![id(CASES[0])] };
    client.perform(&Operation::Commission(commission)).unwrap().receipt().unwrap();
}

#[test]
fn the_feed_goes_on_behind_any_fact() {
    let world = World::new();
    let client = machine(&world);
    let head = world.server.engine.head().sequence;
    let mut feed = client.feed(Sequence(head.0 - 2));
    let facts: Vec<u64> = (&mut feed).take(2).map(|fact| fact.unwrap().fact).collect();
    assert_eq!(facts, [head.0 - 1, head.0]);
    let taken = client.perform(&Operation::unpack(vec![id(CASES[0])])).unwrap().receipt().unwrap();
    assert_eq!(feed.next().unwrap().unwrap().fact, taken.first.0);
    assert_eq!(feed.position(), taken.first);
}
