//! Damage that the checksums do not show: frames that were altered and given new checksums, frames of another history,
//! and a head that lags behind after a power cut.

use packtree::disk::SimulatedDisk;
use packtree::journal::{OpenError, Sequence, salvage, verify};

use crate::support::{append, facts_to, open};

const SEGMENT_HEADER_BYTES: usize = 128;
const FRAME_HEADER_BYTES: usize = 80;

/// Where the frames of a segment begin, its seal included.
fn frames_of(segment: &[u8]) -> Vec<usize> {
    let mut frames = Vec::new();
    let mut at = SEGMENT_HEADER_BYTES;
    while segment[at..].starts_with(b"PTFR") {
        frames.push(at);
        at += FRAME_HEADER_BYTES + payload_bytes(segment, at);
        if at == segment.len() {
            break;
        }
    }
    frames
}

fn payload_bytes(segment: &[u8], frame: usize) -> usize {
    u32::from_le_bytes(segment[frame + 8..frame + 12].try_into().unwrap()) as usize
}

/// Gives a frame the checksums that its bytes would have had.
fn checksum_again(segment: &mut [u8], frame: usize) {
    let identity: [u8; 16] = segment[24..40].try_into().unwrap();
    let checksum = |bytes: &[u8]| crc32fast::hash(&[&identity, bytes].concat()).to_le_bytes();
    let payload = frame + FRAME_HEADER_BYTES;
    let sum = checksum(&segment[payload..payload + payload_bytes(segment, frame)]);
    segment[frame + 72..frame + 76].copy_from_slice(&sum);
    let sum = checksum(&segment[frame..frame + 76]);
    segment[frame + 76..frame + 80].copy_from_slice(&sum);
}

fn segments_of(disk: &SimulatedDisk) -> Vec<String> {
    disk.files().into_keys().filter(|name| name.ends_with(".segment")).collect()
}

fn change(disk: &SimulatedDisk, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = disk.contents(name).unwrap();
    change(&mut bytes);
    disk.replace(name, bytes);
}

/// A journal of these groups, whose head is noted only after the first.
fn journal_of(groups: &[u64]) -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    for (index, count) in groups.iter().enumerate() {
        append(&mut journal, *count).unwrap();
        if index == 0 {
            journal.note_head().unwrap();
        }
    }
    SimulatedDisk::from_files(disk.files())
}

/// Opening must refuse, and verifying must not call the journal whole.
#[track_caller]
fn refused(disk: &SimulatedDisk) -> OpenError {
    assert!(!verify(disk).unwrap().whole);
    open(disk).map(|opened| opened.recovered).unwrap_err()
}

#[test]
fn a_fact_altered_together_with_its_checksums_breaks_the_chain() {
    use OpenError::{Damaged, HeadDiffers, SegmentUnlinked};
    let disk = journal_of(&[1, 5, 60, 50, 1, 20, 1]);
    for name in segments_of(&disk) {
        let frames = frames_of(&disk.contents(&name).unwrap());
        for (index, frame) in frames.iter().enumerate() {
            let copy = SimulatedDisk::from_files(disk.files());
            change(&copy, &name, |bytes| {
                bytes[frame + FRAME_HEADER_BYTES + 4] ^= 1;
                checksum_again(bytes, *frame);
            });
            println!("{name}, frame {}", index + 1);
            if name == *segments_of(&disk).last().unwrap() && index + 1 == frames.len() {
                // Nothing has been chained to the newest frame yet, and the head does not know of it.
                continue;
            }
            let error = refused(&copy);
            assert!(matches!(&error, Damaged { .. } | HeadDiffers { .. } | SegmentUnlinked { .. }), "{error}");
        }
    }
}

#[test]
fn a_header_altered_together_with_its_checksum_breaks_the_chain() {
    let disk = journal_of(&[1, 5, 60, 50, 1, 20, 1]);
    for name in segments_of(&disk) {
        // The chain before it, and the time at which it was created.
        for at in [40, 72] {
            let copy = SimulatedDisk::from_files(disk.files());
            change(&copy, &name, |bytes| {
                bytes[at] ^= 1;
                let sum = crc32fast::hash(&bytes[..124]).to_le_bytes();
                bytes[124..128].copy_from_slice(&sum);
            });
            let error = refused(&copy);
            let named = matches!(&error, OpenError::SegmentUnlinked { .. } | OpenError::Damaged { frame: 1, .. });
            assert!(named, "{error}");
        }
    }
}

