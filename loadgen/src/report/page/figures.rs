//! Which plots a run gets, and what they say.

use std::collections::BTreeMap;

use super::axis::{Axis, nines, quantile_of};
use super::plot::{Mark, Plot, Series, Table};
use crate::quantity::{show_count, show_micros};
use crate::report::histogram::Waits;
use crate::report::run::Run;
use crate::report::timeline::{Moment, moments, seconds_each};

/// Moments that a plot over time shows; its width has not many more pixels than twice as many.
const MOMENTS_MAX: usize = 400;

/// Rows of a table over time.
const ROWS_MAX: usize = 120;

/// Points of a line by percentile.
const POINTS: u32 = 250;

/// Nines of the rarest percentile that is shown.
const NINES_MAX: f64 = 5.0;

/// All plots of a run that has something to show in them.
pub(super) fn plots(run: &Run) -> Vec<Plot> {
    let mut plots: Vec<Plot> = by_percentile(run).into_iter().collect();
    if !run.timeline.is_empty() {
        let time = Time::new(run);
        plots.extend([time.waits(), time.throughput(run), time.stalls(), time.queue()]);
    }
    plots
}

fn by_percentile(run: &Run) -> Option<Plot> {
    let all: BTreeMap<&str, Waits> = run
        .latency_us
        .iter()
        .filter_map(|(kind, latency)| Some((kind.as_str(), Waits::decode(&latency.histogram).ok()?)))
        .filter(|(_, waits)| 0 < waits.count())
        .collect();
    let (slowest, worst) =
        all.iter().max_by(|(_, one), (_, other)| one.micros_at(1.0).total_cmp(&other.micros_at(1.0)))?;
    let text = format!(
        "How long the line waited for an answer, from the moment when it needed it. Each step to the right is ten times as \
         rare. The slowest answer of all was to {slowest}: {}.",
        show_micros(worst.micros_at(1.0))
    );
    let series: Vec<Series> = all
        .iter()
        .map(|(kind, waits)| Series { name: (*kind).to_owned(), mark: Mark::Line, points: curve(waits) })
        .collect();
    let times = series.iter().flat_map(|series| series.points.iter().map(|(_, micros)| *micros));
    Some(Plot {
        id: "percentiles",
        title: "Waiting by percentile",
        text,
        x: Axis::percentiles(),
        y: Axis::times("waiting", times),
        tips: Vec::new(),
        table: percentile_table(&all),
        series,
    })
}

/// The waits of one kind; the line ends at the rarest percentile that so many operations can tell.
fn curve(waits: &Waits) -> Vec<(f64, f64)> {
    let last = (waits.count() as f64).log10().min(NINES_MAX);
    (0..=POINTS)
        .map(|point| f64::from(point) / f64::from(POINTS) * last)
        .map(|nines| (nines, waits.micros_at(quantile_of(nines))))
        .collect()
}

