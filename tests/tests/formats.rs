//! A directory of format 1, kept in the repository, opens and answers what it always has; and the same work still writes the same bytes.
//!
//! A release that changes the format keeps reading this one, and adds a directory of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use packtree::Policy;
use packtree::disk::SimulatedDisk;
use packtree_tests::rig::{Answers, open, options};
use packtree_tests::workload::{Draw, beginning, clock_after};
use packtree_tests::world::Seeded;

const STEPS: u64 = 120;

/// The file beside the directory's own that says what it answers.
const ANSWERS: &str = "answers.txt";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/format-1")
}

fn write() -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let engine = open(&disk, options(&Policy::default(), clock_after(STEPS))).expect("nothing fails here");
    let random = Seeded::new(11);
    for request in beginning().into_iter().chain((0..STEPS).map(|step| Draw::from_seed(&random).request(step))) {
        let _ = engine.submit(request).expect("nothing fails here");
    }
    engine.close().expect("nothing fails here");
    disk
}

fn files(disk: &SimulatedDisk) -> BTreeMap<String, Vec<u8>> {
    // What was prepared ahead holds nothing yet.
    disk.files().into_iter().filter(|(name, _)| name != "next.preparing").collect()
}

fn kept() -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(fixture()).expect("the fixture is in the repository");
    let read = |entry: std::fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("it can be read"))
    };
    entries.map(|entry| read(entry.expect("it can be listed"))).filter(|(name, _)| name != ANSWERS).collect()
}

/// What a directory answers, as text: the head, each fact, each object.
fn answers(disk: &SimulatedDisk) -> String {
    let engine = open(disk, options(&Policy::default(), clock_after(STEPS))).expect("format 1 opens");
    let answers = Answers::of(&engine).expect("format 1 is read");
    let mut text = format!("{}\n", answers.head);
    for fact in &answers.facts {
        let header = &fact.header;
        let reason = header.reason.as_ref().map_or("-", |reason| reason.as_str());
        let who = format!("{} {} {} {reason}", header.actor, header.role, header.station);
        let _ = writeln!(text, "{} {} {who} {}", fact.sequence, fact.verb, header.event_time);
    }
    for (object, children) in &answers.objects {
        let parent = object.parent.as_ref().map_or_else(|| "-".into(), ToString::to_string);
        let lot = object.lot.map_or_else(|| "-".into(), |lot| lot.number.to_string());
        let children: Vec<String> = children.iter().map(ToString::to_string).collect();
        let state = format!("{} {} {} {lot} {}", object.level, object.status, object.seal, object.last_fact);
        let _ = writeln!(text, "{} {state} in {parent} holds [{}]", object.id, children.join(" "));
    }
    text
}

#[test]
fn a_directory_of_format_1_opens_and_answers_what_it_always_has() {
    let disk = SimulatedDisk::new();
    for (name, bytes) in kept() {
        disk.replace(&name, bytes);
    }
    let expected = std::fs::read_to_string(fixture().join(ANSWERS)).expect("the fixture is in the repository");
    assert_eq!(answers(&disk), expected);
}

#[test]
fn the_same_work_writes_the_same_bytes_as_when_format_1_was_made() {
    let (written, kept) = (files(&write()), kept());
    assert_eq!(written.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>());
    for (name, bytes) in &kept {
        let differing = bytes.iter().zip(&written[name]).position(|(one, other)| one != other);
        assert_eq!((differing, written[name].len()), (None, bytes.len()), "{name}: the first byte that differs");
    }
}

/// How the directory was made; it does so again only where `PACKTREE_WRITE_FIXTURE` is set.
#[test]
fn writes_the_directory() {
    if std::env::var_os("PACKTREE_WRITE_FIXTURE").is_none() {
        return;
    }
    let disk = write();
    std::fs::create_dir_all(fixture()).unwrap();
    for (name, bytes) in files(&disk) {
        std::fs::write(fixture().join(name), bytes).unwrap();
    }
    std::fs::write(fixture().join(ANSWERS), answers(&disk)).unwrap();
}
