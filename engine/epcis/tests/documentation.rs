//! The tables of `docs/epcis.md` list every code, and no other.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

/// The codes that the source gives out.
fn codes_of_the_source() -> BTreeSet<&'static str> {
    let sources =
        [include_str!("../src/fault.rs"), include_str!("../src/error.rs"), include_str!("../src/import/map.rs")];
    let mut codes = BTreeSet::new();
    for source in sources {
        for body in source.split("fn code(&self) -> &'static str {").skip(1) {
            let body = &body[..body.find("\n    }\n").unwrap()];
            codes.extend(body.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\",")));
        }
    }
    codes
}

/// The codes of the tables: what stands in the first column, in code.
fn codes_of_the_documentation() -> BTreeSet<&'static str> {
    let document = include_str!("../../docs/epcis.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(code, _)| code).collect()
}

#[test]
fn every_code_is_documented() {
    let (source, documentation) = (codes_of_the_source(), codes_of_the_documentation());
    assert!(source.len() > 40, "{} codes are too few: this test sees too little", source.len());
    assert_eq!(source.difference(&documentation).collect::<Vec<_>>(), Vec::<&&str>::new(), "not documented");
    assert_eq!(documentation.difference(&source).collect::<Vec<_>>(), Vec::<&&str>::new(), "not in the source");
}
