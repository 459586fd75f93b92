//! Fills a site as fast as it goes, with several lines at once, and checks it after reopening.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use packtree::fact::{Level, Lot, LotData};
use packtree::operation::Commission;
use packtree::{Caller, Engine, Error, Operation, Options, Outcome, Ticket};
use packtree_gs1::{Gs1Date, LotNumber};

use crate::machine::{describe, resident_bytes, warn_if_unfit};
use crate::site::{CASE_UNITS, Folder, PALLET_CASES, case, pallet, unit};

/// Cases whose units are commissioned by one call.
const COMMISSION_CASES: u64 = 100;

/// What to do.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) units: u64,
    pub(crate) lines: u64,
    pub(crate) in_flight: usize,
}

impl Plan {
    fn cases(&self) -> u64 {
        self.units.div_ceil(CASE_UNITS)
    }
}

/// Fills, measures, reopens, checks.
pub(crate) fn run(plan: &Plan, folder: &Folder) -> Result<()> {
    ensure!(0 < plan.units && 0 < plan.lines, "name at least one unit and one line");
    warn_if_unfit();
    println!("{}", describe());
    let before = resident_bytes();
    let engine = Engine::open(folder.path(), Options::default())?;
    let cases = plan.cases();
    let units = cases * CASE_UNITS;

    let time = play(&engine, plan, commissions)?;
    report("commission", units, time);
    let time = play(&engine, plan, packs)?;
    report("pack units into cases", units, time);
    let time = play(&engine, plan, pallets)?;
    report("pack cases onto pallets", units, time);

    let stats = engine.stats();
    let used = resident_bytes().saturating_sub(before);
    println!(
        "{:<28} {:>10.1} bytes a unit ({} MB for {} objects)",
        "memory",
        used as f64 / units as f64,
        used >> 20,
        stats.objects
    );
    println!("{:<28} {:>10} facts in {} groups", "journal", stats.facts, stats.groups);
    engine.close()?;
    drop(engine);

    let start = Instant::now();
    let engine = Engine::open(folder.path(), Options::default())?;
    report("open", u64::from(engine.stats().objects), start.elapsed());
    ensure!(
        engine.stats().facts == stats.facts,
        "{} facts were acknowledged, {} are there",
        stats.facts,
        engine.stats().facts
    );
    check(&engine, cases)?;
    println!("checked: every unit is in its case, every case on its pallet");
    engine.close()?;
    Ok(())
}

fn report(what: &str, objects: u64, time: Duration) {
    println!(
        "{what:<28} {:>10.2} M/s ({objects} in {:.2} s)",
        objects as f64 / time.as_secs_f64() / 1e6,
        time.as_secs_f64()
    );
}

/// Lets each line do its share of the cases, and returns the time from the first submission to the last answer.
///
/// The operations are made before the clock starts: what is measured is the engine, not the making of serial numbers.
fn play(engine: &Engine, plan: &Plan, make: fn(u64, u64) -> Vec<Operation>) -> Result<Duration> {
    let cases = plan.cases();
    let share = cases.div_ceil(plan.lines).next_multiple_of(PALLET_CASES);
    // In slices, so that the operations that wait for their turn do not take more memory than the engine.
    let slice = 20_000_u64.next_multiple_of(PALLET_CASES);
    let mut time = Duration::ZERO;
    let mut done = 0;
    while done < share {
        let until = share.min(done + slice);
        let work: Vec<Vec<Operation>> = (0..plan.lines)
            .map(|line| {
                let from = (line * share + done).min(cases);
                let to = (line * share + until).min(cases);
                if from < to { make(from, to) } else { Vec::new() }
            })
            .collect();
        let start = Instant::now();
        let results: Vec<Result<()>> = std::thread::scope(|scope| {
            let threads: Vec<_> = work
                .into_iter()
                .enumerate()
                .map(|(line, operations)| scope.spawn(move || drive(engine, line, operations, plan.in_flight)))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| bail!("a line has panicked"))).collect()
        });
        time += start.elapsed();
        results.into_iter().collect::<Result<()>>()?;
        done = until;
    }
    Ok(time)
}

