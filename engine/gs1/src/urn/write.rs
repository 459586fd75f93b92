//! EPC URNs as text.

use crate::{
    identifier::Identifier,
    keys::{Grai, Gtin},
};
use std::fmt::{self, Write};

/// Prints an identifier as an EPC URN.
pub(crate) struct EpcUrn<'a> {
    pub(crate) identifier: &'a Identifier,
    /// How many digits its company prefix has.
    pub(crate) prefix_digits: usize,
}

impl fmt::Display for EpcUrn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.identifier {
            Identifier::Sscc(sscc) => {
                write!(f, "urn:epc:id:sscc:{}", Dotted::<17, true>(sscc.value() / 10, self.prefix_digits))
            }
            Identifier::Sgtin(sgtin) => {
                write!(f, "urn:epc:id:sgtin:{}.{}", self.gtin(sgtin.gtin), Escaped(&sgtin.serial.text()))
            }
            Identifier::Gtin(gtin) => write!(f, "urn:epc:idpat:sgtin:{}.*", self.gtin(*gtin)),
            Identifier::Lgtin(lgtin) => {
                write!(f, "urn:epc:class:lgtin:{}.{}", self.gtin(lgtin.gtin), Escaped(&lgtin.lot.text()))
            }
            Identifier::Sgln(sgln) => {
                let gln = Dotted::<12, false>(sgln.gln().value() / 10, self.prefix_digits);
                match sgln.extension() {
                    Some(extension) => write!(f, "urn:epc:id:sgln:{gln}.{}", Escaped(&extension.text())),
                    None => write!(f, "urn:epc:id:sgln:{gln}.0"),
                }
            }
            Identifier::Grai(grai) => self.write_grai(f, *grai),
            Identifier::Giai(giai) => {
                let text = giai.text();
                let (prefix, reference) = text.split_at(self.prefix_digits);
                write!(f, "urn:epc:id:giai:{prefix}.{}", Escaped(reference))
            }
            Identifier::Opaque(opaque) => opaque.fmt(f),
        }
    }
}

impl EpcUrn<'_> {
    fn gtin(&self, gtin: Gtin) -> Dotted<13, true> {
        Dotted(gtin.value() / 10, self.prefix_digits)
    }

    fn write_grai(&self, f: &mut fmt::Formatter<'_>, grai: Grai) -> fmt::Result {
        let asset_type = Dotted::<12, false>(grai.asset_type.value() / 10, self.prefix_digits);
        match grai.serial {
            Some(serial) => write!(f, "urn:epc:id:grai:{asset_type}.{}", Escaped(&serial.text())),
            None => write!(f, "urn:epc:idpat:grai:{asset_type}.*"),
        }
    }
}

/// Prints a key of `N` digits with a dot behind the company prefix, which has as many digits as the second field says.
/// Where `MOVES`, the first digit stands before the company prefix and moves behind the dot.
struct Dotted<const N: usize, const MOVES: bool>(u64, usize);

impl<const N: usize, const MOVES: bool> fmt::Display for Dotted<N, MOVES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [b'0'; N];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        let digits = std::str::from_utf8(&digits).expect("digits are ASCII");
        let (first, others) = digits.split_at(usize::from(MOVES));
        let (prefix, reference) = others.split_at(self.1);
        f.write_str(prefix)?;
        f.write_char('.')?;
        f.write_str(first)?;
        f.write_str(reference)
    }
}

/// Prints a text with the characters escaped that EPC URNs use for themselves (EPC Tag Data Standard, table A-1).
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.bytes().try_for_each(|byte| match byte {
            b'"' | b'%' | b'&' | b'/' | b'<' | b'>' | b'?' => write!(f, "%{byte:02X}"),
            _ => f.write_char(byte as char),
        })
    }
}
