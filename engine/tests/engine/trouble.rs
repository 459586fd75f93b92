//! What callers see when the engine is full, closed, taken by somebody else, or stands on a disk that fails.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use packtree::disk::{Fault, LockError, SimulatedDisk, Survivors};
use packtree::fact::Level;
use packtree::journal::Settings;
use packtree::limits::{GROUP_OPERATIONS_MAX, QUEUE_OPERATIONS_MAX};
use packtree::operation::Commission;
use packtree::{Engine, Error, OpenError, Operation, Options, Policy, Request, Sequence, Verification};
use packtree::{salvage_on, verify, verify_on};
use scopeguard::defer;

use crate::support::{PATIENCE, START, World, answer, case, options, unit};

fn commission(world: &World, number: u64) -> Request {
    let objects = vec![unit(number)];
    world.request(Operation::Commission(Commission { lot: None, level: Level::Unit, objects }))
}

#[test]
fn an_engine_that_is_full_says_so_at_once_and_forgets_nothing_that_it_took() {
    let world = World::new(Policy::default());
    let mut taken = Vec::new();
    let view = world.engine.view();
    let busy = loop {
        match world.engine.send(commission(&world, taken.len() as u64)) {
            Ok(ticket) => taken.push(ticket),
            Err(error) => break error,
        }
        assert!(taken.len() <= QUEUE_OPERATIONS_MAX + 2 * GROUP_OPERATIONS_MAX, "the queue has no end");
    };
    assert!(matches!(busy, Error::Busy { waiting } if waiting == QUEUE_OPERATIONS_MAX), "{busy}");
    drop(view);
    assert!(QUEUE_OPERATIONS_MAX <= taken.len());
    for ticket in &taken {
        answer(ticket).receipt().unwrap();
    }
    assert_eq!(world.engine.stats().facts, taken.len() as u64);
    answer(&world.engine.send(commission(&world, 999_999)).unwrap()).receipt().unwrap();
}

#[test]
fn a_closed_engine_answers_questions_and_takes_nothing() {
    let world = World::new(Policy::default());
    world.commission(Level::Unit, &[unit(1)]);
    let handle = world.engine.clone();
    let head = world.engine.close().unwrap();
    assert_eq!(head.sequence, Sequence(1));
    assert!(matches!(handle.send(commission(&world, 2)), Err(Error::Closed)));
    assert_eq!(handle.close().unwrap(), head, "closing again changes nothing");
    assert!(handle.locate(&unit(1)).is_some());
    assert_eq!(handle.history(&unit(1)).count(), 1);
    assert!(handle.subscribe(Sequence(2)).next_for(PATIENCE).unwrap().is_none(), "nothing more will come");
}

#[test]
fn what_was_in_flight_when_it_was_closed_is_answered() {
    let world = World::new(Policy::default());
    let tickets: Vec<_> = (0..500).map(|number| world.engine.send(commission(&world, number)).unwrap()).collect();
    world.engine.close().unwrap();
    for ticket in &tickets {
        assert!(ticket.wait_for(PATIENCE).is_some(), "everything that was taken is answered");
    }
}

#[test]
fn a_directory_has_one_engine_at_a_time() {
    let world = World::new(Policy::default());
    let second = Engine::open_on(world.disk.clone(), options(&world.clock, Policy::default()));
    assert!(matches!(second, Err(OpenError::Lock(LockError::Held { .. }))), "{second:?}");
    assert!(verify_on(&*world.disk).is_err(), "nobody verifies what is being written");
    drop(world.engine);
    Engine::open_on(world.disk, options(&world.clock, Policy::default())).unwrap().close().unwrap();

    let directory = tempfile::tempdir().unwrap();
    let first = Engine::open(directory.path(), options(&world.clock, Policy::default())).unwrap();
    let second = Engine::open(directory.path(), options(&world.clock, Policy::default())).unwrap_err();
    assert!(second.to_string().contains(&std::process::id().to_string()), "it says who has it: {second}");
    first.close().unwrap();
}

/// Every call that the engine makes to the disk for an operation fails in turn.
#[test]
fn a_disk_that_fails_ends_acknowledgements_and_not_answers() {
    for fault in [Fault::Io, Fault::NoSpace, Fault::ShortWrite] {
        for call in 0..6 {
            check_failing(fault, call);
        }
    }
}

