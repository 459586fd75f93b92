//! Limits that a run must keep: `p99.9>5ms`, `pack.p99>2ms`, `dropped>1%`, `units_per_second<3M`.
//!
//! An expression says when a run fails. That everything was found as it should be needs no expression: a run that was
//! not verified fails always.

use std::fmt::{self, Display};
use std::str::FromStr;

use super::run::{Latency, Run};
use crate::quantity::{QuantityError, parse_count, parse_micros, parse_share, show_count, show_micros, show_share};

/// When a run fails.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Threshold {
    /// As it was written.
    text: String,
    measure: Measure,
    comparison: Comparison,
    limit: Limit,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
enum Measure {
    /// Waiting; of one kind of operation, or of the worst of all kinds.
    Wait {
        kind: Option<String>,
        of: Statistic,
    },
    /// The longest stall of the run.
    Stall,
    Count(Counter),
    UnitsPerSecond,
    BytesPerObject,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Statistic {
    Mean,
    P50,
    P90,
    P99,
    P99_9,
    P99_99,
    Max,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Counter {
    Late,
    Dropped,
    Refused,
    Busy,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Above,
    AtLeast,
    Below,
    AtMost,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    Micros(f64),
    Number(f64),
    /// Of the operations that were due, from 0 to 1.
    Share(f64),
}

const STATISTICS: &[(&str, Statistic)] = &[
    ("mean", Statistic::Mean),
    ("p50", Statistic::P50),
    ("p90", Statistic::P90),
    ("p99", Statistic::P99),
    ("p99.9", Statistic::P99_9),
    ("p99.99", Statistic::P99_99),
    ("max", Statistic::Max),
];

const COUNTERS: &[(&str, Counter)] =
    &[("late", Counter::Late), ("dropped", Counter::Dropped), ("refused", Counter::Refused), ("busy", Counter::Busy)];

/// The longer sign first, so that it is not taken for the shorter one.
const COMPARISONS: &[(&str, Comparison)] =
    &[(">=", Comparison::AtLeast), ("<=", Comparison::AtMost), (">", Comparison::Above), ("<", Comparison::Below)];

/// Why an expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ThresholdError {
    #[error("`{text}` compares nothing: write a measure, one of > >= < <=, and a limit, such as p99.9>5ms")]
    Comparison { text: String },
    #[error(
        "`{name}` is not measured: write p50, p90, p99, p99.9, p99.99, max or mean (with a kind of operation in front, \
         such as pack.p99, for that kind alone), stall, late, dropped, refused, busy, units_per_second or \
         bytes_per_object"
    )]
    Measure { name: String },
    #[error("that everything is found as it should be is checked always: leave `{text}` out")]
    Verified { text: String },
    #[error("the limit of {name}: {why}")]
    Limit { name: String, why: QuantityError },
}

impl FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if plain.starts_with("verified") {
            return Err(ThresholdError::Verified { text: text.to_owned() });
        }
        let found = COMPARISONS
            .iter()
            .find_map(|(sign, comparison)| plain.split_once(sign).map(|(name, limit)| (name, *comparison, limit)));
        let Some((name, comparison, limit)) = found else {
            return Err(ThresholdError::Comparison { text: text.to_owned() });
        };
        let measure = Measure::parse(name).ok_or_else(|| ThresholdError::Measure { name: name.to_owned() })?;
        let limit = measure.limit(limit).map_err(|why| ThresholdError::Limit { name: name.to_owned(), why })?;
        Ok(Self { text: plain, measure, comparison, limit })
    }
}

impl Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Threshold {
    /// In what way a run fails, in words; `None` if it keeps the limit. A run that does not tell what is asked for fails.
    pub(crate) fn is_broken_by(&self, run: &Run) -> Option<String> {
        let measured = match self.measure.of(run, self.limit) {
            Ok(measured) => measured,
            Err(unknown) => return Some(format!("{self}: {unknown}")),
        };
        let (Limit::Micros(limit) | Limit::Number(limit) | Limit::Share(limit)) = self.limit;
        let is_broken = match self.comparison {
            Comparison::Above => measured.value > limit,
            Comparison::AtLeast => measured.value >= limit,
            Comparison::Below => measured.value < limit,
            Comparison::AtMost => measured.value <= limit,
        };
        let shown = match self.limit {
            Limit::Micros(_) => show_micros(measured.value),
            Limit::Number(_) => show_count(measured.value),
            Limit::Share(_) => format!("{} of the operations", show_share(measured.value)),
        };
        is_broken.then(|| format!("{self}: {} is {shown}", measured.what))
    }
}

