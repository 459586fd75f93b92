//! Whole runs, against the engine and against targets that do what they must not.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use packtree::fact::{Level, LotName, Verb};
use packtree::operation::{Commission, Request};
use packtree::{Identifier, Operation, Ticket};

use super::measure;
use crate::play::{Game, Live, Pace, Stop};
use crate::profile::Profile;
use crate::report::run::Run;
use crate::target::{Answer, Embedded, Failure, LotSeen, Pending, Seen, Statistics, Target};

const SITE: &str = r#"
lines = 3
line = "60000upm"
case = 5
pallet = 4
lot = 7
for = "1s"
rework = "5%"
reject = "5%"
malformed = "20%"
retries = "20%"

[warehouse]
break = "15%"
take = "20%"
count = "20%"
sample = "10%"
hold = "20%"
queries = 6000
"#;

fn game(pace: Pace) -> Game {
    Game { profile: Profile::parse(SITE).unwrap(), pace, seed: 20_261_123, units_max: None }
}

fn run_on<T: Target>(target: &T, game: &Game) -> Run {
    measure(target, "test", game, &Stop::default(), &mut Live::quiet())
}

fn open() -> (tempfile::TempDir, Embedded) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Embedded::open(folder.path()).unwrap();
    (folder, engine)
}

#[test]
fn an_engine_is_found_right_at_the_pace_of_the_lines() {
    let (_folder, engine) = open();
    let run = run_on(&engine, &game(Pace::Fixed));
    assert_eq!(run.problems, [""; 0]);
    assert!(run.verified && run.ended_early.is_none());
    assert!(1_000 < run.units && 100 < run.refused, "{} units, {} refused", run.units, run.refused);
    let (units, operations) =
        run.timeline.iter().fold((0, 0), |sum, second| (sum.0 + second.units, sum.1 + second.operations));
    assert_eq!((units, operations), (run.units, run.operations));
    for kind in [
        "commission",
        "pack",
        "close",
        "reject",
        "replace",
        "unpack",
        "reset",
        "sample",
        "hold",
        "release",
        "retry",
        "malformed",
        "query",
    ] {
        let latency = &run.latency_us[kind];
        assert!(0 < latency.count && 0.0 < latency.p50 && latency.p50 <= latency.max, "{kind}: {latency:?}");
    }
    assert!((0.5..1.5).contains(&run.seconds), "{} s", run.seconds);
}

#[test]
fn an_engine_is_found_right_as_fast_as_it_goes() {
    let (_folder, engine) = open();
    let mut game = game(Pace::Max);
    game.units_max = Some(30_000);
    let run = run_on(&engine, &game);
    assert_eq!(run.problems, [""; 0]);
    assert!(run.verified && run.ended_early.is_none());
    // Whole pallets on each line.
    assert_eq!((run.units, run.late, run.dropped), (30_000, 0, 0));
    assert!((run.units_per_second - run.units as f64 / run.seconds).abs() < 1.0);
}

/// What a target does that it must not.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lie {
    /// Acknowledges an operation and does not do it.
    Loses(Verb),
    /// Acknowledges an operation and does a part of it.
    Alters,
    /// Does something that nobody asked for.
    Invents,
    /// Does what it must refuse.
    Allows,
    /// Does a repeated request as if it were new.
    Forgets,
    /// Tells of fewer objects than it was asked for.
    Omits,
    /// Is too busy for a while.
    IsBusy(u64),
    /// Takes nothing for so long from the first request on.
    Pauses(Duration),
    /// Is gone after so many requests.
    Dies(u64),
    /// Answers no more after so many requests, and says why.
    Fills(u64),
}

/// An engine behind something that lies once, at the fifth chance.
struct Liar {
    engine: Embedded,
    lie: Lie,
    begun: OnceLock<Instant>,
    sent: AtomicU64,
    chances: AtomicU64,
}

enum Told {
    Truth(Ticket),
    Lie(Result<Answer, Failure>),
}

impl Pending for Told {
    fn wait(&self, time: Duration) -> Option<Result<Answer, Failure>> {
        match self {
            Self::Truth(ticket) => Pending::wait(ticket, time),
            Self::Lie(answer) => Some(answer.clone()),
        }
    }
}

impl Liar {
    fn is_time(&self, is_chance: bool) -> bool {
        is_chance && self.chances.fetch_add(1, Ordering::Relaxed) == 4
    }

    fn forget(&self, answer: Answer) -> Answer {
        match answer {
            Answer::Done { fact, repeated: true, late } if self.is_time(true) => {
                Answer::Done { fact, repeated: false, late }
            }
            answer => answer,
        }
    }

    fn truth(&self, request: &Request) -> Result<Told, Failure> {
        self.engine.send(request).map(Told::Truth)
    }
}

impl Target for Liar {
    type Pending = Told;

