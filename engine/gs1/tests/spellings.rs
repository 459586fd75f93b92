//! Each spelling of an identifier, and what is wrong with texts that are almost one.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail too")]

use packtree_gs1::{Ai, CharacterSet, CompanyPrefixes, Identifier, Must, Rule, Scan, limits};

/// The bracketed element string of what `text` names.
#[track_caller]
fn check(text: &str, expected: &str) {
    let identifier = Identifier::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(identifier.to_string(), expected, "{text}");
    assert_eq!(Scan::parse(text).unwrap().identifier(), &identifier, "{text}");
}

#[track_caller]
fn check_refused(text: &str, rule: Rule, offset: usize) {
    let error = Identifier::parse(text).unwrap_err();
    assert_eq!((error.rule(), error.offset()), (rule, offset), "{text}: {error}");
}

#[test]
fn bracketed_element_strings() {
    check("(00)095060001343500002", "(00)095060001343500002");
    check("(01)09506000134352(21)S-0001", "(01)09506000134352(21)S-0001");
    check("(21)S-0001(01)09506000134352", "(01)09506000134352(21)S-0001");
    check("(01)09506000134352(17)261231(10)LOT-7(21)S-0001", "(01)09506000134352(21)S-0001");
    check("(01)09506000134352(17)261231(10)LOT-7", "(01)09506000134352(10)LOT-7");
    check("(01)09506000134352", "(01)09506000134352");
    check("(414)9506000000015(254)DOCK-4", "(414)9506000000015(254)DOCK-4");
    check("(414)9506000000015(254)0", "(414)9506000000015");
    check("(8003)09506000000022T-1", "(8003)09506000000022T-1");
    check("(8003)09506000000022", "(8003)09506000000022");
    check("(8004)9506000TRAILER-7", "(8004)9506000TRAILER-7");
    check("(01)09506000134352(21)A\\(1)", "(01)09506000134352(21)A\\(1)");
    check(" \t(00)095060001343500002\r\n", "(00)095060001343500002");
}

#[test]
fn a_label_names_the_object_that_it_is_on() {
    // A logistic label: the pallet, and what is on it.
    check("(00)095060001343500002(02)09506000134352(37)48", "(00)095060001343500002");
    // A location on a label says where the thing is made or goes.
    check("(01)09506000134352(21)S-0001(414)9506000000015", "(01)09506000134352(21)S-0001");
    check("(00)095060001343500002(414)9506000000015", "(00)095060001343500002");
    let (ai, other) = (Ai::SSCC, Ai::GTIN);
    check_refused("(00)095060001343500002(01)09506000134352(21)S-0001", Rule::TwoKeys { ai, other }, 26);
    check_refused("(10)LOT-7(17)261231", Rule::NoKey, 0);
    check_refused(" (02)09506000134352(37)48", Rule::NoKey, 1);
    check_refused("(01)09506000134352(235)X", Rule::NotTracked { ai: Ai::THIRD_PARTY_SERIAL }, 23);
}

#[test]
fn raw_element_strings() {
    check("095060001343500002", "(00)095060001343500002");
    check("00095060001343500002", "(00)095060001343500002");
    check("0109506000134352", "(01)09506000134352");
    check("010950600013435221S-0001", "(01)09506000134352(21)S-0001");
    check("\u{1d}010950600013435221S-0001", "(01)09506000134352(21)S-0001");
    check("]C100095060001343500002", "(00)095060001343500002");
    check("]d2010950600013435210LOT-7\u{1d}21S-0001", "(01)09506000134352(21)S-0001");
    check("]Q3010950600013435217261231\u{1d}21S-0001\u{1d}", "(01)09506000134352(21)S-0001");
    check("]e00109506000134352", "(01)09506000134352");
    check("]J14149506000000015254DOCK-4", "(414)9506000000015(254)DOCK-4");
    check("]C1800309506000000022T-1", "(8003)09506000000022T-1");
    check("]C18004950600012345678901", "(8004)950600012345678901");
    // Eighteen digits alone are an SSCC, whatever else they could be taken apart into.
    check("800309506000000001", "(00)800309506000000001");
    check("]C1800309506000000022", "(8003)09506000000022");
}

#[test]
fn symbols_that_hold_a_gtin_only() {
    check("]E09506000134352", "(01)09506000134352");
    check("]E495060002", "(01)00000095060002");
    check("]I119506000134359", "(01)19506000134359");
}

