//! Logistic labels: every mark where it belongs, for the shortest and the longest of what may be on one.

use packtree_gs1::{Gs1Date, Gtin, LotNumber, Sscc};

use super::drawing::{Drawing, Mark};
use super::{Content, Count, LabelSize, LogisticLabel, Partial, Resolution};

fn content(count: u32, lot: Option<&str>, is_dated: bool) -> Content {
    Content {
        gtin: Gtin::parse("09506000134352").expect("the check digit is right"),
        count: Count::new(count).expect("there is room for it"),
        lot: lot.map(|lot| LotNumber::parse(lot).expect("the lot is right")),
        expiry: is_dated.then(|| Gs1Date::new(2027, 12, 31).expect("there is such a day")),
    }
}

fn label(content: Option<Content>, partial: Option<Partial>, copy: u16) -> LogisticLabel {
    LogisticLabel { sscc: Sscc::parse("095060001343500002").expect("the check digit is right"), content, partial, copy }
}

fn labels() -> Vec<LogisticLabel> {
    let long = "W".repeat(20);
    let partial = Some(Partial { packed: 24_999, full: Some(25_000) });
    vec![
        label(None, None, 0),
        label(None, partial, 12),
        label(Some(content(48, Some("LOT-7"), true)), None, 0),
        label(Some(content(5, Some("A(1_>"), false)), Some(Partial { packed: 5, full: None }), 1),
        label(Some(content(99_999_999, Some(&long), true)), partial, 9_999),
        label(Some(content(1_920, None, true)), None, 3),
        label(Some(content(1_920, None, false)), None, 0),
    ]
}

fn drawings() -> Vec<Drawing> {
    let mut drawings = Vec::new();
    for size in LabelSize::ALL {
        for label in labels() {
            drawings.push(label.drawing(size, 0.495, 0.75));
            drawings.push(label.drawing(size, 0.508, 0.762));
        }
    }
    drawings
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_label() {
    for drawing in drawings() {
        // White text lies on its box.
        let marks: Vec<&Mark> = drawing.marks.iter().filter(|mark| !matches!(mark, Mark::Box { .. })).collect();
        for (index, mark) in marks.iter().enumerate() {
            let [left, top, right, bottom] = mark.extent();
            assert!(0.0 <= left && 0.0 <= top && right <= drawing.width && bottom <= drawing.height, "{mark:?}");
            for other in &marks[index + 1..] {
                let [l, t, r, b] = other.extent();
                let is_apart = r <= left || right <= l || b <= top || bottom <= t;
                assert!(is_apart, "{}: {mark:?}\n{other:?}", drawing.title);
            }
        }
    }
}

#[test]
fn the_sscc_is_the_lowest_symbol_and_has_its_own() {
    for drawing in drawings() {
        let lowest = drawing
            .marks
            .iter()
            .filter(|mark| matches!(mark, Mark::Bars { .. }))
            .max_by(|one, other| one.extent()[3].total_cmp(&other.extent()[3]));
        let Some(Mark::Bars { bars, height, module, .. }) = lowest else { panic!("there are no bars: {drawing:?}") };
        assert_eq!(bars.text(), "(00)095060001343500002");
        assert!(32.0 <= *height && (0.495..=1.016).contains(module));
    }
}

#[test]
fn a_lot_that_is_too_wide_is_left_to_the_matrix_and_to_the_text() {
    let symbols = |lot: &str, is_dated: bool| -> Vec<String> {
        let drawing = label(Some(content(48, Some(lot), is_dated)), None, 0).drawing(LabelSize::A6, 0.495, 0.75);
        let texts = drawing.marks.iter().filter_map(|mark| match mark {
            Mark::Bars { bars, .. } => Some(bars.text().to_owned()),
            Mark::Matrix { matrix, .. } => Some(matrix.text()),
            _ => None,
        });
        texts.collect()
    };
    let sscc = "(00)095060001343500002";
    let item = "(02)09506000134352(37)48";
    let everything = |lot: &str| format!("{sscc}{item}(17)271231(10){lot}");
    assert_eq!(symbols("LOT-7", true), [sscc, item, "(17)271231(10)LOT-7", &everything("LOT-7")]);
    assert_eq!(symbols("LOT-ABCDEF", true), [sscc, item, "(10)LOT-ABCDEF", &everything("LOT-ABCDEF")]);
    let long = "LOT-ABCDEFGHIJKLMNOP";
    assert_eq!(symbols(long, true), [sscc, item, "(17)271231", &everything(long)]);
    assert_eq!(symbols(long, false).len(), 3, "the SSCC, the item and the matrix");
}

#[test]
fn the_printer_gets_whole_dots() {
    let label = label(Some(content(48, Some("LOT-7"), true)), Some(Partial { packed: 37, full: Some(48) }), 2);
    let zpl = label.zpl(LabelSize::A6, Resolution::Dpi203);
    assert!(zpl.starts_with("^XA\n^CI28^LH0,0^PW840^LL1184\n"), "{zpl}");
    // 105 mm less 156 modules of 4 dots, halved; the bars are 256 dots high.
    assert!(zpl.contains("^FO108,858^BY4^BCN,256,N,N,N,N^FD>;>800095060001343500002^FS\n"), "{zpl}");
    assert!(
        zpl.contains("^BXN,6,200,,,,_^FD_10009506000134350000202095060001343523748_11727123110LOT-7^FS\n"),
        "{zpl}"
    );
    assert!(zpl.contains("^FDPARTIAL^FS") && zpl.contains("^FD37/48^FS") && zpl.contains("^FDCOPY 2^FS"), "{zpl}");
    assert!(zpl.ends_with("^PQ1\n^XZ\n"), "{zpl}");
}

#[test]
fn no_value_of_a_label_becomes_a_command() {
    for label in labels() {
        for resolution in Resolution::ALL {
            let zpl = label.zpl(LabelSize::Inches4x6, resolution);
            assert_eq!((zpl.matches("^XA").count(), zpl.matches("^XZ").count()), (1, 1));
            assert!(!zpl.contains('~'), "{zpl}");
        }
        let svg = label.svg(LabelSize::A6);
        let mut reader = quick_xml::Reader::from_str(&svg);
        while reader.read_event().expect("it is well formed") != quick_xml::events::Event::Eof {}
    }
}

#[test]
fn counts_are_those_of_the_standard() {
    assert_eq!([0, 1, 99_999_999, 100_000_000].map(|count| Count::new(count).is_some()), [false, true, true, false]);
    assert_eq!(LabelSize::parse("4x6"), Some(LabelSize::Inches4x6));
    assert_eq!(LabelSize::parse("a4"), None);
}
