//! People who ask for whole pallets while the lines run.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Game;
use super::lane::PERSON_WAITS;
use super::record::Record;
use super::shared::Shared;
use crate::random::mix;
use crate::target::Target;
use crate::workload::{Kind, Maker, Script, Step};

/// What a random number is drawn for: which pallet is asked for.
const WHICH: u64 = 0x7768_6963;

/// Asks as often as the profile says, until the lines have finished.
pub(super) fn ask<T: Target>(target: &T, game: &Game, shared: &Shared) -> Record {
    let mut record = Record::new();
    let per_minute = game.profile.warehouse.queries.get();
    if per_minute == 0 {
        return record;
    }
    let makers: Vec<Maker> =
        (0..shared.finished.len()).map(|line| Maker::new(&game.profile, game.seed, line as u64)).collect();
    let begun = Instant::now();
    let mut number = 0;
    while !shared.is_over() {
        let due = begun + Duration::from_mins(1) * number / per_minute;
        let wait = due.saturating_duration_since(Instant::now());
        if !wait.is_zero() {
            std::thread::sleep(wait.min(Duration::from_millis(50)));
            continue;
        }
        number += 1;
        let line = mix(&[game.seed, u64::from(number), WHICH]) as usize % shared.finished.len();
        let finished = shared.finished[line].load(Ordering::Acquire);
        if finished == 0 {
            continue;
        }
        let pallet = mix(&[game.seed, u64::from(number)]) % finished;
        match target.contents(&makers[line].pallet(pallet)) {
            Ok(contents) => {
                let time = due.elapsed();
                record.time(Kind::Query, time);
                record.counts.late += u64::from(PERSON_WAITS < time);
                check(game, shared, line, pallet, contents.map(|contents| contents.len()));
            }
            Err(failure) => {
                shared.stop.ask(failure.to_string());
                break;
            }
        }
    }
    record
}

/// A pallet that nobody has touched since the line finished it holds all its cases and their units. Of one of which something was
/// dropped nothing is said.
fn check(game: &Game, shared: &Shared, line: usize, pallet: u64, found: Option<usize>) {
    let script = Script::new(&game.profile, game.seed, line as u64, pallet);
    if shared.odd.lock().contains(&(line, pallet)) {
        return;
    }
    let is_touched = script.steps[script.of_line..].iter().any(|scheduled| scheduled.step != Step::Hold);
    let full = (game.profile.pallet_units() + game.profile.pallet.get()) as usize;
    let problem = match found {
        None => "is not there".to_owned(),
        Some(found) if !is_touched && found != full => format!("must hold {full} objects, and holds {found}"),
        Some(_) => return,
    };
    shared.wrong.lock().problem(format!(
        "line {}, pallet {}: asked for while the lines ran, it {problem}",
        line + 1,
        pallet + 1
    ));
}
