//! Packs the same units into the same cases with packtree and with SQLite, in turn, on the same disk, and prints the ratios.
//!
//! SQLite works in WAL mode with `synchronous=FULL`, prepared statements, transactions as large as packtree's groups, and an index on the
//! parent, without which nobody could ask what is in a case. It runs twice: once finding objects by the identifiers that packtree
//! finds them by, and once by consecutive integers, which is the best that it can have and no scanner ever sends. It keeps no history.
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
    let sqlite = [Keys::Identifiers, Keys::Integers]
        .map(|keys| (keys, sqlite(&folder.path().join(format!("{keys:?}.db")), keys, cases)));
    let rate = |time: Duration| (cases * CASE_UNITS) as f64 / time.as_secs_f64() / 1e6;
    println!("packtree {:>8.3} M packed units/s, durable", rate(ours));
    for (keys, time) in sqlite {
        let theirs = rate(time?);
        println!(
            "sqlite   {theirs:>8.3} M packed units/s, durable, by {keys:?}, {TRANSACTION_CASES} cases a transaction: ratio {:.1}",
            rate(ours) / theirs
        );
    }
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

/// What SQLite finds objects by.
#[derive(Clone, Copy, Debug)]
enum Keys {
    Identifiers,
    Integers,
}

fn sqlite(file: &Path, keys: Keys, cases: u64) -> Result<Duration> {
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let unique = if matches!(keys, Keys::Identifiers) { "UNIQUE" } else { "" };
    connection.execute_batch(&format!(
        "CREATE TABLE object (id INTEGER PRIMARY KEY, identifier TEXT NOT NULL {unique}, parent INTEGER) STRICT;
         CREATE INDEX object_parent ON object (parent);"
    ))?;
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO object (id, identifier, parent) VALUES (?1, ?2, NULL)")?;
        for number in 0..cases * CASE_UNITS {
            insert.execute(params![number as i64, unit(number).to_string()])?;
        }
        for number in 0..cases {
            insert.execute(params![(cases * CASE_UNITS + number) as i64, case(number).to_string()])?;
        }
    }
    transaction.commit()?;
    match keys {
        Keys::Identifiers => pack_by_identifier(&mut connection, cases),
        Keys::Integers => pack_by_integer(&mut connection, cases),
    }
}

/// The rule that packtree checks too: a child that has a parent is not packed again.
fn pack_by_identifier(connection: &mut Connection, cases: u64) -> Result<Duration> {
    let work: Vec<(String, Vec<String>)> = (0..cases)
        .map(|number| (case(number).to_string(), units_of(number).map(|number| unit(number).to_string()).collect()))
        .collect();
    let start = Instant::now();
    for cases in work.chunks(TRANSACTION_CASES as usize) {
        let transaction = connection.transaction()?;
        {
            let mut find = transaction.prepare_cached("SELECT id FROM object WHERE identifier = ?1")?;
            let mut update =
                transaction.prepare_cached("UPDATE object SET parent = ?1 WHERE identifier = ?2 AND parent IS NULL")?;
            for (case, units) in cases {
                let parent: i64 = find.query_row(params![case], |row| row.get(0))?;
                for unit in units {
                    let changed = update.execute(params![parent, unit])?;
                    ensure!(changed == 1, "unit {unit} was not packed");
                }
            }
        }
        transaction.commit()?;
    }
    Ok(start.elapsed())
}

fn pack_by_integer(connection: &mut Connection, cases: u64) -> Result<Duration> {
    let start = Instant::now();
    for from in (0..cases).step_by(TRANSACTION_CASES as usize) {
        let transaction = connection.transaction()?;
        {
            let mut update =
                transaction.prepare_cached("UPDATE object SET parent = ?1 WHERE id = ?2 AND parent IS NULL")?;
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