#[test]
fn symbols_that_are_no_gs1_ones() {
    for text in ["]C0095060001343500002", "]d1010950600013435221S-0001", "]Q1(00)095060001343500002", "]A0ABC", "]"] {
        check_refused(text, Rule::Symbology, 0);
    }
    // A plain QR Code is how a Digital Link URI is printed.
    check("]Q1https://id.gs1.org/00/095060001343500002", "(00)095060001343500002");
    check("]d1https://id.gs1.org/00/095060001343500002", "(00)095060001343500002");
    check_refused("]E0ABC", Rule::Length { part: "the GTIN", min: 14, max: 14, found: 3 }, 6);
    check_refused("]E09506000134353", Rule::CheckDigit { expected: 2, found: 3 }, 15);
}

#[test]
fn digital_links() {
    check("https://id.gs1.org/00/095060001343500002", "(00)095060001343500002");
    check(
        "HTTP://Example.Com:8080/a/b/01/09506000134352/22/2A/10/LOT-7/21/S%2F1?17=261231#top",
        "(01)09506000134352(21)S/1",
    );
    check("https://example.com/gtin/09506000134352/lot/LOT-7", "(01)09506000134352(10)LOT-7");
    check("https://example.com/sscc/095060001343500002/", "(00)095060001343500002");
    check(
        "https://example.com/414/9506000000015/254/DOCK%204".replace("%20", "-").as_str(),
        "(414)9506000000015(254)DOCK-4",
    );
    check("https://example.com/8003/09506000000022T-1", "(8003)09506000000022T-1");
    check("https://example.com/8004/9506000TRAILER%2F7", "(8004)9506000TRAILER/7");
    // What the query says does not identify.
    check("https://example.com/01/09506000134352?10=LOT-7", "(01)09506000134352");
    // Writers forget to escape.
    check("https://example.com/01/09506000134352/10//7", "(01)09506000134352(10)/7");
    check("https://example.com/01/09506000134352/21/50%", "(01)09506000134352(21)50%");
}

#[test]
fn what_is_wrong_with_a_digital_link() {
    let too_long = Rule::Length { part: "the serial number", min: 1, max: 20, found: 21 };
    check_refused("https://example.com/01/09506000134352/21/%41BCDEFGHIJKLMNOPQRSTU", too_long, 63);
    check_refused("https://example.com/01/09506000134353", Rule::CheckDigit { expected: 2, found: 3 }, 36);
    check_refused("https://example.com/01/09506000134352/21/S/10/L", Rule::Qualifier { ai: Ai::LOT }, 43);
    check_refused("https://example.com/00/095060001343500002/21/S", Rule::Qualifier { ai: Ai::SERIAL }, 42);
    check_refused("https://example.com/01/09506000134352/21/S%20", character("the serial number"), 42);
    let day = Rule::Content { part: "the expiry date", must: Must::Day };
    check_refused("https://example.com/01/09506000134352/21/S?17=261131", day, 50);
    check_refused(
        "https://example.com/01/9506000134352",
        Rule::Length { part: "the GTIN", min: 14, max: 14, found: 13 },
        36,
    );
    // GS1's own host has no other addresses.
    check_refused("https://id.gs1.org/01/95060", Rule::Length { part: "the GTIN", min: 14, max: 14, found: 5 }, 27);
}

#[test]
fn other_uris_are_kept_as_they_are() {
    for uri in [
        "urn:epc:id:gdti:9506000.00001.A",
        "urn:jaif:id:obj:37SUN321456A2",
        "https://example.com/01/chapter",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "https://example.com/01/09506000134352/235/X",
        "https://example.com/8006/095060001343520102/21/S",
        "https://example.com/00/1",
        "https://example.com/tree/8004",
        "https://example.com",
        "https://m\u{fc}nchen.example/stra\u{df}e",
        "testing:123",
    ] {
        check(uri, uri);
        assert!(matches!(Identifier::parse(uri), Ok(Identifier::Opaque(_))), "{uri}");
    }
    check_refused("https://example.com/a b", Rule::UriCharacter, 21);
    check_refused(":123", Rule::Unrecognised, 0);
    check_refused("testing:", Rule::Unrecognised, 0);
    check_refused("S-0001", Rule::Unrecognised, 0);
    let long = format!("testing:{}", "x".repeat(limits::OPAQUE_BYTES_MAX));
    check_refused(&long, Rule::TooLong { max: limits::OPAQUE_BYTES_MAX }, limits::OPAQUE_BYTES_MAX);
}

