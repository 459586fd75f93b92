//! Every byte of a small journal is damaged in turn: it is noticed, or it does no harm. Never wrong data.

use packtree::disk::SimulatedDisk;
use packtree::journal::{Head, OpenError, Opening, Sequence, salvage, verify};

use crate::support::{append, facts_to, open, open_with, opening};

/// A journal of a few segments, closed in order or not, and its head.
fn small_journal(closed: bool) -> (SimulatedDisk, Head) {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    for count in [1, 3, 60, 50, 1, 20] {
        append(&mut journal, count).unwrap();
        journal.note_head().unwrap();
    }
    let head = journal.head();
    if closed {
        journal.close().unwrap();
    }
    (SimulatedDisk::from_files(disk.files()), head)
}

/// What became of a damaged journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Harmless,
    Refused,
}

/// Opens a damaged journal, verifies it and salvages it: none of the three may show wrong data, and they must agree.
#[track_caller]
fn check_damaged(disk: &SimulatedDisk, head: Head) -> Outcome {
    let before = disk.files();
    let whole = verify(disk).unwrap().whole;
    assert_eq!(disk.files(), before, "verifying changed something");
    check_salvage(disk, head);
    let opened = open(disk);
    assert_eq!(whole, opened.is_ok(), "verify and open disagree: {opened:?}");
    match opened {
        Ok(opened) => {
            assert_eq!(opened.recovered.head, head);
            assert_eq!(opened.facts, facts_to(head.sequence.0));
            Outcome::Harmless
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert_eq!(disk.files(), before, "a refusal to open changed something");
            Outcome::Refused
        }
    }
}

/// Salvages into a new disk, which must then open and hold the first facts, and no others.
fn check_salvage(disk: &SimulatedDisk, head: Head) {
    let before = disk.files();
    let new = SimulatedDisk::new();
    let salvaged = salvage(disk, &new);
    assert_eq!(disk.files(), before, "salvaging changed the old directory");
    let Ok(report) = salvaged else { return };
    assert!(verify(&new).unwrap().whole);
    let opened = open(&new).unwrap();
    assert_eq!(opened.recovered.head, report.head);
    assert_eq!(opened.facts, facts_to(report.facts));
    assert!(report.head.sequence <= head.sequence);
    assert!(report.known <= head.sequence);
    if report.head.sequence < head.sequence {
        assert!(!report.report.whole);
    }
}

fn flip_everywhere(closed: bool) {
    let (disk, head) = small_journal(closed);
    let (mut harmless, mut refused) = (0, 0);
    for (name, bytes) in disk.files() {
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            let copy = SimulatedDisk::from_files(disk.files());
            copy.replace(&name, damaged);
            println!("{name}, bit {} of byte {at}", at % 8);
            match check_damaged(&copy, head) {
                Outcome::Harmless => harmless += 1,
                Outcome::Refused => refused += 1,
            }
        }
    }
    println!("{harmless} harmless, {refused} refused");
    assert!(harmless > 0 && refused > 0);
}

#[test]
fn a_flipped_bit_anywhere_is_noticed_or_harmless() {
    flip_everywhere(false);
}

#[test]
fn a_flipped_bit_anywhere_in_a_closed_journal_is_noticed_or_harmless() {
    flip_everywhere(true);
}

#[test]
fn a_file_cut_short_anywhere_is_noticed_or_harmless() {
    for closed in [false, true] {
        let (disk, head) = small_journal(closed);
        for (name, bytes) in disk.files() {
            for length in 0..bytes.len() {
                let copy = SimulatedDisk::from_files(disk.files());
                copy.replace(&name, bytes[..length].to_vec());
                println!("{name} cut to {length} bytes");
                check_damaged(&copy, head);
            }
        }
    }
}

