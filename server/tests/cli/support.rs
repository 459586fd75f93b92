//! A site in a folder of its own, and commands run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_packtree");

/// Short names for the objects of the demo: pallets, cases, units.
const NAMES: &[(&str, &str)] = &[
    ("P1", "(00)095212345000001008"),
    ("P2", "(00)095212345000001015"),
    ("C1", "(00)095212345000000018"),
    ("C2", "(00)095212345000000025"),
    ("C3", "(00)095212345000000032"),
    ("C4", "(00)095212345000000049"),
    ("NEW", "(00)095212345000000995"),
    ("LOTA", "(01)09521234543213(10)L2503A"),
];

pub(crate) struct Site {
    folder: TempDir,
    /// The server that has the data open, with a key for it.
    pub(crate) server: Option<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Site {
    /// A folder without data.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: None }
    }

    /// The site that `packtree demo` builds.
    pub(crate) fn demo() -> Self {
        let site = Self::empty();
        let ran = site.run("demo --once");
        assert_eq!(ran.code, 0, "{ran:?}");
        site
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// A command on the site. Words are apart by spaces, or in single quotes; short names stand for identifiers.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words(line)).current_dir(self.folder());
        // The user's own settings must not change what is tested.
        for variable in ["PACKTREE_DATA", "PACKTREE_SERVER", "PACKTREE_KEY", "PACKTREE_CERTIFICATE"] {
            command.env_remove(variable);
        }
        match &self.server {
            Some((url, key)) => command.args(["--server", url]).env("PACKTREE_KEY", key),
            None => command.arg("--data").arg(self.data()),
        };
        command.env("USER", "tester").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Ran {
        Ran::of(self.command(line).output().unwrap())
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --json"));
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}"))
    }

    /// Runs rows such as `unpack C1 => 0 out of P1: C1`: the command, its exit code, and what standard output or error says.
    #[track_caller]
    pub(crate) fn check(&self, rows: &str) {
        for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
            let (command, expected) = row.split_once("=>").expect("a row has a command and what is expected");
            let (code, said) = expected.trim().split_once(' ').unwrap_or((expected.trim(), ""));
            let ran = self.run(command.trim());
            assert_eq!(ran.code.to_string(), code, "{row}\n{ran:?}");
            // Where a line is wrapped depends on how long the path of the folder is.
            let said = spaced_once(&expanded(said));
            let all = spaced_once(&format!("{}\n{}", ran.out, ran.err));
            assert!(all.contains(&said), "{row}\nexpected: {said}\n{ran:?}");
            assert!(!ran.err.contains("panicked"), "{row}\n{ran:?}");
        }
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The identifier for a short name; `U7` is the unit with serial number A0007.
pub(crate) fn id(name: &str) -> String {
    if let Some((_, id)) = NAMES.iter().find(|(known, _)| *known == name) {
        return (*id).to_owned();
    }
    let number: Option<u32> = name.strip_prefix('U').and_then(|digits| digits.parse().ok());
    number.map_or_else(|| name.to_owned(), |number| format!("(01)09521234543213(21)A{number:04}"))
}

/// A sentence with identifiers in place of short names.
fn expanded(text: &str) -> String {
    let parts = text.split_inclusive(|character: char| !character.is_ascii_alphanumeric());
    let mut text = String::new();
    for part in parts {
        let word = part.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
        text.push_str(&id(word));
        text.push_str(&part[word.len()..]);
    }
    text
}

fn spaced_once(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(id));
        }
    }
    words
}
