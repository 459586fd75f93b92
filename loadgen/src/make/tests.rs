//! What is made up is imported by the engine: without faults nothing is refused and the tree is as it was made; each quirk
//! is understood; each planted fault is refused, and nothing else.

use std::collections::BTreeMap;
use std::io;

use clap::ValueEnum as _;
use packtree::{Engine, Options, Policy};
use packtree_epcis::{Import, ImportSettings, Report};

use super::lines::{Block, Pallet};
use super::*;

fn plan() -> Plan {
    Plan {
        units: 2_345,
        case: 12,
        pallet: 8,
        lots: 3,
        format: Format::Xml12,
        rework: 0.01,
        ship: true,
        quirks: Vec::new(),
        faults: 0.0,
        seed: 1,
    }
}

const FORMATS: [Format; 3] = [Format::Xml12, Format::Xml20, Format::Json20];

/// A document with its answers.
fn document(plan: &Plan) -> (Vec<u8>, String, Made) {
    plan.check().unwrap();
    let (mut document, mut answers) = (Vec::new(), Vec::new());
    let made = write(plan, &mut document, Some(&mut answers)).unwrap();
    assert_eq!(made.bytes, document.len() as u64);
    (document, String::from_utf8(answers).unwrap(), made)
}

/// An engine in a temporary folder that has imported a document, and what came of it.
struct Imported {
    engine: Engine,
    report: Report,
    _folder: tempfile::TempDir,
}

fn import(document: &[u8]) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { policy: Policy::partner_documents(), ..Options::default() };
    let engine = Engine::open(folder.path(), options).unwrap();
    let mut import = Import::new(&engine, ImportSettings::new("partner").unwrap());
    import.read("made", document).unwrap();
    let report = import.finish().unwrap();
    Imported { engine, report, _folder: folder }
}

fn pallets(plan: &Plan) -> Vec<Pallet> {
    Lines::new(plan).flat_map(|block: Block| block.pallets).collect()
}

/// Compares the engine with what was made, object by object.
fn assert_tree(engine: &Engine, plan: &Plan) {
    let view = engine.view();
    let mut units = 0;
    for pallet in pallets(plan) {
        for case in &pallet.cases {
            for unit in &case.units {
                let at = view.locate(unit).unwrap_or_else(|| panic!("{unit} is missing"));
                assert_eq!((at.parent.as_ref(), &at.root), (Some(&case.identifier), &pallet.identifier), "{unit}");
                units += 1;
            }
        }
    }
    assert_eq!(units, plan.units);
    let containers = plan.cases() + plan.pallets();
    let replaced = u64::from(engine.stats().objects) - plan.units - containers;
    assert_eq!(replaced, made(plan).replaced, "nothing was invented");
}

fn made(plan: &Plan) -> Made {
    write(plan, &mut io::sink(), None).unwrap()
}

#[test]
fn what_is_made_is_imported_as_it_was_made() {
    for format in FORMATS {
        let plan = Plan { format, ..plan() };
        let (document, answers, made) = document(&plan);
        assert!(5 < made.replaced, "{made:?}");
        let Imported { engine, report, _folder } = import(&document);
        assert_eq!((report.refused_total(), report.conflicts.len(), report.warnings.len()), (0, 0, 0), "{report:?}");
        assert_eq!((report.events, report.applied), (made.events, made.events));
        assert_eq!((answers.as_str(), report.master_data, report.uncommissioned), ("", 3, 0));
        assert_tree(&engine, &plan);
    }
}

#[test]
fn every_quirk_is_understood() {
    for format in FORMATS {
        for quirk in Quirk::value_variants().iter().copied().filter(|quirk| quirk.suits(format)) {
            let plan = Plan { format, quirks: vec![quirk], ..plan() };
            let (document, _, made) = document(&plan);
            let Imported { engine, report, _folder } = import(&document);
            assert_eq!(report.refused, [], "{quirk:?} {format:?}");
            assert_eq!(
                (report.events, report.late, report.conflicts.len()),
                (made.events, 0, 0),
                "{quirk:?} {format:?}"
            );
            assert_tree(&engine, &plan);
            let odd = (report.repeated, report.error_declarations);
            match quirk {
                Quirk::Repeats => assert!(0 < odd.0 && odd.1 == 0, "{report:?}"),
                Quirk::ErrorDeclarations => assert!(odd.0 == 0 && 0 < odd.1, "{report:?}"),
                _ => assert_eq!(odd, (0, 0), "{quirk:?} {format:?}"),
            }
        }
    }
}