#[test]
fn bytes_zeroed_or_overwritten_or_added_anywhere_are_noticed_or_harmless() {
    let (disk, head) = small_journal(false);
    for (name, bytes) in disk.files() {
        for at in (0..bytes.len()).step_by(64) {
            for length in [64, 512, 4096] {
                let end = bytes.len().min(at + length);
                for fill in [0, 0xff] {
                    let mut damaged = bytes.clone();
                    damaged[at..end].fill(fill);
                    let copy = SimulatedDisk::from_files(disk.files());
                    copy.replace(&name, damaged);
                    println!("{name}: {fill} from {at} to {end}");
                    check_damaged(&copy, head);
                }
            }
        }
        for fill in [0, 1] {
            let mut longer = bytes.clone();
            longer.extend([fill; 100]);
            let copy = SimulatedDisk::from_files(disk.files());
            copy.replace(&name, longer);
            check_damaged(&copy, head);
        }
    }
}

#[test]
fn a_missing_file_is_noticed() {
    let (disk, head) = small_journal(false);
    for (name, _) in disk.files() {
        let copy = SimulatedDisk::from_files(disk.files());
        copy.delete(&name);
        println!("without {name}");
        assert_eq!(check_damaged(&copy, head), Outcome::Refused);
    }
}

#[test]
fn files_that_changed_places_are_noticed() {
    let (disk, head) = small_journal(false);
    let names: Vec<String> = disk.files().into_keys().collect();
    for one in &names {
        for other in &names {
            if one == other {
                continue;
            }
            let swapped = SimulatedDisk::from_files(disk.files());
            swapped.replace(one, disk.contents(other).unwrap());
            println!("{other} in place of {one}");
            assert_eq!(check_damaged(&swapped, head), Outcome::Refused);
            swapped.replace(other, disk.contents(one).unwrap());
            assert_eq!(check_damaged(&swapped, head), Outcome::Refused);
        }
    }
}

/// The refusal that opening gives after something was done to a small journal.
#[track_caller]
fn refusal(damage: impl FnOnce(&SimulatedDisk, &[String])) -> OpenError {
    let (disk, _) = small_journal(false);
    let segments: Vec<String> = disk.files().into_keys().filter(|name| name.ends_with(".segment")).collect();
    damage(&disk, &segments);
    open(&disk).map(|opened| opened.recovered).unwrap_err()
}

fn change(disk: &SimulatedDisk, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = disk.contents(name).unwrap();
    change(&mut bytes);
    disk.replace(name, bytes);
}

#[test]
fn each_kind_of_damage_is_named() {
    use OpenError as E;
    let error = refusal(|disk, segments| disk.delete(&segments[1]));
    assert!(matches!(&error, E::SegmentMissing { segment, .. } if segment.starts_with("0000")), "{error}");

    let error = refusal(|disk, segments| disk.delete(&segments[0]));
    assert!(matches!(error, E::SegmentMissing { first: Sequence::FIRST, .. }), "{error}");

    let error = refusal(|disk, segments| disk.delete(segments.last().unwrap()));
    assert!(matches!(error, E::HeadAhead { .. }), "{error}");

    let error = refusal(|disk, _| disk.delete("head"));
    assert!(matches!(error, E::HeadMissing), "{error}");

    let error = refusal(|disk, segments| segments.iter().for_each(|name| disk.delete(name)));
    assert!(matches!(error, E::SegmentMissing { first: Sequence::FIRST, .. }), "{error}");

    let error = refusal(|disk, segments| disk.replace("x.segment", disk.contents(&segments[0]).unwrap()));
    assert!(matches!(&error, E::SegmentName { file } if file == "x.segment"), "{error}");

    let error = refusal(|disk, segments| {
        disk.replace("00000000000000000002.segment", disk.contents(&segments[0]).unwrap());
    });
    assert!(matches!(error, E::SegmentRenamed { first: Sequence::FIRST, .. }), "{error}");

    let error = refusal(|disk, segments| change(disk, &segments[1], |bytes| bytes[300] ^= 1));
    assert!(matches!(error, E::Damaged { frame: 1, offset: 128, .. }), "{error}");

    let error = refusal(|disk, segments| change(disk, &segments[1], |bytes| bytes[5] ^= 1));
    assert!(matches!(error, E::Damaged { frame: 0, offset: 0, .. }), "{error}");

    let error = refusal(|disk, segments| change(disk, &segments[1], |bytes| bytes.truncate(1_000)));
    assert!(matches!(error, E::Damaged { .. }), "{error}");

    let error = refusal(|disk, segments| change(disk, segments.last().unwrap(), |bytes| bytes[200] ^= 1));
    assert!(matches!(error, E::Damaged { frame: 1, offset: 128, .. }), "{error}");
    assert!(error.to_string().contains("packtree salvage"), "{error}");
}

