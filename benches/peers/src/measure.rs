//! Runs one contender through the work, in a process of its own, and checks its answers.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::contender::Contender;
use crate::figures::{Figures, Measure};
use crate::machine;
use crate::workload::{
    CASE_UNITS, GROUP_OBJECTS, Level, Object, PALLET_CASES, PALLET_OBJECTS, PALLET_UNITS, Pack, Size, cases_of,
    pallet_of, runs, units_of,
};

/// Objects handed over at a time: enough groups that a contender which overlaps them is not held up, and little memory.
const HANDED_OVER: u64 = 16 * GROUP_OBJECTS as u64;

/// Units that are unpacked and packed again, one durable call each.
const SINGLES: usize = 1_000;

/// Units whose root is asked for.
const ROOTS: usize = 20_000;

/// Pallets whose contents are asked for.
const PALLETS_LISTED: u64 = 50;

/// Pallets that are taken apart at the end; a quarter of them where there are few.
const PALLETS_TAKEN_APART: u64 = 20;

/// How often the lot goes on hold; odd, so that it ends on hold.
const HOLDS: usize = 21;

/// Fills an empty folder and measures everything but what a restart shows.
pub(crate) fn measure<C: Contender>(folder: &Path, size: Size) -> Result<Figures> {
    let mut figures = Figures { bare_write_us: micros(machine::bare_write(folder)?), ..Figures::default() };
    let mut contender = C::open(folder, size)?;
    let empty = if C::IN_MEMORY { 0 } else { C::disk(folder)? };
    fill(&mut contender, size, HANDED_OVER, &mut figures)?;
    check(&mut contender, size, 0)?;
    ask(&mut contender, size, &mut figures)?;
    singles(&mut contender, size, &mut figures)?;
    take_apart(&mut contender, size, &mut figures)?;
    // At the end, because packtree lets nothing out of its container while its lot is on hold.
    hold(&mut contender, &mut figures)?;
    contender.close()?;
    if !C::IN_MEMORY {
        let grown = C::disk(folder)?.saturating_sub(empty);
        figures.of.insert(Measure::DiskBytes, grown as f64 / size.objects() as f64);
    }
    Ok(figures)
}

/// Opens what `measure` left and measures what a restart shows; what keeps nothing is filled anew for its memory.
pub(crate) fn reopen<C: Contender>(folder: &Path, size: Size) -> Result<Figures> {
    let mut figures = Figures::default();
    let before = machine::resident_bytes()?;
    let start = Instant::now();
    let mut contender = C::open(folder, size)?;
    if C::IN_MEMORY {
        // In small portions, so that little is left over from handing them over.
        fill(&mut contender, size, GROUP_OBJECTS as u64, &mut Figures::default())?;
    } else {
        let last = size.units() - 1;
        let unit = contender.key(Object::unit(last));
        let root = contender.root(&unit)?;
        figures.of.insert(Measure::OpenMs, start.elapsed().as_secs_f64() * 1e3);
        ensure!(root == contender.key(pallet_of(last)), "wrong root after a restart");
        ensure!(contender.is_held(&unit)?, "the hold is gone after a restart");
        check(&mut contender, size, taken_apart(size))?;
    }
    // A busy day asks for everything, so that caches are full.
    for pallet in taken_apart(size)..size.pallets() {
        let key = contender.key(Object::pallet(pallet));
        contender.contents(&key)?;
    }
    ask(&mut contender, size, &mut Figures::default())?;
    let grown = contender.memory()?.saturating_sub(before);
    figures.of.insert(Measure::MemoryBytes, grown as f64 / size.objects() as f64);
    contender.close()?;
    Ok(figures)
}

fn taken_apart(size: Size) -> u64 {
    PALLETS_TAKEN_APART.min(size.pallets() / 4).max(1)
}

/// Commissions everything, packs all cases, then all pallets. Only the contender's own time counts.
fn fill<C: Contender>(contender: &mut C, size: Size, at_a_time: u64, figures: &mut Figures) -> Result<()> {
    let mut time = Duration::ZERO;
    for (level, count) in [(Level::Unit, size.units()), (Level::Case, size.cases()), (Level::Pallet, size.pallets())] {
        for run in runs(0..count, at_a_time) {
            let keys = run.map(|number| contender.key(Object { level, number })).collect();
            time += timed(|| contender.commission(level, keys))?;
        }
    }
    figures.of.insert(Measure::CommissionedPerSecond, size.objects() as f64 / time.as_secs_f64());
    contender.settle()?;

    let mut time = Duration::ZERO;
    for run in runs(0..size.cases(), at_a_time / CASE_UNITS) {
        let packs = run.map(|case| pack(contender, Object::case(case), units_of(case))).collect();
        time += timed(|| contender.pack(packs))?;
    }
    figures.of.insert(Measure::PackedPerSecond, size.units() as f64 / time.as_secs_f64());

    let mut time = Duration::ZERO;
    for run in runs(0..size.pallets(), at_a_time / PALLET_CASES) {
        let packs = run.map(|pallet| pack(contender, Object::pallet(pallet), cases_of(pallet))).collect();
        time += timed(|| contender.pack(packs))?;
    }
    figures.of.insert(Measure::OntoPalletsPerSecond, size.cases() as f64 / time.as_secs_f64());
    contender.settle()
}

