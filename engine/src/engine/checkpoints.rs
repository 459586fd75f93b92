//! Checkpoints from outside: whatever happens to the store, what is opened is what the journal says.

mod stalled;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Caller, Checkpoints, Engine, Options, Outcome};
use crate::fact::{Level, Sequence, Standing};
use crate::forest::record::Ix;
use crate::forest::verify::verify;
use crate::forest::{Forest, View as _};
use crate::operation::{Commission, Operation};
use crate::policy::{LateEvent, Policy};
use crate::requests::Requests;
use world::{World, unit};

fn on_request() -> Options {
    Options { checkpoints: Checkpoints::OnRequest, ..Options::default() }
}

fn open(directory: &Path) -> Engine {
    Engine::open(directory, on_request()).unwrap()
}

/// A copy of a directory, as a crash would have left it.
fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    copy_into(from, to.path());
    to
}

fn copy_into(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    // Files that sled removes in the meantime would be gone after a crash, too.
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_into(&entry.path(), &target);
        } else {
            let _ = fs::copy(entry.path(), target);
        }
    }
}

/// The engine that replays everything.
fn replayed(directory: &Path) -> (TempDir, Engine) {
    let plain = copy(directory);
    let _ = fs::remove_dir_all(plain.path().join("state"));
    let engine = open(plain.path());
    (plain, engine)
}

fn assert_same(engine: &Engine, other: &Engine) {
    assert_eq!(engine.head(), other.head());
    let (one, two) = (&engine.inner.shared, &other.inner.shared);
    assert_same_forests(&one.forest.read(), &two.forest.read());
    let all = |requests: &Requests| requests.iter().collect::<Vec<_>>();
    assert_eq!(all(&one.requests.read()), all(&two.requests.read()));
}

fn assert_same_forests(one: &Forest, two: &Forest) {
    assert_eq!(one.lengths(), two.lengths());
    let parked = |forest: &Forest| {
        let mut parked = Vec::new();
        forest.for_each_parked(&mut |fact, parking| parked.push((fact, parking.clone())));
        parked
    };
    assert_eq!(parked(one), parked(two));
    let lengths = one.lengths();
    for place in 0..lengths.records {
        let ix = Ix(place);
        assert_eq!(one.record(ix), two.record(ix), "{}", one.identifier(ix));
        assert_eq!(one.identifier(ix), two.identifier(ix));
        assert_eq!(one.find(&one.identifier(ix)), two.find(&one.identifier(ix)));
        assert_eq!(one.quantities(ix), two.quantities(ix));
        assert_eq!(one.last_note(ix), two.last_note(ix));
    }
    (0..lengths.containers).for_each(|place| assert_eq!(one.container_at(place), two.container_at(place)));
    (0..lengths.lots).for_each(|place| assert_eq!(one.lot(place), two.lot(place)));
    (0..lengths.lot_changes).for_each(|place| assert_eq!(one.lot_change(place), two.lot_change(place)));
    (0..lengths.interned).for_each(|place| assert_eq!(one.interned(place), two.interned(place)));
    (1..=lengths.facts).for_each(|fact| assert_eq!(one.time_of(fact), two.time_of(fact)));
    assert!(one.settings("").eq(two.settings("")));
    assert_eq!(verify(one), []);
}

/// What a store holds is used or set aside; either way the state is the journal's. Returns the checkpoint that was used.
fn check(directory: &Path) -> Option<Sequence> {
    let (_plain, truth) = replayed(directory);
    let engine = open(directory);
    assert_same(&engine, &truth);
    engine.opened().checkpoint
}

fn state(directory: &Path) -> PathBuf {
    directory.join("state")
}

#[test]
fn what_is_opened_from_a_checkpoint_is_what_a_replay_gives() {
    for seed in 1..6 {
        let directory = tempfile::tempdir().unwrap();
        let mut world = World::new(seed * 7_919);
        for round in 0..4 {
            let engine = open(directory.path());
            let opened = engine.opened();
            assert_eq!(opened.set_aside, None, "seed {seed}, round {round}");
            assert_eq!(opened.checkpoint.is_some(), 0 < round);
            let (_plain, truth) = replayed(directory.path());
            assert_same(&engine, &truth);
            assert!(0 < world.work(&engine, 60));
            let sequence = engine.checkpoint().unwrap();
            assert_eq!(sequence, engine.head().sequence);
            assert_eq!(engine.stats().checkpoint, sequence.0);
            assert!(0 < world.work(&engine, 30));
            if round % 2 == 0 {
                engine.checkpoint().unwrap();
                assert!(0 < world.work(&engine, 20));
            }
            engine.close().unwrap();
        }
        assert!(check(directory.path()).is_some());
    }
}

