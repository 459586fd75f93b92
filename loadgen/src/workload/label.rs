//! What a scanner sends for a label: the label says one thing, and scanners, wedges and their settings spell it in many ways.

use packtree::Identifier;
use packtree::fact::Lot;

/// What becomes of the separator FNC1 on the way, nothing included.
const SEPARATORS: [&str; 7] = ["\u{1d}", "{GS}", "<GS>", "^]", "|", "~", ""];

/// The label of an object as a scanner sends it, in a spelling that a random number chooses. A unit's label has its lot and expiry too.
pub(crate) fn scanned(id: &Identifier, lot: &Lot, random: u64) -> String {
    let symbology = match id {
        Identifier::Sscc(_) => "]C1",
        _ => "]d2",
    };
    let raw = id.raw();
    let rest = match id {
        Identifier::Sgtin(_) => {
            let separator = SEPARATORS[(random >> 8) as usize % SEPARATORS.len()];
            let expiry = lot.data.expiry.map_or_else(String::new, |expiry| format!("17{}", expiry.yymmdd()));
            format!("{separator}{expiry}10{}", lot.number)
        }
        _ => String::new(),
    };
    match random % 5 {
        0 => id.to_string(),
        1 => id.digital_link().to_string(),
        2 => raw.to_string(),
        3 => format!("{raw}{rest}"),
        _ => format!("{symbology}{raw}{rest}"),
    }
}
