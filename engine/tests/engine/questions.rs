//! Questions with their answers: one small site, and what is asked about it.

use packtree::fact::{Effect, Level, Seal, Standing, Status, Trust, Verb};
use packtree::operation::{Close, Commission, CorrectLot, Hold, HoldTarget, Observe, Ship, TakeOutOfUse};
use packtree::query::{Content, Cursor, Found, Location, Moment, Page, State};
use packtree::{Identifier, Operation, Policy, Sequence};

use crate::support::{SECOND, START, World, answer, case, lot, lot_name, pallet, sscc, unit};

/// Pallet 1 with cases 1 and 2, units 1 and 2 in case 1, unit 3 in case 2; case 3 empty and unit 4 loose.
fn site() -> World {
    let world = World::new(Policy::default());
    let units = (1..=4).map(unit).collect();
    world.done(Operation::Commission(Commission { lot: Some(lot()), level: Level::Unit, objects: units }));
    world.commission(Level::Case, &[case(1), case(2), case(3)]);
    world.commission(Level::Pallet, &[pallet(1)]);
    world.pack(&case(1), &[unit(1), unit(2)]);
    world.pack(&case(2), &[unit(3)]);
    world.pack(&pallet(1), &[case(1), case(2)]);
    world
}

fn all(mut page: impl FnMut(Cursor) -> Page) -> Vec<Identifier> {
    let mut objects = Vec::new();
    let mut at = Some(Cursor::START);
    while let Some(from) = at {
        let found = page(from);
        objects.extend(found.objects);
        at = found.next;
    }
    objects
}

#[test]
fn where_things_are() {
    let world = site();
    let view = world.engine.view();
    let inner = Location { parent: Some(case(1)), root: pallet(1) };
    assert_eq!(view.locate(&unit(1)), Some(inner));
    assert_eq!(view.locate(&pallet(1)), Some(Location { parent: None, root: pallet(1) }));
    assert_eq!(view.locate(&unit(9)), None);
    assert_eq!(view.ancestors(&unit(3)).unwrap().collect::<Vec<_>>(), [case(2), pallet(1)]);
    assert_eq!(view.siblings(&unit(1)).unwrap().collect::<Vec<_>>(), [unit(2)]);
    assert_eq!(view.siblings(&unit(4)).unwrap().count(), 0);
    assert_eq!(view.units_under(&pallet(1)).unwrap().collect::<Vec<_>>(), [unit(1), unit(2), unit(3)]);
    assert_eq!(view.sequence(), Sequence(6));
}

#[test]
fn contents_show_each_container_before_what_is_in_it() {
    let world = site();
    let view = world.engine.view();
    let shown = |depth| {
        let contents = view.contents(&pallet(1), depth).unwrap();
        contents.map(|Content { id, depth }| (depth, id)).collect::<Vec<_>>()
    };
    assert_eq!(shown(0), []);
    assert_eq!(shown(1), [(1, case(1)), (1, case(2))]);
    let everything = [(1, case(1)), (2, unit(1)), (2, unit(2)), (1, case(2)), (2, unit(3))];
    assert_eq!(shown(usize::MAX), everything);
}

#[test]
fn an_inspection_tells_what_is_inherited() {
    let world = site();
    world.done(Operation::Hold(Hold { target: HoldTarget::Objects(vec![case(1)]) }));
    let held = world.engine.inspect(&unit(1)).unwrap();
    assert_eq!((held.held_by, held.depth, held.units), (Some(case(1)), 2, 1));
    assert_eq!((held.lot, held.last_fact, held.trust), (Some(lot()), Sequence(4), Trust::Verified));
    let empty = world.engine.inspect(&case(3)).unwrap();
    assert_eq!((empty.units, empty.children, empty.root), (0, 0, case(3)), "an empty case is no unit");
    let pallet = world.engine.inspect(&pallet(1)).unwrap();
    assert_eq!((pallet.units, pallet.children, pallet.held_by), (3, 2, None));

    world.done(Operation::Hold(Hold { target: HoldTarget::Lot(lot_name()) }));
    assert!(world.engine.inspect(&unit(4)).unwrap().lot_on_hold);
    let view = world.engine.view();
    let status = view.lot(&lot_name()).unwrap();
    assert!(status.held);
    assert_eq!((status.counts.with_status(Status::Active), status.counts.packed), (4, 3));
    assert_eq!(view.lots().collect::<Vec<_>>(), [status]);
}

#[test]
fn what_went_away_is_away_with_everything_in_it() {
    let world = site();
    world.done(Operation::Close(Close { containers: vec![case(1), case(2), pallet(1)], partial: true }));
    world.done(Operation::Ship(Ship { roots: vec![pallet(1)] }));
    assert!(world.engine.inspect(&unit(1)).unwrap().away);
    let tree = world.engine.tree(&case(1), Moment::Now, 1).unwrap().unwrap();
    assert!(tree.away && tree.children[0].away);
    let orphans = all(|from| world.engine.view().orphans(from));
    assert_eq!(orphans, [unit(4), case(3)], "what is away is nobody's orphan");
}

