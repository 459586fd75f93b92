//! Appending and reading on a disk on which nothing fails.

use packtree::disk::SimulatedDisk;
use packtree::journal::{Sequence, verify};

use crate::support::{append, facts_from, open};

#[test]
fn what_was_appended_is_there_after_reopening_whatever_the_segments() {
    let disk = SimulatedDisk::new();
    let mut expected = Vec::new();
    for round in 0..40 {
        let mut opened = open(&disk).unwrap();
        assert_eq!(opened.facts, expected, "round {round}");
        assert_eq!(opened.recovered.closed, round % 2 == 1, "round {round}");
        for count in [1, 7, 60] {
            let facts = facts_from(opened.journal.head().sequence.next(), count);
            append(&mut opened.journal, &facts).unwrap();
            expected.extend(facts);
            opened.journal.note_head().unwrap();
        }
        let read: Vec<_> = opened.journal.reader().frames_from(Sequence::FIRST).map(Result::unwrap).collect();
        let read: Vec<_> = read.iter().flat_map(|frame| frame.facts().map(|(_, fact)| fact.to_vec())).collect();
        assert_eq!(read, expected);
        if round % 2 == 0 {
            opened.journal.close().unwrap();
        } else {
            drop(opened);
        }
        let report = verify(&disk).unwrap();
        assert!(report.whole, "{:?}", report.problems);
        assert_eq!(report.facts, expected.len() as u64);
    }
    assert!(disk.files().len() > 20);
}
