//! Makes the tables and plots of `benches/README.md` of what criterion measured.
//!
//! `cargo run -p packtree-benches --bin tables` behind `cargo bench -p packtree-benches --bench curves`. It replaces what stands between
//! two markers in the README and writes `benches/plots/*.svg`, so that no figure is typed by hand.

mod measured;
mod plot;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;

use measured::{Measured, Series};

const BEGIN: &str =
    "<!-- The tables and plots from here on are made by `cargo run -p packtree-benches --bin tables`. -->";
const END: &str = "<!-- Here they end. -->";

/// A curve of the bench `curves`: criterion's name for it, what grows, and what is to be seen.
struct Curve {
    name: &'static str,
    grows: &'static str,
    shows: &'static str,
}

const CURVES: [Curve; 5] = [
    Curve {
        name: "size of the site",
        grows: "objects known",
        shows: "Deciding and applying in memory, one thread, spread over the whole site.",
    },
    Curve {
        name: "locate with root",
        grows: "objects known",
        shows: "Asking an engine for the parent and the root of a random unit.",
    },
    Curve {
        name: "children per container",
        grows: "children in each container",
        shows: "25,000 units, in 25,000 containers of one down to one of all.",
    },
    Curve {
        name: "lines",
        grows: "lines at the same time",
        shows: "Durable work from several threads. Calls that wait at the same time share a flush; the time is that of the run divided by the calls of all.",
    },
    Curve {
        name: "depth",
        grows: "levels from unit to root",
        shows: "The same 48 units under more and more containers.",
    },
];

fn main() -> Result<()> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let criterion = target(package).join("criterion");
    let measured = Measured::read(&criterion)?;
    let plots = package.join("plots");
    fs::create_dir_all(&plots)?;
    let mut text = String::new();
    for curve in &CURVES {
        section(&mut text, curve, &measured, &plots)?;
    }
    let readme = package.join("README.md");
    let known = fs::read_to_string(&readme).with_context(|| format!("{} cannot be read", readme.display()))?;
    fs::write(&readme, between_markers(&known, &text)?)?;
    Ok(())
}

/// Where cargo keeps what it builds, and criterion what it measured.
fn target(package: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| package.join("../target"), PathBuf::from)
}

fn between_markers(readme: &str, text: &str) -> Result<String> {
    let (before, rest) = readme.split_once(BEGIN).with_context(|| format!("the README has no line `{BEGIN}`"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("the README has no line `{END}`"))?;
    Ok(format!("{before}{BEGIN}\n\n{text}{END}{after}"))
}

fn section(text: &mut String, curve: &Curve, measured: &Measured, plots: &Path) -> Result<()> {
    let name = curve.name;
    let title: String = name[..1].to_uppercase() + &name[1..];
    writeln!(text, "### {title}\n\n{}\n", curve.shows)?;
    let series = measured.of(name);
    let Some(newest) = series.iter().map(|series| series.newest).max() else {
        writeln!(text, "Not measured yet: `cargo bench -p packtree-benches --bench curves -- '{name}'`.\n")?;
        return Ok(());
    };
    let file = format!("{}.svg", name.replace(' ', "-"));
    fs::write(plots.join(&file), plot::svg(curve.grows, &series))?;
    writeln!(text, "![{title}](plots/{file})\n\n{}", table(curve.grows, &series))?;
    let day = Timestamp::try_from(newest)?.strftime("%Y-%m-%d");
    writeln!(text, "Means. {}; {day}.\n", machine()?)?;
    Ok(())
}

fn table(grows: &str, series: &[Series]) -> String {
    let mut sizes: Vec<u64> = series.iter().flat_map(|series| series.points.iter().map(|point| point.size)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut text = format!("| {grows} |");
    for series in series {
        let _ = write!(text, " {} |", series.name);
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(series.len()));
    for size in sizes {
        let _ = write!(text, "| {} |", grouped(size));
        for series in series {
            let point = series.points.iter().find(|point| point.size == size);
            let _ = write!(text, " {} |", point.map_or("-".to_owned(), |point| time(point.mean_ns)));
        }
        text.push('\n');
    }
    text
}

/// What a reader must know of the machine. The load is that of now; measure and make the tables in one go.
fn machine() -> Result<String> {
    let model = fs::read_to_string("/proc/cpuinfo")?;
    let model = model.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kibibytes = memory.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
    let load = fs::read_to_string("/proc/loadavg")?;
    let load = load.split(' ').nth(2).unwrap_or_default();
    let cores = std::thread::available_parallelism()?;
    let model = model.trim_start_matches([' ', '\t', ':']);
    let memory = kibibytes >> 20;
    Ok(format!(
        "{cores} cores of {model}, {memory} GiB, load {load} in the quarter of an hour before these tables were made"
    ))
}

/// A time with three digits that count, in the unit that fits.
fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "us"),
        ns => (ns / 1e6, "ms"),
    };
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}

/// A number with commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place != 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            (grouped(7), grouped(25_000), grouped(50_000_000)),
            ("7".into(), "25,000".into(), "50,000,000".into())
        );
        assert_eq!(
            (time(3.456), time(123_456.0), time(12_345_678.0)),
            ("3.46 ns".into(), "123 us".into(), "12.3 ms".into())
        );
    }

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let readme = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let made = between_markers(&readme, "new\n").unwrap();
        assert_eq!(made, format!("before\n{BEGIN}\n\nnew\n{END}\nafter\n"));
        assert_eq!(between_markers(&made, "new\n").unwrap(), made);
        assert!(between_markers("no markers", "new").is_err());
    }
}