/// A value, in the unit of its limit.
struct Measured {
    what: String,
    value: f64,
}

impl Measure {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "stall" => return Some(Self::Stall),
            "units_per_second" => return Some(Self::UnitsPerSecond),
            "bytes_per_object" => return Some(Self::BytesPerObject),
            _ => {}
        }
        if let Some((_, counter)) = COUNTERS.iter().find(|(known, _)| *known == name) {
            return Some(Self::Count(*counter));
        }
        let statistic = |name: &str| STATISTICS.iter().find(|(known, _)| *known == name).map(|(_, of)| *of);
        if let Some(of) = statistic(name) {
            return Some(Self::Wait { kind: None, of });
        }
        let (kind, of) = name.split_once('.')?;
        let is_word = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        is_word.then(|| Some(Self::Wait { kind: Some(kind.to_owned()), of: statistic(of)? }))?
    }

    fn limit(&self, text: &str) -> Result<Limit, QuantityError> {
        match self {
            Self::Wait { .. } | Self::Stall => parse_micros(text).map(Limit::Micros),
            Self::Count(_) if text.ends_with('%') => parse_share(text).map(Limit::Share),
            Self::Count(_) | Self::UnitsPerSecond | Self::BytesPerObject => parse_count(text).map(Limit::Number),
        }
    }

    /// The value in a run, or why there is none.
    fn of(&self, run: &Run, limit: Limit) -> Result<Measured, String> {
        let measured = |what: &str, value| Ok(Measured { what: what.to_owned(), value });
        match self {
            Self::Wait { kind: Some(kind), of } => {
                let latency = run.latency_us.get(kind).ok_or_else(|| {
                    let kinds: Vec<&str> = run.latency_us.keys().map(String::as_str).collect();
                    format!("no {kind} was answered; there are {}", list(&kinds))
                })?;
                measured(&format!("{} of {kind}", of.name()), of.of(latency))
            }
            Self::Wait { kind: None, of } => {
                let worst = run.latency_us.iter().max_by(|(_, one), (_, other)| of.of(one).total_cmp(&of.of(other)));
                let (kind, latency) = worst.ok_or("no operation was answered")?;
                measured(&format!("{} of {kind}", of.name()), of.of(latency))
            }
            Self::Stall => {
                let longest = run.timeline.iter().map(|second| second.stall_us).max_by(f64::total_cmp);
                measured("the longest stall", longest.ok_or("the run has no timeline")?)
            }
            Self::Count(counter) => {
                let count = counter.of(run);
                let due = run.operations + run.dropped;
                match limit {
                    Limit::Share(_) if due == 0 => Err("no operation was due".to_owned()),
                    Limit::Share(_) => measured(counter.name(), count as f64 / due as f64),
                    _ => measured(counter.name(), count as f64),
                }
            }
            Self::UnitsPerSecond => measured("units_per_second", run.units_per_second),
            Self::BytesPerObject => {
                measured("bytes_per_object", run.bytes_per_object.ok_or("the target does not tell its memory")?)
            }
        }
    }
}

impl Statistic {
    fn name(self) -> &'static str {
        STATISTICS.iter().find(|(_, of)| *of == self).map_or("", |(name, _)| name)
    }

    fn of(self, latency: &Latency) -> f64 {
        match self {
            Self::Mean => latency.mean,
            Self::P50 => latency.p50,
            Self::P90 => latency.p90,
            Self::P99 => latency.p99,
            Self::P99_9 => latency.p99_9,
            Self::P99_99 => latency.p99_99,
            Self::Max => latency.max,
        }
    }
}

