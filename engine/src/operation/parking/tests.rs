use crate::operation::table::{Table, after, packaged};
use crate::policy::{LateEvent, Policy};

/// What happened long before the tables.
const WORLD: &str = "
            commission  P1 P2 at=-500                   done
            commission  C1 C2 C3 at=-500                done
            commission  U1..U9 lot=L1 at=-500           done
            pack        C1 <- U1 U2 at=-500             done
";

fn parking() -> Policy {
    Policy { late_event: LateEvent::PARK, ..Policy::default() }
}

fn parked(world: &str) -> Table<'_> {
    after(world).under(&parking())
}

#[test]
fn a_pack_waits_for_the_unpack_that_comes_first() {
    parked(WORLD).check(
        "
            pack        C2 <- U1 U3                     parked
            parent      U1                              C1
            parent      U3                              -
            unpack      C1 -> U1 at=-35                 done + pack done
            contents    C2                              U1 U3
        ",
    );
}

#[test]
fn a_pack_waits_for_what_is_not_commissioned_yet() {
    parked(WORLD).check(
        "
            pack        C9 <- U8 U99                    parked
            commission  U99 at=-25                      done
            parent      U99                             -
            commission  C9 at=-45                       done + pack done
            contents    C9                              U8 U99
        ",
    );
}

#[test]
fn releases_release_others_in_the_order_of_their_events() {
    parked(WORLD).check(
        "
            unpack      C3 -> U1                        parked
            pack        C3 <- U1 at=-15                 parked
            unpack      C2 -> U1 at=-35                 parked
            pack        C2 <- U1 at=-55                 parked
            unpack      C1 -> U1 at=-75                 done + pack done + unpack done + pack done + unpack done
            parent      U1                              -
        ",
    );
}

#[test]
fn what_is_older_than_what_is_recorded_is_late_and_waits_for_nothing() {
    parked(WORLD).check(
        "
            unpack      C1 -> U1                        done
            pack        C2 <- U1                        done
            pack        C3 <- U1 at=-15                 late
            unpack      C1 -> U1 at=-35                 late
            parent      U1                              C2
            ship        P1                              done
            pack        P1 <- C3 at=-15                 late
        ",
    );
}

#[test]
fn what_left_with_its_container_is_late_too() {
    parked(WORLD).check(
        "
            pack        P1 <- C1                        done
            ship        P1                              done
            unpack      C1 -> U1 at=-15                 late
            unpack      C1 -> U1                        parked
            receive     P1 at=-15                       done + unpack done
        ",
    );
}

#[test]
fn a_parked_operation_can_end_as_late() {
    let world = [WORLD, "            pack        C2 <- U1                        parked\n    "].concat();
    parked(&world).switch(&Policy::default()).check(
        "
            unpack      C1 -> U1                        done + pack late
            parent      U1                              -
        ",
    );
}

#[test]
fn what_comes_after_a_parked_event_of_the_same_object_waits_behind_it() {
    parked(WORLD).check(
        "
            pack        C2 <- U1 U3                     parked
            unpack      C1 -> U1 U2                     parked
            sample      U3                              parked
            sample      U4                              done
            parent      U3                              -
            unpack      C1 -> U1 at=-65                 done + pack done + sample done
            parent      U2                              C1
            status      U3                              sampled
            contents    C2                              U1
        ",
    );
}

#[test]
fn two_that_fill_the_same_container_do_not_wait_for_each_other() {
    parked(WORLD).check(
        "
            pack        C2 <- U1                        parked
            pack        C2 <- U5                        done
            move        C2 <- U6                        done
            close       C2                              parked
            unpack      C1 -> U1 at=-55                 done + pack done + close done
            seal        C2                              closed
            contents    C2                              U5 U6 U1
        ",
    );
}

#[test]
fn custody_waits_for_custody() {
    parked(WORLD).check(
        "
            receive     C1                              parked
            ship        C1 at=-15                       done + receive done
            away        C1                              no
            pack        P1 <- C1                        done
            ship        C1                              parked
            unpack      -> C1 at=-15                    done + ship done
            away        C1                              yes
        ",
    );
}

#[test]
fn closures_wait_for_each_other_and_for_contents() {
    after(WORLD).under(&Policy { late_event: LateEvent::PARK, ..packaged(3, 2, None) }).check(
        "
            reopen      C1                              parked
            close       C1 at=-15                       parked
            pack        C1 <- U3 at=-35                 done + close done + reopen done
            seal        C1                              open
            pack        C1 <- U4                        parked
            unpack      C1 -> U3 at=-15                 done + pack done
            ship        C2                              done
        ",
    );
}

#[test]
fn a_container_inside_may_stand_in_the_way() {
    parked(WORLD).check(
        "
            close       C1                              done
            unpack      C1 -> U1                        done
            pack        P1 <- C1                        done
            ship        P1                              parked
            close       C1 at=-15                       done + ship done
            away        U2                              yes
        ",
    );
}

#[test]
fn what_no_event_that_is_to_come_can_mend_is_refused_as_ever() {
    parked(WORLD).check(
        "
            hold        U2                              done
            sample      U4                              done
            pack        C2 <- U1 U2                     child_has_other_parent U1/C1, object_on_hold U2/U2
            pack        C2 <- U4                        object_not_active U4
            pack        C2 <-                           nothing_named
            pack        C1 <- P1                        level_not_above P1/C1
            pack        C2 <- C2                        container_into_itself C2
        ",
    );
}

#[test]
fn a_parked_operation_can_be_refused_in_the_end() {
    parked(WORLD).check(
        "
            pack        C2 <- U1                        parked
            hold        C2                              parked
            unpack      C1 -> U1 at=-35                 done + pack done + hold done
            pack        C3 <- U2                        parked
            sample      C3 at=-15                       done + pack refused object_not_active
            parent      U2                              C1
        ",
    );
}

#[test]
fn an_earlier_event_does_not_wait_behind_a_later_one() {
    parked(WORLD).check(
        "
            pack        C2 <- U1                        parked
            sample      U1 at=-25                       done + pack refused object_not_active
        ",
    );
}

#[test]
fn observations_wait_for_nothing() {
    parked(WORLD).check(
        "
            pack        C2 <- U1                        parked
            observe     U1 C2                           done
        ",
    );
}

#[test]
fn what_is_parked_stays_so_under_another_policy() {
    let world = [WORLD, "            pack        C2 <- U1                        parked\n    "].concat();
    parked(&world).switch(&Policy::default()).check(
        "
            pack        C3 <- U2                        child_has_other_parent U2/C1
            pack        C3 <- U3                        done
            parent      U1                              C1
            unpack      C1 -> U1 at=-45                 done + pack done
            contents    C2                              U1
        ",
    );
}
