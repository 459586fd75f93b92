//! The table, for people and for programs.

use std::fmt::Write;

use serde::Serialize;

use crate::figures::{Figures, Measure, Summary};
use crate::names::Name;
use crate::workload::Size;

/// What came of one contender.
pub(crate) struct Row {
    pub(crate) name: Name,
    /// A round each; or why there is none.
    pub(crate) rounds: Result<Vec<Figures>, String>,
}

impl Row {
    fn summary(&self, measure: Measure) -> Option<Summary> {
        let rounds = self.rounds.as_ref().ok()?;
        Summary::of(rounds.iter().filter_map(|round| round.of.get(&measure).copied()))
    }

    fn bare_write(&self) -> Option<Summary> {
        Summary::of(self.rounds.as_ref().ok()?.iter().map(|round| round.bare_write_us))
    }
}

const HEAD: &str = "\
# The same packing work, by packtree and by others

Made by `cargo run --release --manifest-path benches/peers/Cargo.toml -- --markdown FILE`; what the rows mean is said in
[the README of the benches](../README.md#peers). The best of those that are durable is bold, and so is what is not durable where it
is better still.

";

pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) date: String,
    pub(crate) size: Size,
    pub(crate) rounds: usize,
    pub(crate) rows: Vec<Row>,
}

impl Report {
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from(HEAD);
        let rounds = match self.rounds {
            1 => "one round".to_owned(),
            rounds => format!("the median of {rounds} rounds, with half of the distance from the least to the most"),
        };
        let Self { size, machine, date, .. } = self;
        let (units, cases, pallets) = (size.units(), size.cases(), size.pallets());
        let _ = writeln!(text, "{units} units in {cases} cases on {pallets} pallets; {rounds}. {machine}; {date}.\n");
        let names: Vec<String> = self.rows.iter().map(|row| row.name.title().to_owned()).collect();
        let _ = writeln!(text, "| | {} |", names.join(" | "));
        let _ = writeln!(text, "|---|{}", "---|".repeat(names.len()));
        for measure in Measure::ALL {
            let _ = writeln!(text, "| {} | {} |", measure.title(), self.cells(measure).join(" | "));
        }
        let bare = self.rows.iter().map(|row| row.bare_write().map_or("-".to_owned(), |time| number(time.median)));
        let _ =
            writeln!(text, "| bare write + fdatasync just before, p50 us | {} |", bare.collect::<Vec<_>>().join(" | "));
        for (what, has) in Name::PROPERTIES {
            let cells = self.rows.iter().map(|row| has(row.name));
            let _ = writeln!(text, "| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
        }
        for row in &self.rows {
            if let Err(why) = &row.rounds {
                let _ = writeln!(text, "\n{}: not run: {why}", row.name.title());
            }
        }
        text
    }

    /// The cells of a measure: the best of those that are durable is bold, and so is what is not durable where it is better still.
    fn cells(&self, measure: Measure) -> Vec<String> {
        let summaries: Vec<_> = self.rows.iter().map(|row| row.summary(measure)).collect();
        let is_better = |one: f64, other: f64| if measure.more_is_better() { other < one } else { one < other };
        let rivals = |row: &Row| {
            let own = row.name.is_durable();
            let rivals = self.rows.iter().zip(&summaries).filter(move |(other, _)| other.name.is_durable() || !own);
            rivals.filter_map(|(_, summary)| summary.map(|summary| summary.median)).collect::<Vec<_>>()
        };
        let cell = |row: &Row, summary: &Option<Summary>| {
            let Some(summary) = summary else {
                return if row.rounds.is_err() { "not run" } else { "-" }.to_owned();
            };
            let figure = number(summary.median / measure.shown_in());
            let is_best = !rivals(row).into_iter().any(|rival| is_better(rival, summary.median));
            let figure = if is_best { format!("**{figure}**") } else { figure };
            if self.rounds == 1 { figure } else { format!("{figure} \u{b1}{:.0}%", summary.spread() * 100.0) }
        };
        self.rows.iter().zip(&summaries).map(|(row, summary)| cell(row, summary)).collect()
    }

    pub(crate) fn json(&self) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Document<'r> {
            machine: &'r str,
            date: &'r str,
            units: u64,
            objects: u64,
            contenders: Vec<Contender<'r>>,
        }
        #[derive(Serialize)]
        struct Contender<'r> {
            name: &'r str,
            #[serde(skip_serializing_if = "Option::is_none")]
            not_run: Option<&'r str>,
            rounds: &'r [Figures],
        }
        let contenders = self.rows.iter().map(|row| Contender {
            name: row.name.title(),
            not_run: row.rounds.as_ref().err().map(String::as_str),
            rounds: row.rounds.as_deref().unwrap_or_default(),
        });
        serde_json::to_string_pretty(&Document {
            machine: &self.machine,
            date: &self.date,
            units: self.size.units(),
            objects: self.size.objects(),
            contenders: contenders.collect(),
        })
    }
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value {
        value if 100.0 <= value => format!("{value:.0}"),
        value if 10.0 <= value => format!("{value:.1}"),
        value if 1.0 <= value => format!("{value:.2}"),
        value => format!("{value:.3}"),
    }
}
