//! Runs for the tests of this module.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

use super::run::{FORMAT, Latency, Machine, Run, Second};

/// A clean run of three seconds without operations of any kind.
pub(crate) fn run() -> Run {
    let machine = Machine {
        processors: 2,
        model: "Example processor".to_owned(),
        memory_bytes: 8 << 30,
        load: 0.1,
        disturbed: 0.01,
        optimised: true,
    };
    Run {
        format: FORMAT,
        version: "0.1.0".to_owned(),
        started: "2026-11-23T10:00:00Z".to_owned(),
        target: "embedded:site".to_owned(),
        machine,
        profile: "lines = 8\ncase = 48\n".to_owned(),
        seed: 7,
        seconds: 3.0,
        units: 3_000,
        units_per_second: 1_000.0,
        operations: 300,
        late: 0,
        dropped: 0,
        refused: 0,
        busy: 0,
        bytes_per_object: None,
        objects: 3_100,
        verified: true,
        problems: Vec::new(),
        ended_early: None,
        latency_us: [].into(),
        timeline: (1..=3).map(|at| second(f64::from(at), 1_000)).collect(),
    }
}

pub(crate) fn second(at: f64, units: u64) -> Second {
    Second {
        at,
        units,
        cases: units / 48,
        operations: units / 10,
        p50_us: 100.0,
        p99_us: 400.0,
        max_us: 900.0,
        queue: 0,
        stall_us: 0.0,
    }
}

/// Waits at p50, p90, p99, p99.9, p99.99 and the longest, each times a factor, without a histogram.
pub(crate) fn latency([p50, p90, p99, p99_9, p99_99, max]: [f64; 6], factor: f64) -> Latency {
    Latency {
        count: 100,
        mean: p50 * factor,
        p50: p50 * factor,
        p90: p90 * factor,
        p99: p99 * factor,
        p99_9: p99_9 * factor,
        p99_99: p99_99 * factor,
        max: max * factor,
        histogram: String::new(),
    }
}

/// A histogram of nanoseconds, as `run.json` keeps it.
pub(crate) fn encode(nanoseconds: &[u64]) -> String {
    let mut histogram = Histogram::<u64>::new(3).unwrap();
    for value in nanoseconds {
        histogram.record(*value).unwrap();
    }
    serialized(&histogram)
}

fn serialized(histogram: &Histogram<u64>) -> String {
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(histogram, &mut bytes).unwrap();
    STANDARD.encode(bytes)
}

/// Microseconds at the median, and how far they scatter, of each kind of operation in [`realistic`].
const KINDS: [(&str, f64, f64, u64); 4] =
    [("commission", 420.0, 0.35, 4), ("pack", 190.0, 0.40, 40), ("query", 3.0, 0.50, 50), ("unpack", 260.0, 0.45, 6)];

#[expect(clippy::cast_sign_loss, reason = "times and rates are not negative")]
fn whole(value: f64) -> u64 {
    value as u64
}

/// A run of a minute as a site has it: two checkpoints that make it wait, a queue behind them, a few late and dropped operations.
pub(crate) fn realistic() -> Run {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut histograms = KINDS.map(|_| Histogram::<u64>::new(3).unwrap());
    let mut timeline = Vec::new();
    for at in 1..=60_u32 {
        let is_checkpoint = at % 25 == 20;
        let mut all = Histogram::<u64>::new(3).unwrap();
        for ((_, median, scatter, share), histogram) in KINDS.iter().zip(&mut histograms) {
            for _ in 0..share * 40 {
                // The sum of twelve is near enough to a normal distribution.
                let normal = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
                let slow = if is_checkpoint && random.random::<f64>() < 0.04 { 30.0 } else { 1.0 };
                let tail = if random.random::<f64>() < 0.001 { 8.0 } else { 1.0 };
                let nanoseconds = median * (scatter * normal).exp() * slow * tail * 1_000.0;
                histogram.record(whole(nanoseconds)).unwrap();
                all.record(whole(nanoseconds)).unwrap();
            }
        }
        let rate = if is_checkpoint { 2_650_000.0 } else { 3_050_000.0 } * (0.97 + 0.06 * random.random::<f64>());
        let micros = |quantile| all.value_at_quantile(quantile) as f64 / 1_000.0;
        let stall_us = micros(1.0) * if is_checkpoint { 0.8 } else { 0.3 };
        timeline.push(Second {
            at: f64::from(at),
            units: whole(rate),
            cases: whole(rate) / 48,
            operations: all.len(),
            p50_us: micros(0.5),
            p99_us: micros(0.99),
            max_us: micros(1.0),
            queue: whole(stall_us / 25.0),
            stall_us,
        });
    }
    let units = timeline.iter().map(|second| second.units).sum();
    let latency =
        KINDS.iter().zip(&histograms).map(|((kind, ..), histogram)| ((*kind).to_owned(), measured(histogram)));
    let mut run = run();
    run.latency_us = latency.collect();
    run.operations = timeline.iter().map(|second| second.operations).sum();
    (run.late, run.dropped, run.busy, run.refused) = (412, 0, 37, 96);
    (run.seconds, run.units, run.units_per_second) = (60.0, units, units as f64 / 60.0);
    (run.objects, run.bytes_per_object) = (units + units / 48 + units / 1_920, Some(54.7));
    run.profile = "seed = 7\nrate = \"max\"\n\n[[line]]\ncount = 8\nunits_a_minute = 300\ncase = 48\npallet = 40\n\
                   rework = \"0.3%\"\nreject = \"1%\"\n"
        .to_owned();
    run.timeline = timeline;
    run
}

fn measured(histogram: &Histogram<u64>) -> Latency {
    let micros = |quantile| histogram.value_at_quantile(quantile) as f64 / 1_000.0;
    Latency {
        count: histogram.len(),
        mean: histogram.mean() / 1_000.0,
        p50: micros(0.5),
        p90: micros(0.9),
        p99: micros(0.99),
        p99_9: micros(0.999),
        p99_99: micros(0.9999),
        max: micros(1.0),
        histogram: serialized(histogram),
    }
}
