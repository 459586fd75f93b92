//! Random operations in a small world, under random policies: whatever happens, it is a forest, and whatever is refused is documented.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::documented::documented;
use super::parse::{Names, operation_of};
use super::{NOW, TwoForests, on_draft, packaged, request};
use crate::fact::{Level, Microseconds, Role};
use crate::forest::{Changes, Draft, Forest};
use crate::limits::OBJECTS_MAX;
use crate::operation::Operation;
use crate::policy::{
    ChildWithParent, ClosedContainer, ContainerReuse, DecommissionInside, EmptiedContainer, LateEvent, Policy,
    Recommission, Uncommissioned, WrongParent,
};

const MINUTE: Microseconds = 60 * 1_000_000;

/// Everything that is ever named: few enough that operations meet, many enough that trees get deep.
const PALLETS: &[&str] = &["P1", "P2", "X1"];
const CASES: &[&str] = &["C1", "C2", "C3", "K1"];
const UNITS: &[&str] = &["U1", "U2", "U3", "U4", "U5", "U6"];
const OTHERS: &[&str] = &["P1", "C1", "C2", "X1", "X2", "T1", "S1", "U1", "V1", "V2", "C9", "U9"];

/// How often a row comes, and the row: `?p` is a pallet, `?c` a case, `?u` a unit, `??` anything, and `*` instead of `?` up to four.
const ROWS: &[(u32, &str)] = &[
    (1, "commission *u lot=L1"),
    (1, "commission *u lot=L2"),
    (1, "commission **"),
    (12, "pack ?c <- *u"),
    (8, "pack ?p <- *c"),
    (3, "pack ?? <- **"),
    (1, "pack ?c <- *u 3xU xV"),
    (2, "unpack ?c"),
    (1, "unpack ?p"),
    (1, "unpack ?? *"),
    (2, "unpack ?c -> *u"),
    (3, "unpack -> *u"),
    (1, "unpack -> **"),
    (1, "unpack ?c -> 3xU"),
    (3, "move ?c <- *u"),
    (2, "move ?p <- *c"),
    (1, "move ?? <- **"),
    (3, "replace ?u by ?u"),
    (1, "replace ?u by ?u rejected"),
    (1, "replace ?? by ?? destroyed"),
    (4, "swap ?u ?u"),
    (2, "swap ?c ?c"),
    (1, "swap ?? ??"),
    (1, "relabel ?c as C9"),
    (1, "relabel ?? as ??"),
    (3, "merge ?c into ?c"),
    (1, "merge ?? into ??"),
    (2, "split ?c -> *u into C8"),
    (1, "split ?? -> ** into X8"),
    (3, "reset ?c = *u"),
    (1, "reset ?? = **"),
    (6, "close *c"),
    (3, "close ?p"),
    (2, "close_partial *c"),
    (2, "reopen *c"),
    (1, "hold *u"),
    (1, "hold ??"),
    (1, "hold U/L1"),
    (3, "release ??"),
    (3, "release ?u"),
    (2, "release U/L1"),
    (1, "sample ?u"),
    (1, "reject ??"),
    (1, "destroy ??"),
    (1, "decommission **"),
    (1, "decommission_only ?c"),
    (1, "correct_lot U/L1 expiry=2027-12-31"),
    (2, "ship ?p"),
    (1, "ship **"),
    (1, "void_ship ?p"),
    (2, "receive ?p trust=inferred"),
    (1, "receive **"),
    (2, "return *u"),
    (1, "return **"),
    (1, "observe **"),
    (1, "configure a 1"),
    (1, "configure a"),
];

/// One random row: which, with which objects, how much later than the one before, and whether somebody without a say asks.
#[derive(Clone, Debug)]
struct Step {
    row: &'static str,
    objects: Vec<Index>,
    minutes: i64,
    by_operator: bool,
}