/// Submits with so many in flight; an operation that finds the engine busy is submitted again.
fn drive(engine: &Engine, line: usize, operations: Vec<Operation>, in_flight: usize) -> Result<()> {
    let caller = Caller::machine(&format!("line-{line}"))?;
    let mut pending: VecDeque<Ticket> = VecDeque::with_capacity(in_flight);
    for operation in operations {
        let request = engine.request(&caller, operation);
        while in_flight <= pending.len() {
            settle(&mut pending)?;
        }
        loop {
            match engine.send(request.clone()) {
                Ok(ticket) => break pending.push_back(ticket),
                Err(Error::Busy { .. }) if !pending.is_empty() => settle(&mut pending)?,
                Err(Error::Busy { .. }) => std::thread::yield_now(),
                Err(error) => return Err(error.into()),
            }
        }
    }
    while !pending.is_empty() {
        settle(&mut pending)?;
    }
    Ok(())
}

fn settle(pending: &mut VecDeque<Ticket>) -> Result<()> {
    let Some(ticket) = pending.pop_front() else { return Ok(()) };
    match ticket.wait()? {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal) => bail!("refused: {refusal}"),
    }
}

pub(crate) fn commissions(from: u64, to: u64) -> Vec<Operation> {
    let lot = Lot {
        number: LotNumber::parse("LOT-1").expect("a lot number"),
        data: LotData { expiry: Gs1Date::new(2029, 5, 31), ..LotData::default() },
    };
    let mut operations = Vec::new();
    let mut at = from;
    while at < to {
        let until = to.min(at + COMMISSION_CASES);
        let units = (at * CASE_UNITS..until * CASE_UNITS).map(unit).collect();
        operations.push(Operation::Commission(Commission { lot: Some(lot), level: Level::Unit, objects: units }));
        operations.push(Operation::Commission(Commission {
            lot: None,
            level: Level::Case,
            objects: (at..until).map(case).collect(),
        }));
        let pallets: Vec<_> =
            (at..until).filter(|case| case % PALLET_CASES == 0).map(|case| pallet(case / PALLET_CASES)).collect();
        if !pallets.is_empty() {
            operations.push(Operation::Commission(Commission { lot: None, level: Level::Pallet, objects: pallets }));
        }
        at = until;
    }
    operations
}

pub(crate) fn packs(from: u64, to: u64) -> Vec<Operation> {
    (from..to).map(|number| Operation::pack(case(number), units_of(number).map(unit).collect())).collect()
}

fn units_of(case: u64) -> std::ops::Range<u64> {
    case * CASE_UNITS..(case + 1) * CASE_UNITS
}

pub(crate) fn pallets(from: u64, to: u64) -> Vec<Operation> {
    let mut operations = Vec::new();
    let mut at = from;
    while at < to {
        let until = to.min((at / PALLET_CASES + 1) * PALLET_CASES);
        operations.push(Operation::pack(pallet(at / PALLET_CASES), (at..until).map(case).collect()));
        at = until;
    }
    operations
}

/// Asks for each unit where it is.
fn check(engine: &Engine, cases: u64) -> Result<()> {
    for number in 0..cases {
        let view = engine.view();
        let (case, pallet) = (case(number), pallet(number / PALLET_CASES));
        for unit in units_of(number).map(unit) {
            let location = view.locate(&unit);
            let is_right = location.as_ref().is_some_and(|at| at.parent.as_ref() == Some(&case) && at.root == pallet);
            ensure!(is_right, "{unit} was packed into {case} on {pallet}, and is at {location:?}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_site_is_filled_and_checked() {
        let folder = Folder::take(Some(tempfile::tempdir().unwrap().keep())).unwrap();
        run(&Plan { units: 10_000, lines: 3, in_flight: 50 }, &folder).unwrap();
        std::fs::remove_dir_all(folder.path()).unwrap();
    }
}
