//! The units of systemd.

use std::fs;
use std::io::ErrorKind;
use std::process::Command;

use super::read;

const UNITS: [&str; 3] = ["packtree.service", "packtree-backup.service", "packtree-backup.timer"];

/// The settings of a unit: section, name, value.
fn settings(unit: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in unit.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no setting: {line}"));
            found.push((section.clone(), name.to_owned(), value.to_owned()));
        }
    }
    found
}

#[test]
fn the_service_can_do_no_more_than_it_needs() {
    let settings = settings(&read("packtree.service"));
    let value = |name: &str| -> Vec<&str> {
        settings
            .iter()
            .filter(|(section, known, _)| section == "Service" && known == name)
            .map(|(_, _, value)| &**value)
            .collect()
    };
    for (name, expected) in [
        ("User", "packtree"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("CapabilityBoundingSet", ""),
        ("StateDirectory", "packtree"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
        ("MemoryDenyWriteExecute", "yes"),
        ("LimitCORE", "0"),
    ] {
        assert_eq!(value(name), [expected], "{name}");
    }
    for name in ["MemoryMax", "TasksMax", "LimitNOFILE", "TimeoutStopSec", "SystemCallFilter"] {
        assert!(!value(name).is_empty(), "{name} has no limit");
    }
}

/// What it says about a unit that it would not start as written. The program is here and not where it is installed.
#[test]
fn systemd_reads_the_units() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    for unit in UNITS {
        let text = read(unit).replace("/usr/local/bin/packtree ", &format!("{} ", env!("CARGO_BIN_EXE_packtree")));
        fs::write(folder.path().join(unit), text).expect("the copy can be written");
    }
    for unit in UNITS {
        let verified = Command::new("systemd-analyze").arg("verify").arg(folder.path().join(unit)).output();
        let output = match verified {
            // A machine without systemd runs none of them either; the other tests still read the files.
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            result => result.expect("systemd-analyze runs"),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        let about: Vec<&str> = said.lines().filter(|line| line.contains("packtree")).collect();
        assert!(about.is_empty(), "{unit}: {about:?}");
    }
}