#[test]
fn searches_go_page_by_page() {
    let world = site();
    assert_eq!(all(|from| world.engine.view().orphans(from)), [unit(4), case(3)]);
    let of = |seal| all(|from| world.engine.view().containers(seal, from));
    assert_eq!(of(Seal::Open), [case(1), case(2), case(3), pallet(1)]);
    world.done(Operation::Close(Close { containers: vec![case(1)], partial: true }));
    assert_eq!(of(Seal::ClosedPartial), [case(1)]);
    world.unpack(&[unit(1)]);
    assert_eq!((of(Seal::Broken), of(Seal::ClosedPartial)), (vec![case(1)], vec![]));

    // More objects than a page looks at.
    for thousand in 1..=20 {
        let units: Vec<_> = (0..1_000).map(|number| unit(1_000 * thousand + number)).collect();
        world.commission(Level::Unit, &units);
    }
    assert_eq!(all(|from| world.engine.view().orphans(from)).len(), 20_003);
    let first = world.engine.view().orphans(Cursor::START);
    assert!(first.objects.len() < 20_000, "a page is bounded");
    assert_eq!(world.engine.view().orphans(Cursor::from_number(u32::MAX)), Page { objects: vec![], next: None });
}

#[test]
fn a_count_says_where_the_unexpected_belongs() {
    let world = site();
    world.done(Operation::Reject(TakeOutOfUse { objects: vec![unit(4)] }));
    let scanned = [unit(2), unit(3), unit(4), unit(9), unit(2)];
    let count = world.engine.reconcile(&case(1), &scanned).unwrap();
    assert_eq!((count.present, count.missing, count.repeated), (vec![unit(2)], vec![unit(1)], vec![unit(2)]));
    let found: Vec<_> = count.unexpected.into_iter().map(|unexpected| (unexpected.id, unexpected.found)).collect();
    let elsewhere = Found::Elsewhere(Location { parent: Some(case(2)), root: pallet(1) });
    let rejected = Found::OutOfUse(Status::Rejected);
    assert_eq!(found, [(unit(3), elsewhere), (unit(4), rejected), (unit(9), Found::Unknown)]);
    assert_eq!(world.engine.reconcile(&case(9), &scanned), None);
}

#[test]
fn the_past_is_asked_by_fact_and_by_time() {
    let world = site();
    let packed = world.clock_now();
    world.clock.advance(60 * SECOND);
    world.unpack(&[unit(1)]);
    let children = |moment| {
        let tree = world.engine.tree(&case(1), moment, 1).unwrap();
        tree.map(|tree| tree.children.into_iter().map(|child| child.id).collect::<Vec<_>>())
    };
    assert_eq!(children(Moment::Now), Some(vec![unit(2)]));
    assert_eq!(children(Moment::Fact(Sequence(7))), Some(vec![unit(2)]));
    assert_eq!(children(Moment::Fact(Sequence(1_000))), Some(vec![unit(2)]), "a fact that is not there yet is now");
    assert_eq!(children(Moment::Time(i64::MAX)), Some(vec![unit(2)]));
    assert_eq!(children(Moment::Fact(Sequence(6))), Some(vec![unit(1), unit(2)]));
    assert_eq!(children(Moment::Time(packed)), Some(vec![unit(1), unit(2)]));
    assert_eq!(children(Moment::Fact(Sequence(2))), Some(vec![]));
    assert_eq!(children(Moment::Fact(Sequence(1))), None);
    assert_eq!(children(Moment::Fact(Sequence(0))), None);
    assert_eq!(children(Moment::Time(START - 1)), None);
}

#[test]
fn a_relabelled_container_keeps_its_history_under_either_name() {
    let world = site();
    let (second, third) = (sscc(71), sscc(72));
    world.done(Operation::Observe(Observe { objects: vec![case(1)] }));
    world.relabel(&case(1), &second);
    world.unpack(&[unit(1)]);
    world.relabel(&second, &third);
    let facts = |id: &Identifier| {
        let own = world.engine.history(id).map(Result::unwrap).filter(|entry| !entry.via);
        own.map(|entry| (entry.fact.0, entry.object)).collect::<Vec<_>>()
    };
    assert_eq!(
        facts(&third),
        [
            (10, third.clone()),
            (9, second.clone()),
            (8, second.clone()),
            (7, case(1)),
            (6, case(1)),
            (4, case(1)),
            (2, case(1)),
        ]
    );
    assert_eq!(facts(&case(1)).iter().map(|(fact, _)| *fact).collect::<Vec<_>>(), [8, 7, 6, 4, 2]);
    for id in [&third, &second, &case(1)] {
        let then = world.engine.tree(id, Moment::Fact(Sequence(7)), 1).unwrap().unwrap();
        assert_eq!((then.id, then.children.len()), (case(1), 2));
    }
    let pallet = world.engine.tree(&pallet(1), Moment::Fact(Sequence(9)), 2).unwrap().unwrap();
    assert_eq!(pallet.children[0].id, second, "a pallet shows its case under the name of the time");
    let retired = world.engine.tree(&case(1), Moment::Fact(Sequence(9)), 1).unwrap().unwrap();
    assert_eq!((retired.status, retired.children), (Status::Retired, vec![]));
}

