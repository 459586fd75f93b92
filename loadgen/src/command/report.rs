//! `loadgen report`: a run as text or as a page, and its limits as an exit status.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use super::Status;
use crate::report::file::read_run;
use crate::report::page::page;
use crate::report::summary::summary;
use crate::report::threshold::Threshold;

/// Show a run: as text, or as one page with plots. The exit status is 1 when the run was not verified or breaks a limit, and 2
/// when the file is no run.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The file that `loadgen run -o` has written; `-` for the standard input.
    run: PathBuf,
    /// Write a page with plots, which needs no network.
    #[arg(long)]
    html: bool,
    /// Where to write; the standard output if not given.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fail when this holds, such as `p99.9>5ms`, `pack.p99>2ms`, `late>0`, `dropped>1%`, `units_per_second<3M`; may be given
    /// several times.
    #[arg(long, value_name = "EXPRESSION")]
    fail_if: Vec<Threshold>,
}

impl Report {
    /// Writes the report to `standard_output`, or to the file that was named; what is broken goes to `complaints`.
    pub(crate) fn run(&self, standard_output: &mut impl Write, complaints: &mut impl Write) -> Result<Status> {
        let run = read_run(&self.run)?;
        let text = if self.html { page(&run) } else { summary(&run) };
        match &self.output {
            Some(file) => fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?,
            None => standard_output.write_all(text.as_bytes())?,
        }
        let broken: Vec<String> = self.fail_if.iter().filter_map(|threshold| threshold.is_broken_by(&run)).collect();
        for broken in &broken {
            writeln!(complaints, "failed: {broken}")?;
        }
        Ok(if run.verified && broken.is_empty() { Status::Good } else { Status::Failed })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::report::run::Run;
    use crate::report::testing::realistic;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        report: Report,
    }

    /// Status, standard output and complaints of `loadgen report` with these arguments behind the run.
    fn report(run: &Run, arguments: &[&str]) -> (Status, String, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run.json");
        fs::write(&file, serde_json::to_vec(run).unwrap()).unwrap();
        let all = ["report", file.to_str().unwrap()].into_iter().chain(arguments.iter().copied());
        let line = Line::try_parse_from(all).unwrap();
        let (mut output, mut complaints) = (Vec::new(), Vec::new());
        let status = line.report.run(&mut output, &mut complaints).unwrap();
        (status, String::from_utf8(output).unwrap(), String::from_utf8(complaints).unwrap())
    }

    #[test]
    fn limits_decide_the_exit_status() {
        let run = realistic();
        let (status, output, complaints) = report(&run, &["--fail-if", "max>10s", "--fail-if", "dropped>5%"]);
        assert_eq!((status, complaints.as_str()), (Status::Good, ""));
        assert!(output.starts_with("loadgen 0.1.0, "));

        let (status, _, complaints) = report(&run, &["--fail-if", "pack.p50>=1us", "--fail-if", "max>10s"]);
        assert_eq!(status, Status::Failed);
        assert!(complaints.starts_with("failed: pack.p50>=1us: p50 of pack is "), "{complaints}");

        let (status, ..) = report(&Run { verified: false, ..run }, &[]);
        assert_eq!(status, Status::Failed);
    }

    #[test]
    fn a_page_goes_where_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run.html");
        let (_, output, _) = report(&realistic(), &["--html", "-o", file.to_str().unwrap()]);
        assert_eq!(output, "");
        assert!(fs::read_to_string(&file).unwrap().starts_with("<!DOCTYPE html>"));
        let (_, output, _) = report(&realistic(), &["--html"]);
        assert!(output.ends_with("</html>"));
    }

    #[test]
    fn a_bad_limit_is_a_usage_error() {
        assert!(Line::try_parse_from(["report", "run.json", "--fail-if", "p98>1ms"]).is_err());
    }
}
