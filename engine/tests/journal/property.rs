//! Whatever is appended in whatever groups comes back, in order, and runs stay together.

use packtree::disk::SimulatedDisk;
use packtree::journal::{Group, Opening, Sequence, Settings, verify};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{open_with, opening};

/// A run of facts; most are short, some need frames, or segments, of their own.
fn run() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let fact = prop_oneof![
        8 => vec(any::<u8>(), 0..60),
        1 => (1_000_usize..90_000, any::<u8>()).prop_map(|(length, byte)| vec![byte; length]),
    ];
    vec(fact, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_was_appended_comes_back(
        groups in vec((vec(run(), 0..6), any::<bool>(), -50_i64..50), 1..8),
        segment_bytes in prop_oneof![Just(4 << 10), Just(70 << 10), Just(1 << 20)],
    ) {
        let opening = Opening { settings: Settings { segment_bytes }, ..opening() };
        let disk = SimulatedDisk::new();
        let mut journal = open_with(&disk, &opening).unwrap().journal;
        let (mut facts, mut runs) = (Vec::new(), Vec::new());
        let mut buffer = Group::new();
        for (group, reopen, time) in groups {
            buffer.clear();
            for run in group {
                let slices: Vec<&[u8]> = run.iter().map(Vec::as_slice).collect();
                buffer.push(&slices).unwrap();
                let first = facts.len() as u64 + 1;
                facts.extend(run);
                runs.push((Sequence(first), Sequence(facts.len() as u64)));
            }
            prop_assert_eq!(buffer.is_empty(), buffer.facts() == 0);
            let head = journal.append(journal.head().sequence.next(), &mut buffer, time).unwrap();
            prop_assert_eq!(head.sequence, Sequence(facts.len() as u64));
            prop_assert_eq!(head, journal.head());
            if reopen {
                drop(journal);
                journal = open_with(&disk, &opening).unwrap().journal;
                prop_assert_eq!(journal.head(), head);
            }
        }
        let frames: Vec<_> = journal.reader().frames_from(Sequence::FIRST).map(Result::unwrap).collect();
        let mut time = i64::MIN;
        for frame in &frames {
            prop_assert!(time <= frame.recorded_at_us());
            time = frame.recorded_at_us();
        }
        for (first, last) in runs {
            let whole = |frame: &packtree::journal::OwnedFrame| frame.first() <= first && last <= frame.last();
            prop_assert!(last < first || frames.iter().any(whole), "a run was split over frames");
        }
        journal.close().unwrap();
        let reopened = open_with(&disk, &opening).unwrap();
        prop_assert_eq!(reopened.facts, facts);
        drop(reopened.journal);
        let report = verify(&disk).unwrap();
        prop_assert!(report.whole, "{:?}", report.problems);
    }
}
