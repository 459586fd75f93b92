//! A run as one page that needs nothing but itself: no network, no script.

mod axis;
mod figures;
mod plot;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::run::Run;
use super::verdict::{doubts, verdict};
use crate::quantity::{show_count, show_micros, show_share};

const STYLE: &str = include_str!("style.css");

/// What the page may load: nothing.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The page, whole.
pub(crate) fn page(run: &Run) -> String {
    let rate = format!("{} units a second", show_count(run.units_per_second));
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(CONTENT_POLICY);
                title { (rate) " - " (run.target) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(run, &rate))
                main {
                    (tiles(run))
                    @for plot in figures::plots(run) { (plot::figure(&plot)) }
                    (circumstances(run))
                }
                footer { "Written by loadgen " (run.version) " from run.json, format " (run.format) "." }
            }
        }
    };
    markup.into_string()
}

fn header(run: &Run, rate: &str) -> Markup {
    let doubts = doubts(&run.machine);
    html! {
        header {
            p.kicker { "Packtree load generator" }
            h1 { (rate) }
            p.lead { (run.target) ", " (format!("{:.1} s", run.seconds)) " from " (run.started) ", seed " (run.seed) }
            div.note.(if run.verified { "good" } else { "bad" }) {
                (verdict(run))
                @if !run.problems.is_empty() {
                    ul { @for problem in &run.problems { li { (problem) } } }
                }
            }
            @if let Some(why) = &run.ended_early { p.note.bad { "It ended early: " (why) } }
            @if !doubts.is_empty() {
                div.note.doubt {
                    "The figures are in doubt:"
                    ul { @for doubt in doubts { li { (doubt) } } }
                }
            }
        }
    }
}

fn tiles(run: &Run) -> Markup {
    let due = (run.operations + run.dropped).max(1) as f64;
    let share = |count: u64| if count == 0 { String::new() } else { show_share(count as f64 / due) };
    let stall = run.timeline.iter().map(|second| second.stall_us).fold(0.0, f64::max);
    let (bytes, unknown) = match run.bytes_per_object {
        Some(bytes) => (format!("{bytes:.1}"), ""),
        None => ("-".to_owned(), "the target does not tell"),
    };
    let tiles = [
        ("units", show_count(run.units as f64), String::new()),
        ("operations", show_count(run.operations as f64), String::new()),
        ("late", show_count(run.late as f64), share(run.late)),
        ("dropped", show_count(run.dropped as f64), share(run.dropped)),
        ("refused, as meant", show_count(run.refused as f64), share(run.refused)),
        ("sent again", show_count(run.busy as f64), share(run.busy)),
        ("longest stall", show_micros(stall), String::new()),
        ("bytes an object", bytes, unknown.to_owned()),
        ("objects", show_count(run.objects as f64), String::new()),
    ];
    html! {
        dl.tiles {
            @for (name, figure, more) in &tiles {
                div { dt { (name) } dd { (figure) @if !more.is_empty() { small { (more) } } } }
            }
        }
    }
}

fn circumstances(run: &Run) -> Markup {
    let machine = &run.machine;
    let rows = [
        ("processors", format!("{} x {}", machine.processors, machine.model)),
        ("memory", format!("{:.1} GiB", machine.memory_bytes as f64 / f64::from(1 << 30))),
        ("load before the run", format!("{:.2}", machine.load)),
        ("taken by others during it", show_share(machine.disturbed)),
        (
            "load generator",
            if machine.optimised { "built with optimisation" } else { "built without optimisation" }.to_owned(),
        ),
    ];
    html! {
        section.card id="machine" {
            h2 { "Machine" }
            dl.facts { @for (name, value) in &rows { dt { (name) } dd { (value) } } }
        }
        section.card id="profile" {
            h2 { "Profile" }
            p.lead { "The lines that were played. With the seed it makes the run repeatable." }
            pre { (run.profile) }
        }
    }
}

#[cfg(test)]
mod tests;
