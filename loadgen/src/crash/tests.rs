//! That the comparison notices what must not happen.

use std::path::Path;

use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Identifier, Operation};

use super::child::{Settled, Start, verify, work};
use super::place::{Place, Steps};
use super::{WINDOW, profile};
use crate::model::Checked;
use crate::target::Embedded;

const SEED: u64 = 11;

fn begin() -> Start {
    Start { seed: SEED, cycle: 0, places: vec![Place::default(); 3], from: vec![0; 3], objects_below: 0 }
}

/// Plays until so many operations are acknowledged, and returns where the next process would begin. What is in flight stays unknown.
fn play(folder: &Path, start: &Start, operations: usize) -> Start {
    let profile = profile();
    let target = Embedded::open(folder).unwrap();
    let (checked, settled) = verify(&target, &profile, start).unwrap();
    assert_eq!(checked.words, [""; 0]);
    let mut lines: Vec<Steps<'_>> =
        start.places.iter().enumerate().map(|(line, place)| Steps::from(&profile, SEED, line, *place)).collect();
    let mut left = operations;
    let mut take = |line: usize| {
        lines[line].next();
        left -= 1;
        0 < left
    };
    work(&target, &profile, start, &settled, &mut Vec::new(), &mut take).unwrap();
    target.engine().close().unwrap();
    Start { places: lines.iter().map(Steps::place).collect(), ..start.clone() }
}

fn compare(folder: &Path, start: &Start) -> (Checked, Vec<Settled>) {
    let target = Embedded::open(folder).unwrap();
    let compared = verify(&target, &profile(), start).unwrap();
    target.engine().close().unwrap();
    compared
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn what_was_acknowledged_is_found_and_what_was_in_flight_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let mut start = begin();
    for operations in [1, 40, 400, 7, 1_000] {
        start = play(folder.path(), &start, operations);
        let (checked, settled) = compare(folder.path(), &start);
        assert_eq!(checked.words, [""; 0]);
        assert!(settled.iter().all(|settled| settled.most <= WINDOW));
    }
    let from: Vec<u64> = start.places.iter().map(|place| place.done() / 2).collect();
    let below = from.iter().enumerate().flat_map(|(line, from)| (0..*from).map(move |pallet| (line, pallet)));
    let objects_below = below.map(|(line, pallet)| super::place::objects(&profile(), SEED, line, pallet)).sum();
    let (checked, _) = compare(folder.path(), &Start { from, objects_below, ..start });
    assert_eq!(checked.words, [""; 0]);
}

#[test]
fn an_acknowledgement_that_never_was_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut start = play(folder.path(), &begin(), 300);
    let profile = profile();
    let mut steps = Steps::from(&profile, SEED, 1, start.places[1]);
    // More than can be in flight, up to a step that shows.
    for _ in 0..2 * WINDOW {
        steps.next();
    }
    start.places[1] = steps.place();
    let (checked, _) = compare(folder.path(), &start);
    assert!(0 < checked.problems);
    assert!(checked.words.iter().any(|words| words.contains("line 2, pallet ")), "{:?}", checked.words);
}

#[test]
fn a_journal_that_was_cut_back_is_noticed() {
    let (folder, older) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let start = play(folder.path(), &begin(), 300);
    copy(folder.path(), &older.path().join("data"));
    let later = play(folder.path(), &start, 200);
    let (checked, _) = compare(folder.path(), &later);
    assert_eq!(checked.words, [""; 0]);
    // The older directory is whole in itself: only somebody who knows what was acknowledged since can tell.
    let (checked, _) = compare(&older.path().join("data"), &later);
    assert!(0 < checked.problems && !checked.words.is_empty(), "{checked:?}");
}

#[test]
fn what_nobody_has_sent_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let start = play(folder.path(), &begin(), 300);
    let target = Embedded::open(folder.path()).unwrap();
    let stranger = Identifier::parse("(01)09521234543213(21)STRANGER").unwrap();
    let commission = Commission { lot: None, level: Level::Unit, objects: vec![stranger] };
    let caller = Caller::machine("stranger").unwrap();
    target.engine().perform(&caller, Operation::Commission(commission)).unwrap();
    target.engine().close().unwrap();
    let (checked, _) = compare(folder.path(), &start);
    assert!(checked.words.iter().any(|words| words.contains("objects, and there are")), "{:?}", checked.words);
}
