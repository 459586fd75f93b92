//! Random sequences of every operation agree with the model: in memory, and on a disk that crashes.
#![expect(clippy::print_stdout, reason = "what was tried is shown, with the seed that repeats it")]

use packtree::Operation;
use packtree::simulation::Site;
use packtree_tests::compare::{certain, differences, faults_of};
use packtree_tests::model::Model;
use packtree_tests::workload::{Draw, beginning, clock_after, policies};
use packtree_tests::world::Seeded;

/// Operations in one sequence in memory.
const STEPS: u64 = 200;

/// Sequences in memory under each policy.
fn runs() -> u64 {
    if std::env::var_os("PACKTREE_LONG").is_some() { 5_000 } else { 150 }
}

/// Shows what was done when a test fails.
struct Trace {
    run: String,
    operations: Vec<Operation>,
}

impl Drop for Trace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}:", self.run);
            for operation in &self.operations {
                println!("{operation:?}");
            }
        }
    }
}

#[test]
fn random_sequences_in_memory_agree_with_the_model() {
    let (mut done, mut late, mut refused) = (0_u64, 0_u64, 0_u64);
    let mut reasons = std::collections::BTreeSet::new();
    for (number, policy) in policies().iter().enumerate() {
        for seed in 0..runs() {
            let now = clock_after(STEPS);
            let (site, mut model) = (Site::new(policy.clone(), now), Model::default());
            let mut fork = site.fork();
            let random = Seeded::new(seed);
            let requests = beginning().into_iter().chain((0..STEPS).map(|step| Draw::from_seed(&random).request(step)));
            let mut trace = Trace { run: format!("policy {number}, seed {seed}"), operations: Vec::new() };
            for request in requests {
                trace.operations.push(request.operation.clone());
                let tell = || format!("{}; the last one at {}", trace.run, request.event_time);
                match (fork.submit(&request), model.submit_anew(&request, policy, now)) {
                    (Ok(answer), Ok(expected)) => {
                        assert_eq!((answer.sequence.0, answer.late), (expected.sequence, expected.late), "{}", tell());
                        done += 1;
                        late += u64::from(answer.late);
                        assert_eq!(differences(&model, &fork), "", "{}", tell());
                        assert_eq!(fork.problems(), Vec::<String>::new(), "{}", tell());
                    }
                    (Err(refusal), Err(faults)) => {
                        let found = certain(&faults_of(&refusal.faults));
                        assert_eq!(found, certain(&faults), "left the engine's; {}", tell());
                        refused += 1;
                        reasons.extend(faults.into_iter().map(|(_, reason)| reason.code()));
                    }
                    (answer, expected) => panic!("{}\nthe engine: {answer:?}\nthe model: {expected:?}", tell()),
                }
            }
        }
    }
    println!(
        "{done} operations done, {late} of them late, {refused} refused for {} reasons: {reasons:?}",
        reasons.len()
    );
}
