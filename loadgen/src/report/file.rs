//! Reads `run.json`, and lets nothing in that a report could not be made of.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;

use super::histogram::Waits;
use super::run::{FORMAT, Run};

/// A run of a whole day has a timeline of about 20 MB.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("{file} cannot be read: {why}")]
    Read { file: String, why: io::Error },
    #[error("{file} is larger than {} MB, and is not a run of the load generator", FILE_BYTES_MAX >> 20)]
    TooLarge { file: String },
    #[error("{file} is empty; write a run with `loadgen run -o run.json`")]
    Empty { file: String },
    #[error("{file} ends in the middle (line {line}): it was not written to its end, so measure again")]
    Truncated { file: String, line: usize },
    #[error("{file} is not a run of the load generator: {why}; write one with `loadgen run -o run.json`")]
    NotARun { file: String, why: String },
    #[error("{file} is a run in format {found}, and this version reads format {FORMAT}: use the version that wrote it")]
    Format { file: String, found: u64 },
    #[error("{file} is a run, but damaged: {why}; measure again")]
    Damaged { file: String, why: String },
}

/// Reads a run; `-` is the standard input.
pub(crate) fn read_run(path: &Path) -> Result<Run, FileError> {
    let file = path.display().to_string();
    let read = if file == "-" { read_all(io::stdin().lock()) } else { File::open(path).and_then(read_all) };
    match read {
        Err(why) => Err(FileError::Read { file, why }),
        Ok(bytes) if FILE_BYTES_MAX < bytes.len() as u64 => Err(FileError::TooLarge { file }),
        Ok(bytes) => parse_run(&file, &bytes),
    }
}

fn read_all(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What every format of a run has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u64,
}

fn parse_run(file: &str, bytes: &[u8]) -> Result<Run, FileError> {
    let file = file.to_owned();
    if bytes.trim_ascii().is_empty() {
        return Err(FileError::Empty { file });
    }
    // A list would do for the fields of a run as well.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(FileError::NotARun { file, why: "it does not begin with {".to_owned() });
    }
    let any: AnyFormat = match serde_json::from_slice(bytes) {
        Ok(any) => any,
        Err(why) if why.is_eof() => return Err(FileError::Truncated { file, line: why.line() }),
        Err(why) => return Err(FileError::NotARun { file, why: why.to_string() }),
    };
    if any.format != u64::from(FORMAT) {
        return Err(FileError::Format { file, found: any.format });
    }
    let damaged = |why: String| FileError::Damaged { file: file.clone(), why };
    let run: Run = serde_json::from_slice(bytes).map_err(|why| damaged(why.to_string()))?;
    check(&run).map_err(damaged)?;
    Ok(run)
}

/// What the types of a run let pass and no run has.
fn check(run: &Run) -> Result<(), String> {
    let mut figures = vec![
        ("seconds", run.seconds),
        ("units_per_second", run.units_per_second),
        ("bytes_per_object", run.bytes_per_object.unwrap_or(0.0)),
        ("load", run.machine.load),
        ("disturbed", run.machine.disturbed),
    ];
    for latency in run.latency_us.values() {
        let all = [latency.mean, latency.p50, latency.p90, latency.p99, latency.p99_9, latency.p99_99, latency.max];
        figures.extend(all.map(|figure| ("latency_us", figure)));
    }
    for second in &run.timeline {
        let all = [second.at, second.p50_us, second.p99_us, second.max_us, second.stall_us];
        figures.extend(all.map(|figure| ("timeline", figure)));
    }
    // Nothing that is measured in a run reaches a thousand million million; beyond it pictures are no use.
    let impossible = figures.iter().find(|(_, figure)| !(0.0..1e15).contains(figure));
    if let Some((name, figure)) = impossible {
        return Err(format!("{name} is {figure}"));
    }
    if let Some(pair) = run.timeline.windows(2).find(|pair| pair[1].at <= pair[0].at) {
        return Err(format!("the timeline goes back from {} s to {} s", pair[0].at, pair[1].at));
    }
    if run.timeline.first().is_some_and(|second| second.at <= 0.0) {
        return Err("the timeline begins with a second that ends at 0 s".to_owned());
    }
    for (kind, latency) in &run.latency_us {
        Waits::decode(&latency.histogram).map_err(|why| format!("the histogram of {kind}: {why}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{latency, run};
    use super::*;

    fn json() -> serde_json::Value {
        let mut run = run();
        run.latency_us = [("pack".to_owned(), latency([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 1.0))].into();
        serde_json::to_value(run).unwrap()
    }

    #[test]
    fn a_run_comes_back_as_it_was_written() {
        let text = json().to_string();
        let read = parse_run("a.json", text.as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), json());
    }

    #[test]
    fn what_is_no_run_is_told_from_what_is_damaged() {
        let check = |bytes: &[u8], expected: &str| {
            let error = parse_run("a.json", bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let whole = json().to_string();
        check(b" \n", "a.json is empty; write a run with `loadgen run -o run.json`");
        check(&whole.as_bytes()[..whole.len() / 2], "a.json ends in the middle (line 1)");
        check(b"{\"hello\": 1}", "is not a run of the load generator: missing field `format`");
        check(b"<html>", "is not a run of the load generator: it does not begin with {");
        check(b"\xff\xfe", "is not a run of the load generator");
        check(b"[1]", "is not a run of the load generator");
        check(b"{\"format\": 2}", "is a run in format 2, and this version reads format 1");
        check(b"{\"format\": 1}", "is a run, but damaged: missing field `version`");
        let changed = |pointer: &str, value: serde_json::Value| {
            let mut json = json();
            *json.pointer_mut(pointer).unwrap() = value;
            json.to_string()
        };
        check(changed("/seconds", (-1.0).into()).as_bytes(), "damaged: seconds is -1");
        check(changed("/machine/disturbed", 1e300.into()).as_bytes(), "damaged: disturbed is 1");
        check(changed("/timeline/1/at", 0.5.into()).as_bytes(), "the timeline goes back from 1 s to 0.5 s");
        check(changed("/timeline/0/at", 0.0.into()).as_bytes(), "ends at 0 s");
        check(changed("/timeline/2/stall_us", (-5.0).into()).as_bytes(), "damaged: timeline is -5");
        check(changed("/latency_us/pack/max", (-5.0).into()).as_bytes(), "damaged: latency_us is -5");
        check(changed("/latency_us/pack/histogram", "AAAA".into()).as_bytes(), "damaged: the histogram of pack");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read_run(Path::new("/no/such/run.json")).unwrap_err().to_string();
        assert!(error.starts_with("/no/such/run.json cannot be read: "), "{error}");
    }
}
