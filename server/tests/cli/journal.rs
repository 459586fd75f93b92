//! The journal: whole, in use, damaged, salvaged, copied.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::support::Site;

#[test]
fn a_directory_in_use_names_the_process() {
    let site = Site::demo();
    let mut holder = site.command("import -").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let pid = holder.id().to_string();
    let lock = site.data().join("lock");
    while fs::read_to_string(&lock).unwrap_or_default().trim() != pid {
        assert!(holder.try_wait().unwrap().is_none(), "the holder ended early");
        thread::sleep(Duration::from_millis(10));
    }
    site.check(&format!(
        "
        tree P1             => 2 is in use by process {pid}
        unpack C1           => 2 is in use by process {pid}
        verify              => 2 is in use by process {pid}
        backup taken        => 0 copied: 14 facts in 1 segment
        verify taken        => 0 whole: 14 facts
        "
    ));
    holder.kill().unwrap();
    holder.wait().unwrap();
    site.check("unpack C1 => 0 done: unpack, fact #15");
}

#[test]
fn a_directory_that_cannot_be_locked_says_who_must_have_it() {
    let site = Site::demo();
    let lock = site.data().join("lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    site.check(
        "
        tree P1     => 2 cannot be locked
        tree P1     => 2 give it to that user with chown
        ",
    );
}

#[test]
fn damage_is_found_and_what_is_left_is_salvaged() {
    let site = Site::demo();
    let segments: Vec<_> = fs::read_dir(site.data())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "segment"))
        .collect();
    assert_eq!(segments.len(), 1);
    // Behind the header of the segment lies the first frame.
    let mut file = OpenOptions::new().write(true).open(&segments[0]).unwrap();
    let middle = first_frames_end(&segments[0]);
    file.seek(SeekFrom::Start(middle)).unwrap();
    file.write_all(b"damage").unwrap();
    drop(file);

    site.check(
        "
        verify              => 1 not whole:
        verify              => 1 packtree salvage --data
        tree P1             => 2 is damaged at byte
        tree P1             => 2 packtree verify --data
        salvage data        => 2 is not empty
        salvage rescued     => 0 copied:
        verify rescued      => 0 whole:
        ",
    );
    let report = site.json("verify");
    assert_eq!(report["whole"], false);
    assert!(report["problems"][0]["what"].is_string(), "{report}");
}

#[test]
fn a_backup_is_put_back_into_a_new_directory_only() {
    let site = Site::demo();
    let backup = site.json("backup taken");
    assert_eq!((&backup["facts"], &backup["segments"]), (&serde_json::json!(14), &serde_json::json!(1)));
    assert_eq!(backup["head"], site.json("verify")["head"]);
    site.check(
        "
        backup taken    => 2 the directory to copy into is not empty
        restore taken   => 2 there are data in
        restore taken   => 2 name a new directory with --data
        tree P1         => 0 C1
        ",
    );
    fs::rename(site.data(), site.folder().join("lost")).unwrap();
    site.check(
        "
        backup other    => 2 data
        restore nowhere => 2 nowhere
        restore taken   => 0 copied: 14 facts
        verify          => 0 whole: 14 facts
        tree P1         => 0 C1
        unpack C1       => 0 done: unpack, fact #15
        verify taken    => 0 whole: 14 facts
        ",
    );
}

/// A place in the last quarter of what is written in a segment: the rest is zeros.
fn first_frames_end(segment: &std::path::Path) -> u64 {
    let bytes = fs::read(segment).unwrap();
    let written = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    (written * 3 / 4) as u64
}
