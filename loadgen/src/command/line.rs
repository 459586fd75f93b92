//! `loadgen line`: one line alone, one unit a call, on a schedule, beside a bare write and fdatasync. Waiting counts from when the unit
//! was due, so a pause of the engine is not hidden.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use clap::Args;
use hdrhistogram::Histogram;
use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Engine, Operation, Options, Outcome};

use super::{Status, print_machine};
use crate::site::{Folder, Numbers};

/// One line alone, one unit a call, on a fixed schedule; beside it a bare write and fdatasync of the same bytes on the same disk.
#[derive(Debug, Args)]
pub(crate) struct LineArguments {
    /// Units a minute.
    #[arg(long, default_value_t = 6_000)]
    upm: u32,
    /// Units in all.
    #[arg(long, default_value_t = 10_000)]
    units: u64,
    /// Where to work; a folder that must be empty. A temporary one in the working directory if not given.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl LineArguments {
    pub(crate) fn run(&self, output: &mut impl Write) -> Result<Status> {
        play(self, &Folder::take(self.data.clone())?, output)?;
        Ok(Status::Good)
    }
}

/// Units in a case.
const CASE_UNITS: u64 = 48;

/// How often the two take turns.
const STRETCHES: u64 = 20;

/// Plays the line and the bare disk in turn, a stretch of each, so that both see the same state of the machine.
fn play(plan: &LineArguments, folder: &Folder, output: &mut impl Write) -> Result<()> {
    ensure!(0 < plan.upm && 0 < plan.units, "name at least one unit, and at least one a minute");
    print_machine(output)?;
    let every = Duration::from_mins(1) / plan.upm;
    let engine = Engine::open(&folder.path().join("engine"), Options::default())?;
    let caller = Caller::machine("line-1")?;
    let bare = Bare::open(folder.path(), plan.units)?;
    let (mut line_times, mut bare_times) = (Histogram::<u64>::new(3)?, Histogram::<u64>::new(3)?);

    let numbers = Numbers::of_line(0, 1);
    let cases = plan.units.div_ceil(CASE_UNITS);
    for (level, objects) in [
        (Level::Case, (0..cases).map(|case| numbers.case(case)).collect::<Vec<_>>()),
        (Level::Unit, (0..cases * CASE_UNITS).map(|unit| numbers.unit(unit)).collect()),
    ] {
        for objects in objects.chunks(10_000) {
            let operation = Operation::Commission(Commission { lot: None, level, objects: objects.to_vec() });
            done(engine.perform(&caller, operation)?)?;
        }
    }
    let stretch = plan.units.div_ceil(STRETCHES);
    let mut at = 0;
    while at < plan.units {
        let until = plan.units.min(at + stretch);
        on_schedule(every, until - at, &mut line_times, |place| {
            let number = at + place;
            let operation = Operation::pack(numbers.case(number / CASE_UNITS), vec![numbers.unit(number)]);
            done(engine.perform(&caller, operation)?)
        })?;
        on_schedule(every, until - at, &mut bare_times, |place| bare.write(at + place))?;
        at = until;
    }
    engine.close()?;
    print(output, "packtree, one unit a call", &line_times)?;
    print(output, "bare write + fdatasync", &bare_times)?;
    let ratio =
        |quantile: f64| line_times.value_at_quantile(quantile) as f64 / bare_times.value_at_quantile(quantile) as f64;
    writeln!(output, "ratio: p50 {:.2}, p99 {:.2}, p99.9 {:.2}", ratio(0.5), ratio(0.99), ratio(0.999))?;
    Ok(())
}

fn done(outcome: Outcome) -> Result<()> {
    match outcome {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal) => bail!("refused: {refusal}"),
    }
}

/// Calls `act` at each tick and records the time from the tick to its end.
fn on_schedule(
    every: Duration,
    ticks: u64,
    times: &mut Histogram<u64>,
    mut act: impl FnMut(u64) -> Result<()>,
) -> Result<()> {
    let start = Instant::now();
    let mut free_since = start;
    for place in 0..ticks {
        let due = start + every * place as u32;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        // A sleep wakes late by the grain of the system's timer, which nobody waits for; a call that overran is waited for.
        let from = if due < free_since { due } else { Instant::now() };
        act(place)?;
        free_since = Instant::now();
        times.record((free_since - from).as_nanos() as u64)?;
    }
    Ok(())
}

fn print(output: &mut impl Write, what: &str, times: &Histogram<u64>) -> io::Result<()> {
    let at = |quantile: f64| times.value_at_quantile(quantile) as f64 / 1_000.0;
    writeln!(
        output,
        "{what:<28} p50 {:>8.1}  p99 {:>8.1}  p99.9 {:>8.1}  max {:>8.1} microseconds ({} calls)",
        at(0.5),
        at(0.99),
        at(0.999),
        times.max() as f64 / 1_000.0,
        times.len()
    )
}

/// A file that is written and synced as plainly as it can be: its length never changes.
struct Bare {
    file: std::fs::File,
}

/// About what the journal writes for one unit: a frame's header and a fact.
const BARE_BYTES: usize = 224;

impl Bare {
    fn open(folder: &Path, writes: u64) -> Result<Self> {
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(folder.join("bare"))?;
        let zeros = vec![0; 1 << 20];
        let length = writes * BARE_BYTES as u64;
        for block in 0..length.div_ceil(zeros.len() as u64) {
            file.write_all_at(&zeros, block * zeros.len() as u64)?;
        }
        file.sync_all()?;
        Ok(Self { file })
    }

    fn write(&self, place: u64) -> Result<()> {
        self.file.write_all_at(&[0x5a; BARE_BYTES], place * BARE_BYTES as u64)?;
        Ok(self.file.sync_data()?)
    }
}