#[test]
fn a_seal_altered_together_with_its_checksums_does_not_fit_the_next_segment() {
    let disk = journal_of(&[1, 5, 60, 50, 1, 20, 1]);
    let segments = segments_of(&disk);
    let seal = *frames_of(&disk.contents(&segments[0]).unwrap()).last().unwrap();
    change(&disk, &segments[0], |bytes| {
        // The time at which it was recorded, the least of its bytes.
        bytes[seal + 32] ^= 1;
        checksum_again(bytes, seal);
    });
    let error = refused(&disk);
    assert!(matches!(&error, OpenError::SegmentUnlinked { segment } if *segment == segments[1]), "{error}");
    let new = SimulatedDisk::new();
    let salvaged = salvage(&disk, &new).unwrap();
    assert_eq!(open(&new).unwrap().facts, facts_to(salvaged.facts));
}

#[test]
fn behind_a_head_that_lags_a_bad_frame_is_cut_only_if_no_later_group_follows() {
    let disk = journal_of(&[1, 5, 3, 4, 2]);
    let name = &segments_of(&disk)[0];
    let frames = frames_of(&disk.contents(name).unwrap());
    assert_eq!(frames.len(), 5);
    for (index, frame) in frames.iter().enumerate() {
        for at in [0, 20, 75, FRAME_HEADER_BYTES + 2, FRAME_HEADER_BYTES + 9] {
            let copy = SimulatedDisk::from_files(disk.files());
            change(&copy, name, |bytes| bytes[frame + at] ^= 0x10);
            println!("frame {}, byte {at}", index + 1);
            if index < 4 {
                let error = refused(&copy);
                let number = index as u64 + 1;
                assert!(matches!(error, OpenError::Damaged { frame, .. } if frame == number), "{error}");
            } else {
                // As after a power cut before the group was acknowledged.
                let torn = verify(&copy).unwrap().torn.unwrap();
                let opened = open(&copy).unwrap();
                assert_eq!(opened.recovered.torn, Some(torn));
                assert_eq!(opened.facts, facts_to(13));
            }
        }
    }
}

#[test]
fn a_group_of_several_frames_may_be_torn_anywhere() {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    append(&mut journal, 1).unwrap();
    journal.note_head().unwrap();
    // An empty segment grows to take a frame, so all three frames of this group are in a segment of their own.
    append(&mut journal, 60).unwrap();
    append(&mut journal, 1).unwrap();
    drop(journal);
    let name = segments_of(&disk).pop().unwrap();
    let bytes = disk.contents(&name).unwrap();
    let frames = frames_of(&bytes);
    // The last two frames become one group that was written at once.
    let copy = SimulatedDisk::from_files(disk.files());
    let last = frames[frames.len() - 1];
    let before = frames[frames.len() - 2];
    change(&copy, &name, |bytes| {
        let group_first = bytes[before + 24..before + 32].to_vec();
        bytes[last + 24..last + 32].copy_from_slice(&group_first);
        checksum_again(bytes, last);
        bytes[before + 100] ^= 1;
    });
    assert!(verify(&copy).unwrap().torn.is_some());
    assert_eq!(open(&copy).unwrap().facts, facts_to(1));
}

#[test]
fn a_good_frame_that_does_not_belong_there_is_never_taken_for_a_torn_one() {
    let disk = journal_of(&[1, 5, 3]);
    let name = &segments_of(&disk)[0];
    let bytes = disk.contents(name).unwrap();
    let frames = frames_of(&bytes);
    let end = frames[2] + FRAME_HEADER_BYTES + payload_bytes(&bytes, frames[2]);
    for (index, frame) in frames.iter().enumerate() {
        let copy = SimulatedDisk::from_files(disk.files());
        let frame_end = frames.get(index + 1).copied().unwrap_or(end);
        change(&copy, name, |bytes| bytes.copy_within(*frame..frame_end, end));
        let error = refused(&copy);
        assert!(matches!(error, OpenError::Damaged { frame: 4, .. }), "{error}");
    }
}

