//! `loadgen run`: plays the lines of a profile against a target, and checks the answer.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};
use packtree::{Entropy as _, SystemEntropy};

use super::Status;
use crate::measure::measure;
use crate::play::{Game, Live, Pace, Stop};
use crate::profile::{Children, Lines, Profile};
use crate::report::run::Run;
use crate::report::summary::summary;
use crate::report::threshold::Threshold;
use crate::setting::{Rate, Share, Stops, Time};
use crate::site::Folder;
use crate::target::{Embedded, Http, Target as _, TargetName};

/// Play packaging lines against a target, measure how long they wait, and check the answer.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    played: PlayedArguments,
    /// As fast as the profile says, or as fast as it goes.
    #[arg(long, value_enum, default_value_t = PaceName::Fixed)]
    rate: PaceName,
    /// End when so many units are packed, if not earlier.
    #[arg(long)]
    units: Option<u64>,
    /// Print one JSON object instead of a summary.
    #[arg(long)]
    json: bool,
    /// Write the same JSON into a file too.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fail when this holds, such as `p99.9>5ms`, `pack.p99>2ms`, `late>0`, `dropped>1%`, `units_per_second<3M`; may be given
    /// several times.
    #[arg(long, value_name = "EXPRESSION")]
    fail_if: Vec<Threshold>,
}

