//! Dependencies point one way, between the packages and inside the engine.

use std::collections::BTreeMap;

use crate::source::{files, read, shipped_rust};

/// What each package may depend on in the workspace.
const PACKAGES: &[(&str, &[&str])] = &[
    ("packtree-gs1", &[]),
    ("packtree", &["packtree-gs1"]),
    ("packtree-epcis", &["packtree", "packtree-gs1"]),
    ("packtree-wire", &["packtree", "packtree-gs1", "packtree-epcis"]),
    ("packtree-client", &["packtree", "packtree-gs1", "packtree-epcis", "packtree-wire"]),
    ("packtree-server", &["packtree", "packtree-gs1", "packtree-epcis", "packtree-wire", "packtree-client"]),
    // What a user would use, and no more.
    ("packtree-loadgen", &["packtree", "packtree-gs1", "packtree-epcis", "packtree-client"]),
    ("packtree-benches", &["packtree", "packtree-gs1", "packtree-epcis"]),
    ("packtree-tests", &["packtree", "packtree-gs1", "packtree-epcis"]),
];

/// The modules of the engine, the lowest first: a module may use those on lines above its own, and those on its line.
///
/// The journal lies under the facts because it must not know what a fact means: to it they are bytes.
const ENGINE: &[&[&str]] = &[
    &["limits"],
    &["disk"],
    &["journal"],
    &["vocabulary", "fact", "refusal", "policy", "surroundings"],
    &["forest"],
    &["codec"],
    &["operation"],
    &["requests"],
    &["error"],
    &["state"],
    &["query"],
    &["engine"],
    // What the whole-system proofs steer the engine with.
    &["simulation"],
];

/// Packages that the pure layers must not reach, and where they are allowed.
const KEPT_OUT: &[(&str, &[&str])] = &[
    ("serde_json", &["server", "server/wire", "server/client", "loadgen", "tests", "benches", "engine/epcis"]),
    ("quick-xml", &["engine/epcis"]),
    ("sled", &["engine"]),
    ("bincode", &["engine"]),
    ("axum", &["server"]),
    ("tokio", &["server"]),
    ("ureq", &["server/client"]),
    ("clap", &["server", "loadgen"]),
    ("indicatif", &["server", "loadgen"]),
];

#[test]
fn packages_depend_one_way() {
    let manifests = manifests();
    for (folder, manifest) in &manifests {
        let name = package_name(manifest);
        let (_, allowed) = PACKAGES
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap_or_else(|| panic!("{folder}/Cargo.toml: the package {name} is not in the list of layers"));
        for (section, dependency) in dependencies(manifest) {
            let is_ours = PACKAGES.iter().any(|(known, _)| *known == dependency);
            let is_test_of_itself = section == "dev-dependencies" && dependency == name;
            assert!(
                !is_ours || is_test_of_itself || allowed.contains(&dependency.as_str()),
                "{folder}/Cargo.toml: {name} must not depend on {dependency}"
            );
        }
    }
    assert_eq!(manifests.len(), PACKAGES.len(), "the list of layers names a package that does not exist");
}

#[test]
fn formats_and_stores_stay_where_they_belong() {
    for (folder, manifest) in manifests() {
        for (section, dependency) in dependencies(&manifest) {
            let Some((_, allowed)) = KEPT_OUT.iter().find(|(known, _)| *known == dependency) else { continue };
            assert!(
                section == "dev-dependencies" || allowed.contains(&folder.as_str()),
                "{folder}/Cargo.toml: {dependency} is allowed in {allowed:?} only"
            );
        }
    }
}

#[test]
fn modules_of_the_engine_depend_one_way() {
    let exports = crate_root_exports(&read("engine/src/lib.rs"));
    let mut reverse = Vec::new();
    for file in shipped_rust().iter().filter(|file| file.path.starts_with("engine/src/")) {
        let module = file.path["engine/src/".len()..].split(['/', '.']).next().expect("a path has a first part");
        if module == "lib" {
            continue;
        }
        let height = height(module).unwrap_or_else(|| panic!("{}: {module} is not in the list of layers", file.path));
        for (line, text) in file.shipped() {
            for used in used_modules(text, &exports) {
                let used_height = self::height(&used).unwrap_or_else(|| {
                    panic!("{}:{line}: {used} is not in the list of layers", file.path);
                });
                if height < used_height {
                    reverse.push(format!("{}:{line}: {module} must not use {used}", file.path));
                }
            }
        }
    }
    assert!(reverse.is_empty(), "dependencies that point upwards:\n{}", reverse.join("\n"));
}

