//! `loadgen find-max`: steps the rate of the lines up until a limit is broken, and closes in.

use std::io::Write;

use anyhow::{Result, bail, ensure};
use clap::Args;

use super::Status;
use super::run::{PlayedArguments, play_embedded, stop_on_signal};
use crate::play::{Game, Live, Pace, Stop};
use crate::profile::Profile;
use crate::quantity::show_micros;
use crate::report::run::Run;
use crate::report::threshold::Threshold;
use crate::setting::{Rate, Time};
use crate::site::Folder;
use crate::target::TargetName;

/// By how much the rate rises, or falls, until one rate holds and another does not.
const STEP: f64 = 2.0;

/// How near the rate that holds and the one that does not are in the end.
const NEAR: f64 = 1.05;

/// How long each rate is played where nothing says so.
const LENGTH: Time = Time::seconds(10);

/// Find the fastest rate at which the lines break no limit: the rate rises until one is broken, then it closes in.
#[derive(Debug, Args)]
pub(crate) struct FindMaxArguments {
    #[command(flatten)]
    played: PlayedArguments,
    /// What must not happen, such as `p99.9>5ms`, `late>0` or `dropped>1%`; may be given several times. Dropped operations and a run
    /// that is not verified never hold.
    #[arg(long, value_name = "EXPRESSION", required = true)]
    fail_if: Vec<Threshold>,
}

/// The search for the fastest rate that holds, in units a minute of each line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Search {
    holds: Option<f64>,
    breaks: Option<f64>,
}

impl Search {
    /// Takes in what came of a rate.
    fn note(&mut self, rate: f64, has_held: bool) {
        *(if has_held { &mut self.holds } else { &mut self.breaks }) = Some(rate);
    }

    /// The rate to try next; `None` once it is known well enough.
    fn next(self, first: f64) -> Option<f64> {
        let next = match (self.holds, self.breaks) {
            (None, None) => first,
            (Some(holds), None) => holds * STEP,
            (None, Some(breaks)) => breaks / STEP,
            (Some(holds), Some(breaks)) if breaks / holds <= NEAR => return None,
            (Some(holds), Some(breaks)) => (holds * breaks).sqrt(),
        };
        let next = f64::from(Rate::nearest(next).per_minute());
        // A rate is a whole number: at the ends, and between neighbours, there is none that was not tried.
        (Some(next) != self.holds && Some(next) != self.breaks).then_some(next)
    }
}

impl FindMaxArguments {
    pub(crate) fn run(&self, output: &mut impl Write, complaints: &mut impl Write) -> Result<Status> {
        let mut profile = self.played.profile()?;
        if self.played.length.is_none() {
            profile.r#for = LENGTH;
        }
        let (seed, stop) = (self.played.seed(), stop_on_signal()?);
        let first = f64::from(profile.line.per_minute());
        let mut search = Search::default();
        while let Some(rate) = search.next(first) {
            profile.line = Rate::nearest(rate);
            if let Err(error) = profile.check(true) {
                ensure!(search.holds.is_some(), error);
                writeln!(complaints, "no limit was found: {error}")?;
                break;
            }
            let (run, broken) = self.play(&profile, seed, &stop)?;
            if stop.is_asked() {
                writeln!(complaints, "ended early: {}", stop.reason().unwrap_or_default())?;
                break;
            }
            let verdict = broken.as_deref().unwrap_or("holds");
            let waiting = run.latency_us.get("pack").map_or_else(String::new, |pack| {
                format!("pack p50 {}, p99.9 {}, ", show_micros(pack.p50), show_micros(pack.p99_9))
            });
            writeln!(
                output,
                "{:>12} a line: {:.0} units/s, {waiting}{verdict}",
                profile.line.to_string(),
                run.units_per_second
            )?;
            if !run.verified {
                run.problems.iter().try_for_each(|problem| writeln!(complaints, "  {problem}"))?;
                writeln!(complaints, "failed: not verified; --seed {seed} plays it again")?;
                return Ok(Status::Failed);
            }
            search.note(rate, broken.is_none());
        }
        let Some(holds) = search.holds else {
            writeln!(output, "no rate held")?;
            return Ok(Status::Failed);
        };
        let lines = f64::from(profile.lines.get());
        writeln!(
            output,
            "the last rate that held: {} on each of {lines} lines, {:.0} units/s together",
            Rate::nearest(holds),
            holds * lines / 60.0
        )?;
        Ok(Status::Good)
    }

    /// Plays one rate on a target of its own, and says what it broke.
    fn play(&self, profile: &Profile, seed: u64, stop: &Stop) -> Result<(Run, Option<String>)> {
        let below = match self.played.target() {
            Some(TargetName::Embedded(folder)) => Some(folder.join(profile.line.to_string())),
            Some(TargetName::Server(_)) => {
                bail!(
                    "each rate needs a target of its own, and a server keeps what it was told; name a folder: embedded:DIR"
                )
            }
            None => None,
        };
        let folder = Folder::take(below)?;
        let game = Game { profile: profile.clone(), pace: Pace::Fixed, seed, units_max: None };
        let run = play_embedded(&folder, &game, stop, &mut Live::new())?;
        let dropped = (0 < run.dropped).then(|| format!("{} operations were dropped", run.dropped));
        let ended = run.ended_early.clone().map(|reason| format!("ended early: {reason}"));
        let broken = self.fail_if.iter().find_map(|threshold| threshold.is_broken_by(&run));
        Ok((run, broken.or(dropped).or(ended)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_ends_just_below_the_limit() {
        for (first, limit) in [(300.0, 10_000.0), (300.0, 7.0), (1.0, 1.0), (50.0, 3e6), (10.0, 1e10)] {
            let mut search = Search::default();
            let mut tries = 0;
            while let Some(rate) = search.next(first) {
                search.note(rate, rate <= limit);
                tries += 1;
                assert!(tries < 60);
            }
            let holds = search.holds.unwrap();
            assert!(holds <= limit && (limit.min(1e9) / holds <= NEAR || limit - holds < 1.0), "{holds} of {limit}");
        }
        let mut nothing = Search::default();
        while let Some(rate) = nothing.next(300.0) {
            nothing.note(rate, false);
        }
        assert_eq!((nothing.holds, nothing.breaks), (None, Some(1.0)));
    }
}
