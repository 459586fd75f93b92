//! Every spelling of an identifier works everywhere, and one is printed.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Ran, Site};

#[test]
fn every_spelling_names_the_same_object() {
    let site = Site::demo();
    let spellings = [
        "(01)09521234543213(21)A0001",
        "010952123454321321A0001",
        "]d2010952123454321317280229\u{1d}10L2503A\u{1d}21A0001",
        "urn:epc:id:sgtin:9521234.054321.A0001",
        "https://id.gs1.org/01/09521234543213/21/A0001",
        "https://example.com/shop/gtin/09521234543213/ser/A0001?17=280229",
    ];
    for spelling in spellings {
        let found = site.json(&format!("inspect '{spelling}'"));
        assert_eq!(found["id"], "(01)09521234543213(21)A0001", "{spelling}");
        let done = site.json(&format!("unpack '{spelling}' --dry-run"));
        assert_eq!(done["changes"][0]["objects"][0], "(01)09521234543213(21)A0001", "{spelling}");
    }
    for spelling in ["095212345000000018", "00095212345000000018", "urn:epc:id:sscc:9521234.0500000001"] {
        assert_eq!(site.json(&format!("tree '{spelling}'"))["id"], "(00)095212345000000018", "{spelling}");
    }
}

#[test]
fn identifiers_come_from_standard_input() {
    let site = Site::demo();
    let run = |line: &str, input: &str| {
        let mut command = site.command(line);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::of(child.wait_with_output().unwrap())
    };
    let ran = run("unpack - --dry-run", "(01)09521234543213(21)A0001\n\nurn:epc:id:sgtin:9521234.054321.A0002\r\n");
    assert!(ran.code == 0 && ran.out.contains("A0001, (01)09521234543213(21)A0002"), "{ran:?}");
    let ran = run("unpack -", "(01)09521234543213(21)A0001\nwhat\n");
    assert!(ran.code == 2 && ran.err.contains("standard input, line 2: `what`"), "{ran:?}");
    let ran = run("unpack -", "\n");
    assert!(ran.code == 2 && ran.err.contains("standard input names no object"), "{ran:?}");
}

#[test]
fn gs1_parse_explains() {
    Site::empty().check(
        "
        gs1 parse '(01)09521234543213(17)280200(10)L1(21)A1'  => 0 (17)            280200  the expiry date, 2028-02
        gs1 parse 095212345000000018                          => 0 SSCC: one logistic unit
        gs1 parse C1 --prefix-length 7                        => 0 urn:epc:id:sscc:9521234.0500000001
        gs1 parse urn:epc:id:sgtin:9521234.054321.A1          => 0 https://id.gs1.org/01/09521234543213/21/A1
        gs1 parse https://example.com/thing                   => 0 a URI that is no GS1 key known here
        gs1 parse '(00)095212345000000019'                    => 1 call for 8
        gs1 parse '(00)09521234500000001x'                    => 1 ^
        gs1 parse ''                                          => 1 offset 0
        ",
    );
    let parsed = Site::empty().json("gs1 parse '(01)09521234543213(17)280229(21)A1'");
    assert_eq!(parsed["elements"][1]["ai"], "17");
    assert_eq!(parsed["elements"][1]["date"], "2028-02-29");
}