#[test]
fn what_is_wrong_with_an_element_string() {
    check_refused("", Rule::Empty, 0);
    check_refused("  ", Rule::Empty, 0);
    check_refused("]d2", Rule::Empty, 3);
    check_refused("\u{1d}", Rule::Empty, 1);
    check_refused(" (00)095060001343500003", Rule::CheckDigit { expected: 2, found: 3 }, 22);
    check_refused("095060001343500003", Rule::CheckDigit { expected: 2, found: 3 }, 17);
    let sscc = "the SSCC";
    check_refused("(00)09506000134350000", Rule::Length { part: sscc, min: 18, max: 18, found: 17 }, 21);
    check_refused("(00)0950600013435000022", Rule::Length { part: sscc, min: 18, max: 18, found: 19 }, 22);
    check_refused("(00)09506000134350000O", Rule::Digit { part: sscc }, 21);
    check_refused("(00)09506000134350000\u{e9}", Rule::Digit { part: sscc }, 21);
    check_refused("(01)09506000134352(21)", Rule::Length { part: "the serial number", min: 1, max: 20, found: 0 }, 22);
    check_refused("(01)09506000134352(21)A B", character("the serial number"), 23);
    check_refused("(01)09506000134352(21)A(B", Rule::Bracket, 23);
    check_refused("(01)09506000134352(04)1", Rule::UnknownAi, 19);
    check_refused("(01", Rule::Bracket, 0);
    check_refused("(12345)1", Rule::Bracket, 0);
    check_refused("01095060001343520", Rule::UnknownAi, 16);
    check_refused("0109506000134352\u{1d}04", Rule::UnknownAi, 17);
    let (part, must) = ("the expiry date", Must::Month);
    check_refused("(01)09506000134352(17)261331", Rule::Content { part, must }, 24);
    check_refused("(01)09506000134352(10)A(10)B", Rule::Repeated { ai: Ai::LOT }, 27);
    check_refused("(8004)950TRAILER", Rule::Content { part: "the GIAI", must: Must::CompanyPrefix }, 9);
    check_refused("(8003)19506000000022", Rule::Content { part: "the GRAI", must: Must::Zero }, 6);
    let huge = "(00)".repeat(1_000_000);
    check_refused(&huge, Rule::TooLong { max: limits::INPUT_BYTES_MAX }, limits::INPUT_BYTES_MAX);
    let many = "(91)X".repeat(limits::ELEMENTS_MAX + 1);
    let error = Scan::parse(&format!("(00)095060001343500002{many}")).unwrap_err();
    assert_eq!(error.rule(), Rule::TooManyElements { max: limits::ELEMENTS_MAX });
}

#[test]
fn errors_say_what_to_do() {
    for (text, expected) in [
        ("(00)0950600013435000", "at offset 20: the SSCC has 16 characters instead of 18; compare it with the label"),
        (
            "(01)09506000134352(21)A B",
            "at offset 23: the serial number may not hold this character, which is not one of A-Z a-z 0-9 and \
             !\"%&'()*+,-./_:;<=>?; correct it, or write it escaped in a URI",
        ),
        (
            "urn:epc:id:sgtin:95060.01343500.1",
            "at offset 17: a company prefix has 6 to 12 digits, and this one has 5; move the dot behind the company prefix",
        ),
        (
            "(10)LOT-7",
            "at offset 0: no application identifier here identifies an object; it takes one of (00), (01), (414), (8003) \
             and (8004)",
        ),
    ] {
        assert_eq!(Identifier::parse(text).unwrap_err().to_string(), expected);
    }
    let sscc = Identifier::parse("(00)095060001343500002").unwrap();
    assert_eq!(
        sscc.urn(&CompanyPrefixes::new()).err().unwrap().to_string(),
        "at offset 0: the length of the company prefix that 950600013435 begins with is not known; add the prefix to the \
         table of company prefixes, or read an EPC URN of that company first"
    );
}

fn character(part: &'static str) -> Rule {
    Rule::Character { part, set: CharacterSet::Set82 }
}
