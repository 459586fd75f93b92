//! Everything that a label says.

use packtree_gs1::{Ai, ElementString, Gs1Date, Rule, Scan, Symbology, limits};

#[test]
fn a_unit_says_its_product_serial_lot_and_dates() {
    let scan = Scan::parse("]d201095060001343521126013117280200\u{1d}10LOT-7\u{1d}21S-0001").expect("a right label");
    assert_eq!(scan.symbology(), Some(Symbology::DataMatrix));
    assert_eq!(scan.identifier().to_string(), "(01)09506000134352(21)S-0001");
    let elements = scan.elements();
    assert_eq!(elements.lot().map(|lot| lot.to_string()).as_deref(), Some("LOT-7"));
    assert_eq!(elements.production(2026), Gs1Date::new(2026, 1, 31));
    assert_eq!(elements.expiry(2026), Gs1Date::new(2028, 2, 0));
    assert_eq!(elements.date(Ai::LOT, 2026), None);
    assert_eq!(elements.get(Ai::COUNT), None);
    assert_eq!(elements.raw().to_string(), "0109506000134352112601311728020010LOT-7\u{1d}21S-0001");
    assert_eq!(elements.check_combination(), Ok(()));
}

#[test]
fn a_pallet_says_what_it_contains() {
    let scan = Scan::parse("(00)095060001343500002(02)09506000134352(37)48(3300)000123").expect("a right label");
    assert_eq!(scan.identifier().to_string(), "(00)095060001343500002");
    let titles: Vec<_> = scan.elements().elements().iter().map(|element| element.ai.title()).collect();
    assert_eq!(titles, ["the SSCC", "the GTIN of the content", "the count of items", "the measure"]);
    assert_eq!(scan.elements().check_combination(), Ok(()));
}

#[test]
fn a_web_address_says_more_in_its_query() {
    let text = "https://example.com/01/09506000134352/10/LOT-7/21/S%2F1?linkType=all&17=261231;3103=000500&x";
    let scan = Scan::parse(text).expect("a right address");
    assert_eq!(scan.elements().bracketed().to_string(), "(01)09506000134352(10)LOT-7(21)S/1(17)261231(3103)000500");
    // It is an address all the same if another value contradicts the path.
    let error = Scan::parse("https://example.com/01/09506000134352?01=19506000134359").expect_err("two GTINs");
    assert_eq!((error.rule(), error.offset()), (Rule::Repeated { ai: Ai::GTIN }, 41));
}

#[test]
fn what_is_no_element_string_has_no_elements() {
    for text in ["urn:epc:id:sscc:9506000.0134350000", "testing:123", "]E09506000134352"] {
        assert_eq!(Scan::parse(text).expect("an identifier").elements().elements(), [], "{text}");
    }
    assert_eq!(Scan::parse("095060001343500002").expect("an SSCC").elements().elements().len(), 1);
}

#[test]
fn half_a_label_is_an_element_string() {
    let half = ElementString::parse("]C110LOT-7\u{1d}17261231").expect("the second symbol of a label");
    assert_eq!(half.bracketed().to_string(), "(10)LOT-7(17)261231");
    assert_eq!(Scan::parse("(10)LOT-7(17)261231").map_err(|error| error.rule()), Err(Rule::NoKey));
    for no_element_string in ["]E09506000134352", "]Q1https://id.gs1.org/00/095060001343500002"] {
        assert_eq!(ElementString::parse(no_element_string).map_err(|error| error.rule()), Err(Rule::Symbology));
    }
}

#[test]
fn values_and_scans_may_be_as_long_as_the_standard_says() {
    let value = |length: usize| format!("(91){}", "x".repeat(length));
    assert!(ElementString::parse(&value(limits::VALUE_CHARACTERS_MAX)).is_ok());
    let rule = Rule::Length { part: "the internal information", min: 1, max: 90, found: 91 };
    let error = ElementString::parse(&value(limits::VALUE_CHARACTERS_MAX + 1)).expect_err("too long");
    assert_eq!((error.rule(), error.offset()), (rule, 94));
    assert!(ElementString::parse(&"(91)x".repeat(limits::ELEMENTS_MAX)).is_ok());
    let error = ElementString::parse(&"(91)x".repeat(limits::ELEMENTS_MAX + 1)).expect_err("too many");
    assert_eq!(error.rule(), Rule::TooManyElements { max: limits::ELEMENTS_MAX });
    let long = format!("{:>1$}", "(00)095060001343500002", limits::INPUT_BYTES_MAX + 1);
    assert_eq!(ElementString::parse(&long).map_err(|error| error.offset()), Err(limits::INPUT_BYTES_MAX));
}
