//! Older copies put back: of the head, of the journal, of both.

use packtree::disk::SimulatedDisk;
use packtree::journal::{Chain, Head, OpenError, Opening, Sequence};

use crate::support::{Opened, append, facts_to, open_with, opening};

/// A journal at some moment of its life.
struct Moment {
    files: SimulatedDisk,
    head: Head,
    /// The first fact of the segment that was being written.
    segment: u64,
    closed: bool,
}

/// Copies of a journal after each group and each orderly close.
fn life() -> Vec<Moment> {
    let disk = SimulatedDisk::new();
    let mut moments = Vec::new();
    let mut moment = |disk: &SimulatedDisk, head, closed| {
        let files = SimulatedDisk::from_files(disk.files());
        let names = disk.files().into_keys().filter_map(|name| name.strip_suffix(".segment")?.parse().ok());
        let segment = names.max().unwrap();
        moments.push(Moment { files, head, segment, closed });
    };
    let mut journal = open_with(&disk, &opening()).unwrap().journal;
    moment(&disk, journal.head(), false);
    for (index, count) in [1, 30, 20, 30, 1, 30, 60, 10, 5].into_iter().enumerate() {
        append(&mut journal, count).unwrap();
        journal.note_head().unwrap();
        moment(&disk, journal.head(), false);
        if index % 3 == 2 {
            let head = journal.close().unwrap();
            moment(&disk, head, true);
            journal = open_with(&disk, &opening()).unwrap().journal;
        }
    }
    moments
}

/// The segments of one moment under the head file of another.
fn mixed(segments: &Moment, head: &Moment) -> SimulatedDisk {
    let disk = SimulatedDisk::from_files(segments.files.files());
    disk.replace("head", head.files.contents("head").unwrap());
    disk
}

#[test]
fn an_older_journal_under_a_newer_head_or_the_reverse_is_noticed() {
    let moments = life();
    for (older, head) in moments.iter().enumerate() {
        for (newer, segments) in moments.iter().enumerate() {
            let opened = open_with(&mixed(segments, head), &opening());
            println!("head of moment {older}, segments of moment {newer}");
            let (noted, end) = (head.head.sequence, segments.head.sequence);
            match opened {
                Ok(Opened { recovered, facts, .. }) => {
                    // A head that was not closed may lag behind as far as to the end of the segment before.
                    assert!(noted == end || noted < end && !head.closed && noted.0 + 1 >= segments.segment);
                    assert_eq!(recovered.head, segments.head);
                    assert_eq!(facts, facts_to(end.0));
                }
                Err(OpenError::HeadAhead { head: named, end: found }) => {
                    assert!(noted > end);
                    assert_eq!((named, found), (noted, end));
                }
                Err(OpenError::HeadBehind { head: named, .. }) => {
                    assert!(noted < end && (head.closed || noted.0 + 1 < segments.segment));
                    assert_eq!(named, noted);
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn an_older_copy_of_the_whole_directory_is_noticed_by_who_knows_the_head() {
    let moments = life();
    for (known, now) in moments.iter().enumerate() {
        for (found, directory) in moments.iter().enumerate() {
            println!("head of moment {known} known, directory of moment {found}");
            let opening = Opening { expected: Some(now.head), ..opening() };
            let opened = open_with(&SimulatedDisk::from_files(directory.files.files()), &opening);
            let (expected, end) = (now.head.sequence, directory.head.sequence);
            match opened {
                Ok(opened) => {
                    assert!(expected <= end);
                    assert_eq!(opened.facts, facts_to(end.0));
                }
                Err(OpenError::ExpectedAhead { expected: named, end: found }) => {
                    assert!(expected > end);
                    assert_eq!((named, found), (expected, end));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn a_head_of_another_history_is_noticed() {
    let moments = life();
    let now = moments.last().unwrap();
    for moment in &moments {
        let other = Head { chain: Chain([1; 32]), ..moment.head };
        let expecting = Opening { expected: Some(other), ..opening() };
        let error = open_with(&SimulatedDisk::from_files(now.files.files()), &expecting).unwrap_err();
        assert!(matches!(error, OpenError::ExpectedDiffers { sequence } if sequence == other.sequence), "{error}");
        let continuing = Opening { checkpoint: Some(other), ..opening() };
        let error = open_with(&SimulatedDisk::from_files(now.files.files()), &continuing).unwrap_err();
        assert!(matches!(error, OpenError::CheckpointDiffers { sequence } if sequence == other.sequence), "{error}");
    }
    // Inside a frame there is no head either.
    let inside = Head { sequence: Sequence(now.head.sequence.0 - 1), ..now.head };
    let expecting = Opening { expected: Some(inside), ..opening() };
    let error = open_with(&SimulatedDisk::from_files(now.files.files()), &expecting).unwrap_err();
    assert!(matches!(error, OpenError::ExpectedDiffers { .. }), "{error}");
}

#[test]
fn an_empty_directory_is_no_new_journal_to_who_knows_an_old_one() {
    let head = life().last().unwrap().head;
    let empty = SimulatedDisk::new();
    let error = open_with(&empty, &Opening { expected: Some(head), ..opening() }).unwrap_err();
    assert!(matches!(error, OpenError::ExpectedAhead { end: Sequence(0), .. }), "{error}");
    let error = open_with(&empty, &Opening { checkpoint: Some(head), ..opening() }).unwrap_err();
    assert!(matches!(error, OpenError::CheckpointAhead { end: Sequence(0), .. }), "{error}");
    assert!(empty.files().is_empty());
}

#[test]
fn opening_from_a_checkpoint_shows_only_what_follows_it() {
    let moments = life();
    let now = moments.last().unwrap();
    for moment in &moments {
        for expected in &moments {
            let opening = Opening { checkpoint: Some(moment.head), expected: Some(expected.head), ..opening() };
            let opened = open_with(&SimulatedDisk::from_files(now.files.files()), &opening).unwrap();
            assert_eq!(opened.facts, facts_to(now.head.sequence.0)[moment.head.sequence.0 as usize..]);
            assert_eq!(opened.recovered.head, now.head);
            assert_eq!(opened.recovered.facts_visited, opened.facts.len() as u64);
            // Segments that were not read can be read from all the same.
            let read = opened.journal.reader().frames_from(Sequence::FIRST).map(Result::unwrap);
            let read: Vec<Vec<u8>> =
                read.flat_map(|frame| frame.facts().map(|(_, fact)| fact.to_vec()).collect::<Vec<_>>()).collect();
            assert_eq!(read, facts_to(now.head.sequence.0));
        }
    }
    for (index, moment) in moments.iter().enumerate() {
        let opening = Opening { checkpoint: Some(now.head), ..opening() };
        let opened = open_with(&SimulatedDisk::from_files(moment.files.files()), &opening);
        match opened {
            Ok(opened) => assert_eq!(opened.recovered.head, now.head),
            Err(OpenError::CheckpointAhead { .. }) => assert!(moment.head.sequence < now.head.sequence),
            Err(other) => panic!("moment {index}: {other}"),
        }
    }
}
