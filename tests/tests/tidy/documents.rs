//! What the documents say is so: commands run, links lead somewhere.

use std::path::Path;

use crate::source::{Source, files, read, top};

#[test]
fn commands_of_the_readme_are_run_by_a_test() {
    let run = read("tests/run");
    let commands = shell_commands(&read("README.md"));
    assert!(commands.iter().any(|command| command == "tests/run"), "the README says how to run the tests");
    for command in commands {
        // The test package of the server runs those of the binary itself.
        let is_run = command == "tests/run" || command.starts_with("packtree ") || run.contains(&command);
        assert!(is_run, "README.md: tests/run does not run `{command}`");
    }
}

#[test]
fn links_lead_somewhere() {
    let documents = files(&[".md"]);
    for document in &documents {
        for link in links(&document.text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let folder = Path::new(&document.path).parent().expect("a file lies in a folder");
            let target = if path.is_empty() { top().join(&document.path) } else { top().join(folder).join(path) };
            assert!(target.exists(), "{}: the link {link} leads nowhere", document.path);
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(&target).expect("a link with an anchor leads to a text");
                let headings = headings(&text);
                assert!(headings.contains(&anchor.to_owned()), "{}: {link}: no such heading", document.path);
            }
        }
    }
}

#[test]
fn the_changelog_has_its_form() {
    let changelog = read("CHANGELOG.md");
    assert!(changelog.starts_with("# Changelog\n") && changelog.contains("\n## [Unreleased]\n"));
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for heading in changelog.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(kinds.contains(&heading), "CHANGELOG.md: `{heading}` is none of {kinds:?}");
    }
}

#[test]
fn the_continuous_integration_runs_what_a_developer_runs() {
    assert!(read(".ci/run").contains("tests/run"));
}

/// The lines of `sh` blocks, without comments.
fn shell_commands(document: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside {
            let command = line.split(" #").next().unwrap_or_default().trim();
            if !command.is_empty() && !command.starts_with('#') {
                commands.push(command.to_owned());
            }
        }
    }
    commands
}

/// The targets of links, outside code.
fn links(document: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside_code = false;
    for line in document.lines() {
        if line.starts_with("```") {
            inside_code = !inside_code;
        }
        if inside_code {
            continue;
        }
        for part in line.split("](").skip(1) {
            found.extend(part.split(')').next().map(str::to_owned));
        }
    }
    found
}

/// The anchors of the headings, as the forges make them.
fn headings(document: &str) -> Vec<String> {
    let titles = document.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |title: &str| {
        let kept: String = title
            .to_lowercase()
            .chars()
            .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
            .collect();
        kept.replace(' ', "-")
    };
    titles.map(anchor).collect()
}

#[test]
fn commands_links_and_headings_are_found() {
    assert_eq!(shell_commands("a\n```sh\none  # why\n\n# two\nthree\n```\n```rust\nfour\n```"), ["one", "three"]);
    assert_eq!(links("see [a](b.md#c) and [d](e)\n```\n[f](g)\n```"), ["b.md#c", "e"]);
    let document = Source { path: String::new(), text: "# One: two, three\n".to_owned() };
    assert_eq!(headings(&document.text), ["one-two-three"]);
}
