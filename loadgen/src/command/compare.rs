//! `loadgen compare`: which of two runs is faster, by how much, and how sure that is.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::Status;
use crate::report::comparison::{Side, compare, text};
use crate::report::file::read_run;

/// Say which of two runs is faster, by how much and with what spread. The exit status is 2 when they cannot be compared.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The run to compare with.
    a: PathBuf,
    /// The run that is compared.
    b: PathBuf,
    /// Print the comparison as JSON.
    #[arg(long)]
    json: bool,
}

impl Compare {
    pub(crate) fn run(&self, standard_output: &mut impl Write) -> Result<Status> {
        let (a, b) = (read_run(&self.a)?, read_run(&self.b)?);
        let (name_a, name_b) = names(&self.a, &self.b);
        let comparison = compare(Side { name: &name_a, run: &a }, Side { name: &name_b, run: &b })?;
        if self.json {
            serde_json::to_writer_pretty(&mut *standard_output, &comparison)?;
            writeln!(standard_output)?;
        } else {
            standard_output.write_all(text(&comparison).as_bytes())?;
        }
        Ok(Status::Good)
    }
}

/// What the runs are called: their files without folders and endings, unless that is the same for both.
fn names(a: &Path, b: &Path) -> (String, String) {
    let short = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    match (short(a), short(b)) {
        (Some(short_a), Some(short_b)) if short_a != short_b => (short_a, short_b),
        _ => (a.display().to_string(), b.display().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::report::testing::realistic;

    #[test]
    fn two_files_are_compared() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a.json"), folder.path().join("b.json"));
        for file in [&a, &b] {
            fs::write(file, serde_json::to_vec(&realistic()).unwrap()).unwrap();
        }
        let run = |json| {
            let mut output = Vec::new();
            let status = Compare { a: a.clone(), b: b.clone(), json }.run(&mut output).unwrap();
            assert_eq!(status, Status::Good);
            String::from_utf8(output).unwrap()
        };
        assert!(run(false).starts_with("No difference that can be told from noise: b packs 1.00 \u{b1} 0.0"));
        let json: serde_json::Value = serde_json::from_str(&run(true)).unwrap();
        assert_eq!(json["units_per_second"]["differs"], false);
        assert_eq!(json["latency_us"]["pack"]["p99_9"]["a"], json["latency_us"]["pack"]["p99_9"]["b"]);

        fs::write(&b, "{\"format\": 1, \"ver").unwrap();
        let error = Compare { a: a.clone(), b: b.clone(), json: false }.run(&mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("b.json ends in the middle"), "{error}");
    }

    #[test]
    fn names_are_short_and_tell_the_runs_apart() {
        let check = |a: &str, b: &str, expected: (&str, &str)| {
            assert_eq!(names(Path::new(a), Path::new(b)), (expected.0.to_owned(), expected.1.to_owned()));
        };
        check("runs/a.json", "runs/b.json", ("a", "b"));
        check("old/run.json", "new/run.json", ("old/run.json", "new/run.json"));
        check("-", "b.json", ("-", "b"));
    }
}