    fn send(&self, request: &Request) -> Result<Told, Failure> {
        let sent = self.sent.fetch_add(1, Ordering::Relaxed);
        let done = || Told::Lie(Ok(Answer::Done { fact: 0, repeated: false, late: false }));
        match (self.lie, &request.operation) {
            (Lie::Loses(verb), operation) if self.is_time(operation.verb() == verb && request.reason.is_some()) => {
                Ok(done())
            }
            (Lie::Alters, Operation::Pack(pack)) if self.is_time(pack.children.len() == 5) => {
                let mut altered = request.clone();
                altered.operation = Operation::pack(pack.parent.clone(), pack.children[1..].to_vec());
                self.truth(&altered)
            }
            (Lie::Invents, Operation::Commission(_)) if self.is_time(true) => {
                let mut invented = request.clone();
                invented.id.0 ^= 1;
                let stranger = Identifier::parse("(01)09521234543213(21)STRANGER").unwrap();
                invented.operation =
                    Operation::Commission(Commission { lot: None, level: Level::Unit, objects: vec![stranger] });
                self.engine.send(&invented)?;
                self.truth(request)
            }
            (Lie::Allows, Operation::Pack(pack)) if self.is_time(pack.children.is_empty()) => Ok(done()),
            (Lie::Forgets, Operation::Pack(_)) => match self.truth(request)? {
                told @ Told::Lie(_) => Ok(told),
                Told::Truth(ticket) => {
                    let answer = Pending::wait(&ticket, Duration::from_secs(10)).unwrap();
                    Ok(Told::Lie(answer.map(|answer| self.forget(answer))))
                }
            },
            (Lie::IsBusy(until), _) if sent < until => Err(Failure::Busy),
            (Lie::Pauses(time), _) if self.begun.get_or_init(Instant::now).elapsed() < time => Err(Failure::Busy),
            (Lie::Dies(after), _) if after <= sent => Err(Failure::Down("its socket is closed".to_owned())),
            (Lie::Fills(after), _) if after <= sent => {
                Ok(Told::Lie(Err(Failure::Stopped("no space left on device".to_owned()))))
            }
            _ => self.truth(request),
        }
    }

    fn inspect(&self, objects: &[Identifier]) -> Result<Vec<Option<Seen>>, Failure> {
        let mut seen = self.engine.inspect(objects)?;
        if self.lie == Lie::Omits {
            seen.pop();
        }
        Ok(seen)
    }

    fn contents(&self, object: &Identifier) -> Result<Option<Vec<Identifier>>, Failure> {
        self.engine.contents(object)
    }

    fn lot(&self, lot: &LotName) -> Result<Option<LotSeen>, Failure> {
        self.engine.lot(lot)
    }

    fn statistics(&self) -> Result<Statistics, Failure> {
        self.engine.statistics()
    }
}

fn lie(lie: Lie) -> Run {
    lie_in(&game(Pace::Fixed), lie)
}

fn lie_in(game: &Game, lie: Lie) -> Run {
    let (_folder, engine) = open();
    let target = Liar { engine, lie, begun: OnceLock::new(), sent: AtomicU64::new(0), chances: AtomicU64::new(0) };
    run_on(&target, game)
}

#[test]
fn one_lost_or_altered_operation_is_found_out() {
    for (what, part) in [
        // What a step builds on may be refused later, but what is found at the end says what is wrong.
        (Lie::Loses(Verb::Reject), "status must be rejected, and is active"),
        (Lie::Loses(Verb::Pack), "number of children must be 5, and is 0"),
        (Lie::Loses(Verb::Replace), "must be rejected, and is active"),
        (Lie::Loses(Verb::Close), "its seal must be"),
        (Lie::Loses(Verb::Reset), "its parent must be"),
        (Lie::Loses(Verb::Sample), "status must be sampled, and is active"),
        (Lie::Loses(Verb::Hold), "its hold must be"),
        (Lie::Alters, "number of children must be 5, and is 4"),
        (Lie::Invents, "objects, and there are"),
        (Lie::Allows, "had to be refused for nothing_named, and was done"),
        (Lie::Forgets, "done twice"),
        (Lie::Omits, "nonsense"),
    ] {
        let run = lie(what);
        assert!(!run.verified, "{what:?} was not noticed");
        assert!(run.problems.iter().any(|problem| problem.contains(part)), "{what:?}: {:#?}", run.problems);
    }
}

#[test]
fn a_target_that_is_busy_is_waited_for() {
    let run = lie(Lie::IsBusy(50));
    assert_eq!(run.problems, [""; 0]);
    assert!(run.verified && run.busy == 50 && 0 < run.units);
}

#[test]
fn a_target_that_fails_ends_the_run_with_what_was_measured() {
    for (what, part) in [(Lie::Dies(300), "its socket is closed"), (Lie::Fills(300), "no space left on device")] {
        let run = lie(what);
        assert!(run.ended_early.as_ref().is_some_and(|reason| reason.contains(part)), "{:?}", run.ended_early);
        assert!(0 < run.operations && run.operations <= 300);
        // What was acknowledged is there, and nothing else: what was not answered may be done or not.
        assert_eq!(run.problems, [""; 0], "{what:?}");
        assert!(run.verified);
    }
}

#[test]
fn what_a_line_cannot_hold_is_dropped_and_the_rest_still_fits() {
    let mut game = game(Pace::Fixed);
    // Ten thousand units a second on each line, and more than a thousand operations while nothing is taken.
    game.profile.line = "600000upm".parse().unwrap();
    let run = lie_in(&game, Lie::Pauses(Duration::from_millis(400)));
    assert!(0 < run.dropped, "nothing was dropped");
    assert_eq!(run.problems, [""; 0]);
    assert!(run.verified);
}

#[test]
fn every_reason_for_which_something_is_malformed_comes_up() {
    let (_folder, engine) = open();
    let mut game = game(Pace::Max);
    game.units_max = Some(3_000);
    game.profile.malformed = "100%".parse().unwrap();
    let run = run_on(&engine, &game);
    assert_eq!(run.problems, [""; 0]);
    assert_eq!(run.refused, 600);
    assert_eq!(run.latency_us["malformed"].count, 600);
}
