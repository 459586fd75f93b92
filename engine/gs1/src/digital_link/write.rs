//! Digital Link URIs as text.

use crate::identifier::Identifier;
use std::fmt::{self, Write};

/// Prints an identifier as a Digital Link URI.
pub(crate) struct DigitalLink<'a> {
    pub(crate) identifier: &'a Identifier,
    /// What stands before the key, such as `https://id.gs1.org`.
    pub(crate) stem: &'a str,
}

impl fmt::Display for DigitalLink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Identifier::Opaque(opaque) = self.identifier {
            return opaque.fmt(f);
        }
        f.write_str(self.stem.trim_end_matches('/'))?;
        match self.identifier {
            Identifier::Sscc(sscc) => write!(f, "/00/{sscc}"),
            Identifier::Gtin(gtin) => write!(f, "/01/{gtin}"),
            Identifier::Sgtin(sgtin) => write!(f, "/01/{}/21/{}", sgtin.gtin, Escaped(&sgtin.serial.text())),
            Identifier::Lgtin(lgtin) => write!(f, "/01/{}/10/{}", lgtin.gtin, Escaped(&lgtin.lot.text())),
            Identifier::Sgln(sgln) => match sgln.extension() {
                Some(extension) => write!(f, "/414/{}/254/{}", sgln.gln(), Escaped(&extension.text())),
                None => write!(f, "/414/{}", sgln.gln()),
            },
            Identifier::Grai(grai) => {
                write!(f, "/8003/{}", grai.asset_type)?;
                grai.serial.map_or(Ok(()), |serial| write!(f, "{}", Escaped(&serial.text())))
            }
            Identifier::Giai(giai) => write!(f, "/8004/{}", Escaped(&giai.text())),
            Identifier::Opaque(_) => Ok(()),
        }
    }
}

/// Prints a text with everything escaped that RFC 3986 reserves (section 2.2), so that every reader agrees on it.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.bytes().try_for_each(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => f.write_char(byte as char),
            _ => write!(f, "%{byte:02X}"),
        })
    }
}
