//! When an event is older than what is recorded, across objects: what a container's events mean for what is in it, and the reverse.

use super::after;

const WORLD: &str = "
            commission  P1 P2 at=-1000                  done
            commission  C1 C2 at=-1000                  done
            commission  U1..U9 at=-1000                 done
            pack        C1 <- U1 U2 U3 at=-900          done
            pack        C2 <- U4 U5 at=-900             done
            pack        P1 <- C1 C2 at=-800             done
    ";

#[test]
fn an_older_event_of_a_child_does_not_make_its_container_older() {
    after(WORLD).check(
        "
            hold        C1 at=-500                      done
            release     C1 at=-400                      done
            unpack      C1 -> U1 at=-600                done
            hold        C1 at=-450                      late
            pack        P2 <- C1 at=-450                child_has_other_parent C1/P1
            unpack      P1 -> C1 at=-450                late
            held        C1                              no
            parent      C1                              P1
            hold        C1 at=-300                      done
        ",
    );
}

#[test]
fn what_becomes_a_container_is_as_new_as_it_was() {
    after(
        "
            commission  C1 at=-1000                     done
            commission  X1 at=-1000                     done
            commission  U1 U2 at=-1000                  done
            hold        C1 X1 at=-500                   done
            release     C1 X1 at=-400                   done
            pack        C1 <- U1 at=-600                done
            pack        X1 <- U2 at=-600                done
    ",
    )
    .check(
        "
            hold        C1 at=-450                      late
            hold        X1 at=-450                      late
            hold        C1 X1 at=-380                   done
        ",
    );
}

#[test]
fn custody_changes_for_everything_in_a_container() {
    after(WORLD).check(
        "
            ship        P1 at=-500                      done
            return      U1 at=-600                      late
            return      C2 at=-600                      late
            away        U1                              yes
            return      U1 at=-400                      done
            receive     P1 at=-300                      done
            unpack      C1 -> U2 at=-380                late
            parent      U2                              C1
            move        P2 <- C2 at=-380                late
            pack        C1 <- U9 at=-380                late
            replace     U2 by U8 at=-380                late
            unpack      C1 -> U2 at=-200                done
        ",
    );
}

#[test]
fn a_container_that_left_its_pallet_was_shipped_with_it_all_the_same() {
    after(WORLD).check(
        "
            ship        P1 at=-500                      done
            receive     P1 at=-400                      done
            unpack      P1 -> C1 at=-300                done
            unpack      C1 -> U1 at=-450                late
            unpack      C1 -> U1 at=-380                done
            ship        P1 at=-250                      done
            return      C2 at=-200                      done
            unpack      C2 -> U4 at=-220                late
            unpack      C2 -> U4 at=-190                done
        ",
    );
}
