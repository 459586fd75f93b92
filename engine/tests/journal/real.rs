//! On the file system: two processes, and one that is killed.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, thread};

use packtree::disk::{Disk, LockError, RealDisk};
use packtree::journal::{Head, Journal, Opening, Sequence, Settings, VerifyError, verify};

use crate::support::{append, facts_to, opening};

/// Tells a test, started as a process of its own, to be the writer of this directory.
const WRITER: &str = "PACKTREE_TEST_JOURNAL_WRITER";

fn disk_at(path: &Path) -> Arc<dyn Disk> {
    Arc::new(RealDisk::create(path).unwrap())
}

/// Starts this very test in a process of its own, as a writer.
fn start_writer(test: &str, directory: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(WRITER, directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_second_process_is_told_which_one_has_the_directory() {
    let test = "real::a_second_process_is_told_which_one_has_the_directory";
    if let Some(directory) = env::var_os(WRITER) {
        let disk = disk_at(Path::new(&directory));
        let _lock = disk.lock().unwrap();
        println!("\nlocked");
        // Until the other side lets go.
        std::io::stdin().read_line(&mut String::new()).unwrap();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let disk = disk_at(directory.path());
    assert_eq!(disk.holder().unwrap(), None);
    let mut child = start_writer(test, directory.path());
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line == "locked"));

    let error = disk.lock().unwrap_err();
    assert!(matches!(&error, LockError::Held { holder, .. } if holder.pid == Some(child.id())), "{error}");
    assert!(error.to_string().contains(&format!("process {}", child.id())), "{error}");
    let error = verify(&*disk).unwrap_err();
    assert!(matches!(error, VerifyError::InUse(holder) if holder.pid == Some(child.id())), "{error}");

    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(disk.holder().unwrap(), None);
    let lock = disk.lock().unwrap();
    assert_eq!(disk.holder().unwrap().unwrap().pid, Some(std::process::id()));
    drop(lock);
    assert_eq!(disk.holder().unwrap(), None);
}

/// Appends until it is killed, and says after each group what has become durable.
fn write_for_ever(directory: &Path) {
    let disk = disk_at(directory);
    let lock = disk.lock().unwrap();
    let (mut journal, _) = Journal::open(disk, lock, &killed_opening(), &mut |_| Ok(())).unwrap();
    let preparer = journal.preparer();
    thread::spawn(move || preparer.run());
    for round in 0.. {
        let head = append(&mut journal, round * 7 % 40 + 1).unwrap();
        println!("\nhead {head}");
        std::io::stdout().flush().unwrap();
        journal.note_head().unwrap();
    }
}

fn killed_opening() -> Opening {
    Opening { settings: Settings { segment_bytes: 16 << 10 }, ..opening() }
}

#[test]
fn a_process_killed_at_any_moment_loses_nothing_that_it_reported() {
    let test = "real::a_process_killed_at_any_moment_loses_nothing_that_it_reported";
    if let Some(directory) = env::var_os(WRITER) {
        return write_for_ever(Path::new(&directory));
    }
    let directory = tempfile::tempdir().unwrap();
    let mut known: Option<Head> = None;
    let mut heads = 0;
    for round in 0..60_u64 {
        let mut child = start_writer(test, directory.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let killer = thread::spawn(move || {
            thread::sleep(Duration::from_micros(8_000 + round * 7_919 % 20_000));
            child.kill().unwrap();
            child.wait().unwrap();
        });
        for line in lines.map_while(Result::ok) {
            if let Some(head) = line.strip_prefix("head ").and_then(|head| head.parse().ok()) {
                known = Some(head);
                heads += 1;
            }
        }
        killer.join().unwrap();

        let disk = disk_at(directory.path());
        let report = verify(&*disk).unwrap();
        assert!(report.whole, "{:?}", report.problems);
        let mut facts = Vec::new();
        let opening = Opening { expected: known, ..killed_opening() };
        let lock = disk.lock().unwrap();
        let (journal, recovered) = Journal::open(disk, lock, &opening, &mut |frame| {
            facts.extend(frame.facts().map(|(_, fact)| fact.to_vec()));
            Ok(())
        })
        .unwrap();
        assert_eq!(facts, facts_to(recovered.head.sequence.0), "round {round}");
        assert!(known.map_or(Sequence(0), |head| head.sequence) <= recovered.head.sequence);
        known = Some(recovered.head);
        drop(journal);
    }
    assert!(heads > 60, "the writers were killed too early to tell anything: {heads} groups");
}

#[test]
fn files_are_for_their_owner_alone_and_verifying_leaves_no_trace() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("site").join("journal");
    let disk = disk_at(&path);
    assert!(verify(&*disk).unwrap().whole);
    assert_eq!(disk.list().unwrap(), Vec::<String>::new());
    let lock = disk.lock().unwrap();
    let (journal, _) = Journal::open(Arc::clone(&disk), lock, &opening(), &mut |_| Ok(())).unwrap();
    journal.close().unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    let mut names = disk.list().unwrap();
    names.sort();
    assert_eq!(names, ["00000000000000000001.segment", "head"]);
    for name in names.iter().map(String::as_str).chain(["lock"]) {
        assert_eq!(fs::metadata(path.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(RealDisk::open(path.join("lock")).is_err());
    assert!(RealDisk::open(path.join("nothing")).is_err());
}
