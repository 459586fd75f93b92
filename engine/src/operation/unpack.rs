//! Unpack: children come out of their parents.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::plan::Plan;
use crate::fact::{Decimal, Quantity, Trust};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;
use crate::policy::WrongParent;
use crate::refusal::Reason;

/// Children come out of their parents.
///
/// ```
/// use packtree::{Operation, fact::Trust, operation::{Contents, Unpack}};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, cases, units, .. } = packed_pallet()?;
/// // The pallet is taken apart down to the units.
/// let what = Contents::Recursive { parent: pallet.clone() };
/// engine.perform(&line, Operation::Unpack(Unpack { what, trust: Trust::Inferred }))?.receipt()?;
/// assert_eq!(engine.children(&pallet), Some(vec![]));
/// assert_eq!(engine.root(&units[0]), Some(units[0].clone()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unpack {
    /// What comes out.
    pub what: Contents,
    /// Whether it was seen.
    pub trust: Trust,
}

/// What is unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contents {
    /// Everything in the parent, one level.
    All {
        /// The parent.
        parent: Identifier,
    },
    /// Everything under the parent, on every level.
    Recursive {
        /// The outermost container.
        parent: Identifier,
    },
    /// The named children, which may sit in several parents.
    Named {
        /// The parent, if the caller names it; it must match.
        parent: Option<Identifier>,
        /// The children.
        children: Vec<Identifier>,
        /// What comes out that is known by class and quantity only; needs the parent.
        quantities: Vec<Quantity>,
    },
}

impl Unpack {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        match &self.what {
            Contents::All { parent } => unpack_all(plan, parent, self.trust),
            Contents::Recursive { parent } => unpack_recursive(plan, parent, self.trust),
            Contents::Named { parent, children, quantities } => {
                unpack_named(plan, parent.as_ref(), children, quantities, self.trust);
            }
        }
    }
}

/// Finds a container that may be emptied, or plans the faults.
fn find_filled(plan: &mut Plan<'_>, parent: &Identifier) -> Option<Ix> {
    let ix = plan.find(parent)?;
    let record = plan.record(ix);
    if !plan.check_movable_as(ix, &record) {
        return None;
    }
    if plan.is_empty(ix) {
        plan.fault(Reason::ContainerIsEmpty, parent);
        return None;
    }
    Some(ix)
}

fn unpack_all(plan: &mut Plan<'_>, parent: &Identifier, trust: Trust) {
    if let Some(ix) = find_filled(plan, parent) {
        plan.empty(ix, trust, Opening::ByPolicy);
    }
}

/// The outermost container comes apart first, so that each of the others is loose when it is emptied.
fn unpack_recursive(plan: &mut Plan<'_>, parent: &Identifier, trust: Trust) {
    let Some(ix) = find_filled(plan, parent) else { return };
    let mut containers = vec![ix];
    plan.draft.for_each_below(ix, &mut |below, record| {
        if record.is_container() {
            containers.push(below);
        }
    });
    for container in containers {
        plan.empty(container, trust, Opening::ByPolicy);
    }
}

fn unpack_named(
    plan: &mut Plan<'_>,
    parent: Option<&Identifier>,
    children: &[Identifier],
    quantities: &[Quantity],
    trust: Trust,
) {
    if !plan.check_number(children.len() + quantities.len(), PACK_CHILDREN_MAX) {
        return;
    }
    let may_be_wrong = plan.policy().wrong_parent == WrongParent::Ignore && quantities.is_empty();
    let named = match parent {
        Some(parent) if may_be_wrong => plan.draft.find(parent),
        Some(parent) => plan.find(parent),
        None => None,
    };
    let found = plan.find_some(children);
    for child in &found {
        check_child(plan, *child, named.filter(|_| !may_be_wrong));
    }
    if !quantities.is_empty() {
        match named {
            Some(parent) => take_quantities(plan, parent, quantities),
            None if parent.is_none() => plan.fault_of_operation(Reason::QuantityNotThere),
            None => {}
        }
    }
    if !plan.is_refused() {
        plan.take_out(&found, trust, Opening::ByPolicy);
    }
}

fn check_child(plan: &mut Plan<'_>, child: Ix, named: Option<Ix>) {
    let record = plan.record(child);
    plan.check_movable_as(child, &record);
    match (record.parent.known(), named) {
        (None, _) => plan.fault_at(Reason::ChildNotInAnyParent, child),
        (Some(real), Some(named)) if real != named => plan.fault_at_because(Reason::ChildNotInParent, child, real),
        _ => {}
    }
}