impl Step {
    fn operation(&self, names: &mut Names) -> Operation {
        let mut objects = self.objects.iter();
        let mut pick = |kind: &str, most: usize| {
            let pool = match kind {
                "p" => PALLETS,
                "c" => CASES,
                "u" => UNITS,
                _ => OTHERS,
            };
            let picked: Vec<&str> = objects.by_ref().take(most).map(|index| *index.get(pool)).collect();
            picked.join(" ")
        };
        let words = self.row.split(' ').map(|word| match word.split_at(1) {
            ("?", kind) => pick(kind, 1),
            ("*", kind) if !kind.is_empty() => pick(kind, self.objects.len() % 4 + 1),
            _ => word.into(),
        });
        let row = words.collect::<Vec<_>>().join(" ");
        operation_of(&row, names)
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let rows: Vec<&str> = ROWS.iter().flat_map(|(often, row)| std::iter::repeat_n(*row, *often as usize)).collect();
    let objects = prop::collection::vec(any::<Index>(), 4..8);
    (0..100_u32).prop_flat_map(move |hurry| {
        let step = (select(rows.clone()), objects.clone(), 0..10_i64, 0..100_u32);
        let step = step.prop_map(move |(row, objects, minutes, chance)| Step {
            row,
            objects,
            minutes: if chance < hurry / 5 { -minutes } else { minutes },
            by_operator: chance == 99,
        });
        prop::collection::vec(step, 1..60)
    })
}

fn policies() -> impl Strategy<Value = Policy> {
    let taking_out = (
        select(vec![EmptiedContainer::Stays, EmptiedContainer::IsDecommissioned]),
        select(vec![
            ClosedContainer::BecomesBroken,
            ClosedContainer::AncestorsBecomeBroken,
            ClosedContainer::AncestorsAreDisbanded,
        ]),
        select(vec![DecommissionInside::Refuse, DecommissionInside::TakeOut]),
    );
    let putting_in = (
        select(vec![ChildWithParent::Refuse, ChildWithParent::Move]),
        select(vec![WrongParent::Refuse, WrongParent::Ignore]),
        select(vec![Uncommissioned::Refuse, Uncommissioned::CommissionOnSight]),
        select(vec![Policy::default(), packaged(3, 2, Some(Level::Case))]),
    );
    let others = (
        select(vec![Recommission::Refuse, Recommission::Allow]),
        select(vec![ContainerReuse::default(), ContainerReuse::Allow]),
        select(vec![LateEvent::Record, LateEvent::Refuse, LateEvent::PARK]),
    );
    (taking_out, putting_in, others).prop_map(
        |(
            (emptied_container, closed_container, decommission_inside),
            (child_with_parent, wrong_parent, uncommissioned, products),
            (recommission, container_reuse, late_event),
        )| Policy {
            child_with_parent,
            wrong_parent,
            emptied_container,
            closed_container,
            decommission_inside,
            recommission,
            uncommissioned,
            late_event,
            container_reuse,
            ..products
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_it_is_a_forest(policy in policies(), steps in steps()) {
        let documented = documented();
        let mut names = Names::default();
        let mut world = TwoForests::new();
        let base = Forest::new(3);
        let mut changes = Changes::default();
        let mut group = Draft::new(&base, &mut changes);
        let mut at = NOW - 1_000 * MINUTE;
        let setup = ["commission P1 P2", "commission C1 C2 C3", "commission U1 U2 U3 U4 U5 lot=L1", "commission X1"];
        let setup = setup.map(|row| Step { row, objects: Vec::new(), minutes: 1, by_operator: false });
        for step in setup.iter().chain(&steps) {
            at += step.minutes * MINUTE;
            let mut request = request(step.operation(&mut names), at);
            if step.by_operator {
                request.role = Role::Operator;
            } else if matches!(request.operation, Operation::Configure(_)) {
                request.role = Role::Administrator;
            }
            let one_by_one = world.submit(&request, &policy, OBJECTS_MAX);
            let as_group = on_draft(&request, &policy, OBJECTS_MAX, &mut group);
            prop_assert_eq!(&one_by_one, &as_group, "{:?}", request);
            let verb = request.operation.verb();
            for fault in one_by_one.err().iter().flat_map(|refusal| &refusal.faults) {
                prop_assert!(documented[&verb].contains(&fault.reason), "{} refuses: {}", verb, fault);
            }
        }
    }
}
