//! What one thread measured; merged at the end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};

use crate::report::run::Latency;
use crate::workload::Kind;

/// Digits that a histogram keeps of each time.
const DIGITS: u8 = 3;

/// A histogram of nanoseconds.
pub(super) fn histogram() -> Histogram<u64> {
    Histogram::new(DIGITS).expect("three digits can be kept")
}

/// Records a time in nanoseconds.
pub(super) fn put(histogram: &mut Histogram<u64>, time: Duration) {
    histogram.record(time.as_nanos() as u64).expect("the histogram grows as needed");
}

/// How often things happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) units: u64,
    pub(crate) operations: u64,
    pub(crate) late: u64,
    pub(crate) dropped: u64,
    pub(crate) refused: u64,
    pub(crate) busy: u64,
}

/// What one thread measured.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) counts: Counts,
    times: Vec<Histogram<u64>>,
    pub(super) first_sent: Option<Instant>,
    pub(super) last_answered: Option<Instant>,
}

impl Record {
    pub(super) fn new() -> Self {
        let times = Kind::ALL.iter().map(|_| histogram()).collect();
        Self { counts: Counts::default(), times, first_sent: None, last_answered: None }
    }

    pub(super) fn time(&mut self, kind: Kind, time: Duration) {
        put(&mut self.times[kind as usize], time);
    }

    /// From the first submission to the last answer.
    pub(super) fn span(&self) -> Option<Duration> {
        Some(self.last_answered?.saturating_duration_since(self.first_sent?))
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.times.iter_mut().zip(&other.times) {
            mine.add(theirs).expect("a histogram that grows takes another");
        }
        let (mine, theirs) = (&mut self.counts, other.counts);
        mine.units += theirs.units;
        mine.operations += theirs.operations;
        mine.late += theirs.late;
        mine.dropped += theirs.dropped;
        mine.refused += theirs.refused;
        mine.busy += theirs.busy;
        self.first_sent = self.first_sent.into_iter().chain(other.first_sent).min();
        self.last_answered = self.last_answered.max(other.last_answered);
    }

    /// Waiting by kind of operation, of the kinds that there were.
    pub(crate) fn latencies(&self) -> BTreeMap<String, Latency> {
        let there = Kind::ALL.iter().zip(&self.times).filter(|(_, times)| !times.is_empty());
        there.map(|(kind, times)| (kind.word().to_owned(), latency(times))).collect()
    }
}

fn latency(times: &Histogram<u64>) -> Latency {
    let at = |quantile: f64| times.value_at_quantile(quantile) as f64 / 1_000.0;
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(times, &mut bytes).expect("writing into memory does not fail");
    Latency {
        count: times.len(),
        mean: times.mean() / 1_000.0,
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        p99_9: at(0.999),
        p99_99: at(0.9999),
        max: times.max() as f64 / 1_000.0,
        histogram: STANDARD.encode(bytes),
    }
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::Deserializer;

    use super::*;

    #[test]
    fn a_histogram_is_read_back_as_it_was_written() {
        let mut record = Record::new();
        for microseconds in 1..=1_000 {
            record.time(Kind::Pack, Duration::from_micros(microseconds));
        }
        let latencies = record.latencies();
        let pack = &latencies["pack"];
        assert_eq!((latencies.len(), pack.count), (1, 1_000));
        assert!((499.0..502.0).contains(&pack.p50) && (1_000.0..1_001.0).contains(&pack.max), "{pack:?}");
        let bytes = STANDARD.decode(&pack.histogram).unwrap();
        let read: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
        assert_eq!(read.len(), 1_000);
    }

    #[test]
    fn records_add_up() {
        let (mut one, mut other) = (Record::new(), Record::new());
        one.time(Kind::Pack, Duration::from_millis(1));
        other.time(Kind::Pack, Duration::from_secs(100));
        other.counts.units = 3;
        one.merge(&other);
        assert_eq!((one.latencies()["pack"].count, one.counts.units), (2, 3));
    }
}
