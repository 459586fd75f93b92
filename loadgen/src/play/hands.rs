//! One person with a scanner: signs in, scans, looks at the card, and acts from it, a movement every few seconds.
//!
//! The movements are due by the clock, whatever the server does, and waiting counts from then.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam::channel::Receiver;
use packtree::fact::EventTime;
use packtree::{Clock as _, Identifier, Operation, SystemClock};

use super::Game;
use super::judge::judge;
use super::lane::PERSON_WAITS;
use super::listener::Listener;
use super::people::{Job, Noted, Shift};
use super::record::Record;
use super::shared::{Answers, Shared};
use crate::model::Fate;
use crate::random::mix;
use crate::target::{Failure, Person, User};
use crate::workload::{Kind, Maker, Step, scanned};

/// Somebody who scans one thing after the other, without anything in between, moves so many times as fast.
const FASTER_IN_A_ROW: u32 = 4;

/// How long to sleep at most, so that a run that is stopped ends soon.
const SLEEP_MAX: Duration = Duration::from_millis(50);

/// What random numbers are drawn for.
#[derive(Clone, Copy)]
enum Purpose {
    Begin = 1,
    Pace,
    Line,
    Pallet,
    Which,
    Object,
    Spelling,
}

/// A label that is scanned.
#[derive(Debug)]
struct Scan {
    id: Identifier,
    line: usize,
    pallet: u64,
    /// What its card must offer.
    action: Option<&'static str>,
}

/// What the hands do at one moment.
#[derive(Debug)]
struct Movement {
    scan: Option<Scan>,
    /// What is pressed then.
    press: Option<Job>,
    /// Whether the next movement follows without a pause.
    is_in_row: bool,
}

/// One person with a scanner.
pub(super) struct Hands<'r> {
    user: &'r User,
    number: usize,
    jobs: Receiver<Job>,
    game: &'r Game,
    shared: &'r Shared,
    makers: Vec<Maker>,
    /// What is left of the job that they are at.
    movements: VecDeque<Movement>,
    /// How many movements there were.
    moved: u64,
    shift: Shift,
    answers: Answers,
}

impl<'r> Hands<'r> {
    pub(super) fn new(user: &'r User, number: usize, jobs: Receiver<Job>, game: &'r Game, shared: &'r Shared) -> Self {
        let maker = |line| Maker::new(&game.profile, game.seed, line as u64);
        Self {
            user,
            number,
            jobs,
            game,
            shared,
            makers: (0..shared.finished.len()).map(maker).collect(),
            movements: VecDeque::new(),
            moved: 0,
            shift: Shift { record: Record::new(), noted: Vec::new() },
            answers: Answers::default(),
        }
    }

    /// Works until the lines have finished, or the server fails.
    pub(super) fn work(mut self) -> Shift {
        if let Err(failure) = self.work_signed_in() {
            self.shared.stop.ask(failure.to_string());
        }
        self.shift
    }

    fn work_signed_in(&mut self) -> Result<(), Failure> {
        let pace = self.game.profile.warehouse.pace.duration();
        let mut due = Instant::now() + share(pace, self.draw(Purpose::Begin));
        if !self.rests_until(due) {
            return Ok(());
        }
        let mut person = self.user.sign_in()?;
        self.time(Kind::SignIn, due);
        let newest = person.newest()?;
        let listener = Listener::new(person.feed(newest), newest);
        let mut is_in_row = false;
        loop {
            self.moved += 1;
            // Half the pace at least, and one and a half at most.
            let pause = pace / 2 + share(pace, self.draw(Purpose::Pace));
            due += if is_in_row { pause / FASTER_IN_A_ROW } else { pause };
            if !self.rests_until(due) {
                break;
            }
            is_in_row = self.movement(&mut person, due)?;
        }
        if let Some(problem) = listener.finish(person.newest()?) {
            self.wrong(format!("the feed of {} {problem}", self.user.name()));
        }
        person.sign_out()?;
        self.shift.record.counts.busy += person.busy;
        Ok(())
    }

    fn draw(&self, purpose: Purpose) -> u64 {
        mix(&[self.game.seed, self.number as u64, self.moved, purpose as u64])
    }

