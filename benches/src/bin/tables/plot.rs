//! Plots as SVG: a panel for each series, sizes in powers of ten from left to right, times from zero upwards.

use std::fmt::Write;

use crate::measured::{Point, Series};
use crate::{grouped, time};

const PANEL_WIDTH: f64 = 400.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 36.0;
const BOTTOM: f64 = 48.0;

/// A scale from what is measured to a place on the paper.
struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    fn place(&self, value: f64) -> f64 {
        self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start)
    }
}

pub(crate) fn svg(grows: &str, series: &[Series]) -> String {
    let width = PANEL_WIDTH * series.len() as f64;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    for (number, series) in series.iter().enumerate() {
        let _ = writeln!(text, "<g transform=\"translate({} 0)\">", number as f64 * PANEL_WIDTH);
        panel(&mut text, grows, series);
        text.push_str("</g>\n");
    }
    text.push_str("</svg>\n");
    text
}

fn panel(text: &mut String, grows: &str, series: &Series) {
    let logarithm = |point: &Point| (point.size as f64).log10();
    let sizes = || series.points.iter().map(logarithm);
    let (least, most) = (sizes().fold(f64::MAX, f64::min), sizes().fold(f64::MIN, f64::max));
    // A single point stands in the middle.
    let margin = if least < most { 0.0 } else { 0.5 };
    let across = Scale { from: least - margin, to: most + margin, start: LEFT, end: PANEL_WIDTH - RIGHT };
    let highest = series.points.iter().map(|point| point.to_ns).fold(0.0, f64::max);
    let step = step(highest);
    let up = Scale { from: 0.0, to: (highest / step).ceil() * step, start: HEIGHT - BOTTOM, end: TOP };

    label(text, PANEL_WIDTH / 2.0, TOP - 16.0, "middle", &series.name);
    label(text, PANEL_WIDTH / 2.0, HEIGHT - 10.0, "middle", grows);
    let lines =
        std::iter::successors(Some(0.0), |value| Some(value + step)).take_while(|value| *value <= up.to + step / 2.0);
    for value in lines {
        let y = up.place(value);
        let _ = writeln!(
            text,
            "<path d=\"M{LEFT} {y:.1}H{:.1}\" stroke=\"{}\"/>",
            across.end,
            if value == 0.0 { "#333" } else { "#ddd" }
        );
        label(text, LEFT - 6.0, y + 4.0, "end", &if value == 0.0 { "0".to_owned() } else { time(value) });
    }
    let mut last_label = f64::MIN;
    for point in &series.points {
        let x = across.place(logarithm(point));
        // Labels that would stand on each other are left out.
        if 52.0 < x - last_label {
            label(text, x, HEIGHT - BOTTOM + 16.0, "middle", &short(point.size));
            last_label = x;
        }
        let (from, to) = (up.place(point.from_ns), up.place(point.to_ns));
        let _ = writeln!(text, "<path d=\"M{x:.1} {from:.1}V{to:.1}\" stroke=\"#9bc\" stroke-width=\"5\"/>");
    }
    let places = series.points.iter().map(|point| (across.place(logarithm(point)), up.place(point.mean_ns)));
    let line: Vec<String> = places.clone().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _ =
        writeln!(text, "<polyline points=\"{}\" fill=\"none\" stroke=\"#06a\" stroke-width=\"2\"/>", line.join(" "));
    for (x, y) in places {
        let _ = writeln!(text, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#06a\"/>");
    }
}

fn label(text: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let _ = writeln!(text, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>");
}

/// The distance of the lines: 1, 2 or 5 times a power of ten, so that there are four or five.
fn step(highest: f64) -> f64 {
    let power = 10_f64.powf((highest / 5.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|times| times * power)
        .find(|step| highest <= step * 5.0)
        .unwrap_or(10.0 * power)
}

/// Millions as such.
fn short(number: u64) -> String {
    if 1_000_000 <= number && number.is_multiple_of(100_000) {
        format!("{} M", number as f64 / 1e6)
    } else {
        grouped(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_at_round_times() {
        for (highest, right) in [(1.0, 0.2), (48.0, 10.0), (51.0, 20.0), (230.0, 50.0), (1e6, 2e5)] {
            assert!((step(highest) / right - 1.0).abs() < 1e-9, "{highest}: {}", step(highest));
        }
    }

    #[test]
    fn a_plot_of_one_point_has_no_division_by_zero() {
        let point = Point { size: 100_000, mean_ns: 10.0, from_ns: 9.0, to_ns: 11.0 };
        let newest = std::time::SystemTime::UNIX_EPOCH;
        let plot = svg("objects", &[Series { name: "pack".to_owned(), points: vec![point], newest }]);
        assert!(plot.contains("100,000") && !plot.contains("NaN") && !plot.contains("inf"), "{plot}");
    }
}
