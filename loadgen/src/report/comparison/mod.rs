//! Two runs side by side: which is faster, by how much, how sure that is, and what makes the comparison doubtful.

mod ratio;
mod text;
mod warnings;

use std::collections::BTreeMap;

use serde::Serialize;

use self::ratio::{Ratio, SECONDS_MIN, ratio};
use super::run::{Latency, Run};

pub(crate) use self::text::text;

/// A run with the name that the comparison calls it by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'a> {
    pub(crate) name: &'a str,
    pub(crate) run: &'a Run,
}

/// Why two runs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ComparisonError {
    #[error("{name} has no timeline: the run ended before its first second, so there is nothing to compare")]
    Empty { name: String },
    #[error(
        "{name} lasted {seconds} whole seconds: with fewer than {SECONDS_MIN} nobody can tell a difference from noise"
    )]
    TooShort { name: String, seconds: usize },
    #[error("{name} packed nothing in most of its seconds, so there is no throughput to compare")]
    Idle { name: String },
}

/// What came of a comparison; as JSON it is what `loadgen compare --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Comparison {
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) units_per_second: Throughput,
    /// By kind of operation, then by statistic, in microseconds. Kinds that only one run has are left out.
    pub(crate) latency_us: BTreeMap<String, BTreeMap<&'static str, Pair>>,
    pub(crate) late: Pair,
    pub(crate) dropped: Pair,
    pub(crate) bytes_per_object: Option<Pair>,
    pub(crate) warnings: Vec<String>,
}

/// The throughput of both, and how many times as much the second has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Throughput {
    pub(crate) a: f64,
    pub(crate) b: f64,
    /// How many times as much b packs as a.
    pub(crate) ratio: f64,
    /// Where the true ratio lies in 95 of 100 comparisons.
    pub(crate) ratio_from: f64,
    pub(crate) ratio_to: f64,
    /// Whether the interval leaves out that both are the same.
    pub(crate) differs: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Pair {
    pub(crate) a: f64,
    pub(crate) b: f64,
}

impl Pair {
    /// How many times as much the second is; `None` where that has no meaning.
    pub(crate) fn ratio(self) -> Option<f64> {
        (0.0 < self.a).then(|| self.b / self.a)
    }
}

impl Throughput {
    fn interval(self) -> Ratio {
        Ratio { value: self.ratio, from: self.ratio_from, to: self.ratio_to }
    }
}

type Statistic = fn(&Latency) -> f64;

/// Statistics that are compared, in the order in which they are shown.
const STATISTICS: [(&str, Statistic); 7] = [
    ("mean", |latency| latency.mean),
    ("p50", |latency| latency.p50),
    ("p90", |latency| latency.p90),
    ("p99", |latency| latency.p99),
    ("p99_9", |latency| latency.p99_9),
    ("p99_99", |latency| latency.p99_99),
    ("max", |latency| latency.max),
];

/// Compares b with a.
pub(crate) fn compare(a: Side<'_>, b: Side<'_>) -> Result<Comparison, ComparisonError> {
    let (series_a, series_b) = (series(a)?, series(b)?);
    let found = ratio(&series_b, &series_a).ok_or_else(|| {
        let idle = if is_mostly_idle(&series_a) { a } else { b };
        ComparisonError::Idle { name: idle.name.to_owned() }
    })?;
    let pair = |of: fn(&Run) -> f64| Pair { a: of(a.run), b: of(b.run) };
    let bytes = a.run.bytes_per_object.zip(b.run.bytes_per_object);
    Ok(Comparison {
        a: a.name.to_owned(),
        b: b.name.to_owned(),
        units_per_second: Throughput {
            a: a.run.units_per_second,
            b: b.run.units_per_second,
            ratio: found.value,
            ratio_from: found.from,
            ratio_to: found.to,
            differs: found.is_told_from_noise(),
        },
        latency_us: latencies(a.run, b.run),
        late: pair(|run| run.late as f64),
        dropped: pair(|run| run.dropped as f64),
        bytes_per_object: bytes.map(|(a, b)| Pair { a, b }),
        warnings: warnings::warnings(a, b),
    })
}

/// Units a second in each second of a run. A last one that was cut short by more than half says too little.
fn series(side: Side<'_>) -> Result<Vec<f64>, ComparisonError> {
    let timeline = &side.run.timeline;
    if timeline.is_empty() {
        return Err(ComparisonError::Empty { name: side.name.to_owned() });
    }
    let starts = std::iter::once(0.0).chain(timeline.iter().map(|second| second.at));
    let lengths: Vec<f64> = timeline.iter().zip(starts).map(|(second, start)| second.at - start).collect();
    let last_is_cut = lengths.last().is_some_and(|length| *length < lengths[0] / 2.0);
    let whole = timeline.len() - usize::from(last_is_cut);
    if whole < SECONDS_MIN {
        return Err(ComparisonError::TooShort { name: side.name.to_owned(), seconds: whole });
    }
    let rates = timeline.iter().zip(lengths).take(whole).map(|(second, length)| second.units as f64 / length);
    Ok(rates.collect())
}

fn is_mostly_idle(series: &[f64]) -> bool {
    series.len() < 2 * series.iter().filter(|rate| **rate == 0.0).count()
}

fn latencies(a: &Run, b: &Run) -> BTreeMap<String, BTreeMap<&'static str, Pair>> {
    let both = a.latency_us.iter().filter_map(|(kind, a)| Some((kind, a, b.latency_us.get(kind)?)));
    both.map(|(kind, a, b)| {
        let pairs = STATISTICS.iter().map(|(name, of)| (*name, Pair { a: of(a), b: of(b) }));
        (kind.clone(), pairs.collect())
    })
    .collect()
}

#[cfg(test)]
mod tests;