/// What is played against what.
#[derive(Clone, Debug, Args)]
pub(crate) struct PlayedArguments {
    /// A profile: the name of a built-in one (bottle, vial, site) or a TOML file. Options override it. A plain line if not given.
    #[arg(long, value_name = "FILE|NAME")]
    profile: Option<String>,
    /// Lines that run at the same time.
    #[arg(long)]
    lines: Option<Lines>,
    /// How fast each line runs, such as 300upm (units a minute).
    #[arg(long, value_name = "RATE")]
    line: Option<Rate>,
    /// Units in a case.
    #[arg(long, value_name = "UNITS")]
    case: Option<Children>,
    /// Cases on a pallet.
    #[arg(long, value_name = "CASES")]
    pallet: Option<Children>,
    /// How long the lines run, such as 60s.
    #[arg(long = "for", value_name = "TIME")]
    pub(crate) length: Option<Time>,
    /// Share of the units that are replaced after they were packed.
    #[arg(long, value_name = "SHARE")]
    rework: Option<Share>,
    /// Share of the units that are rejected before they are packed.
    #[arg(long, value_name = "SHARE")]
    reject: Option<Share>,
    /// Share of the cases after which something is sent that must be refused.
    #[arg(long, value_name = "SHARE")]
    malformed: Option<Share>,
    /// Share of the cases whose request is sent twice.
    #[arg(long, value_name = "SHARE")]
    retries: Option<Share>,
    /// How the lines stop, such as 30s@10%: for 30 s each time, and for 10% of the time together. Not with --rate max.
    #[arg(long, value_name = "STOPS")]
    stops: Option<Stops>,
    /// What to play against: embedded:DIR is the engine in this process, with its data in the empty folder DIR; http://HOST:PORT is a
    /// server without data, with a machine's key in `PACKTREE_KEY`, and an administrator who makes the users of the warehouse in
    /// `PACKTREE_ADMINISTRATOR` and `PACKTREE_PASSWORD`. The engine in a temporary folder in the working directory if not given.
    #[arg(long)]
    target: Option<TargetName>,
    /// Plays the same again as another run with this seed.
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PaceName {
    Fixed,
    Max,
}

/// Sets what an option says.
fn put<T: Copy>(place: &mut T, option: Option<T>) {
    *place = option.unwrap_or(*place);
}

impl PlayedArguments {
    /// The profile, with what the options say instead.
    pub(crate) fn profile(&self) -> Result<Profile> {
        let mut profile = self.profile.as_deref().map_or_else(|| Ok(Profile::default()), Profile::read)?;
        put(&mut profile.lines, self.lines);
        put(&mut profile.line, self.line);
        put(&mut profile.case, self.case);
        put(&mut profile.pallet, self.pallet);
        put(&mut profile.r#for, self.length);
        put(&mut profile.rework, self.rework);
        put(&mut profile.reject, self.reject);
        put(&mut profile.malformed, self.malformed);
        put(&mut profile.retries, self.retries);
        profile.stops = self.stops.or(profile.stops);
        Ok(profile)
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(|| SystemEntropy.next() as u64)
    }

    pub(crate) fn target(&self) -> Option<&TargetName> {
        self.target.as_ref()
    }
}

impl RunArguments {
    /// Plays, and writes the report to `standard_output`; what is broken goes to `complaints`.
    pub(crate) fn run(&self, standard_output: &mut impl Write, complaints: &mut impl Write) -> Result<Status> {
        let profile = self.played.profile()?;
        let pace = if self.rate == PaceName::Max { Pace::Max } else { Pace::Fixed };
        profile.check(pace == Pace::Fixed)?;
        let game = Game { profile, pace, seed: self.played.seed(), units_max: self.units };
        let stop = stop_on_signal()?;
        let mut live = Live::new();
        let run = match self.played.target() {
            Some(TargetName::Server(address)) => play_server(address, &game, &stop, &mut live)?,
            Some(TargetName::Embedded(folder)) => {
                play_embedded(&Folder::take(Some(folder.clone()))?, &game, &stop, &mut live)?
            }
            None => play_embedded(&Folder::take(None)?, &game, &stop, &mut live)?,
        };
        let json = serde_json::to_string(&run).context("the run cannot be written as JSON")?;
        if let Some(path) = &self.output {
            std::fs::write(path, &json).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        if self.json {
            writeln!(standard_output, "{json}")?;
        } else {
            write!(standard_output, "{}", summary(&run))?;
        }
        let broken: Vec<String> = self.fail_if.iter().filter_map(|threshold| threshold.is_broken_by(&run)).collect();
        for broken in &broken {
            writeln!(complaints, "failed: {broken}")?;
        }
        if !run.verified {
            writeln!(complaints, "failed: not verified; --seed {} plays it again", run.seed)?;
        }
        Ok(if is_as_it_must_be(&run) && broken.is_empty() { Status::Good } else { Status::Failed })
    }
}

/// Whether nothing was found wrong. That somebody ended it early is not wrong.
fn is_as_it_must_be(run: &Run) -> bool {
    run.verified && run.ended_early.as_deref().is_none_or(|reason| reason == INTERRUPTED)
}

/// Plays against an engine in a folder.
pub(crate) fn play_embedded(folder: &Folder, game: &Game, stop: &Stop, live: &mut Live) -> Result<Run> {
    let target = Embedded::open(folder.path())?;
    let run = measure(&target, &format!("embedded:{}", folder.path().display()), game, stop, live);
    // A run that ended because the disk failed cannot be closed in order, and its report is worth more than that.
    if let Err(error) = target.engine().close() {
        live.say(&format!("warning: the engine was not closed in order: {error}"));
    }
    Ok(run)
}

/// Plays against a server. Its objects would be in the way of those that are played, and the other way round.
fn play_server(address: &str, game: &Game, stop: &Stop, live: &mut Live) -> Result<Run> {
    let variable = |name: &str| std::env::var(name).ok();
    let mut target = Http::new(address, &variable)?;
    let known = target.statistics()?.objects;
    ensure!(
        known == 0,
        "the server at {address} has {known} objects already; play against one that was started in an empty directory"
    );
    let users = game.profile.warehouse.users.get();
    // Hands have a pace of their own: where the lines have none, the key does their work.
    if game.pace == Pace::Fixed && 0 < users {
        target.hire(users, &variable)?;
    }
    Ok(measure(&target, address, game, stop, live))
}

/// Why a run ended that was interrupted from the keyboard.
const INTERRUPTED: &str = "interrupted";

/// What is asked to stop when the program is interrupted.
pub(crate) fn stop_on_signal() -> Result<Stop> {
    let stop = Stop::default();
    let asked = stop.clone();
    ctrlc::set_handler(move || asked.ask(INTERRUPTED)).context("Ctrl-C cannot be caught")?;
    Ok(stop)
}
