//! Packs the same units into the same cases with packtree and with SQLite, in turn, on the same disk, and prints the ratio.
//!
//! SQLite gets what it is best with: one prepared statement, transactions as large as packtree's groups, integer keys instead of
//! identifiers, WAL with `synchronous=FULL`, and an index on the parent, without which nobody could ask what is in a case.
//! `cargo run --release --manifest-path benches/peers/Cargo.toml -- [units]`

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Engine, Identifier, Operation, Options, Outcome, Ticket};
use packtree_gs1::{Gtin, Serial, Sgtin, Sscc, check_digit};
use rusqlite::{Connection, params};

const CASE_UNITS: u64 = 48;

/// Cases in one transaction: as many as a group of packtree holds at most.
const TRANSACTION_CASES: u64 = 32_768 / CASE_UNITS;

fn main() -> Result<()> {
    let units: u64 = std::env::args().nth(1).map_or(Ok(960_000), |text| text.parse())?;
    let cases = units.div_ceil(CASE_UNITS);
    let folder = tempfile::Builder::new().prefix("peers-").tempdir_in(".")?;
    let ours = packtree(&folder.path().join("packtree"), cases)?;
    let sqlite = sqlite(&folder.path().join("sqlite.db"), cases)?;
    let rate = |time: Duration| (cases * CASE_UNITS) as f64 / time.as_secs_f64() / 1e6;
    println!("packtree {:>8.3} M packed units/s, durable", rate(ours));
    println!("sqlite   {:>8.3} M packed units/s, durable ({} cases a transaction)", rate(sqlite), TRANSACTION_CASES);
    println!("ratio    {:>8.1}", rate(ours) / rate(sqlite));
    Ok(())
}

fn packtree(folder: &Path, cases: u64) -> Result<Duration> {
    let engine = Engine::open(folder, Options::default())?;
    let line = Caller::machine("line-1")?;
    for from in (0..cases).step_by(200) {
        let until = cases.min(from + 200);
        let units = (from * CASE_UNITS..until * CASE_UNITS).map(unit).collect();
        for (level, objects) in [(Level::Unit, units), (Level::Case, (from..until).map(case).collect())] {
            settle(engine.perform(&line, Operation::Commission(Commission { lot: None, level, objects }))?)?;
        }
    }
    let packs: Vec<_> = (0..cases)
        .map(|number| engine.request(&line, Operation::pack(case(number), units_of(number).map(unit).collect())))
        .collect();
    let start = Instant::now();
    let mut pending: VecDeque<Ticket> = VecDeque::new();
    for request in packs {
        if 4_000 <= pending.len()
            && let Some(ticket) = pending.pop_front()
        {
            settle(ticket.wait()?)?;
        }
        pending.push_back(engine.send(request)?);
    }
    for ticket in pending {
        settle(ticket.wait()?)?;
    }
    let time = start.elapsed();
    engine.close()?;
    Ok(time)
}

fn settle(outcome: Outcome) -> Result<()> {
    match outcome {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal) => bail!("refused: {refusal}"),
    }
}

fn sqlite(file: &Path, cases: u64) -> Result<Duration> {
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE object (id INTEGER PRIMARY KEY, parent INTEGER) STRICT; CREATE INDEX object_parent ON object (parent);",
    )?;
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO object (id, parent) VALUES (?1, NULL)")?;
        for id in 0..cases * (CASE_UNITS + 1) {
            insert.execute(params![id as i64])?;
        }
    }
    transaction.commit()?;
    let start = Instant::now();
    for from in (0..cases).step_by(TRANSACTION_CASES as usize) {
        let transaction = connection.transaction()?;
        {
            // The rule that packtree checks too: a child that has a parent is not packed again.
            let mut update = transaction.prepare_cached("UPDATE object SET parent = ?1 WHERE id = ?2 AND parent IS NULL")?;
            for number in from..cases.min(from + TRANSACTION_CASES) {
                for unit in units_of(number) {
                    let changed = update.execute(params![(cases * CASE_UNITS + number) as i64, unit as i64])?;
                    ensure!(changed == 1, "unit {unit} was not packed");
                }
            }
        }
        transaction.commit()?;
    }
    Ok(start.elapsed())
}

fn units_of(case: u64) -> std::ops::Range<u64> {
    case * CASE_UNITS..(case + 1) * CASE_UNITS
}

fn unit(number: u64) -> Identifier {
    let serial = u128::from(number) * 2_654_435_761_234_567 % 10_000_000_000_000;
    let serial = Serial::parse(&format!("{serial:013}")).expect("13 digits are a serial");
    Identifier::Sgtin(Sgtin { gtin: Gtin::new(9_521_234_543_213).expect("the check digit is right"), serial })
}

fn case(number: u64) -> Identifier {
    let body = 9_521_234_500_000_000 + number;
    Identifier::Sscc(Sscc::new(body * 10 + u64::from(check_digit(body))).expect("the check digit was just computed"))
}