/// Plans that quantities come out; each must be there, of the same class and unit.
fn take_quantities(plan: &mut Plan<'_>, parent: Ix, taken: &[Quantity]) {
    if !plan.check_usable(parent) {
        return;
    }
    let mut left = plan.quantities(parent).to_vec();
    for take in taken {
        let line = left.iter().position(|known| known.class == take.class && known.unit == take.unit);
        let rest = line.and_then(|line| rest_of(&left[line], take));
        match (line, rest) {
            (Some(line), Some(rest)) if rest.digits == 0 => {
                left.remove(line);
            }
            (Some(line), Some(rest)) => left[line].amount = Some(rest),
            _ => plan.fault_because(Reason::QuantityNotThere, &take.class, parent),
        }
    }
    plan.set_quantities(parent, left);
    plan.open(parent, Opening::ByPolicy);
}

/// What is left of a line; `None` when it does not hold that much.
fn rest_of(known: &Quantity, take: &Quantity) -> Option<Decimal> {
    match (known.amount, take.amount) {
        (Some(known), Some(take)) => known.checked_sub(take).filter(|rest| 0 <= rest.digits),
        // Without an amount, all of the class comes out.
        (_, None) => Some(Decimal::whole(0)),
        (None, Some(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::table::after;
    use crate::policy::{ClosedContainer, EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4 U5                     done
            pack        P1 <- C1 C2                     done
    ";

    #[test]
    fn everything_comes_out_one_level() {
        after(WORLD).check(
            "
            unpack      P1                              done
            contents    P1                              -
            parent      C1                              -
            contents    C1                              U1 U2 U3
            unpack      P1                              container_is_empty P1
            counts      U/L1                            9 5 0
        ",
        );
    }

    #[test]
    fn everything_comes_out_on_every_level() {
        after(WORLD).check(
            "
            close       C1 P1                           done
            unpack      P1 *                            done
            contents    P1                              -
            contents    C1                              -
            parent      U5                              -
            seal        C1                              open
            counts      U/L1                            9 0 0
            unpack      P1 *                            container_is_empty P1
            unpack      U1 *                            container_is_empty U1
        ",
        );
    }

    #[test]
    fn named_children_come_out_of_wherever_they_are() {
        after(WORLD).check(
            "
            unpack      -> U5 U1 C2 U3                  done
            contents    C1                              U2
            contents    C2                              U4
            contents    P1                              C1
            parent      U4                              C2
        ",
        );
    }

    #[test]
    fn an_unpack_that_names_the_wrong_parent_is_refused() {
        after(WORLD).check(
            "
            unpack      C1 -> U1 U4 U6                  child_not_in_parent U4/C2, child_not_in_any_parent U6
            unpack      P1 -> U1                        child_not_in_parent U1/C1
            unpack      C9 -> U1                        object_not_found C9
            unpack      C1 -> U1                        done
        ",
        );
    }

    #[test]
    fn a_wrong_parent_is_ignored_where_the_policy_says_so() {
        let policy = Policy { wrong_parent: WrongParent::Ignore, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            unpack      C1 -> U1 U4                     done
            contents    C2                              U5
            unpack      C9 -> U2                        done
            unpack      C9 -> U2                        child_not_in_any_parent U2
            pack        C1 <- 5xU                       done
            unpack      C9 -> 5xU                       object_not_found C9
            unpack      C1 -> U5 5xU                    child_not_in_parent U5/C2
        ",
        );
    }

    #[test]
    fn an_unpack_dated_before_the_pack_does_not_undo_it() {
        after(WORLD).check(
            "
            unpack      -> U1 at=-45                    late
            unpack      C1 at=-45                       late
            unpack      P1 * at=-45                     late
            parent      U1                              C1
            parent      C1                              P1
        ",
        );
    }

    #[test]
    fn every_bad_child_is_named() {
        after(WORLD).check("
            hold        U1                              done
            unpack      -> U1 U2 U2 U6 U77 U            object_on_hold U1/U1, object_named_twice U2, child_not_in_any_parent U6, object_not_found U77, identifier_is_not_an_instance U
            unpack      C2 ->                           nothing_named
            unpack      -> U1..U25001                   too_many_objects
            unpack      C99                             object_not_found C99
            unpack      C3                              container_is_empty C3
            unpack      U                               identifier_is_not_an_instance U
        ");
    }

    #[test]
    fn holds_block() {
        after(WORLD).check(
            "
            hold        U1                              done
            unpack      C1                              object_on_hold U1
            unpack      P1 *                            object_on_hold U1
            unpack      -> C1                           object_on_hold U1
            unpack      -> U2                           done
            release     U1                              done
            hold        U/L1                            done
            unpack      C2                              lot_on_hold U4, lot_on_hold U5
            unpack      -> U4                           lot_on_hold U4
            release     U/L1                            done
            hold        P1                              done
            unpack      C1                              object_on_hold C1/P1
            unpack      -> U3                           object_on_hold U3/P1
        ",
        );
    }

    #[test]
    fn what_is_away_or_out_of_use_is_left_alone() {
        after(WORLD).check(
            "
            ship        P1                              done
            unpack      P1                              object_is_away P1
            unpack      -> U1                           object_is_away U1
            decommission C3 U9                          done
            unpack      C3                              object_not_active C3
            unpack      -> U9                           object_not_active U9
        ",
        );
    }

    #[test]
    fn a_closed_container_is_broken_and_an_emptied_one_open() {
        after(WORLD).check(
            "
            close       C1 C2 P1                        done
            unpack      -> U1                           done
            seal        C1                              broken
            seal        P1                              closed
            unpack      C2                              done
            seal        C2                              open
            unpack      C1                              done
            seal        C1                              open
        ",
        );
    }

    #[test]
    fn the_containers_around_are_broken_where_the_policy_says_so() {
        let policy = Policy { closed_container: ClosedContainer::AncestorsBecomeBroken, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            close       C1 C2 P1                        done
            unpack      -> U1 U4                        done
            seal        C1                              broken
            seal        C2                              broken
            seal        P1                              broken
        ",
        );
    }

    #[test]
    fn the_containers_around_come_apart_where_the_policy_says_so() {
        let policy = Policy { closed_container: ClosedContainer::AncestorsAreDisbanded, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            commission  X1 X2                           done
            pack        X1 <- P1                        done
            pack        X2 <- X1 P2                     done
            unpack      -> U1                           done
            parent      C1                              P1
            close       C2                              done
            unpack      -> U4                           done
            seal        C2                              broken
            contents    C2                              U5
            contents    C1                              U2 U3
            contents    P1                              -
            contents    X1                              -
            contents    X2                              -
            parent      P1                              -
        ",
        );
    }

    #[test]
    fn coming_apart_and_being_emptied_go_together() {
        let policy = Policy {
            closed_container: ClosedContainer::AncestorsAreDisbanded,
            emptied_container: EmptiedContainer::IsDecommissioned,
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            close       C1 C2 P1                        done
            unpack      C1 -> U1 U2 U3                  done
            status      C1                              decommissioned
            status      P1                              decommissioned
            contents    C2                              U4 U5
            seal        C2                              closed
            parent      C2                              -
        ",
        );
    }

    #[test]
    fn an_emptied_container_goes_where_the_policy_says_so() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            unpack      C1                              done
            status      C1                              decommissioned
            contents    P1                              C2
            unpack      -> U4 U5                        done
            status      C2                              decommissioned
            status      P1                              decommissioned
        ",
        );
        after(WORLD).under(&policy).check(
            "
            unpack      P1 *                            done
            status      P1                              decommissioned
            status      C1                              decommissioned
            status      C2                              decommissioned
            status      U1                              active
        ",
        );
    }

    #[test]
    fn two_stations_with_different_clocks_empty_the_same_container() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            unpack      -> U4                           done
            unpack      -> U5 at=-15                    done
            status      C2                              decommissioned
        ",
        );
    }

    #[test]
    fn quantities_come_out_as_far_as_they_are_there() {
        after(WORLD).check(
            "
            pack        C3 <- 10xU 2.5xV:KGM xB         done
            close       C3                              done
            unpack      C3 -> 4xU 0.5xV:KGM             done
            contents    C3                              6xU 2xV:KGM xB
            seal        C3                              broken
            unpack      C3 -> 7xU                       quantity_not_there U/C3
            unpack      C3 -> 1xV                       quantity_not_there V/C3
            unpack      C3 -> 1xB                       quantity_not_there B/C3
            unpack      -> 1xU                          quantity_not_there
            unpack      C3 -> 6xU xV:KGM                done
            contents    C3                              xB
            hold        C3                              done
            unpack      C3 -> xB                        object_on_hold C3/C3
            release     C3                              done
            unpack      C3                              done
            contents    C3                              -
            seal        C3                              open
        ",
        );
    }

    #[test]
    fn a_container_of_quantities_alone_is_emptied_too() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            pack        C3 <- 10xU                      done
            pack        P2 <- C3                        done
            unpack      C3 -> 10xU                      done
            status      C3                              decommissioned
            status      P2                              decommissioned
            pack        C1 <- 10xU                      done
            unpack      C1 -> U1 U2 U3                  done
            status      C1                              active
            unpack      P1 *                            done
            status      C1                              decommissioned
        ",
        );
    }

    #[test]
    fn quantities_do_not_come_back_with_a_late_event() {
        after(WORLD).check(
            "
            pack        C3 <- 10xU                      done
            unpack      C3                              done
            pack        C3 <- 5xU at=-15                late
            unpack      C3 -> 5xU at=-35                quantity_not_there U/C3
            contents    C3                              -
            pack        C3 <- 5xU                       done
            unpack      C3 -> 5xU at=-55                late
            contents    C3                              5xU
            ",
        );
    }
}
