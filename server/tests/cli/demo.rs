//! The demo, and every command that it and the README show.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{PROGRAM, Ran, Site};

/// Runs a command line as a user does, in a shell.
fn shell(line: &str, folder: &Path) -> Ran {
    let programs = Path::new(PROGRAM).parent().unwrap().to_owned();
    let known = env::var_os("PATH").unwrap_or_default();
    let path: OsString = env::join_paths([programs].into_iter().chain(env::split_paths(&known))).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("PATH", path).env("TMPDIR", folder);
    Ran::of(command.env_remove("PACKTREE_DATA").env_remove("PACKTREE_SERVER").output().unwrap())
}

#[test]
fn the_demo_shows_a_site_and_its_next_steps_work() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(PROGRAM)
        .args(["demo", "--once"])
        .current_dir(&folder)
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    let ran = Ran::of(output);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("pallet, 2 cases, 12 units"), "{ran:?}");
    assert!(!ran.out.contains("refused"), "{ran:?}");
    let steps: Vec<&str> = ran.out.lines().map(str::trim).filter(|line| line.starts_with(PROGRAM)).collect();
    assert_eq!(steps.len(), 6, "{ran:?}");
    for step in steps {
        let ran = shell(step, folder.path());
        assert_eq!(ran.code, 0, "{step}\n{ran:?}");
        assert!(!ran.out.is_empty(), "{step}");
    }
}

#[test]
fn a_demo_that_nobody_sits_before_serves_for_a_moment_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["demo", "--port", "0"]).stdin(Stdio::null()).env("TMPDIR", folder.path());
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    for expected in ["3 lines pack", "/v1/demo/enter?token=", "olga", "The wrong case", "screen", "The lines packed"] {
        assert!(ran.out.contains(expected), "{expected} is missing in {ran:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "the data are deleted");
}

#[test]
fn a_demo_does_not_touch_data_that_are_there() {
    Site::demo().check("demo => 2 holds data already");
}

#[test]
fn commands_of_the_readme_work_as_they_stand() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut run = 0;
    for line in readme.lines().filter(|line| line.starts_with("packtree ")) {
        let ran = shell(line, folder.path());
        assert_eq!(ran.code, 0, "{line}\n{ran:?}");
        run += 1;
    }
    assert!(3 < run, "the README shows how the command line is used");
}

#[test]
fn the_picture_in_the_readme_is_what_is_printed() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let ran = Site::demo().run("tree P1");
    assert!(readme.contains(&ran.out), "the README does not show\n{}", ran.out);
}

#[test]
fn every_verb_has_help() {
    let site = Site::empty();
    let help = site.run("--help");
    let commands = help.out.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut verbs = 0;
    for line in commands.filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let verb = line.split_whitespace().next().unwrap();
        if verb == "help" {
            continue;
        }
        let ran = site.run(&format!("{verb} --help"));
        assert_eq!(ran.code, 0, "{verb}: {ran:?}");
        assert!(ran.out.lines().all(|line| line.chars().count() <= 100), "{verb}: {}", ran.out);
        verbs += 1;
    }
    assert!(30 < verbs, "{verbs} verbs were found");
}