#[test]
fn all_quirks_together_are_understood() {
    for format in FORMATS {
        let quirks = Quirk::value_variants().iter().copied().filter(|quirk| quirk.suits(format)).collect();
        let plan = Plan { format, quirks, ..plan() };
        let Imported { engine, report, _folder } = import(&document(&plan).0);
        assert_eq!(report.refused, [], "{format:?}");
        assert_tree(&engine, &plan);
    }
}

#[test]
fn every_quirk_changes_the_document() {
    for format in FORMATS {
        let usual = Plan { format, ..plan() };
        let expected = document(&usual).0;
        for quirk in Quirk::value_variants().iter().copied().filter(|quirk| quirk.suits(format)) {
            let quirky = Plan { quirks: vec![quirk], ..usual.clone() };
            assert!(document(&quirky).0 != expected, "{quirk:?} {format:?}");
        }
    }
}

#[test]
fn planted_faults_are_refused_and_nothing_else_is() {
    for format in FORMATS {
        for quirks in [vec![], vec![Quirk::OutOfOrder, Quirk::Repeats], vec![Quirk::SameTimes, Quirk::NoIds]] {
            let plan = Plan { format, quirks, faults: 0.2, ..plan() };
            let (document, answers, made) = document(&plan);
            let Imported { engine, report, _folder } = import(&document);
            let mut expected = BTreeMap::new();
            for line in answers.lines() {
                let answer: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = |name: &str| answer[name].as_str().unwrap().to_owned();
                expected.insert(answer["index"].as_u64().unwrap(), (text("code"), text("fault")));
            }
            assert_eq!(expected.len() as u64, made.faults);
            let kinds: std::collections::BTreeSet<&str> = expected.values().map(|(_, kind)| kind.as_str()).collect();
            assert!(11 <= kinds.len(), "{kinds:?}");
            let refused: BTreeMap<u64, String> =
                report.refused.iter().map(|refused| (refused.index.unwrap(), refused.code.to_owned())).collect();
            let codes: BTreeMap<u64, String> = expected.into_iter().map(|(index, (code, _))| (index, code)).collect();
            assert_eq!(refused, codes, "{plan:?}");
            assert_eq!(report.late, 0);
            assert_tree(&engine, &plan);
        }
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let plan = Plan { faults: 0.1, quirks: vec![Quirk::OutOfOrder], ..plan() };
    assert_eq!(document(&plan).0, document(&plan).0);
    assert_ne!(document(&plan).0, document(&Plan { seed: 2, ..plan.clone() }).0);
}

#[test]
fn the_shape_of_the_site_is_as_planned() {
    let check = |units, case, pallet, lots| {
        let plan = Plan { units, case, pallet, lots, rework: 0.0, ..plan() };
        let Imported { engine, report, _folder } = import(&document(&plan).0);
        assert_eq!(report.refused, []);
        assert_tree(&engine, &plan);
        let lots: std::collections::BTreeSet<u64> =
            pallets(&plan).iter().flat_map(|pallet| pallet.cases.iter().map(|case| case.lot)).collect();
        assert_eq!(lots.len() as u64, plan.lots);
    };
    check(1, 1, 1, 1);
    check(48, 48, 40, 1);
    check(49, 48, 40, 2);
    check(1_000, 1, 1, 7);
    check(10, 3, 2, 4);
}

#[test]
fn plans_that_cannot_be_carried_out_are_refused() {
    let check = |change: fn(&mut Plan), expected: PlanError| {
        let mut plan = plan();
        change(&mut plan);
        assert_eq!(plan.check(), Err(expected));
    };
    check(|plan| plan.units = 0, PlanError::Nothing);
    check(|plan| plan.lots = 0, PlanError::Nothing);
    check(|plan| plan.case = u64::MAX, PlanError::Pallet);
    check(|plan| (plan.units, plan.case) = (u64::MAX, 1), PlanError::Cases);
    check(|plan| plan.lots = 1_000, PlanError::Lots { lots: 1_000, cases: 196 });
    check(|plan| plan.quirks = vec![Quirk::DigitalLinks], PlanError::Links);
}

#[test]
fn everything_can_be_reworked() {
    let plan = Plan { units: 200, rework: 1.0, lots: 1, ..plan() };
    let (document, _, made) = document(&plan);
    assert_eq!(made.replaced, 200);
    let Imported { engine, report, _folder } = import(&document);
    assert_eq!(report.refused, []);
    assert_tree(&engine, &plan);
}