#[test]
fn a_checkpoint_shows_one_fact_while_operations_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(directory.path());
    let mut world = World::new(42);
    world.work(&engine, 50);
    for round in 0..12 {
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| world.work(&engine, 40));
            for _ in 0..2 {
                engine.checkpoint().unwrap();
            }
            assert!(0 < writer.join().unwrap(), "round {round}");
        });
        if round % 4 == 3 {
            // The checkpoint alone, without the facts behind it, would hide what it got wrong of later ones.
            let crashed = copy(directory.path());
            assert!(check(crashed.path()).is_some());
        }
    }
    let blobs = state(directory.path()).join("blobs");
    assert!(!blobs.exists() || fs::read_dir(blobs).unwrap().next().is_none(), "no value is large enough for a blob");
}

#[test]
fn a_copy_taken_at_any_moment_opens_as_the_journal_says() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(directory.path());
    let mut world = World::new(1_234);
    world.work(&engine, 80);
    engine.checkpoint().unwrap();
    let mut used = 0;
    for _ in 0..10 {
        world.work(&engine, 15);
        std::thread::scope(|scope| {
            let checkpoint = scope.spawn(|| engine.checkpoint().unwrap());
            let crashed = copy(directory.path());
            used += usize::from(check(crashed.path()).is_some());
            checkpoint.join().unwrap();
        });
    }
    assert!(0 < used);
}

#[test]
fn what_is_parked_is_part_of_a_checkpoint() {
    let directory = tempfile::tempdir().unwrap();
    let parking = || Options { policy: Policy { late_event: LateEvent::PARK, ..Policy::default() }, ..on_request() };
    let engine = Engine::open(directory.path(), parking()).unwrap();
    let caller = Caller::machine("line").unwrap();
    let commission = |n| Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![unit(n)] });
    engine.perform(&caller, commission(1)).unwrap();
    let pack = engine.request(&caller, Operation::pack(unit(1), vec![unit(2)]));
    let receipt = engine.submit(pack.clone()).unwrap().receipt().unwrap();
    assert_eq!(receipt.standing, Standing::Parked);
    let newest = engine.checkpoint().unwrap();
    engine.close().unwrap();
    assert_eq!(check(directory.path()), Some(newest));

    let engine = Engine::open(directory.path(), parking()).unwrap();
    assert_eq!((engine.opened().journal.facts_visited, engine.stats().parked), (0, 1));
    assert_eq!(engine.submit(pack).unwrap().receipt().unwrap().standing, Standing::Parked);
    let first = Operation::Commission(Commission { lot: None, level: Level::Unit, objects: vec![unit(2)] });
    let mut first = engine.request(&caller, first);
    first.event_time.at -= 1_000_000;
    engine.submit(first).unwrap().receipt().unwrap();
    assert_eq!((engine.root(&unit(2)), engine.stats().parked), (Some(unit(1)), 0));
    let newest = engine.checkpoint().unwrap();
    engine.close().unwrap();
    assert_eq!(check(directory.path()), Some(newest));
    let engine = Engine::open(directory.path(), parking()).unwrap();
    assert_eq!((engine.opened().journal.facts_visited, engine.stats().parked), (0, 0));
}

#[test]
fn a_store_that_is_gone_costs_a_replay() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(directory.path());
    World::new(5).work(&engine, 60);
    engine.checkpoint().unwrap();
    engine.close().unwrap();
    fs::remove_dir_all(state(directory.path())).unwrap();
    let engine = open(directory.path());
    assert_eq!(engine.opened().checkpoint, None);
    assert_eq!(engine.opened().set_aside, None);
    assert_eq!(engine.opened().journal.facts_visited, engine.head().sequence.0);
    engine.checkpoint().unwrap();
    engine.close().unwrap();
    assert!(check(directory.path()).is_some());
}

