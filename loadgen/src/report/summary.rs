//! A run as text, for a terminal.

use std::fmt::{self, Write};

use super::run::{Latency, Run};
use super::verdict::{describe, doubts, verdict};
use crate::quantity::{show_count, show_micros, show_share};

/// The whole summary, with a line break at its end.
pub(crate) fn summary(run: &Run) -> String {
    let mut text = String::new();
    write(run, &mut text).expect("a text in memory takes what is written");
    text
}

fn write(run: &Run, text: &mut String) -> fmt::Result {
    writeln!(text, "loadgen {}, {}, {}, seed {}", run.version, run.started, run.target, run.seed)?;
    writeln!(text, "{}\n", describe(&run.machine))?;
    writeln!(text, "{}", verdict(run))?;
    for problem in &run.problems {
        writeln!(text, "  {problem}")?;
    }
    if let Some(why) = &run.ended_early {
        writeln!(text, "Ended early: {why}")?;
    }
    writeln!(text)?;
    write_figures(run, text)?;
    if !run.latency_us.is_empty() {
        writeln!(text)?;
        write_waits(run, text)?;
    }
    for doubt in doubts(&run.machine) {
        writeln!(text, "\nwarning: {doubt}")?;
    }
    Ok(())
}

fn write_figures(run: &Run, text: &mut String) -> fmt::Result {
    let rate = show_count(run.units_per_second);
    writeln!(text, "throughput  {rate} units a second ({} units in {:.1} s)", run.units, run.seconds)?;
    let due = (run.operations + run.dropped).max(1) as f64;
    let part = |count: u64| match count {
        0 => "0".to_owned(),
        count => format!("{count} ({})", show_share(count as f64 / due)),
    };
    writeln!(
        text,
        "operations  {}; late {}, dropped {}, refused as meant {}, sent again {}",
        run.operations,
        part(run.late),
        part(run.dropped),
        part(run.refused),
        part(run.busy)
    )?;
    match run.bytes_per_object {
        Some(bytes) => writeln!(text, "memory      {bytes:.1} bytes an object, {} objects", run.objects)?,
        None => writeln!(text, "memory      the target does not tell; {} objects", run.objects)?,
    }
    let longest = run.timeline.iter().max_by(|one, other| one.stall_us.total_cmp(&other.stall_us));
    match longest.filter(|second| 0.0 < second.stall_us) {
        Some(second) => {
            writeln!(text, "stalls      {} at most, before {:.0} s", show_micros(second.stall_us), second.at)
        }
        None => writeln!(text, "stalls      none"),
    }
}

fn write_waits(run: &Run, text: &mut String) -> fmt::Result {
    let width = run.latency_us.keys().map(String::len).max().unwrap_or(0).max("waiting".len());
    write!(text, "{:<width$}  {:>10}", "waiting", "count")?;
    for name in ["mean", "p50", "p90", "p99", "p99.9", "p99.99", "max"] {
        write!(text, "  {name:>8}")?;
    }
    writeln!(text)?;
    for (kind, latency) in &run.latency_us {
        write!(text, "{kind:<width$}  {:>10}", latency.count)?;
        for micros in statistics(latency) {
            write!(text, "  {:>8}", show_micros(micros))?;
        }
        writeln!(text)?;
    }
    Ok(())
}

fn statistics(latency: &Latency) -> [f64; 7] {
    let Latency { mean, p50, p90, p99, p99_9, p99_99, max, .. } = latency;
    [*mean, *p50, *p90, *p99, *p99_9, *p99_99, *max]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{latency, run};
    use super::*;

    #[test]
    fn a_run_reads_like_this() {
        let mut run = run();
        (run.late, run.bytes_per_object) = (3, Some(55.5));
        run.timeline[1].stall_us = 12_345.0;
        run.latency_us = [("pack".to_owned(), latency([87.0, 200.0, 400.0, 800.0, 1_600.0, 5_000.0], 1.0))].into();
        assert_eq!(
            summary(&run),
            "\
loadgen 0.1.0, 2026-11-23T10:00:00Z, embedded:site, seed 7
2 x Example processor, 8.0 GiB, load 0.10 before the run, 1.00% of its time taken by others

Verified: everything that was acknowledged is there, and nothing else is.

throughput  1.00 K units a second (3000 units in 3.0 s)
operations  300; late 3 (1.00%), dropped 0, refused as meant 0, sent again 0
memory      55.5 bytes an object, 3100 objects
stalls      12.3 ms at most, before 2 s

waiting       count      mean       p50       p90       p99     p99.9    p99.99       max
pack            100   87.0 us   87.0 us    200 us    400 us    800 us   1.60 ms   5.00 ms
"
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let mut run = run();
        run.verified = false;
        run.problems = vec!["(00)1 is nowhere".to_owned()];
        run.ended_early = Some("the disk is full".to_owned());
        run.machine.optimised = false;
        run.timeline.clear();
        let text = summary(&run);
        for expected in [
            "Not verified: the target",
            "\n  (00)1 is nowhere\nEnded early: the disk is full\n",
            "the target does not tell; 3100 objects",
            "stalls      none",
            "warning: the load generator was built without optimisation",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
    }
}
