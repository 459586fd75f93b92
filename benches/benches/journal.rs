//! What durability costs: single facts and groups, each beside a bare write and `fdatasync` of as many bytes on the
//! same disk, taken in turns so that both see the same weather; then opening and reading.
//!
//! Percentiles matter here more than means, so this bench measures each call itself.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "counts of rounds and bytes are far below 2^52"
)]

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use packtree::disk::{Disk, RealDisk};
use packtree::journal::{Group, Head, Journal, Opening, Sequence};

/// About as many bytes as one packed unit takes when it comes alone.
const SINGLE_FACT_BYTES: usize = 100;

/// About as many bytes as a case of 48 takes: a header, and some bytes for each serial.
const CASE_FACT_BYTES: usize = 400;
const CASE_UNITS: usize = 48;

/// Bytes of a frame beside its facts: its header, and the length of each fact.
const FRAME_BYTES: usize = 80;
const LENGTH_BYTES: usize = 4;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    // `cargo test --benches` only wants to know that it runs.
    let quick = std::env::args().any(|argument| argument == "--test");
    let scale = if quick { 1 } else { 100 };
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    println!("directory {}", directory.path().display());
    in_turns(directory.path(), "one fact of 100 bytes", SINGLE_FACT_BYTES, 1, 300 * scale)?;
    in_turns(directory.path(), "group of 64 cases of 48", CASE_FACT_BYTES, 64, 30 * scale)?;
    in_turns(directory.path(), "group of 1024 cases of 48", CASE_FACT_BYTES, 1024, 10 * scale)?;
    let head = fill(&directory.path().join("long"), 10 * scale)?;
    open_and_read(&directory.path().join("long"), head)
}

fn open(path: &Path, checkpoint: Option<Head>) -> Result<(Journal, u64)> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::create(path)?);
    let lock = disk.lock()?;
    let opening = Opening { checkpoint, ..Opening::new([1; 16], 0) };
    let mut bytes = 0;
    let (journal, _) = Journal::open(disk, lock, &opening, &mut |frame| {
        bytes += frame.facts().map(|(_, fact)| fact.len() as u64).sum::<u64>();
        Ok(())
    })?;
    let preparer = journal.preparer();
    thread::spawn(move || preparer.run());
    Ok((journal, bytes))
}

/// Bytes that do not repeat, so that nothing on the way can make them fewer.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn in_turns(directory: &Path, name: &str, fact_bytes: usize, facts: usize, rounds: usize) -> Result<()> {
    let (mut journal, _) = open(&directory.join(name), None)?;
    let fact = noise(fact_bytes);
    let mut group = Group::new();
    let bytes = noise(FRAME_BYTES + facts * (LENGTH_BYTES + fact_bytes));
    let bare = Bare::create(&directory.join("bare"), bytes.len() * rounds)?;
    let mut times = Times::default();
    for round in 0..rounds {
        let began = Instant::now();
        group.clear();
        for _ in 0..facts {
            group.push(&[&fact])?;
        }
        times.encode.push(began.elapsed());

        let began = Instant::now();
        bare.write(round, &bytes)?;
        times.bare.push(began.elapsed());

        let began = Instant::now();
        let next = journal.head().sequence.next();
        journal.append(next, &mut group, round as i64)?;
        times.journal.push(began.elapsed());

        let began = Instant::now();
        journal.note_head()?;
        times.note.push(began.elapsed());
    }
    journal.close()?;
    times.print(name, facts, fact_bytes);
    Ok(())
}

/// A file of zeros that is overwritten from front to back.
struct Bare(File);

impl Bare {
    fn create(path: &Path, length: usize) -> Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
        let piece = vec![0; 1 << 20];
        for at in (0..length).step_by(piece.len()) {
            file.write_all_at(&piece[..piece.len().min(length - at)], at as u64)?;
        }
        file.sync_all()?;
        Ok(Self(file))
    }

    fn write(&self, round: usize, bytes: &[u8]) -> Result<()> {
        self.0.write_all_at(bytes, (round * bytes.len()) as u64)?;
        Ok(self.0.sync_data()?)
    }
}

