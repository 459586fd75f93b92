//! What criterion left on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};
use serde::Deserialize;

/// Everything that was measured over a number that grows, by curve and series.
pub(crate) struct Measured {
    curves: BTreeMap<String, BTreeMap<String, Series>>,
}

/// One line of a plot.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) name: String,
    /// In order of their sizes.
    pub(crate) points: Vec<Point>,
    /// When its newest point was measured.
    pub(crate) newest: SystemTime,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) size: u64,
    /// For one element of the throughput, where there is one.
    pub(crate) mean_ns: f64,
    /// Where the mean lies with the confidence that criterion works with, 95 %.
    pub(crate) from_ns: f64,
    pub(crate) to_ns: f64,
}

#[derive(Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
    throughput: Option<BTreeMap<String, u64>>,
}

#[derive(Deserialize)]
struct Estimates {
    mean: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
    confidence_interval: Interval,
}

#[derive(Deserialize)]
struct Interval {
    lower_bound: f64,
    upper_bound: f64,
}

impl Measured {
    /// Reads every benchmark below criterion's folder; nothing where there is no folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut measured = Self { curves: BTreeMap::new() };
        if folder.exists() {
            measured.read_below(folder)?;
        }
        for series in measured.curves.values_mut().flat_map(BTreeMap::values_mut) {
            series.points.sort_by_key(|point| point.size);
        }
        Ok(measured)
    }

    /// The series of a curve.
    pub(crate) fn of(&self, curve: &str) -> Vec<Series> {
        self.curves.get(curve).map(|series| series.values().cloned().collect()).unwrap_or_default()
    }

    fn read_below(&mut self, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                let newest = path.join("new");
                if newest.join("benchmark.json").exists() {
                    self.take(&newest)?;
                }
                self.read_below(&path)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, folder: &Path) -> Result<()> {
        let benchmark: Benchmark = parse(&folder.join("benchmark.json"))?;
        let Some(size) = benchmark.value_str.and_then(|value| value.parse().ok()) else { return Ok(()) };
        let file = folder.join("estimates.json");
        let Estimates { mean } = parse(&file)?;
        let measured_at = fs::metadata(&file)?.modified()?;
        let elements = benchmark.throughput.and_then(|counts| counts.get("Elements").copied()).unwrap_or(1) as f64;
        let point = Point {
            size,
            mean_ns: mean.point_estimate / elements,
            from_ns: mean.confidence_interval.lower_bound / elements,
            to_ns: mean.confidence_interval.upper_bound / elements,
        };
        let name = benchmark.function_id.unwrap_or_default();
        let new = Series { name: name.clone(), points: Vec::new(), newest: measured_at };
        let series = self.curves.entry(benchmark.group_id).or_default().entry(name).or_insert(new);
        series.points.push(point);
        series.newest = series.newest.max(measured_at);
        Ok(())
    }
}

fn parse<T: for<'de> Deserialize<'de>>(file: &Path) -> Result<T> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not as criterion writes it", file.display()))
}
