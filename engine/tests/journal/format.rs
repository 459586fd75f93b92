//! The bytes on disk, pinned: a change here is a change of the format.

use std::fs;
use std::path::{Path, PathBuf};

use packtree::disk::{Disk, RealDisk, SimulatedDisk};
use packtree::journal::{Group, Opening, Sequence, Settings, verify};

use crate::support::{append, facts_to, open, open_with};

/// Compares bytes with lines of hexadecimal digits, each of which may end with a remark.
#[track_caller]
fn check_bytes(bytes: &[u8], expected: &str) {
    let digits: String = expected.lines().filter_map(|line| line.split('|').next()).collect();
    let digits: String = digits.split_whitespace().collect();
    let pairs = digits.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
    let expected: Vec<u8> = pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    assert_eq!(bytes, expected);
}

#[test]
fn golden_bytes_of_head_segment_and_frame() {
    let disk = SimulatedDisk::new();
    let identity = *b"0123456789abcdef";
    let opening =
        Opening { settings: Settings { segment_bytes: 4096 }, ..Opening::new(identity, 1_700_000_000_000_000) };
    let mut journal = open_with(&disk, &opening).unwrap().journal;
    let mut group = Group::new();
    group.push(&[b"first", b""]).unwrap();
    group.push(&[b"third"]).unwrap();
    journal.append(Sequence(1), &mut group, 1_700_000_000_000_001).unwrap();
    journal.note_head().unwrap();

    let segment = disk.contents("00000000000000000001.segment").unwrap();
    assert_eq!(segment.len(), 4096);
    check_bytes(&segment[..128], SEGMENT_HEADER);
    check_bytes(&segment[128..230], FRAME);
    assert!(segment[230..].iter().all(|byte| *byte == 0));
    let head = disk.contents("head").unwrap();
    assert_eq!(head.len(), 4096 + 512);
    // The head was synced to the second slot when the journal was opened, and noted in the first since.
    check_bytes(&head[..72], HEAD_SLOT);
    check_bytes(&head[508..512], "7eb97fb2");
}

const SEGMENT_HEADER: &str = "
    5041434b54524545                                                 | 0 magic
    0100                                                             | 8 version
    0000                                                             | 10 zero
    00000000                                                         | 12 zero
    0100000000000000                                                 | 16 first sequence
    30313233343536373839616263646566                                 | 24 identity
    0000000000000000000000000000000000000000000000000000000000000000 | 40 chain before
    00401e18240a0600                                                 | 72 created at
    0000000000000000000000000000000000000000000000000000000000000000 | 80 zeros
    000000000000000000000000
    c1ac4d9a                                                         | 124 checksum
";
const FRAME: &str = "
    50544652                                                         | 0 magic
    0100                                                             | 4 version
    0000                                                             | 6 kind
    16000000                                                         | 8 payload length
    03000000                                                         | 12 facts
    0100000000000000                                                 | 16 first sequence
    0100000000000000                                                 | 24 first sequence of the group
    01401e18240a0600                                                 | 32 recorded at
    660bf44b92b000ae757d8dab6baddbc20d8b1193cc49e4778bebcc8de6018823 | 40 SHA-256 of the segment's header
    9f77407c                                                         | 72 checksum of the payload
    9ebebc41                                                         | 76 checksum of the header
    05000000                                                         | 80 length of fact 1
    6669727374                                                       | fact 1
    00000000                                                         | length of fact 2
    05000000                                                         | length of fact 3
    7468697264                                                       | fact 3
";
const HEAD_SLOT: &str = "
    50544844                                                         | 0 magic
    0100                                                             | 4 version
    0200                                                             | 6 state: open
    0300000000000000                                                 | 8 generation
    30313233343536373839616263646566                                 | 16 identity
    0300000000000000                                                 | 32 newest sequence
    abb6750de07af7423545707381e9e44c650868edd1915f9c3e15c35927d7aeb5 | 40 SHA-256 of its frame
";

/// The fields of a table of the description: offset, bytes, and what it is.
fn table(heading: &str) -> Vec<(usize, usize, String)> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/journal.md")).unwrap();
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        Some((cells[0].parse().ok()?, cells[1].parse().ok()?, cells[2].to_owned()))
    };
    section.lines().filter(|line| line.starts_with('|')).filter_map(row).collect()
}

#[test]
fn the_description_has_a_field_for_every_byte_and_the_code_has_them_there() {
    for (heading, bytes, pinned) in
        [("Segment header", 128, SEGMENT_HEADER), ("Frame", 80, FRAME), ("Head slot", 512, HEAD_SLOT)]
    {
        let fields = table(heading);
        let mut end = 0;
        for (offset, length, field) in &fields {
            assert_eq!(*offset, end, "{heading}: {field}");
            end += length;
        }
        assert_eq!(end, bytes, "{heading}");
        // The golden bytes name their offsets too, and are those that the code wrote.
        let offsets = pinned.lines().filter_map(|line| line.split_once("| ")?.1.split(' ').next()?.parse().ok());
        for offset in offsets {
            let offset: usize = offset;
            assert!(
                offset == bytes || fields.iter().any(|field| field.0 == offset),
                "{heading} has no field at {offset}"
            );
        }
    }
}

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/journal-format-1")
}

/// What the fixture was written by: two segments, closed in order.
fn write_fixture() -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let mut journal = open(&disk).unwrap().journal;
    for count in [1, 3, 60, 12] {
        append(&mut journal, count).unwrap();
        journal.note_head().unwrap();
    }
    journal.close().unwrap();
    disk
}

#[test]
fn a_journal_of_format_1_opens() {
    let stored = RealDisk::open(fixture()).unwrap();
    assert!(verify(&stored).unwrap().whole);
    let copy = SimulatedDisk::new();
    for name in stored.list().unwrap() {
        copy.replace(&name, fs::read(fixture().join(&name)).unwrap());
    }
    let opened = open(&copy).unwrap();
    assert!(opened.recovered.closed);
    assert_eq!(opened.facts, facts_to(76));
}

#[test]
fn what_is_written_today_is_format_1_to_the_byte() {
    let written = write_fixture().files();
    let mut names = RealDisk::open(fixture()).unwrap().list().unwrap();
    names.sort();
    assert_eq!(names, written.keys().cloned().collect::<Vec<_>>());
    for (name, bytes) in written {
        assert!(fs::read(fixture().join(&name)).unwrap() == bytes, "{name} differs");
    }
}
