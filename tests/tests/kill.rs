//! A process that works is killed at random moments; whoever opens what it leaves finds everything that was acknowledged.
//!
//! The test runs its own binary as the process. It reports each answer through a pipe, and is killed after a number of them that a seed
//! decides, which finds it anywhere in the next operation, in a checkpoint, or still opening.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use packtree::disk::RealDisk;
use packtree::fact::Level;
use packtree::{Engine, Options, Outcome, Policy, Request};
use packtree_tests::model::Model;
use packtree_tests::rig::{differences, options, verify};
use packtree_tests::workload::{Draw, beginning, clock_after};
use packtree_tests::world::{self, Seeded, commission, item, lot};

/// Where the process that is to be killed works; set for it alone.
const DIRECTORY: &str = "PACKTREE_KILL_DIRECTORY";

/// The step at which it begins.
const FROM: &str = "PACKTREE_KILL_FROM";

/// The longest run of all processes together.
const STEPS: u64 = 100_000;

/// Answers after which a process is killed, at most.
const ANSWERS_MAX: u64 = 40;

/// How much later, at most: longer than one operation takes, and than opening takes.
const LATER_MAX_US: u64 = 8_000;

/// Steps from one checkpoint to the next.
const CHECKPOINT_STEPS: u64 = 16;

fn kills() -> u64 {
    if std::env::var_os("PACKTREE_LONG").is_some() { 400 } else { 60 }
}

/// The request of a step, the same in both processes.
fn request(step: u64) -> Request {
    let beginning = beginning();
    match beginning.get(step as usize) {
        Some(request) => request.clone(),
        // Random operations are refused more and more often, what is new never.
        None if step.is_multiple_of(3) => Draw::from_seed(&Seeded::new(step)).request(step),
        None => world::request(u128::from(step) + 1, commission(Level::Unit, Some(lot(3, 1)), vec![item(3, step)])),
    }
}

fn engine_options() -> Options {
    options(&Policy::default(), clock_after(STEPS))
}

/// What the process does that is killed; nothing where no process is to be.
#[test]
fn works_until_it_is_killed() {
    let (Some(directory), Ok(from)) = (std::env::var_os(DIRECTORY), std::env::var(FROM)) else { return };
    let mut out = std::io::stdout();
    let mut tell = |word: &str| {
        writeln!(out, "\n{word}").expect("the other end of the pipe is there");
        out.flush().expect("the other end of the pipe is there");
    };
    tell("opening");
    let engine = Engine::open(Path::new(&directory), engine_options()).expect("what a killed process leaves opens");
    for step in from.parse().expect("a number")..STEPS {
        match engine.submit(request(step)).expect("the disk does not fail") {
            Outcome::Done(_) => tell("done"),
            Outcome::Refused(_) => tell("refused"),
        }
        if step % CHECKPOINT_STEPS == 0 {
            engine.checkpoint().expect("the disk does not fail");
        }
    }
}

fn start(directory: &Path, from: u64) -> Child {
    let binary = std::env::current_exe().expect("a test has a binary");
    Command::new(binary)
        .args(["--exact", "works_until_it_is_killed", "--nocapture"])
        .env(DIRECTORY, directory)
        .env(FROM, from.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the test's own binary can be run")
}

/// Reads answers until there were so many, then kills; returns every answer that was given.
fn kill_after(mut child: Child, answers: u64, later: Duration) -> Vec<bool> {
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut given = Vec::new();
    let mut seen_opening = false;
    let mut is_killed = false;
    while let Some(Ok(line)) = lines.next() {
        match line.as_str() {
            "opening" => seen_opening = true,
            "done" => given.push(true),
            "refused" => given.push(false),
            _ => {}
        }
        if !is_killed && seen_opening && answers <= given.len() as u64 {
            let moment = Instant::now() + later;
            while Instant::now() < moment {
                std::hint::spin_loop();
            }
            child.kill().expect("it is still running");
            is_killed = true;
        }
    }
    let status = child.wait().expect("it was started");
    assert!(is_killed && !status.success(), "it ended by itself: {status}");
    given
}

#[test]
fn everything_acknowledged_survives_a_kill_at_any_moment() {
    let directory = tempfile::tempdir().expect("there is a temporary directory");
    let (mut model, mut step) = (Model::default(), 0);
    let (mut acknowledged, mut unanswered) = (0_u64, 0_u64);
    for seed in 0..kills() {
        let random = Seeded::new(seed);
        let (answers, later) = (random.below(ANSWERS_MAX), Duration::from_micros(random.below(LATER_MAX_US)));
        println!("kill {seed}: from step {step}, {later:?} after {answers} answers");
        for done in kill_after(start(directory.path(), step), answers, later) {
            let expected = model.submit(&request(step), &Policy::default(), clock_after(STEPS));
            assert_eq!(done, expected.is_ok(), "step {step}");
            acknowledged += u64::from(done);
            step += 1;
        }
        let engine = Engine::open(directory.path(), engine_options()).expect("what a killed process leaves opens");
        if engine.head().sequence.0 == model.facts() + 1 {
            model.submit(&request(step), &Policy::default(), clock_after(STEPS)).expect("only what the rules allow");
            unanswered += 1;
        }
        assert_eq!(differences(&model, &engine), "");
        drop(engine);
        let disk = RealDisk::open(directory.path()).expect("the directory is there");
        assert_eq!(verify(&disk).map(|head| head.sequence.0), Ok(model.facts()));
    }
    println!("{} kills, {acknowledged} facts acknowledged, {unanswered} durable without an answer", kills());
}
