//! No bytes make the reader panic, and damage to one event is told or harmless.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::read;
use proptest::prelude::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn any_fixture() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just("site-1.2.xml"), Just("site-2.0.xml"), Just("site-2.0.jsonld")].prop_map(fixture)
}

/// A change to a document: where, how much goes, what comes.
fn any_change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let fragments = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            "<",
            ">",
            "</",
            "/>",
            "&",
            "&amp;",
            "&#x0;",
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "<?xml",
            "<!DOCTYPE",
            "\"",
            "'",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\\",
            "\\u",
            "\\uD800",
            "null",
            "1e999",
            "\u{FEFF}",
            "<epc>",
            "</epc>",
            "<extension>",
            "<ilmd>",
            "\"type\":",
            "xmlns=''",
            "xmlns:e=''",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    (any::<prop::sample::Index>(), 0..40_usize, fragments)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read("bytes", bytes.as_slice());
    }

    #[test]
    fn no_text_that_looks_like_a_document_makes_it_panic(
        text in "[<{\\[]([a-z<>/='\"&;:!?{}\\[\\],0-9\\\\ \n-]|<epc>|<extension>|</|ObjectEvent|\"type\":){0,200}"
    ) {
        read("text", text.as_bytes());
    }

    #[test]
    fn no_damage_makes_it_panic(
        document in any_fixture(),
        changes in prop::collection::vec(any_change(), 1..5),
    ) {
        let mut damaged = document;
        for (place, gone, come) in changes {
            let start = place.index(damaged.len().max(1)).min(damaged.len());
            let end = (start + gone).min(damaged.len());
            damaged.splice(start..end, come);
        }
        read("damaged", damaged.as_slice());
    }

    /// However the bytes arrive, what is read is the same.
    #[test]
    fn blocks_do_not_matter(document in any_fixture(), step in 1..5_000_usize) {
        let whole = read("whole", document.as_slice());
        let pieces = read("pieces", Pieces(&document, step));
        prop_assert_eq!(whole.events, pieces.events);
        prop_assert_eq!(whole.master_data, pieces.master_data);
        prop_assert_eq!(whole.warnings, pieces.warnings);
    }
}

struct Pieces<'a>(&'a [u8], usize);

impl std::io::Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.0.len().min(self.1).min(into.len());
        into[..bytes].copy_from_slice(&self.0[..bytes]);
        self.0 = &self.0[bytes..];
        Ok(bytes)
    }
}
