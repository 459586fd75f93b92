//! SGTIN and LGTIN: a GTIN with a serial number, or with a lot number.

use super::{Gtin, LotNumber, Serial};
use crate::element_string::InBrackets;
use std::fmt;

/// One trade item: a GTIN and a serial number, AI 01 and AI 21.
///
/// ```
/// use packtree_gs1::{Gtin, Identifier, Serial, Sgtin};
///
/// let unit = Sgtin { gtin: Gtin::parse("09506000134352")?, serial: Serial::parse("S-0001")? };
/// assert_eq!(Identifier::parse("(01)09506000134352(21)S-0001")?, Identifier::Sgtin(unit));
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sgtin {
    /// Which trade item.
    pub gtin: Gtin,
    /// Which one of them.
    pub serial: Serial,
}

impl fmt::Display for Sgtin {
    /// Prints the bracketed element string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(01){}(21){}", self.gtin, InBrackets(self.serial.text()))
    }
}

/// All trade items of one lot: a GTIN and a lot number, AI 01 and AI 10. It names a class, not one object.
///
/// ```
/// use packtree_gs1::{Gtin, Lgtin, LotNumber};
///
/// let lot = Lgtin { gtin: Gtin::parse("09506000134352")?, lot: LotNumber::parse("LOT-7")? };
/// assert_eq!(lot.to_string(), "(01)09506000134352(10)LOT-7");
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lgtin {
    /// Which trade item.
    pub gtin: Gtin,
    /// Which lot of it.
    pub lot: LotNumber,
}

impl fmt::Display for Lgtin {
    /// Prints the bracketed element string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(01){}(10){}", self.gtin, InBrackets(self.lot.text()))
    }
}
