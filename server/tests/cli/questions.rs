//! Questions: what is, what was, what differs.

use serde_json::json;

use crate::support::{Site, id};

#[test]
fn a_tree_is_drawn_with_lines() {
    let site = Site::demo();
    let ran = site.run("tree P1");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "(00)095212345000001008  pallet, 2 cases, 12 units, lot L2503A, expires 2028-02-29",
            "\u{251c}\u{2500} (00)095212345000000018  case, 6 units",
            "\u{2502}  \u{251c}\u{2500} (01)09521234543213(21)A0001  unit",
        ]
    );
    assert_eq!(lines[14], "   \u{2514}\u{2500} (01)09521234543213(21)A0013  unit");
    assert!(ran.out.lines().all(|line| line.chars().count() <= 100), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "colours are for terminals");
}

#[test]
fn a_tree_says_what_is_around() {
    Site::demo().check("tree U1 => 0 in C1, in P1");
}

#[test]
fn a_tree_tells_the_hold_of_an_object_from_that_of_its_lot() {
    let site = Site::demo();
    site.check(
        "
        hold LOTA --reason question            => 0 on hold
        tree U1                                => 0 expires 2028-02-29, lot on hold
        hold U1 --reason question              => 0 on hold
        tree U1                                => 0 expires 2028-02-29, on hold, lot on hold
        ",
    );
    let holds = |object: &str| site.json(&format!("tree {object}"))["hold"].clone();
    assert_eq!((holds("U1"), holds("U2"), holds("C1")), (json!("object_and_lot"), json!("lot"), json!(null)));
}

#[test]
fn many_siblings_are_cut_and_the_unusual_ones_are_shown() {
    let site = Site::demo();
    site.check(
        "
        commission '(01)09521234543213(21)D001' --range 100 => 0 commissioned 100 units
        commission NEW --level case                         => 0 done
        ",
    );
    let units: Vec<String> = (1..=100).map(|number| format!("(01)09521234543213(21)D{number:03}")).collect();
    site.check(&format!("pack NEW {} => 0 into NEW", units.join(" ")));
    site.check("hold '(01)09521234543213(21)D050' --reason x => 0 on hold");
    let ran = site.run("tree NEW");
    assert_eq!(ran.out.lines().count(), 6, "{}", ran.out);
    assert!(ran.out.contains("D050  unit, on hold") && ran.out.contains("... and 96 more"), "{}", ran.out);
    assert_eq!(site.run("tree NEW --all").out.lines().count(), 101);
}

#[test]
fn a_tree_is_shown_as_of_a_fact_and_a_time() {
    let site = Site::demo();
    site.check(
        "
        tree C2 --at #9                        => 0 U9  unit
        tree C2 --at 9                         => 0 U9  unit
        tree C2                                => 0 U13  unit
        tree C2 --at 2099-01-01T00:00:00Z      => 0 U13  unit
        tree P1 --depth 0                      => 0 pallet
        ",
    );
}

#[test]
fn differences_are_told() {
    let site = Site::demo();
    site.check(
        "
        diff P1 --from #9                      => 0 - U9  went out
        diff P1 --from #9                      => 0 + U13  came in
        diff P1 --from #14                     => 0 nothing changed under P1
        move U1 --into C2                      => 0 done
        diff P1 --from #14                     => 0 > U1  moved from C1
        hold C1 --reason x                     => 0 done
        diff P1 --from #15 --to #16            => 0 ~ C1  hold no -> yes
        ",
    );
    let difference = site.json("diff P1 --from #9 --to #14");
    assert_eq!(difference["came_in"], json!([id("U13")]));
    assert_eq!(difference["went_out"], json!([id("U9")]));
}

#[test]
fn a_count_is_reconciled() {
    let site = Site::demo();
    site.check(
        "
        reconcile C1 U1 U2 U3 U4 U5 U6         => 0 6 present
        reconcile C1 U1 U2 U3 U4 U5 U6 U6      => 0 U6  scanned more than once
        reconcile C1 U1 U2 U3 U4 U5            => 1 - U6  missing
        reconcile C1 U1 U2 U3 U4 U5 U6 U7      => 1 + U7  unexpected, belongs in C2
        reconcile C1 U1 U2 U3 U4 U5 U6 U9      => 1 + U9  unexpected, out of use: destroyed
        reconcile C1 U1 U2 U3 U4 U5 U6 U99     => 1 + U99  unexpected, not known
        ",
    );
    let found = site.json("reconcile C1 U1 U7");
    assert_eq!(found["present"], json!([id("U1")]));
    assert_eq!(found["missing"].as_array().unwrap().len(), 5);
    assert_eq!(found["unexpected"][0]["parent"], id("C2"));
}

#[test]
fn history_tells_what_happened_to_what_was_around() {
    Site::demo().check(
        "
        history U1                             => 0 with C1, which it was in
        history U9                             => 0 out of C2: U9
        history C1                             => 0 into P1: C1
        ",
    );
}

#[test]
fn dot_is_printed() {
    let ran = Site::demo().run("dot P1");
    assert!(ran.out.starts_with("digraph {") && ran.out.ends_with("}\n"), "{}", ran.out);
    assert_eq!(ran.out.matches("->").count(), 14);
}

#[test]
fn whoever_stops_reading_is_not_an_error() {
    let site = Site::demo();
    let mut command = site.command("tree P1");
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = child.wait_with_output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    assert!(ran.stderr.is_empty(), "{ran:?}");
}
