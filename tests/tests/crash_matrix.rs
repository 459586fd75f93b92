//! An engine at work crashes, or its disk fails, at every call to the disk; what it acknowledged is there, and nothing else.

use packtree::disk::{Fault, SimulatedDisk, Survivors};
use packtree::{Engine, Error, Outcome, Policy, Request};
use packtree_tests::model::Model;
use packtree_tests::rig::{Answers, differences, open, options, survivors, verify};
use packtree_tests::workload::{Draw, beginning, clock_after};
use packtree_tests::world::Seeded;

/// Operations of the workload, those that the rules refuse included.
const STEPS: u64 = 60;

fn workload() -> Vec<Request> {
    let random = Seeded::new(3);
    beginning().into_iter().chain((0..STEPS).map(|step| Draw::from_seed(&random).request(step))).collect()
}

/// What is known of a run: the model after everything acknowledged, and the request that got no answer.
struct Run {
    model: Model,
    unanswered: Option<Request>,
    error: Option<Error>,
}

/// Works until the workload is done or the engine cannot go on; opens again in the middle, so that closing and opening are crashed too.
fn work(disk: &SimulatedDisk) -> Run {
    let mut run = Run { model: Model::default(), unanswered: None, error: None };
    let requests = workload();
    let (first, second) = requests.split_at(requests.len() / 2);
    for part in [first, second] {
        let Ok(engine) = open(disk, options(&Policy::default(), clock_after(STEPS))) else { return run };
        for request in part {
            if let Err(error) = step(&engine, &mut run.model, request) {
                assert_stopped(&engine, request, &error);
                run.unanswered = Some(request.clone());
                run.error = Some(error);
                return run;
            }
        }
        if let Err(error) = engine.close() {
            run.error = Some(error);
            return run;
        }
    }
    run
}

fn step(engine: &Engine, model: &mut Model, request: &Request) -> Result<(), Error> {
    let outcome = engine.submit(request.clone())?;
    let expected = model.submit(request, &Policy::default(), clock_after(STEPS));
    assert_eq!(matches!(outcome, Outcome::Done(_)), expected.is_ok(), "{request:?}: {outcome:?}");
    Ok(())
}

/// An engine whose disk failed takes nothing more, says so, and still answers questions.
fn assert_stopped(engine: &Engine, request: &Request, error: &Error) {
    assert!(matches!(error, Error::Poisoned(_)), "{error}");
    let again = engine.submit(request.clone()).expect_err("it has stopped");
    assert_eq!(again.to_string(), error.to_string());
    engine.view().sequence();
}

/// Opens what is left, and checks that it holds what was acknowledged, and at most the one operation that got no answer.
fn check(disk: &SimulatedDisk, run: &Run, now: i64) {
    let engine = open(disk, options(&Policy::default(), now)).expect("a crash leaves a directory that opens");
    let mut model = run.model.clone();
    let found = engine.head().sequence.0;
    if found == model.facts() + 1 {
        let request = run.unanswered.as_ref().expect("a fact that nobody asked for");
        model.submit(request, &Policy::default(), now).expect("a fact that the rules do not allow");
    }
    assert_eq!(differences(&model, &engine), "");
    let answers = Answers::of(&engine).expect("what is durable can be read");
    assert_eq!(answers.facts.len() as u64, found);
    drop(engine);
    assert_eq!(verify(disk), Ok(answers.head));
    let again = open(disk, options(&Policy::default(), now)).expect("what was opened opens again");
    assert_eq!(Answers::of(&again).expect("what is durable can be read"), answers);
    if let Some(request) = &run.unanswered {
        // Whoever got no answer asks again with the same request id, and it is done once.
        let outcome = again.submit(request.clone()).expect("the disk is whole again");
        let expected = model.submit(request, &Policy::default(), now);
        assert_eq!(
            outcome.receipt().is_ok_and(|receipt| receipt.repeated),
            expected.is_ok_and(|answer| answer.repeated)
        );
        assert_eq!(differences(&model, &again), "");
    }
}

fn calls() -> u64 {
    let disk = SimulatedDisk::new();
    let run = work(&disk);
    assert!(run.error.is_none(), "{:?}", run.error);
    check(&disk, &run, clock_after(STEPS));
    disk.calls()
}

#[test]
fn a_crash_at_any_write_or_sync_loses_nothing_acknowledged() {
    let (calls, mut recoveries) = (calls(), 0);
    for call in 1..=calls {
        let disk = SimulatedDisk::new();
        disk.fault_at(call, Fault::Crash);
        let run = work(&disk);
        for choice in survivors(call) {
            println!("crash at call {call} of {calls}, {choice:?}");
            check(&disk.crash(choice), &run, clock_after(STEPS));
            recoveries += 1;
        }
    }
    println!("{calls} crash points, {recoveries} recoveries");
}

#[test]
fn a_failure_at_any_write_or_sync_stops_the_engine_and_loses_nothing() {
    let (calls, mut stopped) = (calls(), 0);
    for call in 1..=calls {
        for (fault, words) in
            [(Fault::Io, "input/output error"), (Fault::NoSpace, "no space left"), (Fault::ShortWrite, "no space left")]
        {
            println!("{fault:?} at call {call} of {calls}");
            let disk = SimulatedDisk::new();
            disk.fault_at(call, fault);
            let run = work(&disk);
            if let Some(error) = &run.error {
                assert!(error.to_string().contains(words), "{error}");
                stopped += 1;
            }
            for choice in [Survivors::Synced, Survivors::Written, Survivors::Sectors { seed: call }] {
                check(&disk.crash(choice), &run, clock_after(STEPS));
            }
        }
    }
    println!("{} failures, {stopped} of them stopped the engine", calls * 3);
}

#[test]
fn a_crash_while_opening_after_a_crash_loses_nothing_acknowledged() {
    let (calls, mut recoveries) = (calls(), 0);
    for call in (1..=calls).step_by(5) {
        let disk = SimulatedDisk::new();
        disk.fault_at(call, Fault::Crash);
        let run = work(&disk);
        let choice = survivors(call)[call as usize % survivors(call).len()];
        let found = disk.crash(choice);
        let trial = found.crash(Survivors::Synced);
        drop(open(&trial, options(&Policy::default(), clock_after(STEPS))).expect("it opens"));
        for second in 1..=trial.calls() {
            let trial = found.crash(Survivors::Synced);
            trial.fault_at(second, Fault::Crash);
            drop(open(&trial, options(&Policy::default(), clock_after(STEPS))));
            println!("crash at call {call}, {choice:?}, then at call {second} of opening and closing");
            for survivors in [Survivors::Synced, Survivors::Written, Survivors::Prefix { seed: second }] {
                check(&trial.crash(survivors), &run, clock_after(STEPS));
                recoveries += 1;
            }
        }
    }
    println!("{recoveries} recoveries from a second crash");
}
