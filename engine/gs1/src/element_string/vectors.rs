//! Element strings compared with the test vectors of the GS1 syntax engine, where those are at hand.
//!
//! `ai.tsv` has 228 vectors. What is left out:
//!
//! | vectors | count | why |
//! |---|---|---|
//! | how that engine searches its own arrays | 36 | they read variables of the test program |
//! | values of 90 and 91 characters, 64 and 65 identifiers, tables of values | 7 | the same; our own tests have the limits |
//! | data that do not begin with FNC1 | 1 | scanners do not transmit it, so we do not ask for it |
//! | repetitions of identifier 89, which does not exist | 6 | that engine can be told to permit it |
//! | pairs with identifier 3338, which does not exist | 4 | the same |

use super::*;
use crate::corpus;

#[derive(Default)]
struct Count {
    checked: usize,
    left_out: usize,
}

#[test]
fn element_strings_agree_with_the_published_vectors() {
    let Some(file) = corpus::read("gs1-syntax-engine-vectors/ai.tsv") else { return };
    let mut count = Count::default();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').take_while(|column| !column.starts_with('#')).collect();
        let is_variable = |text: &str| matches!(text, "ctx" | "buf" | "inbuf");
        let is_checked = match columns[..] {
            [_, "test_parseAIdata", expected, text, ref raw @ ..] if !is_variable(text) => {
                check_bracketed(text, (expected == "true").then(|| raw[0]));
                true
            }
            [_, "test_processAIdata", expected, ref text @ ..] => {
                let text = text.first().copied().unwrap_or("");
                let is_known = !is_variable(text) && (text.is_empty() || text.starts_with('^'));
                is_known && check_raw(text, expected == "true")
            }
            [_, "test_errMarkup", text, _] => {
                let error = ElementString::parse(text).unwrap_err();
                assert_eq!(&text[error.offset()..=error.offset()], "X", "{line}");
                true
            }
            [_, "test_validateAIs", expected, rules, text] if !text.contains("(89)") && !text.contains("(3338)") => {
                check_together(rules, text, expected == "true");
                true
            }
            _ => false,
        };
        if is_checked {
            count.checked += 1;
        } else {
            count.left_out += 1;
        }
    }
    assert_eq!((count.checked, count.left_out), (174, 54));
}

/// Checks that a bracketed element string has this raw form, with a caret for each separator, or is refused.
fn check_bracketed(text: &str, raw: Option<&str>) {
    let text = String::from_utf8(corpus::unescape(text)).unwrap();
    let written = ElementString::parse(&text).map(|elements| format!("\u{1d}{}", elements.raw()));
    match raw {
        Some(raw) => assert_eq!(written, Ok(raw.replace('^', "\u{1d}"))),
        None => assert!(written.is_err(), "{text}"),
    }
}

fn check_raw(text: &str, is_right: bool) -> bool {
    let elements = text.replace('^', "\u{1d}");
    let result = ElementString::parse(&elements);
    assert_eq!(result.is_ok(), is_right, "{text} {result:?}");
    true
}

/// Checks whether identifiers go together, and that they are refused for the reason that the vector is about.
fn check_together(rules: &str, text: &str, is_right: bool) {
    let result = ElementString::parse(text).and_then(|elements| elements.check_combination());
    match (result.map_err(|error| error.rule()), rules, is_right) {
        (Ok(()), _, true)
        | (Err(Rule::Repeated { .. }), "validateAIrepeats", false)
        | (Err(Rule::Excluded { .. }), "validateAImutex", false)
        | (Err(Rule::Requires { .. }), "validateAIrequisites", false)
        | (Err(Rule::SignatureOfClass { .. }), "validateDigSigRequiresSerialisedKey", false) => {}
        (result, ..) => panic!("{rules} {text}: {result:?}"),
    }
}