    /// Waits for a moment; whether the lines still run then.
    fn rests_until(&self, moment: Instant) -> bool {
        while !self.shared.is_over() && !self.shared.stop.is_asked() {
            let left = moment.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(SLEEP_MAX));
        }
        false
    }

    /// Moves; whether the next movement follows without a pause.
    fn movement(&mut self, person: &mut Person, due: Instant) -> Result<bool, Failure> {
        if self.movements.is_empty()
            && let Ok(job) = self.jobs.try_recv()
        {
            self.movements = self.movements_of(job);
        }
        let Some(Movement { scan, press, is_in_row }) = self.movements.pop_front().or_else(|| self.look_around())
        else {
            return Ok(false);
        };
        let mut pressed = due;
        if let Some(scan) = scan {
            self.scan(person, &scan)?;
            self.time(Kind::Scan, due);
            pressed = Instant::now();
        }
        if let Some(job) = press {
            self.press(person, job, pressed)?;
        }
        Ok(is_in_row)
    }

    /// What hands do for a step: scan what it is about and press, or, taking off cases, only scan.
    fn movements_of(&self, job: Job) -> VecDeque<Movement> {
        let (line, pallet, step) = (job.line, job.prepared.planned.pallet, job.prepared.planned.step);
        let maker = &self.makers[line];
        let scan = |id, action, is_in_row| {
            let scan = Some(Scan { id, line, pallet, action });
            Movement { scan, press: None, is_in_row }
        };
        let what = match step {
            Step::TakeOff { case } => maker.case(pallet, case),
            Step::Sample { slot } => maker.unit(pallet, slot),
            _ => maker.pallet(pallet),
        };
        let first = scan(what, step.action(), false);
        if matches!(step, Step::TakeOff { .. }) {
            return VecDeque::from([Movement { press: Some(job), ..first }]);
        }
        let mut movements = VecDeque::from([first]);
        if let Operation::Reset(count) = &job.prepared.request.operation {
            movements.extend(count.children.iter().map(|child| scan(child.clone(), None, true)));
        }
        movements.push_back(Movement { scan: None, press: Some(job), is_in_row: false });
        movements
    }

    /// Scans something on a pallet that a line has finished, for a look at its card; nothing where there is none yet.
    fn look_around(&self) -> Option<Movement> {
        let line = self.draw(Purpose::Line) as usize % self.makers.len();
        let finished = self.shared.finished[line].load(Ordering::Acquire);
        let pallet = self.draw(Purpose::Pallet).checked_rem(finished)?;
        let (maker, profile) = (&self.makers[line], &self.game.profile);
        let place = |number: u32| self.draw(Purpose::Object) as u32 % number;
        let id = match self.draw(Purpose::Which) % 3 {
            0 => maker.pallet(pallet),
            1 => maker.case(pallet, place(profile.pallet.get())),
            _ => maker.unit(pallet, place(profile.pallet_units())),
        };
        Some(Movement { scan: Some(Scan { id, line, pallet, action: None }), press: None, is_in_row: false })
    }

    /// Scans a label, and looks whether the card is that of the object and offers what is to be done.
    fn scan(&self, person: &mut Person, scan: &Scan) -> Result<(), Failure> {
        let Scan { id, line, pallet, action } = scan;
        let text = scanned(id, &self.makers[*line].lot(*pallet), self.draw(Purpose::Spelling));
        let answer = person.scan(&text)?;
        let read = answer.reading.id.as_ref().map(|id| &id.0);
        if read != Some(id) || answer.object.is_none_or(|object| object.id.0 != *id) {
            self.wrong(format!("a scan of {id} as {text:?} was read as {read:?}"));
        }
        let is_offered =
            |action: &str| answer.actions.iter().any(|offered| offered.action == action && offered.allowed);
        if let Some(action) = action.filter(|action| !is_offered(action)) {
            self.wrong(format!("the card of {id} does not offer {action}, which can be done"));
        }
        Ok(())
    }

    /// Does what a job asks for, and takes the answer.
    fn press(&mut self, person: &mut Person, job: Job, due: Instant) -> Result<(), Failure> {
        let Job { line, prepared } = job;
        let (pallet, index, step) = (prepared.planned.pallet, prepared.planned.index, prepared.planned.step);
        let mut request = prepared.request;
        if let (Step::Count { missing }, Operation::Reset(count)) = (step, &request.operation) {
            let missing = missing.map(|case| self.makers[line].case(pallet, case));
            let compared = person.compare(&count.container, &count.children)?;
            let found = compared.map(|compared| (compared.missing, compared.unexpected.len()));
            if !found.is_some_and(|(found, others)| others == 0 && found.iter().map(|id| &id.0).eq(missing.as_ref())) {
                self.wrong(format!("a count of {} must find {missing:?} missing and nothing else", count.container));
            }
        }
        request.event_time = EventTime::utc(SystemClock.now());
        self.shared.waits(self.number, Instant::now());
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        let answer = person.act(&request);
        self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
        let verdict = answer.as_ref().map(|answer| judge(step, answer, None));
        let fate = verdict.as_ref().map_or(Fate::Unknown, |verdict| verdict.fate);
        self.shift.noted.push(Noted { line, pallet, index, fate });
        let Ok(verdict) = verdict else { return answer.map(drop) };
        self.shift.record.counts.operations += 1;
        let time = self.time(Kind::Act, due);
        self.answers.times.push(time);
        self.shared.answered(self.number, &mut self.answers, Instant::now(), false);
        if let Some(problem) = verdict.problem {
            self.wrong(format!("line {}, pallet {}: {step:?} by {} {problem}", line + 1, pallet + 1, self.user.name()));
        }
        Ok(())
    }

    /// Records how long somebody has waited since a movement was due.
    fn time(&mut self, kind: Kind, due: Instant) -> Duration {
        let time = due.elapsed();
        self.shift.record.time(kind, time);
        self.shift.record.counts.late += u64::from(PERSON_WAITS < time);
        time
    }

    fn wrong(&self, words: String) {
        self.shared.wrong.lock().problem(words);
    }
}

/// A random part of a time.
fn share(time: Duration, random: u64) -> Duration {
    time.mul_f64((random >> 11) as f64 / (1_u64 << 53) as f64)
}