#[test]
fn segments_and_heads_of_two_histories_do_not_mix() {
    let trunk = journal_of(&[1, 60, 50]);
    let histories = [[30, 1, 60, 60], [31, 60, 60, 1]].map(|groups| {
        let disk = SimulatedDisk::from_files(trunk.files());
        let mut journal = open(&disk).unwrap().journal;
        for count in groups {
            append(&mut journal, count).unwrap();
            journal.note_head().unwrap();
        }
        SimulatedDisk::from_files(disk.files())
    });
    for (one, other) in [(0, 1), (1, 0)] {
        for (name, bytes) in histories[other].files() {
            let mixed = SimulatedDisk::from_files(histories[one].files());
            let same = mixed.contents(&name).is_some_and(|own| own == bytes);
            mixed.replace(&name, bytes);
            println!("{name} of history {other} in history {one}");
            if same {
                open(&mixed).unwrap();
            } else {
                refused(&mixed);
            }
        }
    }
    assert_eq!(open(&histories[0]).unwrap().recovered.head.sequence, Sequence(262));
}

/// Values that a number of so many bytes might be given by somebody who means harm.
fn extremes(old: &[u8]) -> Vec<Vec<u8>> {
    let number = old.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let all = u64::MAX >> (64 - 8 * old.len());
    let values = [0, 1, number.wrapping_add(1), number.wrapping_sub(1), all / 2, all / 2 + 1, all - 1, all];
    values.iter().map(|value| value.to_le_bytes()[..old.len()].to_vec()).collect()
}

/// Opens, verifies and salvages something forged: whatever comes of it, it comes in an orderly way.
fn check_orderly(disk: &SimulatedDisk, what: &str) {
    println!("{what}");
    let whole = verify(disk).unwrap().whole;
    let new = SimulatedDisk::new();
    if salvage(disk, &new).is_ok() {
        open(&new).unwrap();
    }
    let opened = open(disk);
    assert_eq!(whole, opened.is_ok(), "{opened:?}");
    if let Ok(mut opened) = opened {
        append(&mut opened.journal, 3).unwrap();
        opened.journal.note_head().unwrap();
        opened.journal.close().unwrap();
    }
}

#[test]
fn numbers_forged_to_their_extremes_do_no_harm() {
    let disk = journal_of(&[1, 5, 60, 50, 1, 20, 1]);
    for name in segments_of(&disk) {
        for frame in frames_of(&disk.contents(&name).unwrap()) {
            for (at, length) in [(4, 2), (6, 2), (8, 4), (12, 4), (16, 8), (24, 8), (32, 8), (80, 4)] {
                let field = frame + at..frame + at + length;
                for value in extremes(&disk.contents(&name).unwrap()[field.clone()]) {
                    let copy = SimulatedDisk::from_files(disk.files());
                    change(&copy, &name, |bytes| {
                        bytes[field.clone()].copy_from_slice(&value);
                        if frame + FRAME_HEADER_BYTES + payload_bytes(bytes, frame) <= bytes.len() {
                            checksum_again(bytes, frame);
                        }
                    });
                    check_orderly(&copy, &format!("{name}, frame at {frame}, field at {at}: {value:?}"));
                }
            }
        }
        for (at, length) in [(8, 2), (16, 8), (72, 8)] {
            for value in extremes(&disk.contents(&name).unwrap()[at..at + length]) {
                let copy = SimulatedDisk::from_files(disk.files());
                change(&copy, &name, |bytes| {
                    bytes[at..at + length].copy_from_slice(&value);
                    let sum = crc32fast::hash(&bytes[..124]).to_le_bytes();
                    bytes[124..128].copy_from_slice(&sum);
                });
                check_orderly(&copy, &format!("{name}, header field at {at}: {value:?}"));
            }
        }
    }
    for slot in [0, 4096] {
        for (at, length) in [(4, 2), (6, 2), (8, 8), (32, 8)] {
            for value in extremes(&disk.contents("head").unwrap()[slot + at..slot + at + length]) {
                let copy = SimulatedDisk::from_files(disk.files());
                change(&copy, "head", |bytes| {
                    bytes[slot + at..slot + at + length].copy_from_slice(&value);
                    let sum = crc32fast::hash(&bytes[slot..slot + 508]).to_le_bytes();
                    bytes[slot + 508..slot + 512].copy_from_slice(&sum);
                });
                check_orderly(&copy, &format!("head slot at {slot}, field at {at}: {value:?}"));
            }
        }
    }
}