#[test]
fn a_store_from_before_the_newest_facts_is_used_and_one_from_after_is_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(77);
    let engine = open(directory.path());
    world.work(&engine, 60);
    engine.checkpoint().unwrap();
    engine.close().unwrap();
    let older = copy(directory.path());

    let engine = open(directory.path());
    world.work(&engine, 60);
    let newest = engine.checkpoint().unwrap();
    engine.close().unwrap();
    let newer = copy(directory.path());

    // The older store under the newer journal.
    let mixed = copy(newer.path());
    fs::remove_dir_all(state(mixed.path())).unwrap();
    copy_into(&state(older.path()), &state(mixed.path()));
    assert!(check(mixed.path()).is_some_and(|used| used < newest));

    // The newer store under the older journal: its newest checkpoint is of another time, the one before is not.
    let mixed = copy(older.path());
    fs::remove_dir_all(state(mixed.path())).unwrap();
    copy_into(&state(newer.path()), &state(mixed.path()));
    let (_plain, truth) = replayed(mixed.path());
    let engine = open(mixed.path());
    assert_same(&engine, &truth);
    let opened = engine.opened().clone();
    assert!(opened.checkpoint.is_some());
    let set_aside = opened.set_aside.unwrap();
    assert!(set_aside.reason.contains("checkpoint"), "{}", set_aside.reason);
    assert_eq!(set_aside.directory, Some(mixed.path().join("state.damaged-1")));
    engine.checkpoint().unwrap();
    engine.close().unwrap();
    assert!(check(mixed.path()).is_some());

    // The store of another journal.
    let other = tempfile::tempdir().unwrap();
    let engine = open(other.path());
    World::new(99).work(&engine, 200);
    engine.close().unwrap();
    copy_into(&state(newer.path()), &state(other.path()));
    assert_eq!(check(other.path()), None);
    assert!(other.path().join("state.damaged-1").exists());
}

#[test]
fn a_store_whose_opening_was_killed_opens() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(directory.path());
    World::new(8).work(&engine, 60);
    engine.checkpoint().unwrap();
    engine.close().unwrap();
    fs::write(state(directory.path()).join("snap.0000000000001234.generating"), b"cut off").unwrap();
    assert!(check(directory.path()).is_some());
}

#[test]
fn a_store_that_is_damaged_anywhere_never_gives_wrong_answers() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(31);
    for _ in 0..3 {
        let engine = open(directory.path());
        world.work(&engine, 60);
        engine.checkpoint().unwrap();
        world.work(&engine, 20);
        engine.checkpoint().unwrap();
        engine.close().unwrap();
    }
    let (_plain, truth) = replayed(directory.path());
    let mut files: Vec<PathBuf> =
        fs::read_dir(state(directory.path())).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    let mut random = World::new(4_711);
    let (mut used, mut set_aside) = (0, 0);
    for trial in 0..36 {
        let damaged = copy(directory.path());
        let name = files[trial % files.len()].file_name().unwrap();
        let path = state(damaged.path()).join(name);
        let mut bytes = fs::read(&path).unwrap();
        let written = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1) as u64;
        let at = random.below(written) as usize;
        match trial % 3 {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << random.below(8),
            _ => bytes[at..].iter_mut().take(4_096).for_each(|byte| *byte = 0),
        }
        fs::write(&path, bytes).unwrap();
        let engine = open(damaged.path());
        assert_same(&engine, &truth);
        used += usize::from(engine.opened().checkpoint.is_some());
        set_aside += usize::from(engine.opened().set_aside.is_some());
        // What follows is sound again.
        engine.checkpoint().unwrap();
        engine.close().unwrap();
        let engine = open(damaged.path());
        assert_eq!(engine.opened().set_aside, None, "trial {trial}");
        assert_same(&engine, &truth);
    }
    assert!(0 < used && 0 < set_aside, "{used} used, {set_aside} set aside");
}

#[test]
fn a_small_site_gets_no_store_and_a_large_one_gets_it_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(directory.path(), Options::default()).unwrap();
    World::new(3).work(&engine, 30);
    engine.close().unwrap();
    assert!(!state(directory.path()).exists());

    let engine = Engine::open(directory.path(), Options::default()).unwrap();
    let caller = Caller::machine("line").unwrap();
    for round in 0..16 {
        let objects = (0..70_000).map(|n| unit(1_000_000 + round * 70_000 + n)).collect();
        let operation = Operation::Commission(Commission { lot: None, level: Level::Unit, objects });
        assert!(matches!(engine.perform(&caller, operation).unwrap(), Outcome::Done(_)));
    }
    let head = engine.head();
    engine.close().unwrap();
    assert_eq!(check(directory.path()), Some(head.sequence));
}

