//! The lines run by the clock, whatever the target does: an open loop. What is due is due, and waiting counts from then.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use crossbeam::channel::{Receiver, Sender, TryRecvError, TrySendError, bounded};

use super::Game;
use super::driver::{Driver, Sending, drivers, merge};
use super::people::Crew;
use super::prepare::{Prepared, Preparer};
use super::record::Record;
use super::shared::Shared;
use crate::model::Ledger;
use crate::random::mix;
use crate::setting::{Rate, Stops};
use crate::target::Target;

/// Operations that a line can hold while they wait; one more is lost to it.
const WAITING_MAX: usize = 1_000;

/// Pallets that are prepared ahead for each line.
const BLOCKS_AHEAD: usize = 2;

/// A sleep may wake later than it should by the grain of the system's timer; the rest is waited for awake.
const TIMER_GRAIN: Duration = Duration::from_micros(100);

/// How long to sleep at most, so that a run that is stopped ends soon.
const SLEEP_MAX: Duration = Duration::from_millis(50);

/// What a random number is drawn for: where in its cycle a line begins.
const PHASE: u64 = 0x7068_6173;

/// When what happens on a line.
#[derive(Clone, Copy, Debug)]
struct Schedule {
    rate: Rate,
    stops: Option<Stops>,
    /// When it begins, so that the lines of a site do not all do the same at the same moment.
    begins: u64,
    /// How long it has run at the beginning since its last stop.
    since_stop: u64,
}

impl Schedule {
    fn new(game: &Game, line: usize) -> Self {
        let profile = &game.profile;
        let random = mix(&[game.seed, line as u64, PHASE]);
        let case_time = profile.line.nanoseconds(u64::from(profile.case.get())).max(1);
        let since_stop = profile.stops.map_or(0, |stops| (random >> 20) % stops.run_nanoseconds().max(1));
        Self { rate: profile.line, stops: profile.stops, begins: random % case_time, since_stop }
    }

    /// When so many units have passed, from the beginning of the run.
    fn due(&self, units: u64) -> Duration {
        let running = self.begins + self.rate.nanoseconds(units);
        let stood = self.stops.map_or(0, |stops| {
            let stops_made = (self.since_stop + running) / stops.run_nanoseconds().max(1);
            stops_made * stops.length.duration().as_nanos() as u64
        });
        Duration::from_nanos(running + stood)
    }
}

/// A line with what it is going to send.
struct Line {
    schedule: Schedule,
    queue: VecDeque<Prepared>,
    feed: Receiver<VecDeque<Prepared>>,
}

/// Plays until the time is over. What falls to the warehouse is given to a crew, where there is one.
pub(super) fn conduct<T: Target>(
    target: &T,
    game: &Game,
    shared: &Shared,
    crew: Option<&Crew>,
) -> (Record, Vec<Ledger>) {
    let mut drivers = drivers(target, game, shared);
    let (mut lines, mut feeders) = (Vec::new(), Vec::new());
    for line in 0..game.profile.lines.get() as usize {
        let (sender, feed) = bounded(BLOCKS_AHEAD);
        let mut preparer = Preparer::new(game, line);
        let queue = preparer.next().unwrap_or_default();
        lines.push(Some(Line { schedule: Schedule::new(game, line), queue, feed }));
        feeders.push(Feeder { preparer, sender, ready: None });
    }
    std::thread::scope(|scope| {
        scope.spawn(|| feed(feeders));
        shared.clock.start();
        let begun = Instant::now();
        for driver in &mut drivers {
            let own = driver.lanes.iter().filter_map(|lane| lines[lane.line].take()).collect();
            scope.spawn(move || {
                let (due, waiting, early) = (BinaryHeap::new(), VecDeque::new(), VecDeque::new());
                Paced { driver, crew, lines: own, begun, due, waiting, early }.run();
            });
        }
    });
    shared.clock.stop();
    merge(drivers)
}

/// Prepares pallets ahead for one line.
struct Feeder<'g> {
    preparer: Preparer<'g>,
    sender: Sender<VecDeque<Prepared>>,
    ready: Option<VecDeque<Prepared>>,
}