#[test]
fn a_unit_inherits_what_happened_to_the_containers_around_it() {
    let world = site();
    world.done(Operation::Close(Close { containers: vec![case(1), case(2), pallet(1)], partial: true }));
    world.done(Operation::Ship(Ship { roots: vec![pallet(1)] }));
    let history: Vec<_> = world.engine.history(&unit(1)).map(Result::unwrap).collect();
    let shown: Vec<_> = history.iter().map(|entry| (entry.verb, entry.object.clone(), entry.via)).collect();
    assert_eq!(
        shown,
        [
            (Verb::Ship, pallet(1), true),
            (Verb::Close, case(1), true),
            (Verb::Close, pallet(1), true),
            (Verb::Pack, case(1), true),
            (Verb::Pack, unit(1), false),
            (Verb::Commission, unit(1), false),
        ]
    );
    assert_eq!(history[3].effects, [Effect::Joined { parent: pallet(1), children: vec![case(1)] }]);
    assert_eq!(history[4].effects, [Effect::Joined { parent: case(1), children: vec![unit(1)] }]);
    let unit_3: Vec<_> = world.engine.history(&unit(4)).map(|entry| entry.unwrap().verb).collect();
    assert_eq!(unit_3, [Verb::Commission], "what was never packed inherits nothing");
}

#[test]
fn an_event_that_came_too_late_is_in_the_history_and_changed_nothing() {
    let world = site();
    let mut late = world.request(Operation::unpack(vec![unit(1)]));
    late.event_time.at = START;
    let receipt = answer(&world.engine.send(late).unwrap()).receipt().unwrap();
    assert_eq!(receipt.standing, Standing::Late);
    let newest = world.engine.history(&unit(1)).next().unwrap().unwrap();
    assert_eq!((newest.verb, newest.via), (Verb::Unpack, false));
    assert_eq!(newest.effects, [Effect::Noted { objects: vec![unit(1)], late: true }]);
    assert_eq!(world.engine.locate(&unit(1)).unwrap().parent, Some(case(1)));
}

#[test]
fn a_difference_names_what_came_went_moved_and_changed() {
    let world = site();
    let before = Moment::Fact(world.engine.head().sequence);
    world.unpack(&[unit(1), unit(2)]);
    world.pack(&case(2), &[unit(2), unit(4)]);
    world.done(Operation::Close(Close { containers: vec![case(2)], partial: true }));
    world.relabel(&case(2), &sscc(77));
    for (from, to) in [(before, Moment::Now), (Moment::Now, before)] {
        let difference = world.engine.difference(&pallet(1), from, to).unwrap().unwrap();
        assert_eq!((difference.came_in, difference.went_out), (vec![unit(4)], vec![unit(1)]));
        let [moved] = &difference.moved[..] else { panic!("{:?}", difference.moved) };
        assert_eq!((&moved.id, &moved.from, &moved.to), (&unit(2), &case(1), &sscc(77)));
        let [changed] = &difference.changed[..] else { panic!("{:?}", difference.changed) };
        let open = State {
            id: case(2),
            level: Level::Case,
            status: Status::Active,
            seal: Seal::Open,
            held: false,
            away: false,
        };
        assert_eq!(changed.after, State { id: sscc(77), seal: Seal::ClosedPartial, ..open.clone() });
        assert_eq!(changed.before, open);
    }
    assert_eq!(world.engine.difference(&unit(9), before, Moment::Now).unwrap(), None);
}

#[test]
fn a_lot_was_what_it_was_then_also_after_reopening() {
    let world = site();
    let before = world.engine.head().sequence;
    let mut data = lot().data;
    data.expiry = packtree_gs1::Gs1Date::from_number(20_280_131);
    world.done(Operation::CorrectLot(CorrectLot { lot: lot_name(), data }));
    let corrected = world.engine.head().sequence;
    world.done(Operation::Hold(Hold { target: HoldTarget::Lot(lot_name()) }));
    let check = |world: &World| {
        let then = |moment| {
            let tree = world.engine.tree(&unit(1), moment, 0).unwrap().unwrap();
            (tree.lot.unwrap().data, tree.lot_on_hold)
        };
        assert_eq!(then(Moment::Fact(before)), (lot().data, false));
        assert_eq!(then(Moment::Fact(corrected)), (data, false));
        assert_eq!(then(Moment::Now), (data, true));
    };
    check(&world);
    check(&world.reopened(Policy::default()));
}
