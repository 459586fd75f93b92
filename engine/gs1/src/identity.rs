//! From application identifiers to the one identifier that they make up.

use crate::{
    dictionary::Ai,
    element_string::Element,
    error::{Error, Rule},
    identifier::Identifier,
    keys::{AssetSerial, AssetType, Giai, Gln, GlnExtension, Grai, Gtin, Lgtin, LotNumber, Serial, Sgln, Sgtin, Sscc},
    limits::ASSET_TYPE_DIGITS,
    value::Value,
};

/// The application identifiers that identify something, or are a part of that.
#[derive(Clone, Copy, Default)]
pub(crate) struct KeyParts<'a> {
    sscc: Option<Value<'a>>,
    gtin: Option<Value<'a>>,
    lot: Option<Value<'a>>,
    serial: Option<Value<'a>>,
    third_party_serial: Option<Value<'a>>,
    gln: Option<Value<'a>>,
    gln_extension: Option<Value<'a>>,
    unique_identification: Option<Value<'a>>,
    grai: Option<Value<'a>>,
    giai: Option<Value<'a>>,
}

impl<'a> KeyParts<'a> {
    /// Takes note of `element` if it matters for identity.
    pub(crate) fn add(&mut self, element: Element<'a>) -> Result<(), Error> {
        let Element { ai, value } = element;
        let part = match ai {
            Ai::SSCC => &mut self.sscc,
            Ai::GTIN => &mut self.gtin,
            Ai::LOT => &mut self.lot,
            Ai::SERIAL => &mut self.serial,
            Ai::THIRD_PARTY_SERIAL => &mut self.third_party_serial,
            Ai::GLN => &mut self.gln,
            Ai::GLN_EXTENSION => &mut self.gln_extension,
            Ai::UNIQUE_IDENTIFICATION => &mut self.unique_identification,
            Ai::GRAI => &mut self.grai,
            Ai::GIAI => &mut self.giai,
            _ => return Ok(()),
        };
        match part {
            Some(before) if *before != value => Err(Error::new(Rule::Repeated { ai }, value.start())),
            _ => {
                *part = Some(value);
                Ok(())
            }
        }
    }

    /// The identifier that the parts make up.
    ///
    /// A key that names one object counts before one that names a class, and a location only where nothing else is
    /// identified: on a label it says where something is, was made or goes.
    ///
    /// # Errors
    ///
    /// [`Rule::NoKey`], [`Rule::TwoKeys`] and [`Rule::NotTracked`], and whatever is wrong with a part.
    pub(crate) fn identifier(&self) -> Result<Identifier, Error> {
        self.check_one_object()?;
        if let Some(value) = self.sscc {
            return value.read(Sscc::from_bytes).map(Identifier::Sscc);
        }
        if let Some(value) = self.grai {
            return value.read(grai).map(Identifier::Grai);
        }
        if let Some(value) = self.giai {
            refuse_extension(Ai::UNIQUE_IDENTIFICATION, self.unique_identification)?;
            return value.read(Giai::from_bytes).map(Identifier::Giai);
        }
        if let Some(value) = self.gtin {
            refuse_extension(Ai::THIRD_PARTY_SERIAL, self.third_party_serial)?;
            return self.trade_item(value.read(Gtin::from_bytes)?);
        }
        if let Some(value) = self.gln {
            refuse_extension(Ai::UNIQUE_IDENTIFICATION, self.unique_identification)?;
            let extension = self.gln_extension.map(|extension| extension.read(GlnExtension::from_bytes)).transpose()?;
            return Ok(Identifier::Sgln(Sgln::new(value.read(Gln::from_bytes)?, extension)));
        }
        Err(Error::new(Rule::NoKey, 0))
    }

    fn trade_item(&self, gtin: Gtin) -> Result<Identifier, Error> {
        if let Some(serial) = self.serial {
            let serial = serial.read(Serial::from_bytes)?;
            return Ok(Identifier::Sgtin(Sgtin { gtin, serial }));
        }
        match self.lot {
            Some(lot) => Ok(Identifier::Lgtin(Lgtin { gtin, lot: lot.read(LotNumber::from_bytes)? })),
            None => Ok(Identifier::Gtin(gtin)),
        }
    }

    /// Refuses keys of two different objects.
    fn check_one_object(&self) -> Result<(), Error> {
        let item = self.gtin.filter(|_| self.serial.is_some());
        let keys = [(Ai::SSCC, self.sscc), (Ai::GTIN, item), (Ai::GRAI, self.grai), (Ai::GIAI, self.giai)];
        let mut present = keys.into_iter().filter_map(|(ai, value)| value.map(|value| (ai, value)));
        match (present.next(), present.next()) {
            (Some((ai, _)), Some((other, value))) => Err(Error::new(Rule::TwoKeys { ai, other }, value.start())),
            _ => Ok(()),
        }
    }
}

/// Refuses a key that is extended to one of another kind.
fn refuse_extension(ai: Ai, extension: Option<Value<'_>>) -> Result<(), Error> {
    extension.map_or(Ok(()), |value| Err(Error::new(Rule::NotTracked { ai }, value.start())))
}

fn grai(text: &[u8]) -> Result<Grai, Error> {
    let (digits, serial) = text.split_at(text.len().min(ASSET_TYPE_DIGITS));
    let asset_type = AssetType::from_bytes(digits)?;
    let serial = match serial {
        [] => None,
        _ => Some(AssetSerial::from_bytes(serial).map_err(|error| error.shifted(ASSET_TYPE_DIGITS))?),
    };
    Ok(Grai { asset_type, serial })
}
