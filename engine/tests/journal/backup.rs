//! Copies of a journal that is in use: each is a beginning of the history, and none that was not finished opens.

use packtree::disk::{Disk as _, Fault, SimulatedDisk, Survivors};
use packtree::journal::{BackupError, Head, Journal, Sequence, backup, verify};

use crate::support::{WORKLOAD, append, facts_to, open, opening, run, survivors};

/// Opens a copy, which must hold the first facts and nothing else, and go on from there.
#[track_caller]
fn check_copy(copy: &SimulatedDisk, head: Head) {
    assert_eq!(verify(copy).unwrap().problems, []);
    let opened = open(copy).unwrap();
    assert!(opened.recovered.closed);
    assert_eq!((opened.recovered.head, opened.recovered.torn), (head, None));
    assert_eq!(opened.facts, facts_to(head.sequence.0));
    let mut journal = opened.journal;
    append(&mut journal, 30).unwrap();
    drop(journal);
    assert_eq!(open(copy).unwrap().facts, facts_to(head.sequence.0 + 30));
}

/// A journal in use with so many facts, of which all but the last ten are in its head file.
fn in_use(facts: u64) -> (SimulatedDisk, Journal) {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    while journal.head().sequence.0 < facts - 10 {
        append(&mut journal, 10).unwrap();
        journal.note_head().unwrap();
    }
    append(&mut journal, 10).unwrap();
    (disk, journal)
}

#[test]
fn what_is_in_use_is_copied_up_to_the_head_that_is_noted() {
    for facts in (20..400).step_by(10) {
        let (disk, mut journal) = in_use(facts);
        let copy = SimulatedDisk::new();
        let report = backup(&disk, &copy).unwrap();
        assert_eq!((report.head.sequence, report.facts), (Sequence(facts - 10), facts - 10));
        let files = copy.files();
        assert_eq!((report.segments, report.bytes), (files.len() - 1, files.iter().map(segment_bytes).sum()));
        check_copy(&copy, report.head);

        // The head that is noted may be the last fact of a segment, or the journal may have gone on behind it.
        journal.note_head().unwrap();
        let copy = SimulatedDisk::new();
        assert_eq!(backup(&disk, &copy).unwrap().head, journal.head());
        check_copy(&copy, journal.head());
        // The source was not touched.
        append(&mut journal, 5).unwrap();
    }
}

fn segment_bytes((name, bytes): (&String, &Vec<u8>)) -> u64 {
    if name == "head" { 0 } else { bytes.len() as u64 }
}

#[test]
fn full_segments_are_copied_as_they_are() {
    let (disk, _journal) = in_use(300);
    let copy = SimulatedDisk::new();
    let report = backup(&disk, &copy).unwrap();
    let names: Vec<String> = copy.files().into_keys().filter(|name| name != "head").collect();
    assert!(3 < report.segments);
    for name in &names[..names.len() - 1] {
        assert_eq!(copy.contents(name), disk.contents(name), "{name}");
    }
}

#[test]
fn what_nobody_uses_is_copied_up_to_its_last_whole_frame() {
    let (disk, journal) = in_use(100);
    drop(journal);
    let copy = SimulatedDisk::new();
    let report = backup(&disk, &copy).unwrap();
    assert_eq!(report.facts, 100, "the head file names fewer");
    check_copy(&copy, report.head);
    assert!(disk.holder().unwrap().is_none());
    // And a copy of the copy, which is how it is put back.
    let again = SimulatedDisk::new();
    open(&copy).unwrap().journal.close().unwrap();
    assert_eq!(backup(&copy, &again).unwrap().facts, 130);
}

#[test]
fn what_a_crash_left_is_copied_without_its_torn_end() {
    let opening = opening();
    let whole = SimulatedDisk::new();
    run(&whole, &opening, &WORKLOAD);
    for call in (1..=whole.calls()).step_by(3) {
        let disk = SimulatedDisk::new();
        disk.fault_at(call, Fault::Crash);
        let progress = run(&disk, &opening, &WORKLOAD);
        for survivors in survivors(call) {
            let left = disk.crash(survivors);
            let copy = SimulatedDisk::new();
            match backup(&left, &copy) {
                Ok(report) => {
                    assert!(progress.acknowledged <= report.facts, "call {call}, {survivors:?}");
                    check_copy(&copy, report.head);
                }
                Err(BackupError::Nothing) => assert_eq!(progress.acknowledged, 0, "call {call}, {survivors:?}"),
                Err(error) => panic!("call {call}, {survivors:?}: {error}"),
            }
        }
    }
}

#[test]
fn a_copy_that_was_not_finished_does_not_open() {
    let (disk, _journal) = in_use(200);
    let calls = {
        let copy = SimulatedDisk::new();
        backup(&disk, &copy).unwrap();
        copy.calls()
    };
    let (mut refused, mut whole) = (0, 0);
    for call in 1..=calls {
        for fault in [Fault::Crash, Fault::Io, Fault::NoSpace, Fault::ShortWrite] {
            let copy = SimulatedDisk::new();
            copy.fault_at(call, fault);
            let copied = backup(&disk, &copy);
            for survivors in survivors(call) {
                let left = copy.crash(survivors);
                if left.files().is_empty() {
                    continue;
                }
                // What opens has everything that was to be copied. Where its name was not synced yet, it may be there all the same.
                let Ok(opened) = open(&left) else {
                    assert!(copied.is_err(), "call {call}, {fault:?}, {survivors:?}");
                    refused += 1;
                    continue;
                };
                assert_eq!(opened.facts, facts_to(190), "call {call}, {fault:?}, {survivors:?}");
                whole += 1;
            }
        }
    }
    assert!(0 < refused && 0 < whole, "{refused} refused, {whole} whole");
}

#[test]
fn a_finished_copy_survives_a_crash() {
    let (disk, _journal) = in_use(200);
    let copy = SimulatedDisk::new();
    let report = backup(&disk, &copy).unwrap();
    check_copy(&copy.crash(Survivors::Synced), report.head);
}

#[test]
fn damage_is_found_and_not_copied() {
    let (disk, journal) = in_use(200);
    let copy = SimulatedDisk::new();
    backup(&disk, &copy).unwrap();
    let names: Vec<String> = copy.files().into_keys().filter(|name| name != "head").collect();
    for is_in_use in [true, false] {
        for name in &names {
            let damaged = disk.crash(Survivors::Written);
            let _lock = is_in_use.then(|| damaged.lock().unwrap());
            let mut bytes = damaged.contents(name).unwrap();
            bytes[500] ^= 1;
            damaged.replace(name, bytes);
            let copy = SimulatedDisk::new();
            let error = backup(&damaged, &copy).unwrap_err();
            assert!(matches!(error, BackupError::Check(_)), "{error}");
            assert!(error.to_string().contains(name), "{error}");
            assert!(copy.files().is_empty() || open(&copy).is_err());
        }
    }
    drop(journal);
}

#[test]
fn what_cannot_be_copied_says_why() {
    let (disk, _journal) = in_use(20);
    let error = backup(&SimulatedDisk::new(), &SimulatedDisk::new()).unwrap_err();
    assert!(matches!(error, BackupError::Nothing), "{error}");
    let error = backup(&disk, &disk).unwrap_err();
    assert!(matches!(error, BackupError::NotEmpty { .. }), "{error}");
    disk.delete("head");
    let error = backup(&disk, &SimulatedDisk::new()).unwrap_err();
    assert!(error.to_string().contains("head file is missing"), "{error}");
}
