//! SGTIN and LGTIN: a GTIN with a serial number, or with a lot number.

use super::{Gtin, LotNumber, Serial};
use crate::element_string::InBrackets;
use std::fmt;

/// One trade item: a GTIN and a serial number, AI 01 and AI 21.
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
