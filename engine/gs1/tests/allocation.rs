//! Reading, comparing and printing an identifier allocates nothing, except to keep a URI that is opaque.

use packtree_gs1::{Identifier, Scan};
use std::fmt::Write;

/// A place to print to that keeps the characters on the stack.
struct Paper {
    bytes: [u8; 128],
    length: usize,
}

impl Write for Paper {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

fn allocations(of: impl FnOnce()) -> u64 {
    allocation_counter::measure(of).count_total
}

#[test]
fn known_keys_need_no_heap() {
    for text in [
        "(01)09506000134352(17)261231(10)LOT-7(21)S-0001",
        "]d201095060001343521726123110LOT-7\u{1d}21S-0001",
        "095060001343500002",
        "urn:epc:id:sgtin:9506000.013435.S%2F1",
        "urn:epc:id:giai:9506000.TRAILER-7",
        "https://example.com/medicine/01/09506000134352/10/LOT-7/21/S%2F1?17=261231",
        "(01)09506000134353",
        "nothing at all",
    ] {
        let count = allocations(|| {
            let read = Identifier::parse(text);
            assert_eq!(read, Scan::parse(text).map(|scan| scan.identifier().clone()));
            let mut paper = Paper { bytes: [0; 128], length: 0 };
            if let Ok(identifier) = read {
                write!(paper, "{identifier}").unwrap();
                write!(paper, "{}", identifier.digital_link()).unwrap();
            }
        });
        assert_eq!(count, 0, "{text}");
    }
}

#[test]
fn an_opaque_uri_is_kept_in_one_piece() {
    assert_eq!(allocations(|| drop(Identifier::parse("urn:epc:id:gdti:9506000.00001.A"))), 1);
}
