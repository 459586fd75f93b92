//! Engines that can be opened again, and everything that they answer.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use packtree::disk::{Disk, SimulatedDisk, Survivors};
use packtree::fact::{Effect, Fact, Microseconds, Sequence};
use packtree::journal::{self, Head};
use packtree::query::{Inspection, LotStatus, Setting};
use packtree::{Engine, Error, Identifier, OpenError, Options, Policy};

use crate::compare::differ;
use crate::model::Model;
use crate::world::{Seeded, SetClock};

/// The length of segments in tests: the shortest, so that there are many.
pub const SEGMENT_BYTES: u64 = 4 << 10;

/// Options under which a run repeats: a clock that stands and randomness from a seed.
pub fn options(policy: &Policy, now: Microseconds) -> Options {
    Options {
        policy: policy.clone(),
        journal: journal::Settings { segment_bytes: SEGMENT_BYTES },
        clock: Arc::new(SetClock::new(now)),
        entropy: Arc::new(Seeded::new(7)),
        ..Options::default()
    }
}

/// Opens an engine on a simulated disk.
///
/// # Errors
/// As [`Engine::open_on`].
pub fn open(disk: &SimulatedDisk, options: Options) -> Result<Engine, OpenError> {
    Engine::open_on(Arc::new(disk.clone()), options)
}

/// Checks a directory without changing it.
///
/// # Errors
/// Every problem, one a line.
pub fn verify(disk: &dyn Disk) -> Result<Head, String> {
    let report = journal::verify(disk).map_err(|error| error.to_string())?;
    if report.whole { Ok(report.head) } else { Err(format!("{:?}", report.problems)) }
}

/// Everything that an engine answers: every fact, every object, every lot.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The newest fact.
    pub head: Head,
    /// Every fact.
    pub facts: Vec<Fact>,
    /// Every object with its children, in the order in which they were made.
    pub objects: Vec<(Inspection, Vec<Identifier>)>,
    /// Every lot.
    pub lots: Vec<LotStatus>,
    /// Every setting.
    pub settings: Vec<Setting>,
}

impl Answers {
    /// Asks an engine for everything.
    ///
    /// # Errors
    /// When facts cannot be read back.
    pub fn of(engine: &Engine) -> Result<Self, Error> {
        let mut feed = engine.subscribe(Sequence::FIRST);
        let mut facts = Vec::new();
        while let Some(fact) = feed.try_next()? {
            facts.push(fact);
        }
        let ids = facts.iter().flat_map(|fact| fact.effects.iter().flat_map(made));
        let mut ids: Vec<&Identifier> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let view = engine.view();
        let object = |id: &Identifier| {
            let inspection = view.inspect(id).expect("a fact made it");
            (inspection, view.children(id).into_iter().flatten().collect())
        };
        let objects = ids.into_iter().map(object).collect();
        let lots = view.lots().collect();
        let settings = view.settings("");
        drop(view);
        Ok(Self { head: engine.head(), facts, objects, lots, settings })
    }
}

/// The objects that an effect made.
fn made(effect: &Effect<Identifier>) -> Vec<&Identifier> {
    match effect {
        Effect::Commissioned { objects, .. } | Effect::Sighted { objects, .. } => objects.iter().collect(),
        Effect::Relabelled { to, .. } => vec![to],
        _ => Vec::new(),
    }
}

/// Everything in which an engine differs from the model, one difference a line.
pub fn differences(model: &Model, engine: &Engine) -> String {
    let mut found = String::new();
    let view = engine.view();
    for object in model.objects() {
        let id = &object.id;
        let Some(kept) = view.inspect(id) else {
            let _ = writeln!(found, "{id}: the engine does not know it");
            continue;
        };
        let children: Vec<Identifier> = view.children(id).into_iter().flatten().collect();
        differ(&mut found, id, &(kept.level, kept.status, kept.seal), &(object.level, object.status, object.seal));
        differ(&mut found, id, &kept.parent.as_ref(), &model.parent(id));
        differ(&mut found, id, &children.iter().collect::<Vec<_>>(), &model.children(id));
        differ(&mut found, id, &(kept.away, kept.trust), &(model.is_away(id), object.trust));
        differ(&mut found, id, &kept.held_by.as_ref(), &model.held_by(id));
        let lot = kept.lot.map(|lot| lot.number);
        differ(&mut found, id, &lot, &object.lot.map(|lot| lot.number));
    }
    for (name, known) in model.lots() {
        let kept = view.lot(name).map(|lot| (lot.data, lot.held, lot.counts));
        differ(&mut found, name, &kept, &Some((known.data, known.held, model.counts(*name))));
    }
    let settings: Vec<_> = view.settings("").into_iter().map(|setting| (setting.name, setting.value)).collect();
    let known: Vec<_> = model.settings().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    differ(&mut found, &"settings", &settings, &known);
    let objects = view.sequence();
    drop(view);
    differ(&mut found, &"facts", &objects.0, &model.facts());
    differ(&mut found, &"objects", &(engine.stats().objects as usize), &model.objects().count());
    found
}

/// Several choices of what a crash leaves.
pub fn survivors(seed: u64) -> [Survivors; 6] {
    [
        Survivors::Synced,
        Survivors::Written,
        Survivors::Sectors { seed },
        Survivors::Sectors { seed: seed + 1 },
        Survivors::Prefix { seed },
        Survivors::Prefix { seed: seed + 1 },
    ]
}

/// Copies the files of a directory.
///
/// # Errors
/// When a file cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
