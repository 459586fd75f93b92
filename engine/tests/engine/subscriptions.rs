//! Facts as they become durable, from any number on, while others are written.

use std::thread;
use std::time::{Duration, Instant};

use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Operation, Policy, Sequence};

use crate::support::{PATIENCE, World, answer, unit};

const FACTS: u64 = 400;

#[test]
fn every_subscriber_sees_every_fact_once_and_in_order() {
    let world = World::new(Policy::default());
    thread::scope(|scope| {
        let subscribers: Vec<_> = [1, 2, 150, 399, 400]
            .map(|from| {
                let mut feed = world.engine.subscribe(Sequence(from));
                scope.spawn(move || {
                    assert_eq!(feed.position(), Sequence(from));
                    for expected in from..=FACTS {
                        let fact = feed.next_for(PATIENCE).unwrap().expect("a fact in time");
                        assert_eq!(fact.sequence, Sequence(expected));
                    }
                    assert!(feed.try_next().unwrap().is_none(), "nothing is shown before it is durable");
                })
            })
            .into();
        for number in 0..FACTS {
            let objects = vec![unit(number)];
            let commission = Operation::Commission(Commission { lot: None, level: Level::Unit, objects });
            answer(&world.engine.send(world.request(commission)).unwrap()).receipt().unwrap();
        }
        for subscriber in subscribers {
            subscriber.join().unwrap();
        }
    });
}

#[test]
fn a_feed_begins_at_the_first_fact_and_waits_no_longer_than_it_is_told() {
    let world = World::new(Policy::default());
    let mut feed = world.engine.subscribe(Sequence(0));
    let before = Instant::now();
    assert!(feed.next_for(Duration::from_millis(20)).unwrap().is_none());
    assert!(Duration::from_millis(20) <= before.elapsed());
    world.commission(Level::Unit, &[unit(1)]);
    let fact = feed.next_for(PATIENCE).unwrap().unwrap();
    assert_eq!(fact, world.engine.fact(Sequence(1)).unwrap().unwrap());
    assert_eq!(feed.position(), Sequence(2));
}