fn check_failing(fault: Fault, call: u64) {
    let world = World::new(Policy::default());
    world.commission(Level::Unit, &[unit(1)]);
    world.disk.fault_at(world.disk.calls() + 1 + call, fault);
    let mut acknowledged = vec![unit(1)];
    let mut failure = None;
    for number in 2..20 {
        match world.engine.send(commission(&world, number)).map(|ticket| ticket.wait_for(PATIENCE)) {
            Ok(Some(Ok(_))) => acknowledged.push(unit(number)),
            Ok(Some(Err(error))) | Err(error) => {
                failure = Some(error);
                break;
            }
            Ok(None) => panic!("{fault:?} at call {call}: no answer"),
        }
    }
    let failure = failure.unwrap_or_else(|| panic!("{fault:?} at call {call}: it went unnoticed"));
    assert!(matches!(failure, Error::Poisoned(_)), "{fault:?} at call {call}: {failure}");
    let later = world.engine.send(commission(&world, 50)).unwrap_err();
    assert_eq!(later.to_string(), failure.to_string(), "later callers hear why");
    for object in &acknowledged {
        assert!(world.engine.locate(object).is_some(), "{fault:?} at call {call}: reads go on");
    }
    assert!(world.engine.close().is_err(), "closing does not hide it");

    for survivors in [Survivors::Synced, Survivors::Written] {
        let disk = Arc::new(world.disk.crash(survivors));
        let reopened = World::on(disk, Policy::default(), START + 1_000_000_000);
        for object in &acknowledged {
            assert!(reopened.engine.locate(object).is_some(), "{fault:?} at call {call}: {object} was acknowledged");
        }
        assert!(reopened.engine.stats().objects <= acknowledged.len() as u32 + 1, "nothing is invented");
        reopened.engine.close().unwrap();
        assert_eq!(verify_on(&*reopened.disk).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn verify_and_salvage_name_what_is_damaged_and_keep_what_is_not() {
    let world = World::new(Policy::default());
    world.commission(Level::Unit, &[unit(1), unit(2)]);
    world.commission(Level::Case, &[case(1)]);
    world.pack(&case(1), &[unit(1), unit(2)]);
    let head = world.engine.close().unwrap();
    let sound = verify_on(&*world.disk).unwrap();
    assert!(sound.whole, "{:?}", sound.problems);
    assert_eq!((sound.facts, sound.head, sound.objects), (3, head, 3));

    // The last fact's frame is the last that is not zero.
    let name = world.disk.files().keys().find(|name| *name != "head").unwrap().clone();
    let mut bytes = world.disk.contents(&name).unwrap();
    let last = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[last] ^= 0x40;
    world.disk.replace(&name, bytes);
    let damaged = verify_on(&*world.disk).unwrap();
    assert!(!damaged.whole);
    assert!(damaged.problems[0].contains(&name), "{:?}", damaged.problems);

    let copy = SimulatedDisk::new();
    let salvaged = salvage_on(&*world.disk, &copy).unwrap();
    assert!(salvaged.copy.whole, "{:?}", salvaged.copy.problems);
    assert_eq!((salvaged.report.facts, salvaged.copy.facts), (2, 2));
    let opened = World::on(Arc::new(copy), Policy::default(), START + 1_000_000_000);
    assert_eq!(opened.engine.children(&case(1)), Some(Vec::new()));
    opened.engine.close().unwrap();
}

/// As the guide has it: full segments first, then the head, then the newest segment, then a look at the copy.
#[test]
fn a_backup_is_taken_while_the_engine_runs() {
    let clock = World::new(Policy::default());
    let directory = tempfile::tempdir().unwrap();
    let (live, copy) = (directory.path().join("live"), directory.path().join("copy"));
    let settings = Settings { segment_bytes: 16 << 10 };
    let engine =
        Engine::open(&live, Options { journal: settings, ..options(&clock.clock, Policy::default()) }).unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        defer!(stop.store(true, Ordering::Relaxed));
        scope.spawn(|| {
            for number in 0_u64.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                answer(&engine.send(commission(&clock, number)).unwrap()).receipt().unwrap();
            }
        });
        let mut behind = engine.subscribe(Sequence(100));
        behind.next_for(PATIENCE).unwrap().expect("the writer is on its way");
        let least = engine.head().sequence;
        let whole = (0..200).map(|_| back_up(&live, &copy)).find(|found| found.whole);
        let whole = whole.expect("a copy that is whole");
        assert!(least <= whole.head.sequence, "what was acknowledged before is in the copy");
    });
    let restored = Engine::open(&copy, options(&clock.clock, Policy::default())).unwrap();
    assert!(100 <= restored.stats().facts);
    restored.close().unwrap();
}

fn back_up(live: &Path, copy: &Path) -> Verification {
    let _ = fs::remove_dir_all(copy);
    fs::create_dir(copy).unwrap();
    let names = fs::read_dir(live).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut segments: Vec<_> = names.filter(|name| name.ends_with(".segment")).collect();
    segments.sort_unstable();
    let newest = segments.pop().unwrap();
    for name in segments.iter().map(String::as_str).chain(["head", &newest]) {
        fs::copy(live.join(name), copy.join(name)).unwrap();
    }
    verify(copy).unwrap()
}

#[test]
fn many_threads_write_and_read() {
    let world = World::new(Policy::default());
    world.commission(Level::Case, &[case(1)]);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        defer!(stop.store(true, Ordering::Relaxed));
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let view = world.engine.view();
                    let children = view.children(&case(1)).unwrap().count();
                    assert_eq!(view.inspect(&case(1)).unwrap().units, children as u64, "a view does not change");
                    drop(view);
                    thread::sleep(Duration::from_micros(200));
                }
            });
        }
        let lines: Vec<_> = (0..4)
            .map(|line| {
                let world = &world;
                scope.spawn(move || {
                    for number in 0..50 {
                        let number = 1_000 * line + number;
                        answer(&world.engine.send(commission(world, number)).unwrap()).receipt().unwrap();
                        let pack = world.request(Operation::pack(case(1), vec![unit(number)]));
                        answer(&world.engine.send(pack).unwrap()).receipt().unwrap();
                    }
                })
            })
            .collect();
        for line in lines {
            line.join().unwrap();
        }
    });
    assert_eq!(world.engine.inspect(&case(1)).unwrap().units, 200);
    assert_eq!(world.engine.verify_state(), Vec::<String>::new());
}