#[test]
fn a_file_of_another_journal_is_named() {
    let foreign = SimulatedDisk::new();
    let other = Opening { identity: [8; 16], ..opening() };
    let mut journal = open_with(&foreign, &other).unwrap().journal;
    for count in [1, 3, 60, 50, 1, 20] {
        append(&mut journal, count).unwrap();
        journal.note_head().unwrap();
    }
    drop(journal);
    let (disk, _) = small_journal(false);
    for (name, bytes) in foreign.files() {
        let copy = SimulatedDisk::from_files(disk.files());
        copy.replace(&name, bytes);
        let error = open(&copy).map(|opened| opened.recovered).unwrap_err();
        assert!(matches!(error, OpenError::Foreign { .. }), "{name}: {error}");
        assert!(!verify(&copy).unwrap().whole);
    }
}

#[test]
fn a_newer_format_is_named_and_not_called_damage() {
    let newer = |disk: &SimulatedDisk, name: &str, version_at: usize, sum_at: usize, start: usize| {
        change(disk, name, |bytes| {
            bytes[start + version_at] = 9;
            let sum = crc32fast::hash(&bytes[start..start + sum_at]);
            bytes[start + sum_at..start + sum_at + 4].copy_from_slice(&sum.to_le_bytes());
        });
    };
    let error = refusal(|disk, segments| newer(disk, &segments[1], 8, 124, 0));
    assert!(matches!(error, OpenError::UnknownVersion { version: 9, .. }), "{error}");
    for slot in [0, 4096] {
        let error = refusal(|disk, _| newer(disk, "head", 4, 508, slot));
        assert!(matches!(error, OpenError::UnknownVersion { version: 9, .. }), "{error}");
    }
}

#[test]
fn verify_lists_every_damaged_frame_and_what_is_lost_with_it() {
    let (disk, head) = small_journal(false);
    let segments: Vec<String> = disk.files().into_keys().filter(|name| name.ends_with(".segment")).collect();
    change(&disk, &segments[0], |bytes| bytes[300] ^= 1);
    change(&disk, &segments[2], |bytes| bytes[200] ^= 1);
    let report = verify(&disk).unwrap();
    assert_eq!(report.head.sequence, Sequence(1));
    assert_eq!(report.noted, Some(head));
    assert_eq!(report.problems.len(), 2, "{:?}", report.problems);
    assert!(report.problems[0].what.contains("facts 2 to 4 cannot be read"), "{}", report.problems[0]);
    assert_eq!(report.problems[0].frame, 2);
    assert_eq!(report.problems[1].segment, segments[2]);
    assert!(report.facts < head.sequence.0 && report.facts > 30, "{}", report.facts);

    let new = SimulatedDisk::new();
    let salvaged = salvage(&disk, &new).unwrap();
    assert_eq!(salvaged.head.sequence, Sequence(1));
    assert_eq!(salvaged.known, head.sequence);
    assert_eq!(salvaged.facts_unvouched, report.facts - 1);
    assert_eq!(open(&new).unwrap().facts, facts_to(1));
    let again = salvage(&disk, &new).unwrap_err();
    assert!(again.to_string().contains("not empty"), "{again}");
}
