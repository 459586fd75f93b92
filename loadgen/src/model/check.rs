//! Compares everything that the model knows with the target, object by object, and that nothing else is there.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use packtree::Identifier;
use parking_lot::Mutex;

use super::compare::difference;
use super::ledger::{Fate, Ledger};
use super::world::World;
use crate::profile::Profile;
use crate::target::{Failure, LotSeen, Seen, Target};
use crate::workload::{Maker, Script};

/// Problems that are told in words.
const PROBLEMS_SHOWN: usize = 20;

/// Pallets that are compared at a time, and objects that are asked for at a time.
const PALLETS_AT_A_TIME: u64 = 16;
const OBJECTS_AT_A_TIME: usize = 512;

/// What came of the comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checked {
    /// How many problems were found.
    pub(crate) problems: u64,
    /// The first of them, in words.
    pub(crate) words: Vec<String>,
    /// Objects that must be there.
    pub(crate) objects: u64,
    /// By line and pallet: how many of the steps without an answer can be done, so that everything is as it is found. Several numbers
    /// fit where a step changes nothing.
    pub(crate) settled: BTreeMap<(usize, u64), Vec<usize>>,
}

impl Checked {
    pub(crate) fn problem(&mut self, words: String) {
        self.problems += 1;
        if self.words.len() < PROBLEMS_SHOWN {
            self.words.push(words);
        }
    }

    /// Adds what came of another comparison.
    pub(crate) fn add(&mut self, other: Self) {
        let shown = self.words.len() as u64;
        self.problems += other.problems;
        self.words.extend(other.words.into_iter().take(PROBLEMS_SHOWN.saturating_sub(shown as usize)));
        self.objects += other.objects;
        self.settled.extend(other.settled);
    }
}

/// Compares the pallets `from[line]..` of each line; where that is all of them, the numbers of the lots and of all objects too.
///
/// # Errors
/// When the target does not answer.
pub(crate) fn check<T: Target>(
    target: &T,
    profile: &Profile,
    seed: u64,
    ledgers: &[Ledger],
    from: &[u64],
) -> Result<Checked, Failure> {
    let chunks = chunks(ledgers, from);
    let next = AtomicUsize::new(0);
    let total = Mutex::new((Checked::default(), BTreeMap::new()));
    let work = || -> Result<(), Failure> {
        while let Some((line, pallets)) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let ledger = &ledgers[*line];
            let maker = Maker::new(profile, seed, *line as u64);
            let mut checker = Checker { target, profile, maker: &maker, line: *line, checked: Checked::default() };
            let mut lots: Vec<(u64, LotSeen)> = Vec::new();
            for pallet in pallets.clone() {
                let script = Script::new(profile, seed, *line as u64, pallet);
                lots.push((pallet / u64::from(profile.lot.get()), checker.pallet(&script, ledger.fates(pallet))?));
            }
            let mut total = total.lock();
            total.0.add(checker.checked);
            for (lot, seen) in lots {
                let sum: &mut LotSeen = total.1.entry((*line, lot)).or_default();
                sum.active += seen.active;
                sum.rejected += seen.rejected;
                sum.packed += seen.packed;
            }
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("comparing does not panic"))
    })?;
    let (mut checked, lots) = total.into_inner();
    if from.iter().all(|pallet| *pallet == 0) {
        check_lots(target, profile, seed, &lots, &mut checked)?;
        check_number(target.statistics()?.objects, &mut checked);
    }
    Ok(checked)
}

/// Whether there are as many objects as there must be.
pub(crate) fn check_number(found: u64, checked: &mut Checked) {
    let expected = checked.objects;
    if found != expected {
        checked.problem(format!("there must be {expected} objects, and there are {found}"));
    }
}

fn chunks(ledgers: &[Ledger], from: &[u64]) -> Vec<(usize, Range<u64>)> {
    let mut chunks = Vec::new();
    for (line, ledger) in ledgers.iter().enumerate() {
        let mut pallet = from[line];
        while pallet < ledger.pallets() {
            let until = ledger.pallets().min(pallet + PALLETS_AT_A_TIME);
            chunks.push((line, pallet..until));
            pallet = until;
        }
    }
    chunks
}

