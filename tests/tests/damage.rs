//! Every file of a directory is damaged in every region; the engine notices, or answers as if nothing had happened.

use std::fs;
use std::path::{Path, PathBuf};

use packtree::{Engine, Policy};
use packtree_tests::rig::{Answers, copy, options};
use packtree_tests::workload::{Draw, beginning, clock_after};
use packtree_tests::world::Seeded;

const STEPS: u64 = 150;

/// How many regions each file is damaged in.
fn regions() -> usize {
    if std::env::var_os("PACKTREE_LONG").is_some() { 200 } else { 24 }
}

fn open(directory: &Path) -> Result<Engine, packtree::OpenError> {
    Engine::open(directory, options(&Policy::default(), clock_after(STEPS)))
}

/// A directory with facts on both sides of a checkpoint, closed in order.
fn write(directory: &Path) -> Answers {
    let engine = open(directory).expect("the file system works");
    let random = Seeded::new(5);
    let requests = beginning().into_iter().chain((0..STEPS).map(|step| Draw::from_seed(&random).request(step)));
    for (place, request) in requests.enumerate() {
        let _ = engine.submit(request).expect("the file system works");
        if place == 80 {
            engine.checkpoint().expect("the file system works");
        }
    }
    let answers = Answers::of(&engine).expect("the file system works");
    engine.close().expect("the file system works");
    answers
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).expect("the file system works") {
        let path = entry.expect("the file system works").path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Damages a copy of a file, and says whether the engine noticed. It never answers anything else than before.
fn noticed(whole: &Path, file: &Path, expected: &Answers, damage: &str, damaged: &[u8]) -> bool {
    let trial = tempfile::tempdir().expect("the file system works");
    copy(whole, trial.path()).expect("the file system works");
    let name = file.strip_prefix(whole).expect("the file system works");
    fs::write(trial.path().join(name), damaged).expect("the file system works");
    match open(trial.path()) {
        Err(error) => {
            assert!(!error.to_string().is_empty());
            true
        }
        Ok(engine) => match Answers::of(&engine) {
            Err(_) => true,
            Ok(answers) => {
                let same = answers == *expected;
                assert!(same, "{}, {damage}: head {}, not {}", name.display(), answers.head, expected.head);
                false
            }
        },
    }
}

#[test]
fn damage_anywhere_is_noticed_or_harmless() {
    let directory = tempfile::tempdir().unwrap();
    let expected = write(directory.path());
    let (mut trials, mut seen) = (0, 0);
    for file in files_below(directory.path()) {
        let bytes = fs::read(&file).unwrap();
        let step = (bytes.len() / regions()).max(1);
        let mut count = |damage: String, damaged: &[u8]| {
            trials += 1;
            seen += usize::from(noticed(directory.path(), &file, &expected, &damage, damaged));
        };
        for offset in (0..bytes.len()).step_by(step) {
            let offset = (offset + Seeded::new(offset as u64).below(step as u64) as usize).min(bytes.len() - 1);
            let bit = offset % 8;
            let mut damaged = bytes.clone();
            damaged[offset] ^= 1 << bit;
            count(format!("bit {bit} of byte {offset} flipped"), &damaged);
            count(format!("cut to {offset} bytes"), &bytes[..offset]);
        }
    }
    println!("{trials} damages, {seen} noticed, the others harmless");
}

#[test]
fn a_file_that_is_gone_is_noticed_or_made_again() {
    let directory = tempfile::tempdir().unwrap();
    let expected = write(directory.path());
    for file in files_below(directory.path()) {
        let trial = tempfile::tempdir().unwrap();
        copy(directory.path(), trial.path()).unwrap();
        let name = file.strip_prefix(directory.path()).unwrap();
        fs::remove_file(trial.path().join(name)).unwrap();
        if let Ok(engine) = open(trial.path()) {
            assert_eq!(Answers::of(&engine).unwrap().head, expected.head, "{} is gone", name.display());
        }
    }
}

#[test]
fn an_older_copy_is_noticed() {
    let (older, newer) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(older.path());
    copy(older.path(), newer.path()).unwrap();
    let engine = open(newer.path()).unwrap();
    for step in 0..40 {
        let request = packtree_tests::world::request(
            1 << 90 | step,
            packtree_tests::world::commission(
                packtree::fact::Level::Unit,
                None,
                vec![packtree_tests::world::item(7, step as u64)],
            ),
        );
        let _ = engine.submit(request).unwrap();
    }
    let head = engine.close().unwrap();
    drop(engine);
    let mixed = tempfile::tempdir().unwrap();
    copy(older.path(), mixed.path()).unwrap();
    fs::copy(newer.path().join("head"), mixed.path().join("head")).unwrap();
    open(mixed.path()).expect_err("an older journal under a newer head");
    let expecting = packtree::Options { expected: Some(head), ..options(&Policy::default(), clock_after(STEPS)) };
    Engine::open(older.path(), expecting.clone()).expect_err("an older directory, and the caller knows the newer head");
    Engine::open(newer.path(), expecting).expect("the directory that the caller knows");
}