impl Counter {
    fn name(self) -> &'static str {
        COUNTERS.iter().find(|(_, counter)| *counter == self).map_or("", |(name, _)| name)
    }

    fn of(self, run: &Run) -> u64 {
        match self {
            Self::Late => run.late,
            Self::Dropped => run.dropped,
            Self::Refused => run.refused,
            Self::Busy => run.busy,
        }
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{latency, run};
    use super::*;

    /// A run with waits of 100 us (p50) to 5 ms (max), of which `unpack` is the slower kind.
    fn measured() -> Run {
        let mut run = run();
        run.latency_us = [("pack", 1.0), ("unpack", 2.0)]
            .map(|(kind, factor)| (kind.to_owned(), latency([100.0, 200.0, 400.0, 800.0, 1_600.0, 5_000.0], factor)))
            .into();
        (run.operations, run.dropped, run.late, run.refused, run.busy) = (9_900, 100, 7, 0, 3);
        run.units_per_second = 2_500_000.0;
        run.bytes_per_object = Some(55.5);
        run.timeline[1].stall_us = 120_000.0;
        run
    }

    #[test]
    fn limits_are_kept_or_broken() {
        let run = measured();
        let check = |text: &str, expected: Option<&str>| {
            let threshold: Threshold = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(threshold.is_broken_by(&run).as_deref(), expected, "{text}");
        };
        check("p99.9>5ms", None);
        check("p99.9>1ms", Some("p99.9>1ms: p99.9 of unpack is 1.60 ms"));
        check("pack.p99.9>1ms", None);
        check("pack.p99.9 > 700us", Some("pack.p99.9>700us: p99.9 of pack is 800 us"));
        check("pack.p50>=100us", Some("pack.p50>=100us: p50 of pack is 100 us"));
        check("pack.p50>100us", None);
        check("pack.p50<=100us", Some("pack.p50<=100us: p50 of pack is 100 us"));
        check("p90>=0.4ms", Some("p90>=0.4ms: p90 of unpack is 400 us"));
        check("p99.99>3.3ms", None);
        check("max>=10ms", Some("max>=10ms: max of unpack is 10.0 ms"));
        check("mean>1s", None);
        check("count.p99>1s", Some("count.p99>1s: no count was answered; there are pack, unpack"));
        check("late>0", Some("late>0: late is 7"));
        check("late>7", None);
        check("dropped>1%", None);
        check("dropped>=1%", Some("dropped>=1%: dropped is 1.00% of the operations"));
        check("refused>0", None);
        check("busy>2", Some("busy>2: busy is 3"));
        check("units_per_second<3M", Some("units_per_second<3M: units_per_second is 2.50 M"));
        check("units_per_second<2M", None);
        check("stall>100ms", Some("stall>100ms: the longest stall is 120 ms"));
        check("stall>0.2s", None);
        check("bytes_per_object>56", None);
        check("bytes_per_object>55", Some("bytes_per_object>55: bytes_per_object is 55.5"));
    }

    #[test]
    fn what_a_run_does_not_tell_is_not_taken_for_good() {
        let mut run = measured();
        run.bytes_per_object = None;
        run.latency_us.clear();
        run.timeline.clear();
        (run.operations, run.dropped) = (0, 0);
        let check = |text: &str, expected: &str| {
            let threshold: Threshold = text.parse().unwrap();
            assert_eq!(threshold.is_broken_by(&run).unwrap(), format!("{text}: {expected}"));
        };
        check("bytes_per_object>56", "the target does not tell its memory");
        check("p99>5ms", "no operation was answered");
        check("pack.p99>5ms", "no pack was answered; there are none");
        check("stall>1s", "the run has no timeline");
        check("late>1%", "no operation was due");
    }

    #[test]
    fn what_cannot_be_judged_is_refused_with_what_is_allowed() {
        let check = |text: &str, expected: &str| {
            let error = text.parse::<Threshold>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        };
        check("", "compares nothing");
        check("p99", "compares nothing");
        check("p99=5ms", "compares nothing");
        check(">5ms", "`` is not measured: write p50");
        check("p98>5ms", "`p98` is not measured");
        check("pack.p98>5ms", "`pack.p98` is not measured");
        check("pack.late>0", "`pack.late` is not measured");
        check(".p99>5ms", "`.p99` is not measured");
        check("lost>0", "`lost` is not measured");
        check("p99>5", "the limit of p99: `5` is not a time such as 250us, 5ms or 1.5s");
        check("p99>5%", "is not a time");
        check("p99>", "`` is not a time");
        check("p99>>5ms", "`>5ms` is not a time");
        check("late>1ms", "is not a number");
        check("late>-1", "is not a number");
        check("dropped>101%", "a share from 0% to 100%");
        check("units_per_second<3T", "is not a number");
        check("verified=false", "checked always: leave `verified=false` out");
    }
}
