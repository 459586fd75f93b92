//! Element strings: application identifiers, each followed by its value.

use crate::{
    error::{Error, Rule},
    identifier::Identifier,
    keys::{AssetSerial, AssetType, Giai, Gln, GlnExtension, Grai, Gtin, Lgtin, LotNumber, Serial, Sgln, Sgtin, Sscc},
    limits::ASSET_TYPE_DIGITS,
};

/// Reads the identifier in a bracketed element string.
pub(crate) fn identifier(text: &[u8]) -> Result<Identifier, Error> {
    let (mut gtin, mut serial, mut lot, mut gln, mut extension) = (None, None, None, None, None);
    let mut key = None;
    let mut at = 0;
    while at < text.len() {
        let close = text[at..].iter().position(|byte| *byte == b')').ok_or(Error::new(Rule::Bracket, at))? + at;
        let end = text[close..].iter().position(|byte| *byte == b'(').map_or(text.len(), |open| open + close);
        let value = &text[close + 1..end];
        let shift = |error: Error| error.shifted(close + 1);
        match &text[at..=close] {
            b"(00)" => key = Some(Identifier::Sscc(Sscc::from_bytes(value).map_err(shift)?)),
            b"(01)" => gtin = Some(Gtin::from_bytes(value).map_err(shift)?),
            b"(10)" => lot = Some(LotNumber::from_bytes(value).map_err(shift)?),
            b"(21)" => serial = Some(Serial::from_bytes(value).map_err(shift)?),
            b"(414)" => gln = Some(Gln::from_bytes(value).map_err(shift)?),
            b"(254)" => extension = Some(GlnExtension::from_bytes(value).map_err(shift)?),
            b"(8003)" => {
                let (digits, rest) = value.split_at(value.len().min(ASSET_TYPE_DIGITS));
                let asset_type = AssetType::from_bytes(digits).map_err(shift)?;
                let serial = if rest.is_empty() {
                    None
                } else {
                    Some(AssetSerial::from_bytes(rest).map_err(|error| shift(error.shifted(ASSET_TYPE_DIGITS)))?)
                };
                key = Some(Identifier::Grai(Grai { asset_type, serial }));
            }
            b"(8004)" => key = Some(Identifier::Giai(Giai::from_bytes(value).map_err(shift)?)),
            _ => {}
        }
        at = end;
    }
    match (key, gtin, serial, lot, gln) {
        (Some(key), ..) => Ok(key),
        (_, Some(gtin), Some(serial), ..) => Ok(Identifier::Sgtin(Sgtin { gtin, serial })),
        (_, Some(gtin), None, Some(lot), _) => Ok(Identifier::Lgtin(Lgtin { gtin, lot })),
        (_, Some(gtin), None, None, _) => Ok(Identifier::Gtin(gtin)),
        (_, _, _, _, Some(gln)) => Ok(Identifier::Sgln(Sgln::new(gln, extension))),
        _ => Err(Error::new(Rule::NoKey, 0)),
    }
}
