//! Segments that are prepared ahead of time.

use packtree::disk::{Fault, SimulatedDisk};
use packtree::journal::{Opening, Settings};

use crate::support::{append, facts_to, open, open_with, opening};

const SPARE: &str = "next.preparing";

#[test]
fn a_segment_that_was_prepared_ahead_is_not_written_twice() {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    let preparer = journal.preparer();
    assert!(!preparer.prepare(), "nothing is wanted while the first segment is empty");
    append(&mut journal, 40).unwrap();
    assert!(preparer.prepare());
    assert!(!preparer.prepare());
    assert_eq!(disk.contents(SPARE).unwrap(), vec![0; 4096]);
    let before = disk.calls();
    append(&mut journal, 60).unwrap();
    // The seal and its sync, the head and its sync, the header, the facts, their sync, the name, the directory's sync.
    assert_eq!(disk.calls() - before, 9);
    assert_eq!(disk.contents(SPARE), None);
}

#[test]
fn an_append_within_a_segment_is_one_write_and_one_sync() {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    for count in [1, 5, 20] {
        let (writes, syncs, calls) = (disk.writes(), disk.syncs(), disk.calls());
        append(&mut journal, count).unwrap();
        assert_eq!((disk.writes() - writes, disk.syncs() - syncs, disk.calls() - calls), (1, 1, 2));
        journal.note_head().unwrap();
        assert_eq!((disk.writes() - writes, disk.syncs() - syncs, disk.calls() - calls), (2, 1, 3));
    }
}

#[test]
fn who_appends_a_few_facts_and_closes_prepares_nothing() {
    let disk = SimulatedDisk::new();
    let opening = Opening { settings: Settings { segment_bytes: 1 << 20 }, ..opening() };
    for _ in 0..40 {
        let mut journal = open_with(&disk, &opening).unwrap().journal;
        append(&mut journal, 500).unwrap();
        assert!(!journal.preparer().prepare());
        journal.close().unwrap();
    }
    assert!(disk.files().len() > 2, "the segment was filled all the same");

    // Who goes on appending while little room is left has it prepared.
    let mut journal = open_with(&disk, &opening).unwrap().journal;
    while !journal.preparer().prepare() {
        append(&mut journal, 100).unwrap();
    }
    assert!(journal.head().sequence.0 < 26_000);
}

#[test]
fn a_segment_that_cannot_be_prepared_is_tried_once_more_when_it_is_needed() {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    append(&mut journal, 40).unwrap();
    disk.fault_at(disk.calls() + 2, Fault::ShortWrite);
    assert!(journal.preparer().prepare());
    assert_eq!(disk.contents(SPARE), None, "a full disk is not left fuller");
    append(&mut journal, 1).unwrap();
    assert!(!journal.preparer().prepare(), "not tried again and again");
    append(&mut journal, 60).unwrap();
    journal.close().unwrap();
    assert_eq!(open(&disk).unwrap().facts, facts_to(101));
}

#[test]
fn a_spare_segment_goes_with_the_journal_that_wanted_it() {
    let disk = SimulatedDisk::new();
    for closed in [true, false] {
        let mut journal = open(&disk).unwrap().journal;
        assert_eq!(disk.contents(SPARE), None);
        append(&mut journal, 40).unwrap();
        journal.preparer().prepare();
        assert!(disk.contents(SPARE).is_some());
        if closed {
            journal.close().unwrap();
            assert_eq!(disk.contents(SPARE), None);
        }
    }
    assert!(disk.contents(SPARE).is_some());
    open(&disk).unwrap();
    assert_eq!(disk.contents(SPARE), None);
}

#[test]
fn whoever_prepares_stops_when_the_journal_is_dropped() {
    let disk = SimulatedDisk::new();
    let journal = open(&disk).unwrap().journal;
    let preparer = journal.preparer();
    let thread = std::thread::spawn(move || preparer.run());
    drop(journal);
    thread.join().unwrap();
}
