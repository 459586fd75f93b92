//! Copies of a directory that an engine is using.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Engine, Operation, Options, Outcome, Sequence, backup, verify};
use scopeguard::defer;

use crate::support::{case, unit};

/// Twenty copies while another thread packs: each is a beginning of the history.
#[test]
fn a_copy_of_a_directory_in_use_is_a_beginning_of_its_history() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let options = || {
        let journal = packtree::journal::Settings { segment_bytes: 4 << 10 };
        Options { journal, ..Options::default() }
    };
    let engine = Engine::open(&data, options()).unwrap();
    let line = Caller::machine("line").unwrap();
    let commission = |level, objects| Operation::Commission(Commission { lot: None, level, objects });
    engine.perform(&line, commission(Level::Case, vec![case(1)])).unwrap();
    let is_done = AtomicBool::new(false);
    let copies: Vec<_> = thread::scope(|scope| {
        // Whatever goes wrong, too: a scope waits for its threads.
        defer!(is_done.store(true, Ordering::Relaxed));
        scope.spawn(|| {
            let mut number = 0;
            while !is_done.load(Ordering::Relaxed) {
                number += 1;
                let packed = vec![unit(number)];
                engine.perform(&line, commission(Level::Unit, packed.clone())).unwrap();
                let outcome = engine.perform(&line, Operation::pack(case(1), packed)).unwrap();
                assert!(matches!(outcome, Outcome::Done(_)));
            }
        });
        let copies = (0..20).map(|number| {
            let acknowledged = engine.head().sequence;
            let copy = directory.path().join(format!("copy {number}"));
            let report = backup(&data, &copy).unwrap();
            // The head of the newest group may not be noted yet.
            assert!(acknowledged.0 <= report.facts + 1, "{acknowledged} facts, {report:?}");
            (copy, report)
        });
        copies.collect()
    });
    let facts: Vec<_> = history(&engine);
    for (copy, report) in copies {
        assert!(verify(&copy).unwrap().whole);
        let opened = Engine::open(&copy, Options { expected: Some(report.head), ..options() }).unwrap();
        assert_eq!(opened.head(), report.head);
        assert_eq!(history(&opened), facts[..report.facts as usize]);
        let packed = opened.children(&case(1)).map_or(0, |children| children.len() as u64);
        assert_eq!(packed, report.facts.saturating_sub(1) / 2);
    }
}

fn history(engine: &Engine) -> Vec<packtree::Fact> {
    let mut feed = engine.subscribe(Sequence::FIRST);
    std::iter::from_fn(|| feed.try_next().unwrap()).collect()
}
