//! The committed figures: a line for each path with its name, its instructions, and why they changed last.

use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// By how much a figure may differ from the committed one, in either direction.
const TOLERANCE_PERCENT: u128 = 5;

const HEAD: &str = "\
# Instructions of the hot paths, counted by valgrind. tests/run fails when one differs by more than 5 %; then find out why, and commit
# the new figure with its reason: cargo run --release -p packtree-benches --bin instructions -- --write \"REASON\"
";

#[derive(Debug, Default)]
pub(crate) struct Figures {
    compiler: String,
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    path: String,
    instructions: u64,
    reason: String,
}

impl Figures {
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut figures = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let (path, rest) = line.split_once(' ').with_context(|| format!("`{line}` is only one word"))?;
            if path == "compiler" {
                rest.trim().clone_into(&mut figures.compiler);
                continue;
            }
            let (instructions, reason) =
                rest.trim().split_once(' ').with_context(|| format!("`{line}` has no reason"))?;
            let instructions = instructions.parse().with_context(|| format!("`{instructions}` is no number"))?;
            figures.lines.push(Line { path: path.to_owned(), instructions, reason: reason.trim().to_owned() });
        }
        Ok(figures)
    }

    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        fs::write(file, self.text()).with_context(|| format!("{} cannot be written", file.display()))
    }

    fn text(&self) -> String {
        let mut text = format!("{HEAD}\ncompiler {}\n\n", self.compiler);
        for Line { path, instructions, reason } in &self.lines {
            let _ = writeln!(text, "{path:<32} {instructions:>10}  {reason}");
        }
        text
    }

    fn line(&self, path: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.path == path)
    }

    /// The figures with those that are outside of the tolerance replaced; the others keep figure and reason, so that many small
    /// changes add up until they are seen.
    pub(crate) fn replaced(&self, counted: &[(&'static str, u64)], reason: &str) -> Self {
        let line = |(path, instructions): &(&str, u64)| match self.line(path) {
            Some(line) if Verdict::of(line.instructions, *instructions) == Verdict::Agreed => line.clone(),
            _ => Line { path: (*path).to_owned(), instructions: *instructions, reason: reason.to_owned() },
        };
        Self { compiler: compiler(), lines: counted.iter().map(line).collect() }
    }

    pub(crate) fn compare(&self, counted: &[(&'static str, u64)]) -> Comparison {
        let mut rows: Vec<Row> = counted
            .iter()
            .map(|(path, instructions)| {
                let known = self.line(path).map(|line| line.instructions);
                let verdict = known.map_or(Verdict::New, |known| Verdict::of(known, *instructions));
                Row { path: (*path).to_owned(), known, counted: Some(*instructions), verdict }
            })
            .collect();
        let gone = self.lines.iter().filter(|line| counted.iter().all(|(path, _)| *path != line.path));
        rows.extend(gone.map(|line| Row {
            path: line.path.clone(),
            known: Some(line.instructions),
            counted: None,
            verdict: Verdict::Gone,
        }));
        let other_compiler = (self.compiler != compiler()).then(|| self.compiler.clone());
        Comparison { rows, other_compiler }
    }
}

/// What is to be said of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Agreed,
    Grown,
    Shrunk,
    New,
    Gone,
}

impl Verdict {
    fn of(known: u64, counted: u64) -> Self {
        let (known, counted) = (u128::from(known), u128::from(counted));
        if known * (100 + TOLERANCE_PERCENT) < counted * 100 {
            Self::Grown
        } else if counted * 100 < known * (100 - TOLERANCE_PERCENT) {
            Self::Shrunk
        } else {
            Self::Agreed
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Agreed => "",
            Self::Grown => "GROWN: find out why, or commit it with its reason",
            Self::Shrunk => "SHRUNK: commit the lower figure, so that it stays low",
            Self::New => "NEW: commit it",
            Self::Gone => "GONE: commit that it is no longer counted",
        }
    }
}

struct Row {
    path: String,
    known: Option<u64>,
    counted: Option<u64>,
    verdict: Verdict,
}

/// What was counted beside what is committed.
pub(crate) struct Comparison {
    rows: Vec<Row>,
    /// The compiler of the committed figures, where it is another one.
    other_compiler: Option<String>,
}

impl Comparison {
    pub(crate) fn is_agreed(&self) -> bool {
        self.rows.iter().all(|row| row.verdict == Verdict::Agreed)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<32}{:>12}{:>12}{:>9}", "instructions", "committed", "counted", "change")?;
        let number = |figure: Option<u64>| figure.map_or("-".to_owned(), |figure| figure.to_string());
        for Row { path, known, counted, verdict } in &self.rows {
            let change = match (known, counted) {
                (Some(known), Some(counted)) => format!("{:+.1} %", (*counted as f64 / *known as f64 - 1.0) * 100.0),
                _ => String::new(),
            };
            let line =
                format!("{path:<32}{:>12}{:>12}{change:>9}  {}", number(*known), number(*counted), verdict.words());
            writeln!(f, "{}", line.trim_end())?;
        }
        if !self.is_agreed() {
            writeln!(f, "cargo run --release -p packtree-benches --bin instructions -- --write \"REASON\"")?;
            if let Some(other) = &self.other_compiler {
                writeln!(
                    f,
                    "The committed figures are of {other}, these of {}: that alone can be the reason.",
                    compiler()
                )?;
            }
        }
        Ok(())
    }
}

/// The compiler's version, without where it came from.
fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.split(" (").next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Figures {
        Figures::parse("# head\n\ncompiler rustc 1.95.0\n\npack  1000  first count\nlocate   50  other hash\n").unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let figures = Figures::parse(&known().text()).unwrap();
        assert_eq!(figures.text(), known().text());
        assert_eq!(figures.lines[1].reason, "other hash");
        assert_eq!(figures.compiler, "rustc 1.95.0");
    }

    #[test]
    fn more_than_five_percent_is_seen_in_both_directions() {
        let verdicts = |pack, locate| {
            let comparison = known().compare(&[("pack", pack), ("locate", locate)]);
            let verdicts: Vec<Verdict> = comparison.rows.iter().map(|row| row.verdict).collect();
            assert_eq!(comparison.is_agreed(), verdicts == [Verdict::Agreed; 2]);
            verdicts
        };
        assert_eq!(verdicts(1_050, 50), [Verdict::Agreed, Verdict::Agreed]);
        assert_eq!(verdicts(1_051, 47), [Verdict::Grown, Verdict::Shrunk]);
        assert_eq!(verdicts(949, 53), [Verdict::Shrunk, Verdict::Grown]);
    }

    #[test]
    fn a_path_that_is_new_or_gone_is_seen() {
        let comparison = known().compare(&[("pack", 1_000), ("unpack", 7)]);
        let verdicts: Vec<Verdict> = comparison.rows.iter().map(|row| row.verdict).collect();
        assert_eq!(verdicts, [Verdict::Agreed, Verdict::New, Verdict::Gone]);
    }

    #[test]
    fn only_what_changed_gets_the_new_reason() {
        let replaced = known().replaced(&[("pack", 1_040), ("locate", 60)], "two more checks");
        let lines: Vec<_> = replaced.lines.iter().map(|line| (line.instructions, line.reason.as_str())).collect();
        assert_eq!(lines, [(1_000, "first count"), (60, "two more checks")]);
    }
}
