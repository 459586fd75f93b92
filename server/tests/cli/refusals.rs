//! What is refused, not found or impossible: the exit code, the reason, and what to do.

use crate::support::Site;

#[test]
fn refusals_name_every_object_and_what_to_do() {
    let site = Site::demo();
    site.check(
        "
        pack P1 C3 U1                    => 1 refused: C3: the object is in somebody else's custody
        pack P1 C3 U1                    => 1 refused: U1: the child sits in another container: C1
        pack P1 C3 U1                    => 1 do:    unpack it there first, or move it
        unpack U1 --from C2              => 1 child_not_in_parent (23)
        pack C1 P1                       => 1 would_be_cycle
        pack C1 C1                       => 1 container_into_itself
        hold C1                          => 1 add --reason 'TEXT'
        destroy U13 --reason x           => 1 add --role supervisor
        swap U1 U1                       => 1 objects_must_differ
        sample U9 --reason x             => 1 object_not_active
        commission U1                    => 1 object_already_commissioned
        ship U1                          => 1 object_in_container
        relabel C1 C2                    => 1 refused
        correct-lot '(01)09521234543213(10)NONE' --expiry 2028-01 --reason x => 1 lot_not_found
        verify                           => 0 whole: 14 facts
        ",
    );
    let refused = site.json("pack P1 C3 U1");
    assert_eq!(refused["outcome"], "refused");
    assert_eq!(refused["refused"][1]["code"], "child_has_other_parent");
    assert_eq!(refused["refused"][1]["number"], 21);
    assert_eq!(refused["refused"][1]["other"], "(00)095212345000000018");
}

#[test]
fn what_is_not_there_is_not_found() {
    Site::demo().check(
        "
        tree NEW                         => 1 NEW is not known
        inspect NEW                      => 1 packtree gs1 parse
        history NEW                      => 1 NEW is not known
        dot NEW                          => 1 NEW is not known
        reconcile NEW U1                 => 1 NEW is not known
        diff NEW --from #1               => 1 NEW is not known
        tree C1 --at #1                  => 1 did not exist at that moment
        tree C1 --at 2001-01-01T00:00:00Z => 1 the newest fact is #14
        ",
    );
}

#[test]
fn what_cannot_be_understood_is_explained() {
    Site::demo().check(
        "
        tree '(00)095212345000000019'    => 2 the check digit is 9, but the digits before it call for 8
        tree nonsense                    => 2 no spelling of an identifier
        tree ''                          => 2 offset 0
        tree C1 --at yesterday           => 2 write a fact as '#12' or a time with its offset
        tree C1 --at 2026-11-23T08:14:02 => 2 a time with its offset
        commission C1                    => 2 add `--level case`
        commission U1 --expiry 2028-01   => 2 add `--lot NUMBER`
        commission C1 --range 3          => 2 a range begins with one object that has a GTIN
        commission U1 --lot L --expiry 31.12.2028 => 2 write a date as 2028-02-29
        unpack U1 --role king            => 2 choose one of operator, supervisor
        unpack U1 --rules none           => 2 choose one of line, partner, warehouse
        unpack U1 --actor ''             => 2 a name must have 1 to 64 characters
        hold C1 --reason ''              => 2 a reason must have
        hold LOTA C1 --reason x          => 2 is named together with other objects
        correct-lot U1 --reason x        => 2 is not a lot
        unpack                           => 2 <CHILD>
        levitate C1                      => 2 levitate
        ",
    );
}

#[test]
fn a_directory_without_data_is_named() {
    let site = Site::empty();
    site.check(
        "
        tree C1                          => 2 there is no Packtree data in
        verify                           => 2 check the path
        pack C1 U1                       => 2 there is no Packtree data in
        ",
    );
    std::fs::create_dir(site.data()).unwrap();
    site.check("tree C1 => 2 there is no Packtree data in");
    std::fs::write(site.data().join("letter.txt"), "dear").unwrap();
    site.check(
        "
        commission C1 --level case       => 2 holds files that are not Packtree's
        demo                             => 2 holds files that are not Packtree's
        ",
    );
    let mut command = site.command("gs1 parse");
    let ran = command.arg("C1").output().unwrap();
    assert_eq!(ran.status.code(), Some(1));
}

#[test]
fn the_directory_may_come_from_the_environment() {
    let site = Site::demo();
    let run = |data: &str| {
        let mut command = std::process::Command::new(crate::support::PROGRAM);
        let output = command.args(["verify"]).env("PACKTREE_DATA", data).output().unwrap();
        crate::support::Ran::of(output)
    };
    assert_eq!(run(site.data().to_str().unwrap()).code, 0);
    let ran = run("");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no data directory is named") && ran.err.contains("--data DIR"), "{ran:?}");
}
