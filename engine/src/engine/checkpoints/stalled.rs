//! A store that hangs: the engine gives it up, and goes on.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use scopeguard::{defer, guard};

use super::world::World;
use super::{assert_same, check, on_request, open, replayed, state};
use crate::Engine;
use crate::disk::RealDisk;
use crate::forest::pages::Pages as _;

const STALL: Duration = Duration::from_millis(300);

fn open_impatient(directory: &Path) -> Engine {
    let disk = Arc::new(RealDisk::open(directory).unwrap());
    Engine::open_with(disk, Some((&state(directory), STALL)), on_request()).unwrap()
}

/// Makes sled wait for ever when it opens the store: a pipe with nobody at its other end stands where it looks for its settings.
fn block(directory: &Path) -> PathBuf {
    let settings = state(directory).join("conf");
    fs::create_dir_all(state(directory)).unwrap();
    let _ = fs::remove_file(&settings);
    assert!(Command::new("mkfifo").arg(&settings).status().unwrap().success());
    settings
}

/// Lets whoever waits at the pipe go on, and meet its end.
fn unblock(pipe: &Path) {
    drop(OpenOptions::new().read(true).write(true).open(pipe).unwrap());
}

#[test]
fn an_opening_does_not_wait_for_a_store_that_hangs() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(6);
    let engine = open(directory.path());
    world.work(&engine, 60);
    engine.checkpoint().unwrap();
    engine.close().unwrap();
    let (_plain, truth) = replayed(directory.path());
    block(directory.path());

    let engine = open_impatient(directory.path());
    let aside = engine.opened().set_aside.clone().unwrap();
    let aside_directory = aside.directory.unwrap();
    let blocked = guard((), |()| unblock(&aside_directory.join("conf")));
    assert!(aside.reason.contains("no progress"), "{}", aside.reason);
    assert_same(&engine, &truth);
    assert!(0 < world.work(&engine, 30));
    let error = engine.checkpoint().unwrap_err();
    assert!(error.to_string().contains("no progress"), "{error}");
    engine.close().unwrap();
    drop(blocked);
    // Whoever copies the directory would wait at the pipe.
    fs::remove_dir_all(&aside_directory).unwrap();

    let engine = open(directory.path());
    assert_eq!(engine.opened().set_aside, None);
    let newest = engine.checkpoint().unwrap();
    engine.close().unwrap();
    assert_eq!(check(directory.path()), Some(newest));
}

#[test]
fn a_checkpoint_that_hangs_is_given_up_and_holds_nothing_up() {
    let directory = tempfile::tempdir().unwrap();
    let engine = open_impatient(directory.path());
    let mut world = World::new(7);
    world.work(&engine, 60);
    let pipe = block(directory.path());
    defer!(unblock(&pipe));
    std::thread::scope(|scope| {
        let checkpoint = scope.spawn(|| engine.checkpoint().unwrap_err());
        let since = Instant::now();
        assert!(0 < world.work(&engine, 60));
        assert!(since.elapsed() < Duration::from_secs(30));
        let error = checkpoint.join().unwrap();
        assert!(error.to_string().contains("no progress"), "{error}");
    });
    assert!(engine.checkpoint().is_err(), "it is not tried again before the engine is opened again");
    // The first operation behind it gives it up: what was kept for it goes, and nothing is kept any more.
    assert!(0 < world.work(&engine, 60));
    assert!(engine.inner.shared.forest.read().records_table().take_kept().is_empty());
    engine.close().unwrap();
}
