//! What a collector of metrics reads: the engine's numbers as they are at that moment, and how long requests took.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use packtree::{Distribution, Engine};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::health::disk_free_bytes;
use crate::access::Access;
use crate::http::{Code, Problem};

/// The metrics of a server.
#[derive(Clone)]
pub(super) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Answered, Histogram, fn() -> Histogram>,
}

/// What a request is counted under. The route is a pattern of the server's own, so there are only so many.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

impl Metrics {
    pub(super) fn new(engine: Engine, directory: PathBuf, access: Access) -> Self {
        let mut registry = Registry::default();
        let requests = Family::new_with_constructor(buckets as fn() -> Histogram);
        registry.register(
            "packtree_http_request_seconds",
            "Time from a request's head to its answer's",
            requests.clone(),
        );
        registry.register_collector(Box::new(OfEngine { engine, directory, access }));
        Self { registry: Arc::new(registry), requests }
    }

    /// Counts a request that was answered.
    pub(super) fn answered(&self, method: &str, route: &str, status: StatusCode, time: Duration) {
        // Methods come from outside; only those that HTTP defines are told apart.
        let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
        let method = if known.contains(&method) { method } else { "other" };
        let labels = Answered { method: method.to_owned(), route: route.to_owned(), status: status.as_u16() };
        self.requests.get_or_create(&labels).observe(time.as_secs_f64());
    }

    fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn buckets() -> Histogram {
    // From half a millisecond to eight seconds.
    Histogram::new(exponential_buckets(0.0005, 2.0, 15))
}

/// Answers a collector.
pub(super) async fn scrape(State(metrics): State<Metrics>) -> Response {
    // Listing the journal's files touches the disk.
    let text = tokio::task::spawn_blocking(move || metrics.text()).await;
    match text {
        Ok(Ok(text)) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        _ => Problem::new(Code::Defect, "the metrics could not be written", "report what the log says").into_response(),
    }
}

#[derive(Debug)]
struct OfEngine {
    engine: Engine,
    directory: PathBuf,
    access: Access,
}

impl Collector for OfEngine {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let stats = self.engine.stats();
        let mut out = Out(&mut encoder);
        out.gauge("packtree_objects", "Objects that are known, retired ones included", u64::from(stats.objects))?;
        out.counter("packtree_facts", "Facts that are durable", stats.facts)?;
        out.counter("packtree_refusals", "Operations that the rules refused since the start", stats.refusals)?;
        out.gauge("packtree_queue_waiting", "Operations that wait to be decided", stats.waiting as u64)?;
        out.gauge("packtree_parked", "Operations that wait for what they build on", stats.parked as u64)?;
        out.gauge("packtree_checkpoint_fact", "The fact that the newest valid checkpoint follows", stats.checkpoint)?;
        let seconds = 1e-6;
        out.histogram(
            "packtree_commit_seconds",
            "Time from taking a group to answering it",
            &stats.commit_times,
            seconds,
        )?;
        out.histogram(
            "packtree_group_operations",
            "Operations made durable with one flush",
            &stats.group_operations,
            1.0,
        )?;
        out.gauge("packtree_journal_bytes", "Bytes of the journal's files", journal_bytes(&self.directory))?;
        if let Some(free) = disk_free_bytes(&self.directory) {
            out.gauge("packtree_disk_free_bytes", "Bytes left on the disk of the data directory", free)?;
        }
        out.gauge("packtree_sessions", "People who are signed in", self.access.sessions_now() as u64)?;
        let is_stopped = self.engine.stopped().is_some();
        out.gauge("packtree_poisoned", "1 when the engine takes no more operations", u64::from(is_stopped))
    }
}

struct Out<'o, 'e>(&'o mut DescriptorEncoder<'e>);

impl Out<'_, '_> {
    fn gauge(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
        gauge.encode(self.0.encode_descriptor(name, help, None, MetricType::Gauge)?)
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        ConstCounter::new(value).encode(self.0.encode_descriptor(name, help, None, MetricType::Counter)?)
    }

    fn histogram(&mut self, name: &str, help: &str, of: &Distribution, unit: f64) -> fmt::Result {
        let bound = |bound: Option<u64>| bound.map_or(f64::INFINITY, |bound| bound as f64 * unit);
        let buckets: Vec<(f64, u64)> = of.bounded().map(|(upper, number)| (bound(upper), number)).collect();
        let mut encoder = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        encoder.encode_histogram::<NoLabelSet>(of.sum as f64 * unit, of.count(), &buckets, None)
    }
}

/// The sizes of the journal's files added up.
fn journal_bytes(directory: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(directory) else { return 0 };
    let segments = entries.flatten().filter(|entry| entry.path().extension().is_some_and(|ending| ending == "segment"));
    segments.filter_map(|entry| entry.metadata().ok()).map(|found| found.len()).sum()
}
