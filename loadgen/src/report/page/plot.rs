//! A plot as SVG, with its legend, and the table of its values behind it.

use std::fmt::Write;

use maud::{Markup, html};

use super::axis::Axis;

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 36.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 48.0;

/// Colours and dashes that the style sheet has.
const STYLES: usize = 8;

/// A picture of figures.
pub(super) struct Plot {
    /// A name for links within the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What it shows and what it says, in a sentence or two; for those who do not see it as well.
    pub(super) text: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) series: Vec<Series>,
    /// What is said when the pointer rests at a place on the x axis.
    pub(super) tips: Vec<(f64, String)>,
    pub(super) table: Table,
}

/// One line of a plot.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) points: Vec<(f64, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mark {
    Line,
    /// A line, and the surface below it.
    Area,
    Bars,
}

/// The values of a plot as text; the first column names the row.
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

pub(super) fn figure(plot: &Plot) -> Markup {
    let (title_id, text_id) = (format!("{}-title", plot.id), format!("{}-text", plot.id));
    html! {
        figure id=(plot.id) {
            figcaption {
                h2 id=(title_id) { (plot.title) }
                p id=(text_id) { (plot.text) }
            }
            @if 1 < plot.series.len() { (legend(&plot.series)) }
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby=(title_id) aria-describedby=(text_id) {
                (grid(plot))
                @for (index, series) in plot.series.iter().enumerate() { (drawn(plot, series, index)) }
                (tips(plot))
            }
            details {
                summary { "The values as a table" }
                (table(&plot.table, plot.title))
            }
        }
    }
}

fn table(table: &Table, name: &str) -> Markup {
    html! {
        // A wide table scrolls by itself, also by keyboard.
        div.scroll tabindex="0" role="region" aria-label=(name) {
            table {
                thead { tr { @for column in &table.columns { th scope="col" { (column) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn legend(series: &[Series]) -> Markup {
    html! {
        ul.legend {
            @for (index, series) in series.iter().enumerate() {
                li {
                    svg.swatch viewBox="0 0 28 8" aria-hidden="true" {
                        line.line.(style(index)) x1="0" y1="4" x2="28" y2="4" {}
                    }
                    (series.name)
                }
            }
        }
    }
}

fn style(index: usize) -> String {
    format!("s{}", index % STYLES)
}

fn horizontal(axis: &Axis, value: f64) -> f64 {
    LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT)
}

fn vertical(axis: &Axis, value: f64) -> f64 {
    HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM)
}

/// A length with one digit behind the point, which is less than anybody sees.
fn px(length: f64) -> String {
    format!("{length:.1}")
}

fn grid(plot: &Plot) -> Markup {
    let (right, floor) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    html! {
        g.grid aria-hidden="true" {
            @for (value, text) in &plot.y.ticks {
                @let y = vertical(&plot.y, *value);
                line x1=(LEFT) y1=(px(y)) x2=(right) y2=(px(y)) {}
                text.y x=(LEFT - 8.0) y=(px(y + 4.0)) { (text) }
            }
            @for (value, text) in &plot.x.ticks {
                @let x = horizontal(&plot.x, *value);
                line.tick x1=(px(x)) y1=(floor) x2=(px(x)) y2=(floor + 5.0) {}
                text.x x=(px(x)) y=(floor + 20.0) { (text) }
            }
            text.name x=(px(f64::midpoint(LEFT, right))) y=(HEIGHT - 6.0) { (plot.x.name) }
            text.name transform=(format!("translate(13 {}) rotate(-90)", px(f64::midpoint(TOP, floor)))) { (plot.y.name) }
        }
    }
}

fn drawn(plot: &Plot, series: &Series, index: usize) -> Markup {
    let places: Vec<(f64, f64)> =
        series.points.iter().map(|(x, y)| (horizontal(&plot.x, *x), vertical(&plot.y, *y))).collect();
    let floor = HEIGHT - BOTTOM;
    html! {
        @match series.mark {
            Mark::Line => path.line.(style(index)) d=(path(&places)) {},
            Mark::Area => {
                @if let (Some(first), Some(last)) = (places.first(), places.last()) {
                    path.area.(style(index)) d=(format!("{}L{} {floor}L{} {floor}Z", path(&places), px(last.0), px(first.0))) {}
                }
                path.line.(style(index)) d=(path(&places)) {}
            },
            Mark::Bars => path.bars.(style(index)) stroke-width=(px(bar_width(places.len()))) d=(bars(&places)) {},
        }
    }
}

fn path(places: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in places.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        write!(path, "{letter}{} {}", px(*x), px(*y)).expect("a text in memory takes what is written");
    }
    // A single point is a dot: a line of no length with round ends.
    if let [(x, y)] = places {
        write!(path, "L{} {}", px(*x), px(*y)).expect("a text in memory takes what is written");
    }
    path
}

fn bars(places: &[(f64, f64)]) -> String {
    let floor = HEIGHT - BOTTOM;
    let mut path = String::new();
    for (x, y) in places.iter().filter(|(_, y)| *y < floor) {
        write!(path, "M{} {floor}V{}", px(*x), px(*y)).expect("a text in memory takes what is written");
    }
    path
}

fn bar_width(bars: usize) -> f64 {
    ((WIDTH - LEFT - RIGHT) / bars.max(1) as f64 * 0.7).clamp(1.0, 24.0)
}

/// Unseen columns that say their values when the pointer rests on them.
fn tips(plot: &Plot) -> Markup {
    let places: Vec<f64> = plot.tips.iter().map(|(x, _)| horizontal(&plot.x, *x)).collect();
    let edge = |index: usize| match (index.checked_sub(1).map(|before| places[before]), places.get(index)) {
        (Some(before), Some(after)) => f64::midpoint(before, *after),
        (None, _) => LEFT,
        (_, None) => WIDTH - RIGHT,
    };
    html! {
        @for (index, (_, tip)) in plot.tips.iter().enumerate() {
            @let (left, right) = (edge(index), edge(index + 1));
            rect.tip x=(px(left)) y=(TOP) width=(px((right - left).max(0.0))) height=(HEIGHT - TOP - BOTTOM) {
                title { (tip) }
            }
        }
    }
}