/// Prepares until all lines are over.
fn feed(mut feeders: Vec<Feeder<'_>>) {
    while !feeders.is_empty() {
        let mut has_given = false;
        feeders.retain_mut(|feeder| {
            let Some(block) = feeder.ready.take().or_else(|| feeder.preparer.next()) else { return false };
            match feeder.sender.try_send(block) {
                Ok(()) => has_given = true,
                Err(TrySendError::Full(block)) => feeder.ready = Some(block),
                Err(TrySendError::Disconnected(_)) => return false,
            }
            true
        });
        if !has_given {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// A driver that keeps to the schedules of its lines.
struct Paced<'d, 's, T: Target> {
    driver: &'d mut Driver<'s, T>,
    crew: Option<&'d Crew>,
    lines: Vec<Line>,
    begun: Instant,
    /// When the next step of each line is due.
    due: BinaryHeap<Reverse<(Duration, usize)>>,
    /// What is due and was not taken by the target yet.
    waiting: VecDeque<(usize, Instant, Prepared)>,
    /// What is for the crew, and waits for the line to be through with the pallet.
    early: VecDeque<(usize, Prepared)>,
}

impl<T: Target> Paced<'_, '_, T> {
    fn run(mut self) {
        for lane in 0..self.lines.len() {
            self.schedule(lane);
        }
        while !self.driver.shared.stop.is_asked() {
            self.take_due();
            self.send();
            self.driver.collect(Duration::ZERO);
            if self.due.is_empty() && self.waiting.is_empty() {
                break;
            }
            self.rest();
        }
        let early = self.early.drain(..).map(|(lane, _)| lane);
        for lane in self.waiting.drain(..).map(|(lane, ..)| lane).chain(early) {
            self.driver.forget(lane);
        }
        self.driver.finish();
    }

    /// Notes when the next step of a line is due, unless that is after the end.
    fn schedule(&mut self, lane: usize) {
        let Line { schedule, queue, feed } = &mut self.lines[lane];
        if queue.is_empty() {
            let block = match feed.try_recv() {
                Err(TryRecvError::Empty) => {
                    self.driver.shared.starve();
                    feed.recv().ok()
                }
                block => block.ok(),
            };
            *queue = block.unwrap_or_default();
        }
        let Some(next) = queue.front() else { return };
        let due = schedule.due(next.planned.at);
        if due < self.driver.shared.length {
            self.due.push(Reverse((due, lane)));
        }
    }

    /// Takes what is due; what a line cannot hold is dropped.
    fn take_due(&mut self) {
        let now = self.begun.elapsed();
        while let Some(Reverse((due, lane))) = self.due.peek().copied()
            && due <= now
        {
            self.due.pop();
            let prepared = self.lines[lane].queue.pop_front().expect("what is due is in the queue");
            // Pallets are begun in the order in which they are due, whatever is dropped of them.
            self.driver.lanes[lane].begin(&prepared);
            if self.driver.lanes[lane].waiting < WAITING_MAX {
                self.driver.hold(lane);
                self.waiting.push_back((lane, self.begun + due, prepared));
            } else {
                self.driver.drop_step(lane, &prepared);
            }
            self.schedule(lane);
        }
    }

    /// Gives the crew what the lines are through with.
    fn hand_over(&mut self, crew: &Crew) {
        for (lane, prepared) in std::mem::take(&mut self.early) {
            if !self.driver.lanes[lane].is_through(&prepared) {
                self.early.push_back((lane, prepared));
                continue;
            }
            self.driver.forget(lane);
            let line = self.driver.lanes[lane].line;
            let given = match self.driver.lanes[lane].fit(prepared.clone()) {
                Some(fitted) => crew.give(line, fitted),
                None => Err(Box::new(prepared)),
            };
            if let Err(prepared) = given {
                self.driver.drop_step(lane, &prepared);
            }
        }
    }

    /// Sends what waits, as far as the target takes it.
    fn send(&mut self) {
        if let Some(crew) = self.crew {
            self.hand_over(crew);
        }
        while let Some((lane, due, prepared)) = self.waiting.pop_front() {
            if self.crew.is_some() && prepared.planned.step.is_of_warehouse() {
                self.early.push_back((lane, prepared));
                continue;
            }
            let Some(fitted) = self.driver.lanes[lane].fit(prepared.clone()) else {
                self.driver.forget(lane);
                self.driver.drop_step(lane, &prepared);
                continue;
            };
            match self.driver.send(lane, fitted, due) {
                Sending::Sent => {}
                Sending::Busy(prepared) => {
                    self.waiting.push_front((lane, due, *prepared));
                    return;
                }
                Sending::Failed => return self.driver.forget(lane),
            }
        }
    }

    /// Waits until something is due, and for answers meanwhile.
    fn rest(&mut self) {
        let next = self.due.peek().map_or(SLEEP_MAX, |Reverse((due, _))| due.saturating_sub(self.begun.elapsed()));
        // What the target was too busy for is tried again soon.
        let most = if self.waiting.is_empty() { SLEEP_MAX } else { TIMER_GRAIN };
        if TIMER_GRAIN < next {
            let time = next.saturating_sub(TIMER_GRAIN).min(most);
            if self.driver.is_idle() {
                std::thread::sleep(time);
            } else {
                self.driver.collect(time);
            }
        } else {
            std::thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::Pace;
    use crate::profile::Profile;

    fn schedule(profile: Profile, line: usize) -> Schedule {
        Schedule::new(&Game { profile, pace: Pace::Fixed, seed: 3, units_max: None }, line)
    }

    #[test]
    fn a_line_passes_as_many_units_as_its_rate_says() {
        let schedule = schedule(Profile::default(), 0);
        assert_eq!(schedule.due(0) + Duration::from_mins(1), schedule.due(300));
        assert!(schedule.due(0) < schedule.due(48));
    }

    #[test]
    fn a_line_with_stops_stands_for_its_share_of_the_time() {
        let profile = Profile { stops: Some("30s@10%".parse().unwrap()), ..Profile::default() };
        for line in 0..10 {
            let schedule = schedule(profile.clone(), line);
            let taken = schedule.due(300 * 90).as_secs_f64();
            assert!((taken - 6_000.0).abs() <= 60.0, "90 minutes of work take {taken} s");
            let gaps: Vec<Duration> =
                (0..3_000).map(|unit| schedule.due(unit + 1).saturating_sub(schedule.due(unit))).collect();
            assert!(gaps.iter().all(|gap| gap.as_millis() == 200 || gap.as_millis() == 30_200), "{gaps:?}");
        }
    }
}
