//! What makes the comparison of two runs doubtful.

use super::Side;
use crate::quantity::show_share;
use crate::report::run::Run;
use crate::report::verdict::doubts;

/// By how much the lengths of two runs may differ, as a share of the longer one.
const LENGTH_SHARE_MAX: f64 = 0.1;

pub(super) fn warnings(a: Side<'_>, b: Side<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    for side in [a, b] {
        warnings.extend(doubts(&side.run.machine).into_iter().map(|doubt| format!("{}: {doubt}", side.name)));
        warnings.extend(incomplete(side.run).into_iter().map(|why| format!("{}: {why}", side.name)));
    }
    warnings.extend(differences(a, b));
    warnings
}

/// Why the figures of one run are not those of the lines that it was to play.
fn incomplete(run: &Run) -> Vec<String> {
    let mut found = Vec::new();
    if !run.verified {
        found.push("it was not verified, so nobody knows what its figures are worth".to_owned());
    }
    if let Some(why) = &run.ended_early {
        found.push(format!("it ended early: {why}"));
    }
    if 0 < run.dropped {
        let share = run.dropped as f64 / (run.operations + run.dropped) as f64;
        found.push(format!("{} of its operations were dropped, and their waiting is in no figure", show_share(share)));
    }
    found
}

fn differences(a: Side<'_>, b: Side<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let (one, other) = (&a.run.machine, &b.run.machine);
    if (one.processors, &one.model) != (other.processors, &other.model) {
        let of = |side: Side<'_>| format!("{} x {}", side.run.machine.processors, side.run.machine.model);
        found.push(format!("the machines differ: {} in {}, {} in {}", of(a), a.name, of(b), b.name));
    } else if one.memory_bytes != other.memory_bytes {
        found.push("the machines differ in their memory".to_owned());
    }
    if let Some((line_a, line_b)) = first_difference(&a.run.profile, &b.run.profile) {
        found.push(format!("the profiles differ: `{line_a}` in {}, `{line_b}` in {}", a.name, b.name));
    }
    let (length_a, length_b) = (a.run.seconds, b.run.seconds);
    if LENGTH_SHARE_MAX * length_a.max(length_b) < (length_a - length_b).abs() {
        found.push(format!("the lengths differ: {length_a:.1} s in {}, {length_b:.1} s in {}", a.name, b.name));
    }
    found
}

/// The first lines that are not the same.
fn first_difference<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut one, mut other) = (one.lines(), other.lines());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return None,
            (left, right) if left == right => {}
            (left, right) => return Some((left.unwrap_or("nothing"), right.unwrap_or("nothing"))),
        }
    }
}