#[derive(Default)]
struct Times {
    encode: Vec<Duration>,
    bare: Vec<Duration>,
    journal: Vec<Duration>,
    note: Vec<Duration>,
}

impl Times {
    fn print(self, name: &str, facts: usize, fact_bytes: usize) {
        println!("\n{name}, {} rounds", self.bare.len());
        println!("{:<28}{:>10}{:>10}{:>10}{:>10}{:>10}", "microseconds", "p50", "p90", "p99", "p99.9", "max");
        let appended: Duration = self.journal.iter().sum();
        let rounds = self.journal.len();
        let bare = row("bare write + fdatasync", self.bare);
        let journal = row("append", self.journal);
        row("note head", self.note);
        row("encode the group", self.encode);
        println!("append / bare: p50 {:.2}, p99.9 {:.2}", journal[0] / bare[0], journal[3] / bare[3]);
        let total = (rounds * facts) as f64 / appended.as_secs_f64();
        println!("{:.0} facts/s, {:.1} MB/s", total, total * fact_bytes as f64 / 1e6);
        if facts > 1 {
            println!("{:.2} M packed units/s, were all facts cases", total * CASE_UNITS as f64 / 1e6);
        }
    }
}

fn row(name: &str, mut times: Vec<Duration>) -> [f64; 5] {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    let row = [at(0.5), at(0.9), at(0.99), at(0.999), at(1.0)];
    println!("{name:<28}{:>10.1}{:>10.1}{:>10.1}{:>10.1}{:>10.1}", row[0], row[1], row[2], row[3], row[4]);
    row
}

/// A journal of some length, in groups of 1024 cases.
fn fill(path: &Path, groups: usize) -> Result<Head> {
    let (mut journal, _) = open(path, None)?;
    let fact = noise(CASE_FACT_BYTES);
    let mut group = Group::new();
    for round in 0..groups {
        group.clear();
        for _ in 0..1024 {
            group.push(&[&fact])?;
        }
        journal.append(journal.head().sequence.next(), &mut group, round as i64)?;
    }
    Ok(journal.close()?)
}

fn open_and_read(path: &Path, head: Head) -> Result<()> {
    let began = Instant::now();
    let (journal, bytes) = open(path, None)?;
    let took = began.elapsed();
    let rate = bytes as f64 / 1e6 / took.as_secs_f64();
    println!(
        "\nopen, everything visited: {} facts, {:.0} MB, {took:.1?}, {rate:.0} MB/s",
        head.sequence,
        bytes as f64 / 1e6
    );
    drop(journal);
    let began = Instant::now();
    let (journal, _) = open(path, Some(head))?;
    println!("open from a checkpoint at the end: {:.1?}", began.elapsed());

    let reader = journal.reader();
    let mut times = Vec::new();
    for round in 1..=1_000_u64 {
        let sequence = Sequence(round.wrapping_mul(0x9e37_79b9_7f4a_7c15) % head.sequence.0 + 1);
        let began = Instant::now();
        reader.fact(sequence)?.ok_or("every fact up to the head can be read")?;
        times.push(began.elapsed());
    }
    println!("{:<28}{:>10}{:>10}{:>10}{:>10}{:>10}", "microseconds", "p50", "p90", "p99", "p99.9", "max");
    row("read a fact by its number", times);
    let began = Instant::now();
    let facts = reader.frames_from(Sequence::FIRST).map(|frame| frame.map(|frame| frame.facts().count()));
    let facts = facts.sum::<std::result::Result<usize, _>>()?;
    println!("read all frames: {facts} facts, {:.0} MB/s", bytes as f64 / 1e6 / began.elapsed().as_secs_f64());
    Ok(())
}
