//! Appending and reading on a disk on which nothing fails.

use packtree::disk::SimulatedDisk;
use packtree::journal::{Sequence, verify};

use crate::support::{append, facts_to, open};

#[test]
fn what_was_appended_is_there_after_reopening_whatever_the_segments() {
    let disk = SimulatedDisk::new();
    let mut count = 0;
    for round in 0..40 {
        let mut opened = open(&disk).unwrap();
        assert_eq!(opened.facts, facts_to(count), "round {round}");
        assert_eq!(opened.recovered.closed, round % 2 == 1, "round {round}");
        for more in [1, 7, 60] {
            append(&mut opened.journal, more).unwrap();
            count += more;
            opened.journal.note_head().unwrap();
        }
        let read: Vec<_> = opened.journal.reader().frames_from(Sequence::FIRST).map(Result::unwrap).collect();
        let read: Vec<_> = read.iter().flat_map(|frame| frame.facts().map(|(_, fact)| fact.to_vec())).collect();
        assert_eq!(read, facts_to(count));
        if round % 2 == 0 {
            opened.journal.close().unwrap();
        } else {
            drop(opened);
        }
        let report = verify(&disk).unwrap();
        assert!(report.whole, "{:?}", report.problems);
        assert_eq!(report.facts, count);
    }
    assert!(disk.files().len() > 20);
}
