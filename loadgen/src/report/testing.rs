//! Runs for the tests of this module.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};

use super::run::{FORMAT, Latency, Machine, Run, Second};

/// A clean run of three seconds without operations of any kind.
pub(super) fn run() -> Run {
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

pub(super) fn second(at: f64, units: u64) -> Second {
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
pub(super) fn latency([p50, p90, p99, p99_9, p99_99, max]: [f64; 6], factor: f64) -> Latency {
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
pub(super) fn encode(nanoseconds: &[u64]) -> String {
    let mut histogram = Histogram::<u64>::new(3).unwrap();
    for value in nanoseconds {
        histogram.record(*value).unwrap();
    }
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(&histogram, &mut bytes).unwrap();
    STANDARD.encode(bytes)
}
