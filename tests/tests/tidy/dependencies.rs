//! The licences of everything that is linked in, against `deny.toml`.

use std::env;
use std::process::Command;

use serde_json::Value;

use crate::source::{read, top};

#[test]
fn every_licence_is_allowed() {
    let deny = read("deny.toml");
    let allowed = quoted(section(&deny, "allow = ["));
    let exceptions: Vec<(String, Vec<String>)> = deny
        .lines()
        .filter_map(|line| line.trim().strip_prefix("{ crate = "))
        .filter(|line| line.contains("allow = ["))
        .map(|line| {
            let mut words = quoted(line.split('}').next().expect("a split has a first part"));
            (words.remove(0), words)
        })
        .collect();
    let packages = linked_packages();
    assert!(50 < packages.len(), "only {} packages were found", packages.len());
    for (name, licence) in &packages {
        let extra = exceptions.iter().find(|(excepted, _)| excepted == name).map_or(&[][..], |(_, extra)| extra);
        let is_allowed = is_satisfied(licence, &|one| allowed.iter().chain(extra).any(|known| known == one));
        assert!(is_allowed, "the licence of {name} is {licence}, which deny.toml does not allow");
    }
    for (name, _) in &exceptions {
        assert!(packages.iter().any(|(known, _)| known == name), "deny.toml excepts {name}, which is not linked in");
    }
}

#[test]
fn every_advisory_that_is_ignored_has_a_reason() {
    let deny = read("deny.toml");
    let ignored: Vec<&str> = deny.lines().filter(|line| line.contains("RUSTSEC-")).collect();
    assert!(!ignored.is_empty());
    for line in ignored {
        assert!(line.contains("reason = \""), "deny.toml: say why: {line}");
    }
}

#[test]
fn licence_expressions_are_read() {
    let check = |licence, expected| {
        let is_allowed = |one: &str| ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].contains(&one);
        assert_eq!(is_satisfied(licence, &is_allowed), expected, "{licence}");
    };
    check("MIT OR GPL-3.0", true);
    check("GPL-3.0", false);
    check("GPL-3.0/MIT", true);
    check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
    check("(MIT OR Apache-2.0) AND GPL-3.0", false);
    check("Apache-2.0 WITH LLVM-exception OR Apache-2.0", true);
}

/// Name and licence of each package that this platform builds, tests and benches included, ours excluded.
fn linked_packages() -> Vec<(String, String)> {
    let cargo = env::var("CARGO").expect("tests are run by cargo");
    let run = |arguments: &[&str]| {
        let output = Command::new(&cargo).args(arguments).current_dir(top()).output().expect("cargo can be run");
        assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("cargo prints UTF-8")
    };
    let version = run(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let metadata = run(&["metadata", "--locked", "--format-version", "1", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    let used = metadata["resolve"]["nodes"].as_array().expect("the graph has nodes");
    let packages = metadata["packages"].as_array().expect("there are packages");
    packages
        .iter()
        .filter(|package| !package["source"].is_null() && used.iter().any(|node| node["id"] == package["id"]))
        .map(|package| {
            let text = |key: &str| package[key].as_str().unwrap_or("none stated").to_owned();
            (text("name"), text("license"))
        })
        .collect()
}

/// Whether a licence expression (SPDX, or the older form with a slash) is met. `AND` binds parts in brackets or single licences.
fn is_satisfied(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.trim();
    if let Some((before, after)) = split_outside(expression, " AND ") {
        return is_satisfied(before, is_allowed) && is_satisfied(after, is_allowed);
    }
    let bare = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(expression);
    bare.replace('/', " OR ").split(" OR ").any(|one| is_allowed(one.trim()))
}

fn split_outside<'text>(text: &'text str, separator: &str) -> Option<(&'text str, &'text str)> {
    let mut at = 0;
    while let Some(found) = text[at..].find(separator) {
        let (before, after) = (&text[..at + found], &text[at + found + separator.len()..]);
        if before.matches('(').count() == before.matches(')').count() {
            return Some((before, after));
        }
        at += found + separator.len();
    }
    None
}

fn section<'text>(text: &'text str, start: &str) -> &'text str {
    let (_, after) = text.split_once(start).unwrap_or_else(|| panic!("deny.toml has no `{start}`"));
    after.split(']').next().expect("a split has a first part")
}

fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
