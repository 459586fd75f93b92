//! Plays the lines against a target, and measures how long they wait.

mod clock;
mod driver;
mod flat_out;
mod hands;
mod judge;
mod lane;
mod listener;
mod live;
mod paced;
mod people;
mod prepare;
mod queries;
mod record;
mod shared;
mod watch;

use std::time::Duration;

use crate::model::{Checked, Ledger};
use crate::profile::Profile;
use crate::report::run::Second;
use crate::site::LINES_MAX;
use crate::target::{Statistics, Target};

use people::Crew;

pub(crate) use judge::judge;
pub(crate) use live::Live;
pub(crate) use record::Record;
pub(crate) use shared::{Shared, Stop};

/// The numbers of people, among those who wait for answers: behind those of the drivers, of which there is one for each line at most.
const PEOPLE_FROM: usize = LINES_MAX as usize;

/// How the lines run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As the profile says; what a line waits for counts from when it needed it.
    Fixed,
    /// As fast as it goes.
    Max,
}

/// What is played.
#[derive(Clone, Debug)]
pub(crate) struct Game {
    pub(crate) profile: Profile,
    pub(crate) pace: Pace,
    pub(crate) seed: u64,
    /// Ends when so many units are packed, if not earlier.
    pub(crate) units_max: Option<u64>,
}

impl Game {
    /// Pallets that each line fills at most.
    fn pallets_max(&self, numbered: u64) -> u64 {
        let each = self.units_max.map(|units| units.div_ceil(u64::from(self.profile.lines.get())));
        let pallets = each.map(|units| units.div_ceil(u64::from(self.profile.pallet_units())));
        pallets.map_or(numbered, |pallets| pallets.min(numbered))
    }
}

/// What was played.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) record: Record,
    pub(crate) timeline: Vec<Second>,
    /// What became of the steps of each line.
    pub(crate) ledgers: Vec<Ledger>,
    /// Answers that were not what they had to be.
    pub(crate) wrong: Checked,
    pub(crate) ended_early: Option<String>,
    /// From the first submission to the last answer, without the time in which the lines were not let play.
    pub(crate) time: Duration,
    pub(crate) statistics: Option<Statistics>,
    /// How often a line had to wait for the load generator itself.
    pub(crate) starved: u64,
}

/// Plays until the time is over, the units are packed, somebody stops it, or the target fails.
pub(crate) fn play<T: Target>(target: &T, game: &Game, stop: &Stop, live: &mut Live) -> Played {
    let shared = Shared::new(game, stop);
    let staff = target.staff();
    let (crew, jobs) = Crew::new(game.seed, staff.len());
    let crew = (!staff.is_empty()).then_some(&crew);
    let (record, ledgers, timeline) = std::thread::scope(|scope| {
        let conductor = scope.spawn(|| match game.pace {
            Pace::Fixed => paced::conduct(target, game, &shared, crew),
            Pace::Max => flat_out::conduct(target, game, &shared),
        });
        let asker = scope.spawn(|| queries::ask(target, game, &shared));
        let work = |(number, (user, jobs))| {
            let shared = &shared;
            scope.spawn(move || people::work(user, PEOPLE_FROM + number, jobs, game, shared))
        };
        let people: Vec<_> = staff.iter().zip(jobs).enumerate().map(work).collect();
        let timeline = watch::watch(&shared, live, || conductor.is_finished());
        shared.finish();
        let (mut record, mut ledgers) = conductor.join().expect("the lines do not panic");
        record.merge(&asker.join().expect("asking does not panic"));
        let shifts = people.into_iter().map(|person| person.join().expect("working does not panic")).collect();
        people::merge(shifts, &mut record, &mut ledgers);
        (record, ledgers, timeline)
    });
    let time = match (game.pace, record.span()) {
        (Pace::Fixed, Some(span)) => span,
        _ => shared.clock.elapsed(),
    };
    Played {
        record,
        timeline,
        ledgers,
        statistics: target.statistics().ok(),
        starved: shared.starved(),
        wrong: shared.wrong.into_inner(),
        ended_early: stop.reason(),
        time,
    }
}