fn pack<C: Contender>(contender: &C, parent: Object, children: impl Iterator<Item = Object>) -> Pack<C::Key> {
    Pack { parent: contender.key(parent), children: children.map(|child| contender.key(child)).collect() }
}

/// Everything is there, where it must be. The first pallets may have been taken apart.
fn check<C: Contender>(contender: &mut C, size: Size, apart: u64) -> Result<()> {
    let objects = contender.objects()?;
    ensure!(objects == size.objects(), "{objects} objects instead of {}", size.objects());
    for unit in size.random_units().take(1_000) {
        let object = contender.key(Object::unit(unit));
        let right = if unit / PALLET_UNITS < apart { Object::unit(unit) } else { pallet_of(unit) };
        ensure!(contender.root(&object)? == contender.key(right), "wrong root of unit {unit}");
    }
    for pallet in 0..size.pallets().min(apart + 3) {
        let container = contender.key(Object::pallet(pallet));
        let contents = contender.contents(&container)?;
        let right = if pallet < apart { 0 } else { PALLET_OBJECTS };
        ensure!(contents.len() as u64 == right, "{} objects in pallet {pallet} instead of {right}", contents.len());
        let last = cases_of(pallet).flat_map(|case| units_of(case.number)).last().map(|unit| contender.key(unit));
        ensure!(right == 0 || last.is_some_and(|unit| contents.contains(&unit)), "pallet {pallet} lacks a unit");
    }
    Ok(())
}

fn ask<C: Contender>(contender: &mut C, size: Size, figures: &mut Figures) -> Result<()> {
    let units: Vec<C::Key> =
        size.random_units().skip(1_000).take(ROOTS).map(|unit| contender.key(Object::unit(unit))).collect();
    let time =
        timed(|| units.iter().try_for_each(|unit| contender.root(unit).map(|root| drop(std::hint::black_box(root)))))?;
    figures.of.insert(Measure::WhereIsUs, micros(time) / ROOTS as f64);

    let pallets: Vec<C::Key> =
        (0..PALLETS_LISTED).map(|number| contender.key(Object::pallet(number * 7_919 % size.pallets()))).collect();
    let time = timed(|| {
        pallets.iter().try_for_each(|pallet| contender.contents(pallet).map(|all| drop(std::hint::black_box(all))))
    })?;
    figures.of.insert(Measure::ContentsUs, micros(time) / PALLETS_LISTED as f64);
    Ok(())
}

/// A line alone: each call waits until it is durable.
fn singles<C: Contender>(contender: &mut C, size: Size, figures: &mut Figures) -> Result<()> {
    let mut times = Vec::with_capacity(2 * SINGLES);
    for unit in size.random_units().skip(100_000).take(SINGLES) {
        let (key, case) = (contender.key(Object::unit(unit)), contender.key(Object::case(unit / CASE_UNITS)));
        let child = key.clone();
        times.push(timed(|| contender.unpack_one(child))?);
        ensure!(contender.root(&key)? == key, "unit {unit} was unpacked and is not loose");
        let child = key.clone();
        times.push(timed(|| contender.pack_one(case, child))?);
        ensure!(contender.root(&key)? == contender.key(pallet_of(unit)), "unit {unit} is not back");
    }
    times.sort();
    figures.of.insert(Measure::CallP50Us, micros(times[times.len() / 2]));
    figures.of.insert(Measure::CallP99Us, micros(times[times.len() * 99 / 100]));
    Ok(())
}

fn hold<C: Contender>(contender: &mut C, figures: &mut Figures) -> Result<()> {
    let unit = contender.key(Object::unit(0));
    let mut times = Vec::new();
    for round in 0..HOLDS {
        let held = round % 2 == 0;
        times.push(timed(|| contender.hold_lot(held))?);
        ensure!(contender.is_held(&unit)? == held, "the hold of the lot does not show");
    }
    figures.of.insert(Measure::HoldLotUs, micros(median(times)));
    Ok(())
}

fn take_apart<C: Contender>(contender: &mut C, size: Size, figures: &mut Figures) -> Result<()> {
    let mut times = Vec::new();
    for pallet in 0..taken_apart(size) {
        let key = contender.key(Object::pallet(pallet));
        times.push(timed(|| contender.unpack_below(key))?);
    }
    check(contender, size, taken_apart(size))?;
    figures.of.insert(Measure::RecursiveUnpackMs, micros(median(times)) / 1e3);
    Ok(())
}

fn timed(act: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    act()?;
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
