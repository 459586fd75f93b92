//! Plays a game against a target, checks the answer, and puts together what came of it.

use crate::machine::Observed;
use crate::model::{Checked, check};
use crate::play::{Game, Live, Played, Stop, play};
use crate::report::run::{FORMAT, Run};
use crate::target::Target;

/// Plays, checks and reports. `name` is what the target was called.
pub(crate) fn measure<T: Target>(target: &T, name: &str, game: &Game, stop: &Stop, live: &mut Live) -> Run {
    let started = jiff::Timestamp::now().to_string();
    let observed = Observed::begin();
    let played = play(target, game, stop, live);
    let machine = observed.end();
    if 0 < played.starved {
        live.say(&format!(
            "warning: lines waited {} times for the load generator itself; the figures are as much of it as of the target",
            played.starved
        ));
    }
    let checked = compare(target, game, &played);
    let seconds = played.time.as_secs_f64();
    let counts = played.record.counts;
    let objects = played.statistics.map_or(0, |statistics| statistics.objects);
    let bytes = played.statistics.and_then(|statistics| statistics.bytes);
    Run {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started,
        target: name.to_owned(),
        machine,
        profile: game.profile.to_toml(),
        seed: game.seed,
        seconds,
        units: counts.units,
        units_per_second: if 0.0 < seconds { counts.units as f64 / seconds } else { 0.0 },
        operations: counts.operations,
        late: counts.late,
        dropped: counts.dropped,
        refused: counts.refused,
        busy: counts.busy + played.statistics.map_or(0, |statistics| statistics.busy),
        bytes_per_object: bytes.filter(|_| 0 < objects).map(|bytes| bytes as f64 / objects as f64),
        objects,
        verified: checked.problems == 0,
        problems: checked.words,
        ended_early: played.ended_early,
        latency_us: played.record.latencies(),
        timeline: played.timeline,
    }
}

/// The answers that were wrong while it ran, and what is wrong at the end.
fn compare<T: Target>(target: &T, game: &Game, played: &Played) -> Checked {
    let mut wrong = played.wrong.clone();
    let from = vec![0; played.ledgers.len()];
    match check(target, &game.profile, game.seed, &played.ledgers, &from) {
        Ok(checked) => wrong.add(checked),
        Err(failure) => wrong.problem(format!("the target could not be compared: {failure}")),
    }
    let shown = wrong.words.len() as u64;
    if shown < wrong.problems {
        wrong.words.push(format!("and {} more", wrong.problems - shown));
    }
    wrong
}

#[cfg(test)]
mod tests;
