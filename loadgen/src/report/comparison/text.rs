//! A comparison as text, for a terminal.

use std::fmt::{self, Write};

use super::{Comparison, Pair, STATISTICS};
use crate::quantity::{show_count, show_micros};

/// The kind of operation that lines do most, and that the sentence speaks of.
const MAIN_KIND: &str = "pack";

/// The sentence, the table and the warnings.
pub(crate) fn text(comparison: &Comparison) -> String {
    let mut text = String::new();
    write(comparison, &mut text).expect("a text in memory takes what is written");
    text
}

fn write(comparison: &Comparison, text: &mut String) -> fmt::Result {
    writeln!(text, "{}", sentence(comparison))?;
    if let Some(waiting) = waiting(comparison) {
        writeln!(text, "{waiting}")?;
    }
    writeln!(text)?;
    write_table(comparison, text)?;
    for warning in &comparison.warnings {
        writeln!(text, "\nwarning: {warning}")?;
    }
    Ok(())
}

/// Which packs more, by how much, with half of the interval behind the plus-minus sign.
fn sentence(comparison: &Comparison) -> String {
    let Comparison { a, b, units_per_second, .. } = comparison;
    let interval = units_per_second.interval();
    let times = |ratio: super::Ratio| format!("{:.2} \u{b1} {:.2}", ratio.value, ratio.spread());
    if !units_per_second.differs {
        let times = times(interval);
        return format!(
            "No difference that can be told from noise: {b} packs {times} times as many units a second as {a}."
        );
    }
    let (faster, slower, times) =
        if 1.0 < interval.value { (b, a, times(interval)) } else { (a, b, times(interval.inverse())) };
    format!("{faster} packs {times} times as many units a second as {slower}.")
}

fn waiting(comparison: &Comparison) -> Option<String> {
    let kinds = &comparison.latency_us;
    let kind = if kinds.contains_key(MAIN_KIND) { MAIN_KIND } else { kinds.keys().next()? };
    let p99 = kinds.get(kind)?.get("p99")?;
    let shown = |micros| show_micros(micros);
    Some(format!("p99 of {kind} is {} in {} and {} in {}.", shown(p99.b), comparison.b, shown(p99.a), comparison.a))
}

fn write_table(comparison: &Comparison, text: &mut String) -> fmt::Result {
    let width = comparison.a.chars().count().max(comparison.b.chars().count()).max(10);
    writeln!(text, "{:<24}  {:>width$}  {:>width$}  {:>8}", "", comparison.a, comparison.b, "b / a")?;
    let mut row = |name: &str, pair: Pair, show: fn(f64) -> String| {
        let ratio = pair.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        writeln!(text, "{name:<24}  {:>width$}  {:>width$}  {ratio:>8}", show(pair.a), show(pair.b))
    };
    let throughput = comparison.units_per_second;
    row("units a second", Pair { a: throughput.a, b: throughput.b }, show_count)?;
    for (kind, pairs) in &comparison.latency_us {
        for (name, _) in STATISTICS {
            if let Some(pair) = pairs.get(name) {
                row(&format!("{kind} {}", name.replace('_', ".")), *pair, show_micros)?;
            }
        }
    }
    row("late", comparison.late, show_count)?;
    row("dropped", comparison.dropped, show_count)?;
    match comparison.bytes_per_object {
        Some(pair) => row("bytes an object", pair, show_count),
        None => Ok(()),
    }
}
