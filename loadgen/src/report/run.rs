//! What a run came to: the content of `run.json`, and what every report is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The version of this format; it rises when a field changes its meaning.
pub(crate) const FORMAT: u32 = 1;

/// One run, measured and checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// See [`FORMAT`].
    pub(crate) format: u32,
    /// The version of the load generator.
    pub(crate) version: String,
    /// When it began, RFC 3339.
    pub(crate) started: String,
    /// What it ran against, as given by `--target`.
    pub(crate) target: String,
    /// The machine that the load generator ran on.
    pub(crate) machine: Machine,
    /// The lines that were played: the profile after all options, as TOML.
    pub(crate) profile: String,
    /// What makes the run repeatable.
    pub(crate) seed: u64,
    /// From the first submission to the last answer, in seconds.
    pub(crate) seconds: f64,
    /// Units packed and acknowledged.
    pub(crate) units: u64,
    /// Units packed and acknowledged a second.
    pub(crate) units_per_second: f64,
    /// Operations acknowledged, done or refused as the model says.
    pub(crate) operations: u64,
    /// Operations answered later than the line needed them.
    pub(crate) late: u64,
    /// Operations that were never sent, because the line could not hold more that waited.
    pub(crate) dropped: u64,
    /// Operations that the target refused, as they were meant to be.
    pub(crate) refused: u64,
    /// Operations that the target could not take at once, and that were sent again.
    pub(crate) busy: u64,
    /// Memory of the target for each object it holds; `None` where the target does not tell.
    pub(crate) bytes_per_object: Option<f64>,
    /// Objects that the target holds at the end.
    pub(crate) objects: u64,
    /// Whether everything that the model knows was found in the target, and nothing else.
    pub(crate) verified: bool,
    /// What was found wrong, the first of them in words.
    pub(crate) problems: Vec<String>,
    /// Why the run ended before its time; `None` when it did not.
    pub(crate) ended_early: Option<String>,
    /// Waiting by kind of operation (`pack`, `unpack`, `commission`, `query`...), from the moment when the line needed the answer.
    pub(crate) latency_us: BTreeMap<String, Latency>,
    /// One entry a second.
    pub(crate) timeline: Vec<Second>,
}

/// The machine, so that figures can be compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processors: usize,
    pub(crate) model: String,
    pub(crate) memory_bytes: u64,
    /// The one-minute load average before the run.
    pub(crate) load: f64,
    /// Share of processor time that went to other processes or was stolen by the host while it ran, 0 to 1.
    pub(crate) disturbed: f64,
    /// Whether the load generator was built with optimisation.
    pub(crate) optimised: bool,
}

/// How long one kind of operation waited, in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Latency {
    pub(crate) count: u64,
    pub(crate) mean: f64,
    pub(crate) p50: f64,
    pub(crate) p90: f64,
    pub(crate) p99: f64,
    pub(crate) p99_9: f64,
    pub(crate) p99_99: f64,
    pub(crate) max: f64,
    /// The whole histogram: HdrHistogram V2 with DEFLATE, in base 64, of nanoseconds.
    pub(crate) histogram: String,
}

/// What happened in one second of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Second {
    /// Seconds since the beginning, at its end.
    pub(crate) at: f64,
    pub(crate) units: u64,
    pub(crate) cases: u64,
    pub(crate) operations: u64,
    /// Waiting of the operations that were answered in it, all kinds together; 0 when there were none.
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) max_us: f64,
    /// Operations that waited for an answer at its end.
    pub(crate) queue: u64,
    /// The longest time in it without any answer although some were waited for, in microseconds: a stall.
    pub(crate) stall_us: f64,
}
