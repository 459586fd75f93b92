//! A workload is crashed at every call to the disk, and disturbed at every call, with several choices of what is left.

use packtree::disk::{Fault, SimulatedDisk, Survivors};
use packtree::journal::{Opening, Settings};

use crate::support::{Progress, Step, WORKLOAD, check_recovers, open_with, opening, run, survivors};

/// Runs a workload that goes wrong at one call.
fn run_with(call: u64, fault: Fault, opening: &Opening, steps: &[Step]) -> (SimulatedDisk, Progress) {
    let disk = SimulatedDisk::new();
    disk.fault_at(call, fault);
    let progress = run(&disk, opening, steps);
    (disk, progress)
}

fn calls_of(opening: &Opening, steps: &[Step]) -> u64 {
    let disk = SimulatedDisk::new();
    let progress = run(&disk, opening, steps);
    assert_eq!(progress.error, None);
    disk.calls()
}

fn facts_of(steps: &[Step]) -> u64 {
    let facts = |step: &Step| if let Step::Append(count) = step { *count } else { 0 };
    steps.iter().map(facts).sum()
}

fn crash_everywhere(opening: &Opening, steps: &[Step]) {
    let calls = calls_of(opening, steps);
    for call in 1..=calls {
        let (disk, progress) = run_with(call, Fault::Crash, opening, steps);
        for survivors in survivors(call) {
            println!("crash at call {call} of {calls}, {survivors:?}");
            check_recovers(&disk.crash(survivors), opening, &progress);
        }
    }
}

#[test]
fn a_crash_at_any_call_loses_nothing_acknowledged() {
    crash_everywhere(&opening(), &WORKLOAD);
}

#[test]
fn a_crash_in_a_group_of_many_frames_over_many_segments_loses_nothing_acknowledged() {
    let opening = Opening { settings: Settings { segment_bytes: 256 << 10 }, ..opening() };
    let steps = [Step::Append(3_000), Step::NoteHead, Step::Append(6_000), Step::Append(1)];
    crash_everywhere(&opening, &steps);
}

#[test]
fn a_crash_while_recovering_from_a_crash_loses_nothing_acknowledged() {
    let opening = opening();
    for call in 1..=calls_of(&opening, &WORKLOAD) {
        let (disk, progress) = run_with(call, Fault::Crash, &opening, &WORKLOAD);
        let choice = survivors(call)[call as usize % survivors(call).len()];
        let found = disk.crash(choice);
        let trial = found.crash(Survivors::Synced);
        open_with(&trial, &opening).unwrap();
        for second in 1..=trial.calls() {
            let trial = found.crash(Survivors::Synced);
            trial.fault_at(second, Fault::Crash);
            open_with(&trial, &opening).unwrap_err();
            for survivors in survivors(second) {
                println!("crash at call {call}, {choice:?}, then at call {second} of the opening, {survivors:?}");
                check_recovers(&trial.crash(survivors), &opening, &progress);
            }
        }
    }
}

#[test]
fn a_failure_at_any_call_stops_the_journal_and_loses_nothing_acknowledged() {
    let opening = opening();
    let calls = calls_of(&opening, &WORKLOAD);
    for call in 1..=calls {
        for fault in [Fault::Io, Fault::NoSpace, Fault::ShortWrite] {
            println!("{fault:?} at call {call} of {calls}");
            let (disk, progress) = run_with(call, fault, &opening, &WORKLOAD);
            let words = if fault == Fault::Io { "input/output error" } else { "no space left" };
            // Nothing is lost with a segment that could not be prepared ahead; it is prepared when it is needed.
            match &progress.error {
                Some(error) => assert!(error.contains(words), "{error}"),
                None => assert_eq!(progress.acknowledged, facts_of(&WORKLOAD)),
            }
            // As when only the process is started again: the system still shows bytes that it has dropped.
            for survivors in survivors(call) {
                check_recovers(&disk.crash(survivors), &opening, &progress);
            }
            check_recovers(&disk, &opening, &progress);
        }
    }
}

#[test]
fn a_crash_while_recovering_from_a_failure_loses_nothing_acknowledged() {
    let opening = opening();
    for call in 1..=calls_of(&opening, &WORKLOAD) {
        let calls = {
            let (disk, _) = run_with(call, Fault::Io, &opening, &WORKLOAD);
            let before = disk.calls();
            open_with(&disk, &opening).unwrap();
            disk.calls() - before
        };
        for second in 1..=calls {
            let (disk, progress) = run_with(call, Fault::Io, &opening, &WORKLOAD);
            disk.fault_at(disk.calls() + second, Fault::Crash);
            open_with(&disk, &opening).unwrap_err();
            for survivors in survivors(second) {
                println!("failure at call {call}, crash at call {second} of the opening, {survivors:?}");
                check_recovers(&disk.crash(survivors), &opening, &progress);
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_disk() {
    let (disk, _) = run_with(60, Fault::Crash, &opening(), &WORKLOAD);
    for survivors in survivors(60) {
        assert_eq!(disk.crash(survivors).files(), disk.crash(survivors).files());
    }
}