fn percentile_table(all: &BTreeMap<&str, Waits>) -> Table {
    let quantiles = [0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 0.99999];
    let head = ["kind", "count", "p50", "p75", "p90", "p99", "p99.9", "p99.99", "p99.999", "max"];
    let rows = all.iter().map(|(kind, waits)| {
        let told = (waits.count() as f64).log10();
        let times = quantiles.iter().map(|quantile| {
            // Rarer than one in all of them is not known.
            if nines(*quantile) <= told + 1e-9 { show_micros(waits.micros_at(*quantile)) } else { "-".to_owned() }
        });
        let mut row = vec![(*kind).to_owned(), waits.count().to_string()];
        row.extend(times);
        row.push(show_micros(waits.micros_at(1.0)));
        row
    });
    Table { columns: head.map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// The timeline, ready for plots and for tables.
struct Time {
    moments: Vec<Moment>,
    rows: Vec<Moment>,
    /// What a point stands for, when it is more than one second.
    grain: String,
}

impl Time {
    fn new(run: &Run) -> Self {
        let grain = match seconds_each(run, MOMENTS_MAX) {
            1 => String::new(),
            each => format!(" Each point stands for {each} seconds and shows the worst of them."),
        };
        Self { moments: moments(run, MOMENTS_MAX), rows: moments(run, ROWS_MAX), grain }
    }

    fn axis(&self) -> Axis {
        Axis::seconds(self.moments.last().map_or(1.0, |moment| moment.at))
    }

    fn series(&self, name: &str, mark: Mark, of: fn(&Moment) -> f64) -> Series {
        // A moment is drawn in its middle.
        let points = self.moments.iter().map(|moment| (moment.at - moment.seconds / 2.0, of(moment))).collect();
        Series { name: name.to_owned(), mark, points }
    }

    fn tips(&self, of: impl Fn(&Moment) -> String) -> Vec<(f64, String)> {
        let tip = |moment: &Moment| (moment.at - moment.seconds / 2.0, format!("{:.0} s: {}", moment.at, of(moment)));
        self.moments.iter().map(tip).collect()
    }

    fn table(&self, columns: &[&str], of: impl Fn(&Moment) -> Vec<String>) -> Table {
        let head = std::iter::once("until").chain(columns.iter().copied()).map(str::to_owned).collect();
        let rows = self.rows.iter().map(|moment| {
            let mut row = vec![format!("{:.1} s", moment.at)];
            row.extend(of(moment));
            row
        });
        Table { columns: head, rows: rows.collect() }
    }

    fn worst(&self, of: fn(&Moment) -> f64) -> (f64, f64) {
        let worst = self.moments.iter().max_by(|one, other| of(one).total_cmp(&of(other)));
        worst.map_or((0.0, 0.0), |moment| (of(moment), moment.at))
    }

    fn waits(&self) -> Plot {
        let (slowest, at) = self.worst(|moment| moment.max_us);
        let times = |moment: &Moment| [moment.p50_us, moment.p99_us, moment.max_us].map(show_micros);
        Plot {
            id: "waits",
            title: "Waiting over time",
            text: format!(
                "All kinds of operations together. The slowest answer came before {at:.0} s and took {}.{}",
                show_micros(slowest),
                self.grain
            ),
            x: self.axis(),
            y: Axis::times(
                "waiting",
                self.moments.iter().flat_map(|moment| [moment.p50_us, moment.p99_us, moment.max_us]),
            ),
            series: vec![
                self.series("p50", Mark::Line, |moment| moment.p50_us),
                self.series("p99", Mark::Line, |moment| moment.p99_us),
                self.series("max", Mark::Line, |moment| moment.max_us),
            ],
            tips: self.tips(|moment| {
                let [p50, p99, max] = times(moment);
                format!("p50 {p50}, p99 {p99}, max {max}")
            }),
            table: self.table(&["p50", "p99", "max"], |moment| times(moment).to_vec()),
        }
    }

    fn throughput(&self, run: &Run) -> Plot {
        let largest = self.worst(|moment| moment.units_per_second).0;
        let least = self.moments.iter().map(|moment| moment.units_per_second).fold(f64::INFINITY, f64::min);
        let shown = |moment: &Moment| show_count(moment.units_per_second);
        Plot {
            id: "throughput",
            title: "Throughput",
            text: format!(
                "Units packed and acknowledged a second: {} in the whole run, from {} to {}.{}",
                show_count(run.units_per_second),
                show_count(least),
                show_count(largest),
                if self.grain.is_empty() { "" } else { " Each point is the mean of several seconds." }
            ),
            x: self.axis(),
            y: Axis::counts("units a second", largest),
            series: vec![self.series("units a second", Mark::Area, |moment| moment.units_per_second)],
            tips: self.tips(|moment| format!("{} units a second", shown(moment))),
            table: self.table(&["units a second"], |moment| vec![shown(moment)]),
        }
    }

    fn stalls(&self) -> Plot {
        let (longest, at) = self.worst(|moment| moment.stall_us);
        let says = if 0.0 < longest {
            format!("The longest took {} and ended before {at:.0} s.", show_micros(longest))
        } else {
            "There was none.".to_owned()
        };
        Plot {
            id: "stalls",
            title: "Stalls",
            text: format!(
                "The longest time in each second without any answer although some were waited for. {says}{}",
                self.grain
            ),
            x: self.axis(),
            y: Axis::linear("without an answer", longest, show_micros),
            series: vec![self.series("stall", Mark::Bars, |moment| moment.stall_us)],
            tips: self.tips(|moment| show_micros(moment.stall_us)),
            table: self.table(&["longest stall"], |moment| vec![show_micros(moment.stall_us)]),
        }
    }

    fn queue(&self) -> Plot {
        let (longest, at) = self.worst(|moment| moment.queue as f64);
        let says = if 0.0 < longest { format!(" Most were {longest}, at {at:.0} s.") } else { String::new() };
        Plot {
            id: "queue",
            title: "Queue",
            text: format!("Operations that waited for an answer at the end of each second.{says}{}", self.grain),
            x: self.axis(),
            y: Axis::counts("operations", longest),
            series: vec![self.series("queue", Mark::Area, |moment| moment.queue as f64)],
            tips: self.tips(|moment| format!("{} operations", moment.queue)),
            table: self.table(&["operations"], |moment| vec![moment.queue.to_string()]),
        }
    }
}
