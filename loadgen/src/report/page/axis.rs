//! The scales of a plot and the marks on them.

use crate::quantity::{show_count, show_micros};

/// One side of a plot.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) name: String,
    scale: Scale,
    from: f64,
    to: f64,
    /// Value and text of each mark.
    pub(super) ticks: Vec<(f64, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    Linear,
    Logarithmic,
}

/// Marks that an axis has room for, about.
const TICKS: f64 = 5.0;

/// Percentiles that people speak of, and how they call them.
const PERCENTILES: [(f64, &str); 7] = [
    (0.0, "0%"),
    (0.5, "50%"),
    (0.9, "90%"),
    (0.99, "99%"),
    (0.999, "99.9%"),
    (0.9999, "99.99%"),
    (0.99999, "99.999%"),
];

/// How many nines a percentile has: 1 for 90 %, 2 for 99 %.
pub(super) fn nines(quantile: f64) -> f64 {
    -(1.0 - quantile).log10()
}

/// The percentile with so many nines.
pub(super) fn quantile_of(nines: f64) -> f64 {
    1.0 - 10.0_f64.powf(-nines)
}

impl Axis {
    /// From 0 to the largest value, in steps of 1, 2 or 5.
    pub(super) fn linear(name: &str, largest: f64, show: fn(f64) -> String) -> Self {
        let largest = if 0.0 < largest { largest } else { 1.0 };
        let rough = largest / TICKS;
        let power = 10.0_f64.powf(rough.log10().floor());
        let step = power * [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| rough <= step * power).unwrap_or(10.0);
        let count = (largest / step).ceil();
        let ticks = (0..=count as i32).map(|tick| f64::from(tick) * step).map(|value| (value, short(&show(value))));
        Self { name: name.to_owned(), scale: Scale::Linear, from: 0.0, to: count * step, ticks: ticks.collect() }
    }

    /// Seconds from 0 to the last one.
    pub(super) fn seconds(last: f64) -> Self {
        let axis = Self::linear("seconds since the beginning", last, |value| format!("{value}"));
        // A line that ends where the run does; no empty space behind it.
        let ticks = axis.ticks.into_iter().filter(|(value, _)| *value <= last).collect();
        Self { to: if 0.0 < last { last } else { 1.0 }, ticks, ..axis }
    }

    /// Microseconds, from the power of ten below the smallest value to the one above the largest.
    pub(super) fn times(name: &str, values: impl Iterator<Item = f64>) -> Self {
        let (mut smallest, mut largest) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| 0.0 < *value) {
            (smallest, largest) = (smallest.min(value), largest.max(value));
        }
        if largest == 0.0 {
            (smallest, largest) = (1.0, 10.0);
        }
        let first = smallest.log10().floor();
        let last = largest.log10().ceil().max(first + 1.0);
        let steps: &[f64] = if last - first <= 2.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let (from, to) = (10.0_f64.powf(first), 10.0_f64.powf(last));
        let values =
            (first as i32..=last as i32).flat_map(|power| steps.iter().map(move |step| step * 10_f64.powi(power)));
        let ticks = values.filter(|value| *value <= to * 1.001).map(|value| (value, short(&show_micros(value))));
        Self { name: name.to_owned(), scale: Scale::Logarithmic, from, to, ticks: ticks.collect() }
    }

    /// Percentiles by their nines, so that each step to the right is ten times as rare.
    pub(super) fn percentiles() -> Self {
        let ticks: Vec<_> = PERCENTILES.iter().map(|(quantile, name)| (nines(*quantile), (*name).to_owned())).collect();
        let to = ticks.last().map_or(1.0, |(value, _)| *value);
        Self { name: "percentile of the operations".to_owned(), scale: Scale::Linear, from: 0.0, to, ticks }
    }

    /// Objects of any kind.
    pub(super) fn counts(name: &str, largest: f64) -> Self {
        Self::linear(name, largest, show_count)
    }

    /// Where a value lies between the ends, from 0 to 1.
    pub(super) fn place(&self, value: f64) -> f64 {
        let place = match self.scale {
            Scale::Linear => (value - self.from) / (self.to - self.from),
            Scale::Logarithmic => {
                (value.max(self.from).log10() - self.from.log10()) / (self.to.log10() - self.from.log10())
            }
        };
        place.clamp(0.0, 1.0)
    }
}

/// Without digits that say nothing: `1.00 ms` is `1 ms`.
fn short(text: &str) -> String {
    let (number, unit) = text.split_once(' ').map_or((text, None), |(number, unit)| (number, Some(unit)));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    unit.map_or_else(|| number.to_owned(), |unit| format!("{number} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> String {
        axis.ticks.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn marks_are_round() {
        let check = |axis: Axis, expected: &str| assert_eq!(texts(&axis), expected);
        check(Axis::counts("", 3_210_000.0), "0, 1 M, 2 M, 3 M, 4 M");
        check(Axis::counts("", 48.0), "0, 10, 20, 30, 40, 50");
        check(Axis::counts("", 0.0), "0, 0.2, 0.4, 0.6, 0.8, 1");
        check(Axis::seconds(60.0), "0, 20, 40, 60");
        check(Axis::seconds(61.5), "0, 20, 40, 60");
        check(Axis::times("", [0.0, 45.0, 2_300.0].into_iter()), "10 us, 100 us, 1 ms, 10 ms");
        check(Axis::times("", [45.0, 70.0].into_iter()), "10 us, 20 us, 50 us, 100 us");
        check(Axis::times("", [100.0].into_iter()), "100 us, 200 us, 500 us, 1 ms");
        check(Axis::times("", std::iter::empty()), "1 us, 2 us, 5 us, 10 us");
        check(Axis::percentiles(), "0%, 50%, 90%, 99%, 99.9%, 99.99%, 99.999%");
    }

    #[test]
    fn values_lie_between_the_ends() {
        let check = |axis: &Axis, value: f64, expected: f64| {
            let place = axis.place(value);
            assert!((place - expected).abs() < 1e-9, "{value} is at {place}");
        };
        let times = Axis::times("", [10.0, 1_000.0].into_iter());
        check(&times, 10.0, 0.0);
        check(&times, 100.0, 0.5);
        check(&times, 0.0, 0.0);
        check(&times, 1e9, 1.0);
        check(&Axis::percentiles(), nines(0.99), 0.4);
        check(&Axis::percentiles(), nines(1.0), 1.0);
        check(&Axis::counts("", 100.0), 50.0, 0.5);
        assert!((quantile_of(nines(0.999)) - 0.999).abs() < 1e-12);
    }
}