#[test]
fn a_reverse_edge_is_seen() {
    let exports = crate_root_exports("pub use engine::{\n    Caller,\n    Engine,\n};\npub use policy::Policy;\n");
    let seen = |line| used_modules(line, &exports);
    assert_eq!(seen("use crate::engine::Error;"), ["engine"]);
    assert_eq!(seen("use crate::{Engine, Policy};"), ["engine", "policy"]);
    assert_eq!(seen("    let it = crate::Engine::open();"), ["engine"]);
    assert_eq!(seen("use crate::{fact::{Fact, Level}, limits};"), ["fact", "limits"]);
    assert!(height("forest") < height("engine") && height("fact") < height("forest"));
}

#[test]
fn files_are_opened_in_one_place() {
    // sled opens files by itself, so the store that guards it works on files too.
    const ALLOWED: &[&str] = &["engine/src/disk/real.rs", "engine/src/state/store.rs"];
    for file in shipped_rust().iter().filter(|file| file.path.starts_with("engine/")) {
        for (line, text) in file.shipped() {
            assert!(
                ALLOWED.contains(&file.path.as_str()) || !text.contains("std::fs"),
                "{}:{line}: only {ALLOWED:?} may use std::fs; go through the `Disk` seam",
                file.path
            );
        }
    }
}

#[test]
fn every_package_inherits_the_lints_and_the_licence() {
    for (folder, manifest) in manifests() {
        assert!(manifest.contains("[lints]\nworkspace = true"), "{folder}/Cargo.toml does not inherit the lints");
        assert!(manifest.contains("license.workspace = true"), "{folder}/Cargo.toml does not inherit the licence");
    }
}

fn height(module: &str) -> Option<usize> {
    ENGINE.iter().position(|layer| layer.contains(&module))
}

/// The folders and texts of the manifests of packages.
fn manifests() -> Vec<(String, String)> {
    files(&["Cargo.toml"])
        .into_iter()
        .filter(|file| file.text.contains("[package]") && !file.text.contains("\n[workspace]"))
        .map(|file| (file.path.trim_end_matches("/Cargo.toml").to_owned(), file.text))
        .collect()
}

fn package_name(manifest: &str) -> String {
    let line = manifest.lines().find_map(|line| line.strip_prefix("name = \"")).expect("a package has a name");
    line.trim_end_matches('"').to_owned()
}

/// Section and name of each dependency.
fn dependencies(manifest: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in manifest.lines() {
        if let Some(header) = line.strip_prefix('[') {
            header.trim_end_matches(']').clone_into(&mut section);
        } else if section.ends_with("dependencies") {
            let name: String = line.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
            if !name.is_empty() {
                found.push((section.clone(), name));
            }
        }
    }
    found
}

/// The module from which the root of the crate exports each name.
fn crate_root_exports(root: &str) -> BTreeMap<String, String> {
    let mut exports = BTreeMap::new();
    let flat = root.replace('\n', " ");
    for statement in flat.split("pub use ").skip(1) {
        let statement = statement.split(';').next().expect("a split has a first part");
        let Some((module, names)) = statement.split_once("::") else { continue };
        for name in names.trim_matches(['{', '}']).split(',').map(|name| name.trim().trim_matches(['{', '}'])) {
            exports.insert(name.to_owned(), module.to_owned());
        }
    }
    exports
}

/// The modules that a line names through `crate::`.
fn used_modules(line: &str, exports: &BTreeMap<String, String>) -> Vec<String> {
    let mut used = Vec::new();
    for after in line.split("crate::").skip(1) {
        let names: Vec<String> = match after.strip_prefix('{') {
            Some(list) => outermost(list),
            None => vec![word(after)],
        };
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let module = exports.get(&name).cloned().unwrap_or(name);
            // Names from other crates, such as `Identifier`, and macros belong to no layer.
            if !module.starts_with("packtree_") && module.chars().next().is_some_and(char::is_lowercase) {
                used.push(module);
            }
        }
    }
    used
}

/// The first word of each item of a list in braces.
fn outermost(list: &str) -> Vec<String> {
    let (mut depth, mut start, mut items) = (0_usize, 0, Vec::new());
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(word(list[start..at].trim()));
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(word(list[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}