#[test]
fn a_disk_without_a_directory_has_no_checkpoints() {
    let disk = std::sync::Arc::new(crate::disk::SimulatedDisk::new());
    let engine = Engine::open_on(disk, Options::default()).unwrap();
    let error = engine.checkpoint().unwrap_err();
    assert_eq!(error.to_string(), "the checkpoint was not written: the engine was not opened on a directory");
}

/// Does something to the store of a closed engine, as sled sees it.
fn tamper(directory: &Path, with: impl FnOnce(&sled::Db)) {
    let db = sled::Config::default().path(state(directory)).flush_every_ms(None).open().unwrap();
    with(&db);
    db.flush().unwrap();
}

/// A key of the store: table, page, checkpoint; part 0.
fn key(table: u8, page: u32, checkpoint: u32) -> [u8; 11] {
    let mut key = [0; 11];
    key[0] = table;
    key[1..5].copy_from_slice(&page.to_be_bytes());
    key[5..9].copy_from_slice(&checkpoint.to_be_bytes());
    key
}

type Tamper = fn(&sled::Db);

const MANIFESTS: u8 = 0;
const OBJECTS: u8 = 1;

#[test]
fn a_checkpoint_that_was_never_finished_or_is_not_whole_does_not_count() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(12);
    let engine = open(directory.path());
    world.work(&engine, 60);
    let older = engine.checkpoint().unwrap();
    world.work(&engine, 60);
    let newer = engine.checkpoint().unwrap();
    engine.close().unwrap();

    let rows: [(&str, Option<Sequence>, bool, Tamper); 7] = [
        ("untouched", Some(newer), false, |_| {}),
        ("pages of a third checkpoint, and no manifest", Some(newer), false, |db| {
            for page in 0..3 {
                db.insert(key(OBJECTS, page, 3), b"half".as_slice()).unwrap();
            }
        }),
        ("the newer manifest is gone", Some(older), false, |db| {
            db.remove(key(MANIFESTS, 0, 2)).unwrap().unwrap();
        }),
        ("the newer manifest is torn", Some(older), true, |db| {
            let manifest = db.get(key(MANIFESTS, 0, 2)).unwrap().unwrap();
            db.insert(key(MANIFESTS, 0, 2), &manifest[..manifest.len() / 2]).unwrap();
        }),
        ("a page of the newer one is gone, and an older version of it is there", Some(older), true, |db| {
            db.remove(key(OBJECTS, 0, 2)).unwrap().unwrap();
        }),
        ("both manifests are gone", None, true, |db| {
            (1..=2).for_each(|checkpoint| assert!(db.remove(key(MANIFESTS, 0, checkpoint)).unwrap().is_some()));
        }),
        ("everything is gone", None, true, |db| db.clear().unwrap()),
    ];
    for (name, expected, is_set_aside, with) in rows {
        let tampered = copy(directory.path());
        tamper(tampered.path(), with);
        let (_plain, truth) = replayed(tampered.path());
        let engine = open(tampered.path());
        assert_same(&engine, &truth);
        assert_eq!(engine.opened().checkpoint, expected, "{name}");
        assert_eq!(engine.opened().set_aside.is_some(), is_set_aside, "{name}: {:?}", engine.opened().set_aside);
        World::new(13).work(&engine, 30);
        let last = engine.checkpoint().unwrap();
        engine.close().unwrap();
        assert_eq!(check(tampered.path()), Some(last), "{name}");
    }
}

#[test]
fn a_store_that_cannot_be_written_stops_checkpoints_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(directory.path());
    let mut world = World::new(21);
    world.work(&engine, 60);
    fs::write(state(directory.path()), b"not a directory").unwrap();
    let error = engine.checkpoint().unwrap_err();
    assert!(error.to_string().starts_with("the checkpoint was not written: "), "{error}");
    assert!(engine.checkpoint().is_err(), "it is not tried again before the engine is");
    assert!(0 < world.work(&engine, 60));
    engine.close().unwrap();

    let engine = open(directory.path());
    assert!(engine.opened().set_aside.is_some());
    engine.checkpoint().unwrap();
    engine.close().unwrap();
    assert!(check(directory.path()).is_some());
}
