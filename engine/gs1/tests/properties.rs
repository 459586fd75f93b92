//! What holds for all identifiers and all texts.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail too")]

use packtree_gs1::{
    AssetSerial, AssetType, CompanyPrefixes, ElementString, Giai, Gln, GlnExtension, Grai, Gtin, Identifier, Lgtin,
    LotNumber, Rule, Scan, Serial, Sgln, Sgtin, Sscc, Text20, check_digit,
};
use proptest::prelude::*;

/// A text of the 82-character set.
fn text(length: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = String> {
    const CHARACTERS: &[u8] = b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    let character = (0..CHARACTERS.len()).prop_map(|at| CHARACTERS[at] as char);
    proptest::collection::vec(character, length).prop_map(String::from_iter)
}

/// A number of `digits` digits, the last of which is the check digit.
fn checked(digits: u32) -> impl Strategy<Value = u64> {
    (0..10_u64.pow(digits - 1)).prop_map(|body| body * 10 + u64::from(check_digit(body)))
}

fn gtin() -> impl Strategy<Value = Gtin> {
    checked(14).prop_map(|number| Gtin::new(number).unwrap())
}

fn giai() -> impl Strategy<Value = Giai> {
    (0..10_000_u32, text(0..=26)).prop_map(|(digits, rest)| Giai::parse(&format!("{digits:04}{rest}")).unwrap())
}

/// Every identifier but the opaque ones.
fn identifier() -> impl Strategy<Value = Identifier> {
    let sgln = (checked(13), proptest::option::of(text(1..=20)));
    let grai = (checked(13), proptest::option::of(text(1..=16)));
    prop_oneof![
        checked(18).prop_map(|number| Identifier::Sscc(Sscc::new(number).unwrap())),
        (gtin(), text(1..=20))
            .prop_map(|(gtin, text)| Identifier::Sgtin(Sgtin { gtin, serial: Serial::parse(&text).unwrap() })),
        gtin().prop_map(Identifier::Gtin),
        (gtin(), text(1..=20))
            .prop_map(|(gtin, text)| Identifier::Lgtin(Lgtin { gtin, lot: LotNumber::parse(&text).unwrap() })),
        sgln.prop_map(|(number, text)| {
            let extension = text.map(|text| GlnExtension::parse(&text).unwrap());
            Identifier::Sgln(Sgln::new(Gln::new(number).unwrap(), extension))
        }),
        grai.prop_map(|(number, text)| {
            let serial = text.map(|text| AssetSerial::parse(&text).unwrap());
            Identifier::Grai(Grai { asset_type: AssetType::new(number).unwrap(), serial })
        }),
        giai().prop_map(Identifier::Giai),
    ]
}

/// Texts that come close to identifiers: pieces of all spellings in any order, and some noise.
fn nearly() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("(01)"),
        Just("(21)"),
        Just("(10)"),
        Just("(17)"),
        Just("(00)"),
        Just("(8003)"),
        Just("(8004)"),
        Just("(414)"),
        Just("(254)"),
        Just("01"),
        Just("21"),
        Just("\u{1d}"),
        Just("]d2"),
        Just("]Q1"),
        Just("]E0"),
        Just("urn:epc:id:sgtin:"),
        Just("urn:epc:id:sscc:"),
        Just("urn:epc:id:giai:"),
        Just("urn:epc:id:sgln:"),
        Just("urn:epc:idpat:grai:"),
        Just("urn:epc:class:lgtin:"),
        Just("https://id.gs1.org"),
        Just("http://a"),
        Just("/01/"),
        Just("/21/"),
        Just("/10/"),
        Just("/8003/"),
        Just("/8004/"),
        Just("/414/"),
        Just("/00/"),
        Just("/gtin/"),
        Just("?17="),
        Just("&10="),
        Just("#"),
        Just("%"),
        Just("%2F"),
        Just("%C3"),
        Just("\\("),
        Just("("),
        Just(")"),
        Just("."),
        Just("/"),
        Just(".*"),
        Just("9506000"),
        Just("013435"),
        Just("09506000134352"),
        Just("095060001343500002"),
        Just("261231"),
        Just("0"),
        Just("\u{e9}"),
        Just("\u{10FFFF}"),
        Just(" "),
        Just("S-1"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_text_is_one_number(text in text(0..=20)) {
        let packed = Text20::parse(&text).unwrap();
        prop_assert_eq!(&*packed.text(), text.as_str());
        prop_assert_eq!(packed.len(), text.len());
        prop_assert_eq!(Text20::from_value(packed.value()), Some(packed));
    }

    #[test]
    fn a_number_is_one_text(value in 0..=Text20::LAST, beyond in Text20::LAST + 1..) {
        let text = Text20::from_value(value).unwrap();
        prop_assert_eq!(Text20::parse(&text.text()).unwrap().value(), value);
        prop_assert_eq!(Text20::from_value(beyond), None);
    }

    #[test]
    fn texts_and_numbers_have_one_order(one in text(0..=20), two in text(0..=20)) {
        let order = (one.len(), &one).cmp(&(two.len(), &two));
        let (one, two) = (Text20::parse(&one).unwrap(), Text20::parse(&two).unwrap());
        prop_assert_eq!(one.cmp(&two), order);
        prop_assert_eq!(one.value().cmp(&two.value()), order);
    }

    #[test]
    fn serials_that_count_up_have_numbers_close_together(start in 0..999_999_999_u64, head in text(0..=11)) {
        let number = |count: u64| Text20::parse(&format!("{head}{count:09}")).unwrap().value();
        let difference = number(start + 1).abs_diff(number(start));
        // A carry over k nines costs 82 to the power of k, less what the nines were worth.
        let carried = start.to_string().bytes().rev().take_while(|digit| *digit == b'9').count();
        prop_assert!(difference <= 82_u128.pow(carried as u32));
    }

    #[test]
    fn a_giai_is_one_pair_of_numbers(one in giai(), two in giai()) {
        let (high, low) = one.parts();
        prop_assert_eq!(Giai::from_parts(high, low), Some(one));
        prop_assert_eq!(Giai::parse(&one.text()).unwrap(), one);
        let order = |giai: &Giai| (giai.text().len(), giai.text().to_string());
        prop_assert_eq!(one.cmp(&two), order(&one).cmp(&order(&two)));
    }

    #[test]
    fn a_pair_of_numbers_is_one_giai_or_none(high: u64, low: u128, small in 0..1000_u64) {
        for (high, low) in [(high, low), (small, low), (0, low), (small, low % (Text20::LAST + 1))] {
            if let Some(giai) = Giai::from_parts(high, low) {
                prop_assert_eq!(Giai::parse(&giai.text()).unwrap().parts(), (high, low));
            }
        }
    }

    #[test]
    fn a_key_is_completed_or_has_too_many_digits(body: u64, digits in 1..=19_u32) {
        let body = body % 10_u64.pow(digits);
        for (key, digits) in [
            (Sscc::complete(body).map(Sscc::value), 17),
            (Gtin::complete(body).map(Gtin::value), 13),
            (Gln::complete(body).map(Gln::value), 12),
            (AssetType::complete(body).map(AssetType::value), 12),
        ] {
            let expected = body < 10_u64.pow(digits);
            prop_assert_eq!(key, expected.then(|| body * 10 + u64::from(check_digit(body))));
        }
    }

    #[test]
    fn every_spelling_comes_back(identifier in identifier(), length in 6..=12_usize) {
        let read = |text: String| Identifier::parse(&text).map_err(|error| format!("{text}: {error}"));
        prop_assert_eq!(read(identifier.to_string()), Ok(identifier.clone()));
        prop_assert_eq!(read(format!("]d2{}", identifier.raw())), Ok(identifier.clone()));
        prop_assert_eq!(read(identifier.digital_link().to_string()), Ok(identifier.clone()));
        prop_assert_eq!(read(identifier.digital_link_at("http://a.example/b/01/c/").to_string()), Ok(identifier.clone()));

        let mut prefixes = CompanyPrefixes::new();
        for digit in 0..10 {
            prefixes.set(&digit.to_string(), length).unwrap();
        }
        let urn = identifier.urn(&prefixes).map(|urn| urn.to_string());
        match urn {
            Ok(urn) => prop_assert_eq!(read(urn), Ok(identifier)),
            // Only a GIAI can have fewer digits than a company prefix.
            Err(error) => prop_assert!(matches!(identifier, Identifier::Giai(_)), "{identifier}: {error}"),
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in nearly(), noise: String, bytes: Vec<u8>) {
        for text in [text.as_str(), noise.as_str(), &String::from_utf8_lossy(&bytes)] {
            let identifier = Identifier::parse(text);
            if let Err(error) = &identifier {
                prop_assert!(error.offset() <= text.len(), "{text}: {error}");
                prop_assert!(!error.to_string().is_empty());
            }
            if let Ok(identifier) = &identifier {
                // What is printed is a spelling too.
                let again = Identifier::parse(&identifier.to_string());
                prop_assert_eq!(again.as_ref(), Ok(identifier));
            }
            match (Scan::parse(text), &identifier) {
                (Ok(scan), _) => prop_assert_eq!(Ok(scan.identifier()), identifier.as_ref()),
                // Only a scan keeps the data that do not identify, and so finds that they contradict each other.
                (Err(error), Ok(_)) => {
                    let is_about_data = matches!(error.rule(), Rule::Repeated { .. } | Rule::TooManyElements { .. });
                    prop_assert!(is_about_data, "{text}: {error}");
                }
                (Err(_), Err(_)) => {}
            }
        }
    }

    #[test]
    fn elements_come_back(text in nearly()) {
        if let Ok(elements) = ElementString::parse(&text) {
            let _ = elements.check_combination();
            let bracketed = elements.bracketed().to_string();
            prop_assert_eq!(&ElementString::parse(&bracketed).unwrap(), &elements);
            let raw = elements.raw().to_string();
            prop_assert_eq!(&ElementString::parse(&raw).unwrap(), &elements);
        }
    }
}
