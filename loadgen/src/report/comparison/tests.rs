//! Comparisons of runs that differ in one thing each.

use super::*;
use crate::report::testing::realistic;

fn faster(run: &Run, thousandths: u32) -> Run {
    let mut run = run.clone();
    for second in &mut run.timeline {
        second.units = second.units / 1_000 * u64::from(thousandths);
    }
    run.units_per_second *= f64::from(thousandths) / 1_000.0;
    run
}

fn compared(a: &Run, b: &Run) -> Comparison {
    compare(Side { name: "a", run: a }, Side { name: "b", run: b }).unwrap()
}

#[test]
fn the_faster_one_is_named_with_the_spread() {
    let slow = realistic();
    let fast = faster(&slow, 1_320);
    let check = |a: &Run, b: &Run, expected: &str| {
        let text = text(&compared(a, b));
        assert_eq!(text.lines().next().unwrap(), expected);
    };
    check(&slow, &fast, "b packs 1.32 \u{b1} 0.01 times as many units a second as a.");
    check(&fast, &slow, "a packs 1.32 \u{b1} 0.01 times as many units a second as b.");
    check(
        &slow,
        &faster(&slow, 1_005),
        "No difference that can be told from noise: b packs 1.00 \u{b1} 0.01 times as many units a second as a.",
    );
}

#[test]
fn quantiles_stand_side_by_side() {
    let a = realistic();
    let mut b = a.clone();
    b.latency_us.get_mut("pack").unwrap().p99 = 2.0 * a.latency_us["pack"].p99;
    b.latency_us.remove("query");
    let comparison = compared(&a, &b);
    assert!(!comparison.latency_us.contains_key("query"));
    let text = text(&comparison);
    let line = text.lines().find(|line| line.starts_with("pack p99 ")).unwrap();
    assert!(line.ends_with("    2.00"), "{line}");
    assert!(text.contains("\np99 of pack is "), "{text}");
    assert_eq!(comparison.warnings, [""; 0]);
}

#[test]
fn what_makes_it_doubtful_is_said() {
    let a = realistic();
    let check = |change: fn(&mut Run), expected: &str| {
        let mut b = a.clone();
        change(&mut b);
        let warnings = compared(&a, &b).warnings;
        assert!(warnings.len() == 1 && warnings[0].contains(expected), "{warnings:?}");
    };
    check(|run| run.machine.disturbed = 0.2, "b: other processes or the host took 20.0%");
    check(|run| run.machine.load = 1.5, "b: the load was 1.5");
    check(|run| run.machine.optimised = false, "b: the load generator was built without optimisation");
    check(|run| run.machine.processors = 64, "the machines differ: 2 x Example processor in a, 64 x Example");
    check(|run| run.machine.memory_bytes /= 2, "the machines differ in their memory");
    check(|run| run.profile.push_str("lines = 9\n"), "the profiles differ: `nothing` in a, `lines = 9` in b");
    check(|run| run.seconds = 30.0, "the lengths differ: 60.0 s in a, 30.0 s in b");
    check(|run| run.verified = false, "b: it was not verified");
    check(|run| run.ended_early = Some("the disk is full".to_owned()), "b: it ended early: the disk is full");
    check(|run| run.dropped = run.operations, "b: 50.0% of its operations were dropped");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let a = realistic();
    let check = |change: fn(&mut Run), expected: &str| {
        let mut b = a.clone();
        change(&mut b);
        let error = compare(Side { name: "a", run: &a }, Side { name: "b", run: &b }).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    check(|run| run.timeline.clear(), "b has no timeline");
    check(|run| run.timeline.truncate(4), "b lasted 4 whole seconds");
    check(|run| run.timeline.iter_mut().for_each(|second| second.units = 0), "b packed nothing");
}

#[test]
fn a_last_second_that_was_cut_short_is_left_out() {
    let a = realistic();
    let mut b = a.clone();
    let last = b.timeline.last_mut().unwrap();
    (last.at, last.units) = (59.1, 0);
    assert!(!compared(&a, &b).units_per_second.differs);
    assert_eq!(series(Side { name: "b", run: &b }).unwrap().len(), 59);
}
