//! The program as it is used: options, exit status, and what it prints.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn loadgen(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loadgen")).args(arguments).current_dir(folder).output().expect("it can be run")
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_run_is_one_json_object() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = "run --target embedded:data --lines 2 --rate max --case 5 --pallet 4 --units 4000 --for 20s --seed 7 --json -o run.json";
    let output = loadgen(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    assert!(output.status.success(), "{}", words(&output.stderr));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    for field in ["units_per_second", "bytes_per_object"] {
        assert!(run[field].is_f64(), "{field}: {}", run[field]);
    }
    assert_eq!((run["late"].as_u64(), run["dropped"].as_u64()), (Some(0), Some(0)));
    assert_eq!(
        (run["verified"].as_bool(), run["units"].as_u64(), run["seed"].as_u64()),
        (Some(true), Some(4_000), Some(7))
    );
    assert!(0 < run["operations"].as_u64().unwrap());
    let pack = &run["latency_us"]["pack"];
    let [p50, p99, p99_9, max] = ["p50", "p99", "p99_9", "max"].map(|name| pack[name].as_f64().unwrap());
    assert!(0.0 < p50 && p50 <= p99 && p99 <= p99_9 && p99_9 <= max);
    let written = std::fs::read(folder.path().join("run.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), run);
    // What was written can be shown, and the site can be opened again.
    assert!(loadgen(folder.path(), &["report", "run.json"]).status.success());
    let opened = loadgen(folder.path(), &["open", "data"]);
    assert!(words(&opened.stdout).contains("opened 5000 objects"), "{}", words(&opened.stdout));
}

#[test]
fn a_limit_that_is_broken_is_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["run", "--units", "40", "--line", "6000upm", "--case", "5", "--pallet", "4", "--fail-if", "max>0us"];
    let output = loadgen(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output.stderr).contains("failed: max>0us"), "{}", words(&output.stderr));
    assert!(words(&output.stdout).contains("Verified: "), "{}", words(&output.stdout));
    // Its folder was a temporary one.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_played_is_told_and_ends_with_two() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("site.toml"), "lines = 2\ncase = 0\n").unwrap();
    std::fs::write(folder.path().join("full"), "").unwrap();
    for (arguments, part) in [
        ("run --line 0upm", "stands still"),
        ("run --line fast", "300upm"),
        ("run --case 25001", "must be 1 to 25000"),
        ("run --case 25000 --pallet 40", "a pallet of 1000000 units"),
        ("run --for 365d", "a week (7d) is the longest"),
        ("run --reject 101%", "0% to 100%"),
        ("run --stops 30s@200%", "0% to 100%"),
        ("run --profile site.toml", "line 2"),
        ("run --profile nothing", "bottle, vial, site"),
        ("run --target ftp:x", "embedded:DIR"),
        ("run --target embedded:.", "is not empty"),
        ("run --target embedded:full", "full"),
        ("run --fail-if p98>1ms", "is not measured"),
        ("find-max --line 300upm", "--fail-if"),
        ("profile nothing", "bottle, vial, site"),
        ("open nowhere", "is not a folder"),
    ] {
        let output = loadgen(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        let complaint = words(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {complaint}");
        assert!(complaint.contains(part), "{arguments}: {complaint}");
    }
}

#[test]
fn a_built_in_profile_is_printed_and_can_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let printed = loadgen(folder.path(), &["profile", "vial"]);
    assert!(printed.status.success());
    std::fs::write(folder.path().join("mine.toml"), &printed.stdout).unwrap();
    let arguments = "run --profile mine.toml --rate max --units 500 --case 5 --pallet 4 --json";
    let output = loadgen(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let profile = run["profile"].as_str().unwrap();
    assert!(profile.contains("name = \"vial\"") && profile.contains("case = 5"), "{profile}");
}

#[test]
fn the_fastest_rate_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = "find-max --line 60upm --case 5 --pallet 4 --for 300ms --fail-if units_per_second>20 --seed 1";
    let output = loadgen(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert!(words(&output.stdout).contains("the last rate that held: "), "{}", words(&output.stdout));
}

#[test]
fn nothing_is_lost_when_the_engine_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let output = loadgen(folder.path(), &["crash", "--cycles", "5", "--seed", "3"]);
    let report = words(&output.stdout);
    assert!(output.status.success(), "{report}{}", words(&output.stderr));
    assert!(report.contains("5 cycles (") && report.contains("nothing lost, nothing invented"), "{report}");
    assert!(!report.contains(" 0 operations"), "{report}");
}

#[test]
fn crash_ends_in_order_when_somebody_presses_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadgen"));
    command.args(["crash", "--cycles", "100000"]).current_dir(folder.path());
    // A terminal tells every program of the group.
    let mut running = command.process_group(0).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(running.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("10 cycles") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended by itself");
    }
    let group = format!("-{}", running.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(running.wait().unwrap().success() && rest.ends_with("nothing lost, nothing invented\n"), "{rest}");
}
