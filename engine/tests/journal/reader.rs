//! Reading while the journal is being written, by number and by time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use packtree::disk::{Disk, RealDisk, SimulatedDisk};
use packtree::journal::{Journal, Opening, ReadError, Reader, Sequence, Settings};
use scopeguard::guard;

use crate::support::{append, fact, facts_to, open, open_with, opening};

/// Segments that are long enough for several marks each.
fn long_segments() -> Opening {
    Opening { settings: Settings { segment_bytes: 512 << 10 }, ..opening() }
}

const GROUPS: [u64; 7] = [1, 5_000, 1, 300, 2_000, 9_000, 1];

/// Fills a journal, and returns it as it was written and as it was opened again.
fn filled(check: impl Fn(&Reader, Sequence)) {
    let disk = SimulatedDisk::new();
    let mut journal = open_with(&disk, &long_segments()).unwrap().journal;
    for count in GROUPS {
        append(&mut journal, count).unwrap();
    }
    let head = journal.head();
    check(&journal.reader(), head.sequence);
    drop(journal);
    check(&open_with(&disk, &long_segments()).unwrap().journal.reader(), head.sequence);
    let from_checkpoint = Opening { checkpoint: Some(head), ..long_segments() };
    let journal = open_with(&disk, &from_checkpoint).unwrap().journal;
    check(&journal.reader(), head.sequence);
    assert!(disk.files().len() > 3);
}

#[test]
fn every_fact_can_be_read_by_its_number() {
    filled(|reader, last| {
        for sequence in (1..=last.0).step_by(61).chain([last.0 - 1, last.0]) {
            let found = reader.fact(Sequence(sequence)).unwrap().unwrap();
            assert_eq!(found.sequence, Sequence(sequence));
            assert_eq!(found.bytes, fact(sequence));
        }
        assert_eq!(reader.fact(Sequence(0)).unwrap(), None);
        assert_eq!(reader.fact(last.next()).unwrap(), None);
        assert_eq!(reader.fact(Sequence(u64::MAX)).unwrap(), None);
    });
}

#[test]
fn the_fact_that_was_newest_at_a_time_is_found() {
    filled(|reader, _| {
        let (mut first, mut last) = (1, 0);
        assert_eq!(reader.sequence_at(1_000).unwrap(), Sequence(0));
        assert_eq!(reader.sequence_at(i64::MIN).unwrap(), Sequence(0));
        for count in GROUPS {
            let recorded_at = 1_000 + first;
            assert_eq!(reader.sequence_at(recorded_at - 1).unwrap(), Sequence(last));
            last += count;
            assert_eq!(reader.sequence_at(recorded_at).unwrap(), Sequence(last));
            first += count.cast_signed();
        }
        assert_eq!(reader.sequence_at(i64::MAX).unwrap(), Sequence(last));
    });
}

#[test]
fn reading_from_any_fact_begins_with_its_frame_and_goes_on_with_what_comes_later() {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    let reader = journal.reader();
    let mut following = reader.frames_from(Sequence::FIRST);
    assert!(following.next().is_none());
    let mut seen = Vec::new();
    for count in [1, 30, 80, 1, 200] {
        append(&mut journal, count).unwrap();
        for frame in following.by_ref() {
            seen.extend(frame.unwrap().facts().map(|(_, fact)| fact.to_vec()));
        }
        assert_eq!(seen, facts_to(journal.head().sequence.0));
    }
    for from in 1..=journal.head().sequence.0 {
        let frame = reader.frames_from(Sequence(from)).next().unwrap().unwrap();
        assert!(frame.first().0 <= from && from <= frame.last().0);
        assert!(frame.group_first() <= frame.first());
        assert!(frame.recorded_at_us() > 1_000);
    }
    assert!(reader.frames_from(journal.head().sequence.next()).next().is_none());
}

#[test]
fn what_was_damaged_while_the_journal_is_open_is_not_served() {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    append(&mut journal, 10).unwrap();
    let (name, mut bytes) = disk.files().into_iter().find(|(name, _)| name.ends_with(".segment")).unwrap();
    for at in 128..600 {
        bytes[at] ^= 4;
        disk.replace(&name, bytes.clone());
        let error = journal.reader().fact(Sequence(3)).unwrap_err();
        assert!(matches!(&error, ReadError::Damaged { segment, .. } if *segment == name), "{error}");
        bytes[at] ^= 4;
    }
    disk.delete(&name);
    assert!(matches!(journal.reader().fact(Sequence(3)).unwrap_err(), ReadError::Io { .. }));
}

/// Appends while four threads read, and checks that they see durable facts only, and all of them.
fn read_while_writing(mut journal: Journal, groups: u64) {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let writing = guard((), |()| stop.store(true, Ordering::Release));
        let mut readers = Vec::new();
        for turn in 0..4 {
            let (reader, stop) = (journal.reader(), &stop);
            readers.push(scope.spawn(move || watch(&reader, stop, turn)));
        }
        let preparer = journal.preparer();
        let preparing = scope.spawn(move || preparer.run());
        for group in 0..groups {
            append(&mut journal, group * 7 % 90 + 1).unwrap();
            journal.note_head().unwrap();
        }
        drop(writing);
        for reader in readers {
            assert_eq!(reader.join().unwrap(), journal.head().sequence.0);
        }
        journal.close().unwrap();
        preparing.join().unwrap();
    });
}

/// Follows the journal and looks facts up until it is told to stop and has seen everything.
fn watch(reader: &Reader, stop: &AtomicBool, turn: u64) -> u64 {
    let mut frames = reader.frames_from(Sequence::FIRST);
    let mut seen = 0;
    loop {
        let stopping = stop.load(Ordering::Acquire);
        for frame in frames.by_ref() {
            for (sequence, bytes) in frame.unwrap().facts() {
                seen += 1;
                assert_eq!(sequence, Sequence(seen));
                assert_eq!(bytes, fact(seen));
            }
            assert!(seen <= reader.head().sequence.0);
        }
        if seen > 0 {
            let sequence = (seen * 31 + turn) % seen + 1;
            assert_eq!(reader.fact(Sequence(sequence)).unwrap().unwrap().bytes, fact(sequence));
        }
        if stopping {
            return seen;
        }
        thread::yield_now();
    }
}

#[test]
fn readers_see_durable_facts_while_others_are_appended() {
    let disk = SimulatedDisk::new();
    read_while_writing(open(&disk).unwrap().journal, 400);
}

#[test]
fn readers_see_durable_facts_on_a_real_disk_too() {
    let directory = tempfile::tempdir().unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(directory.path()).unwrap());
    let lock = disk.lock().unwrap();
    let (journal, _) = Journal::open(disk, lock, &opening(), &mut |_| Ok(())).unwrap();
    read_while_writing(journal, 200);
}
