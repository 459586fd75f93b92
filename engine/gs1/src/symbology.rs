//! Symbology identifiers: the three characters before the data that tell which symbol was scanned.
//!
//! ISO/IEC 15424; GS1 General Specifications, section 5.1.2.

use crate::error::{Error, Rule};

/// A GS1 symbol, as its symbology identifier announces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Symbology {
    /// GS1-128, `]C1`.
    Gs1_128,
    /// GS1 `DataBar` and GS1 Composite, `]e0`.
    DataBar,
    /// GS1 DataMatrix, `]d2`.
    DataMatrix,
    /// GS1 QR Code, `]Q3`.
    QrCode,
    /// GS1 `DotCode`, `]J1`.
    DotCode,
    /// EAN-13, UPC-A and UPC-E, `]E0`: a GTIN of 13 digits and nothing else.
    Ean13,
    /// EAN-8, `]E4`: a GTIN of 8 digits and nothing else.
    Ean8,
    /// ITF-14, `]I1`: a GTIN of 14 digits and nothing else.
    Itf14,
    /// DataMatrix without FNC1, `]d1`. In GS1 use it holds a Digital Link URI.
    PlainDataMatrix,
    /// QR Code without FNC1, `]Q1`. In GS1 use it holds a Digital Link URI.
    PlainQrCode,
}

impl Symbology {
    /// Splits the symbology identifier off, if there is one.
    pub(crate) fn strip(text: &[u8]) -> Result<(Option<Self>, &[u8]), Error> {
        let Some((identifier, payload)) = text.split_at_checked(3).filter(|_| text.starts_with(b"]")) else {
            // A bracket alone is no symbology identifier, and nothing else begins with it.
            return if text.starts_with(b"]") { Err(Error::new(Rule::Symbology, 0)) } else { Ok((None, text)) };
        };
        let symbology = match identifier {
            b"]C1" => Self::Gs1_128,
            b"]e0" => Self::DataBar,
            b"]d2" => Self::DataMatrix,
            b"]Q3" => Self::QrCode,
            b"]J1" => Self::DotCode,
            b"]E0" => Self::Ean13,
            b"]E4" => Self::Ean8,
            b"]I1" => Self::Itf14,
            b"]d1" => Self::PlainDataMatrix,
            b"]Q1" => Self::PlainQrCode,
            _ => return Err(Error::new(Rule::Symbology, 0)),
        };
        Ok((Some(symbology), payload))
    }

    /// Whether the symbol holds an element string.
    pub(crate) const fn holds_elements(self) -> bool {
        matches!(self, Self::Gs1_128 | Self::DataBar | Self::DataMatrix | Self::QrCode | Self::DotCode)
    }

    /// Whether the symbol holds a GTIN and nothing else.
    pub(crate) const fn holds_gtin(self) -> bool {
        matches!(self, Self::Ean13 | Self::Ean8 | Self::Itf14)
    }
}
