//! Published test vectors, which tests read where they are at hand and never copy.

use std::{fs, path::Path};

/// The text of a file of the corpus beside the workspace, or `None`, said aloud, where there is none.
pub(crate) fn read(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("left out: there is no {}", path.display());
    }
    text
}

/// The bytes of a string literal of the C language.
pub(crate) fn unescape(literal: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = literal.as_bytes();
    while let [first, others @ ..] = rest {
        (rest, bytes) = match (first, others) {
            (b'\\', [b'x', high, low, others @ ..]) => {
                let digit = |byte: &u8| (*byte as char).to_digit(16).expect("a hexadecimal digit") as u8;
                (others, [bytes, vec![digit(high) * 16 + digit(low)]].concat())
            }
            (b'\\', [escaped, others @ ..]) => (others, [bytes, vec![*escaped]].concat()),
            _ => (others, [bytes, vec![*first]].concat()),
        };
    }
    bytes
}

/// Where the fault begins, given the text and the same text with asterisks around the fault.
pub(crate) fn marked_offset(text: &[u8], marked: &[u8]) -> usize {
    let fits = |from: usize, to: usize| [&text[..from], b"*", &text[from..to], b"*", &text[to..]].concat() == marked;
    (0..=text.len())
        .find(|from| (*from..=text.len()).any(|to| fits(*from, to)))
        .unwrap_or_else(|| panic!("{marked:?} does not mark {text:?}"))
}
