//! The lines run as fast as they go, in stretches: requests are written and numbers commissioned while the clock stands.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::Game;
use super::driver::{Driver, Sending, drivers, merge};
use super::prepare::{Prepared, Preparer};
use super::record::Record;
use super::shared::Shared;
use crate::model::Ledger;
use crate::target::Target;

/// Units of a stretch, all lines together: so few that the requests take little memory beside the target, so many that the ends of
/// a stretch do not count.
const STRETCH_UNITS: u64 = 1_000_000;

/// Operations in flight, all lines together: about two groups of the engine, so that it always has one to go on with.
const IN_FLIGHT: usize = 2_048;

/// Operations in flight while numbers are commissioned, of a whole pallet each.
const COMMISSIONS_IN_FLIGHT: usize = 64;

/// Requests of one line.
type Queue = VecDeque<Prepared>;

/// Plays until the time is over.
pub(super) fn conduct<T: Target>(target: &T, game: &Game, shared: &Shared) -> (Record, Vec<Ledger>) {
    let lines = game.profile.lines.get() as usize;
    let mut drivers = drivers(target, game, shared);
    let mut preparers: Vec<Preparer<'_>> = (0..lines).map(|line| Preparer::new(game, line)).collect();
    let of_line = STRETCH_UNITS / lines as u64 / u64::from(game.profile.pallet_units());
    let pallets = of_line.max(1);
    let in_flight = (IN_FLIGHT / lines).max(1);
    while !shared.stop.is_asked() && shared.clock.elapsed() < shared.length {
        let (commissions, rest) = prepare(&mut preparers, pallets);
        if rest.iter().all(VecDeque::is_empty) {
            break;
        }
        drive(&mut drivers, commissions, (COMMISSIONS_IN_FLIGHT / lines).max(1), Duration::MAX);
        shared.clock.start();
        drive(&mut drivers, rest, in_flight, shared.length);
        shared.clock.stop();
    }
    for driver in &mut drivers {
        driver.finish();
    }
    merge(drivers)
}

/// Writes the requests of the next stretch: those that give out numbers, and the rest, for each line.
fn prepare(preparers: &mut [Preparer<'_>], pallets: u64) -> (Vec<Queue>, Vec<Queue>) {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = preparers.len().div_ceil(threads);
    let prepare_one = |preparer: &mut Preparer<'_>| {
        let mut queues = (Queue::new(), Queue::new());
        for block in (0..pallets).map_while(|_| preparer.next()) {
            for prepared in block {
                let is_commission = prepared.planned.step.is_commission();
                if is_commission { queues.0.push_back(prepared) } else { queues.1.push_back(prepared) }
            }
        }
        queues
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = preparers
            .chunks_mut(share)
            .map(|some| scope.spawn(|| some.iter_mut().map(prepare_one).collect::<Vec<_>>()))
            .collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, Vec<_>>| worker.join().expect("writing does not panic");
        workers.into_iter().flat_map(join).unzip()
    })
}

/// Lets each driver send what its lines have, with so many in flight for each line, until the clock shows `until`.
fn drive<T: Target>(drivers: &mut [Driver<'_, T>], queues: Vec<Queue>, in_flight: usize, until: Duration) {
    let mut queues: Vec<Option<Queue>> = queues.into_iter().map(Some).collect();
    std::thread::scope(|scope| {
        for driver in drivers {
            let own: Vec<Queue> =
                driver.lanes.iter().map(|lane| queues[lane.line].take().unwrap_or_default()).collect();
            scope.spawn(move || drive_one(driver, own, in_flight, until));
        }
    });
}

fn drive_one<T: Target>(driver: &mut Driver<'_, T>, mut queues: Vec<Queue>, in_flight: usize, until: Duration) {
    loop {
        let mut has_sent = false;
        for (lane, queue) in queues.iter_mut().enumerate() {
            has_sent |= fill(driver, lane, queue, in_flight);
        }
        if driver.shared.stop.is_asked() || until <= driver.shared.clock.elapsed() {
            queues.iter_mut().for_each(VecDeque::clear);
        }
        if driver.is_idle() && queues.iter().all(VecDeque::is_empty) {
            return;
        }
        // While something could be sent, only what is there already is taken.
        driver.collect(if has_sent { Duration::ZERO } else { Duration::from_millis(20) });
        if driver.shared.stop.is_asked() {
            return driver.finish();
        }
    }
}

/// Sends what a line has until so many are in flight; whether anything was sent.
fn fill<T: Target>(driver: &mut Driver<'_, T>, lane: usize, queue: &mut Queue, in_flight: usize) -> bool {
    let mut has_sent = false;
    while driver.lanes[lane].waiting < in_flight
        && let Some(prepared) = queue.pop_front()
    {
        driver.lanes[lane].begin(&prepared);
        let Some(prepared) = driver.lanes[lane].fit(prepared) else { continue };
        // A line that goes as fast as it can needs the answer from when it could send.
        match driver.send(lane, prepared, Instant::now()) {
            Sending::Sent => driver.hold(lane),
            Sending::Busy(prepared) => {
                queue.push_front(*prepared);
                return has_sent;
            }
            Sending::Failed => return has_sent,
        }
        has_sent = true;
    }
    has_sent
}