fn check_lots<T: Target>(
    target: &T,
    profile: &Profile,
    seed: u64,
    lots: &BTreeMap<(usize, u64), LotSeen>,
    checked: &mut Checked,
) -> Result<(), Failure> {
    for ((line, lot), expected) in lots {
        let maker = Maker::new(profile, seed, *line as u64);
        let name = maker.lot_name(lot * u64::from(profile.lot.get()));
        let found = target.lot(&name)?.unwrap_or_default();
        if found != *expected {
            checked.problem(format!("the lot {} must have {expected:?}, and has {found:?}", name.number));
        }
    }
    Ok(())
}

/// The world of a pallet, with the first `done` of the steps without an answer done.
fn world_of<'w>(
    maker: &'w Maker,
    profile: &Profile,
    script: &'w Script,
    fates: Option<&[Fate]>,
    mut done: usize,
) -> World<'w> {
    let mut world = World::new(maker, script, profile.case.get(), profile.pallet.get());
    for (index, scheduled) in script.steps.iter().enumerate() {
        let is_done = match fates.map_or(Fate::Done, |fates| fates[index]) {
            Fate::Done => true,
            Fate::Waiting | Fate::NotDone => false,
            Fate::Unknown => {
                let is_done = 0 < done;
                done = done.saturating_sub(1);
                is_done
            }
        };
        if is_done {
            world.apply(scheduled.step);
        }
    }
    world
}

struct Checker<'c, T> {
    target: &'c T,
    profile: &'c Profile,
    maker: &'c Maker,
    line: usize,
    checked: Checked,
}

impl<T: Target> Checker<'_, T> {
    /// Compares one pallet. Of the steps without an answer the first so many are done, and each of them wholly: the number that
    /// fits is looked for.
    fn pallet(&mut self, script: &Script, fates: Option<&[Fate]>) -> Result<LotSeen, Failure> {
        let unknown = fates.map_or(0, |fates| fates.iter().filter(|fate| **fate == Fate::Unknown).count());
        let mut fitting = Vec::new();
        let mut found = None;
        let mut first_problems = Vec::new();
        for done in 0..=unknown {
            let world = world_of(self.maker, self.profile, script, fates, done);
            let problems = self.problems(&world, 0 < unknown)?;
            if problems.is_empty() {
                fitting.push(done);
                found = Some(world);
            } else if done == 0 {
                first_problems = problems;
                found = Some(world);
            }
        }
        let world = found.expect("at least one number was tried");
        if fitting.is_empty() {
            let line = self.line + 1;
            let what =
                if unknown == 0 { String::new() } else { format!(", with none to {unknown} operations unknown") };
            for problem in first_problems {
                self.checked.problem(format!("line {line}, pallet {}{what}: {problem}", script.pallet + 1));
            }
        }
        self.checked.objects += world.known();
        if 0 < unknown {
            self.checked.settled.insert((self.line, script.pallet), fitting);
        }
        Ok(world.of_lot())
    }

    /// What is not as in the world; the first problem only where that is enough.
    fn problems(&self, world: &World<'_>, first_only: bool) -> Result<Vec<String>, Failure> {
        let mut objects: Vec<Identifier> = Vec::new();
        let mut expected: Vec<Option<Seen>> = Vec::new();
        world.objects(|id, seen| {
            objects.push(id);
            expected.push(seen);
        });
        let mut problems = Vec::new();
        for (ids, expected) in objects.chunks(OBJECTS_AT_A_TIME).zip(expected.chunks(OBJECTS_AT_A_TIME)) {
            let found = self.target.inspect(ids)?;
            if found.len() != ids.len() {
                let (asked, told) = (ids.len(), found.len());
                return Err(Failure::Nonsense(format!("asked for {asked} objects, it told of {told}")));
            }
            for ((id, expected), found) in ids.iter().zip(expected).zip(&found) {
                problems.extend(difference(id, expected.as_ref(), found.as_ref()));
            }
            if first_only && !problems.is_empty() {
                break;
            }
        }
        Ok(problems)
    }
}
