//! What checkpoints cost and bring: opening with one and without, writing a whole one and a small one, and the longest time that a
//! call waits meanwhile.
//!
//! `cargo bench -p packtree-benches --bench opening -- 20000000` measures a site of 20 million objects; 2 million without a number.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use packtree::{Caller, Checkpoints, Engine, Operation, Options};
use packtree_benches::{CASE_UNITS, case, commissions, packs, perform_all, unit};

/// Cases whose operations are prepared at once, so that the preparation takes little memory.
const CASES_AT_ONCE: u64 = 2_000;

fn main() {
    let objects = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(2_000_000_u64);
    let folder =
        tempfile::Builder::new().prefix("bench-").tempdir_in(".").expect("the working directory can be written");
    let cases = objects.div_ceil(CASE_UNITS + 1);
    let directory = folder.path();
    build(directory, cases);

    let (engine, _) = open(directory, "open, replaying every fact");
    memory("without a store");
    let alone = waits(&engine, cases, || thread::sleep(Duration::from_secs(3)));
    report("longest wait of a call, no checkpoint", alone.longest);
    let during = waits(&engine, cases, || timed("whole checkpoint, calls going on", || checkpoint(&engine)));
    report("longest wait of a call, whole checkpoint", during.longest);
    report("99.9 % of the calls waited less, no checkpoint", alone.most);
    report("99.9 % of the calls waited less, whole checkpoint", during.most);

    for part in [100, 1_000] {
        let changed = || (0..cases).step_by(part);
        perform_all(&engine, changed().map(|number| Operation::unpack_all(case(number))));
        perform_all(&engine, changed().flat_map(|number| packs(number..number + 1)));
        timed(&format!("checkpoint after one case in {part} was packed anew"), || checkpoint(&engine));
    }
    timed("checkpoint after nothing", || checkpoint(&engine));
    memory("with the store open");
    close(engine);
    for name in ["open with a checkpoint", "open with a checkpoint, again"] {
        let (engine, replayed) = open(directory, name);
        assert_eq!(replayed, 0, "everything is in the checkpoint");
        memory("after opening");
        close(engine);
    }
    let store = fs::read_dir(directory.join("state")).expect("there is a store").flatten();
    let bytes: u64 = store.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum();
    line("store on disk", &format!("{:.1} bytes an object", bytes as f64 / objects as f64));
}

fn on_request() -> Options {
    Options { checkpoints: Checkpoints::OnRequest, ..Options::default() }
}

/// A site of full cases, in a journal without a checkpoint.
fn build(directory: &Path, cases: u64) {
    let engine = Engine::open(directory, on_request()).expect("an empty folder opens");
    for from in (0..cases).step_by(CASES_AT_ONCE as usize) {
        let until = cases.min(from + CASES_AT_ONCE);
        perform_all(&engine, commissions(from..until));
        perform_all(&engine, packs(from..until));
    }
    close(engine);
}

/// Opens the engine; returns it and how many facts were replayed.
fn open(directory: &Path, name: &str) -> (Engine, u64) {
    let (since, before) = (Instant::now(), processor_seconds());
    let engine = Engine::open(directory, on_request()).expect("what was written opens");
    let (took, used) = (since.elapsed(), processor_seconds() - before);
    let objects = engine.stats().objects;
    let rate = f64::from(objects) / took.as_secs_f64() / 1e6;
    line(name, &format!("{rate:.2} M objects/s: {objects} in {:.2} s, {used:.2} s of processors", took.as_secs_f64()));
    let replayed = engine.opened().journal.facts_visited;
    (engine, replayed)
}

/// Closes the engine and gives its memory back, which the next measurement must not share.
fn close(engine: Engine) {
    engine.close().expect("the disk works");
    drop(engine);
}

fn checkpoint(engine: &Engine) {
    engine.checkpoint().expect("the disk works");
}

struct Waits {
    longest: Duration,
    /// What 99.9 % of the calls stay below.
    most: Duration,
}

/// Calls one after the other, each on another case somewhere in the site, while `run` runs.
fn waits(engine: &Engine, cases: u64, run: impl FnOnce()) -> Waits {
    let ended = AtomicBool::new(false);
    let caller = Caller::machine("bench").expect("a name");
    let mut waits = thread::scope(|scope| {
        let calls = scope.spawn(|| {
            let mut waits = Vec::new();
            for n in 0_u64.. {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let number = n * 7_919 % cases;
                for operation in [
                    Operation::unpack(vec![unit(number * CASE_UNITS)]),
                    Operation::pack(case(number), vec![unit(number * CASE_UNITS)]),
                ] {
                    let request = engine.request(&caller, operation);
                    let since = Instant::now();
                    engine.submit(request).expect("the disk works");
                    waits.push(since.elapsed());
                }
            }
            waits
        });
        run();
        ended.store(true, Ordering::Relaxed);
        calls.join().expect("the calls end")
    });
    waits.sort_unstable();
    let at = |share: usize| waits[(waits.len() - 1) * share / 1_000];
    Waits { longest: at(1_000), most: at(999) }
}

fn timed(name: &str, run: impl FnOnce()) {
    let since = Instant::now();
    run();
    report(name, since.elapsed());
}

fn report(name: &str, time: Duration) {
    line(name, &format!("{:.2} ms", time.as_secs_f64() * 1e3));
}

/// The memory of this process, where the system tells it.
fn memory(name: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(resident) = status.lines().find_map(|line| line.strip_prefix("VmRSS:")) {
        line(&format!("memory {name}"), resident.trim());
    }
}

/// The time that this process has had on processors, where the system tells it. On a busy machine it says more than the clock.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The 14th and the 15th field, in hundredths of a second; the second field ends with the only closing parenthesis.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn line(name: &str, figure: &str) {
    println!("{name:<60} {figure}");
}
