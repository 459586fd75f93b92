//! Every verb does what it says, and shows it first when asked to.

use crate::support::Site;

#[test]
fn packing() {
    Site::demo().check(
        "
        commission '(01)09521234543213(21)B01' --range 3 --lot L9 --expiry 2029-01 => 0 commissioned 3 units of lot L9, expires 2029-01
        commission NEW --level case                  => 0 commissioned 1 case: NEW
        pack NEW '(01)09521234543213(21)B01' '(01)09521234543213(21)B02' => 0 done: pack, fact #17
        tree NEW                                     => 0 case, 2 units, lot L9, expires 2029-01
        move '(01)09521234543213(21)B01' --into C1   => 0 into C1: (01)09521234543213(21)B01
        unpack '(01)09521234543213(21)B01' --from C1 => 0 out of C1: (01)09521234543213(21)B01
        unpack --all C1                              => 0 out of C1 (inferred)
        tree C1                                      => 0 case, empty
        unpack --recursive P1                        => 0 out of P1
        inspect C2                                   => 0 none, it is loose
        ",
    );
}

#[test]
fn rework() {
    Site::demo().check(
        "
        unpack U13                                   => 0 out of C2: U13
        replace U1 U13 --fate rejected --reason dent => 0 rejected: U1
        inspect U13                                  => 0 C1
        swap U2 U7                                   => 0 done: swap
        inspect U2                                   => 0 C2
        relabel C1 NEW                               => 0 relabelled from C1 to NEW
        inspect C1                                   => 0 retired
        tree NEW                                     => 0 case, 6 units
        split NEW U3 U4 --into '(00)095212345000000070' => 0 into (00)095212345000000070: U3, U4
        merge '(00)095212345000000070' --into C2     => 0 into C2: U3, U4
        reset C2 U7 U8                               => 0 done: reset
        inspect C2                                   => 0 2 children, 2 units
        close C2                                     => 0 closed: C2
        unpack U8                                    => 0 broken: C2
        reopen C2 --reason recount --role supervisor => 0 open: C2
        close C2 --partial --reason end --role quality => 0 closed as partial: C2
        ",
    );
}

#[test]
fn stock_and_quality() {
    Site::demo().check(
        "
        hold C1 --reason question                    => 0 on hold: C1
        inspect U1                                   => 0 with C1
        tree P1                                      => 0 case, 6 units, on hold
        release C1 --reason answered                 => 0 released: C1
        hold LOTA --reason question                  => 0 on hold: lot L2503A
        inspect U1                                   => 0 its lot is on hold
        release LOTA --reason answered               => 0 released: lot L2503A
        correct-lot LOTA --expiry 2028-01-31 --reason typo => 0 has expiry 2028-01-31
        inspect U1                                   => 0 expires 2028-01-31
        sample U1 --reason retain                    => 0 sampled: U1
        reject U2 --reason dent                      => 0 rejected: U2
        destroy U2 --reason dent --role quality      => 0 destroyed: U2
        decommission C2 --contents too --reason old --rules warehouse => 0 decommissioned
        inspect U7                                   => 0 decommissioned
        ",
    );
}

#[test]
fn custody() {
    Site::demo().check(
        "
        void-ship P2 --reason 'truck broke down' --role supervisor => 0 here
        inspect P2                                   => 0 2 children, 12 units
        ship P2                                      => 0 away: P2
        tree P2                                      => 0 away
        receive P2 --verified                        => 0 here, contents verified: P2
        ship P2                                      => 0 away: P2
        return C3                                    => 0 out of P2
        ",
    );
}

#[test]
fn a_dry_run_shows_and_changes_nothing() {
    let site = Site::demo();
    let before = site.json("verify");
    site.check(
        "
        unpack C1 --dry-run                          => 0 dry run: unpack would change:
        unpack C1 --dry-run                          => 0 out of P1: C1
        unpack U25 U9 --dry-run                      => 1 refused: U9
        merge C1 --into C2 --dry-run                 => 0 into C2: U1, U2, U3 and 3 more
        ",
    );
    assert_eq!(site.json("verify"), before);
    assert_eq!(site.json("unpack C1 --dry-run")["outcome"], "dry_run");
}

#[test]
fn a_dry_run_does_not_begin_a_directory() {
    let site = Site::empty();
    site.check("commission C1 --level case --dry-run => 0 commissioned 1 case: C1");
    assert!(!site.data().exists());
}

#[test]
fn a_request_that_is_repeated_is_done_once() {
    Site::demo().check(
        "
        unpack C1 --request-id rework-7              => 0 done: unpack, fact #15
        unpack C1 --request-id rework-7              => 0 the same request was done before
        unpack C2 --request-id rework-7              => 1 request_exists_with_different_content
        verify                                       => 0 whole: 15 facts
        ",
    );
}

#[test]
fn who_when_and_why_are_on_record() {
    Site::demo().check(
        "
        unpack U1 --actor jane --role supervisor --station bay-4 --reason 'wrong case' --time 2026-01-02T03:04:05+02:00 => 0 done
        history U1 --limit 1                         => 0 2026-01-02T03:04:05+02:00  unpack  jane (supervisor) at bay-4
        history U1 --limit 1                         => 0 because: wrong case
        unpack U2                                    => 0 done
        history U2 --limit 1                         => 0 tester (operator) at command-line
        ",
    );
}

#[test]
fn an_event_that_comes_late_is_recorded_and_changes_nothing() {
    Site::demo().check(
        "
        unpack U1 --time 2025-03-03T08:00:00+01:00   => 0 on record as late
        inspect U1                                   => 0 C1
        ",
    );
}

#[test]
fn what_comes_too_early_is_parked_and_done_later() {
    Site::demo().check(
        "
        parked                                       => 0 nothing is parked
        pack C2 U1 --late park --dry-run             => 0 parked: the child sits in another container
        parked                                       => 0 nothing is parked
        pack C2 U1 --late park                       => 0 parked: pack, fact #15; it came too early
        parked                                       => 0 C2, U1
        history U1 --limit 1                         => 0 parked: the child sits in another container
        inspect U1                                   => 0 C1
        unpack U1 --time 2025-03-04T10:00:00Z        => 0 done: unpack, fact #16
        inspect U1                                   => 0 C2
        parked                                       => 0 nothing is parked
        verify                                       => 0 17 facts
        pack C2 U2 --late never                      => 2 choose one of record, refuse, park
        ",
    );
}
