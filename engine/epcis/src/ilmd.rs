//! Instance and lot master data: what a commissioning event says about the objects that it brings into being.

use packtree_gs1::Gs1Date;

use crate::Extension;
use crate::error::excerpt;
use crate::fault::Problem;
use crate::kept::Value;
use crate::time::WrittenTime;

/// Instance and lot master data (EPCIS 2.0 section 7.3.8, CBV 2.0 section 9.2).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ilmd {
    /// `cbvmda:lotNumber`, `gs1:hasBatchLotNumber`
    pub lot: Option<Box<str>>,
    /// `cbvmda:itemExpirationDate`, `gs1:expirationDate`
    pub expiry: Option<Gs1Date>,
    /// `cbvmda:bestBeforeDate`, `gs1:bestBeforeDate`
    pub best_before: Option<Gs1Date>,
    /// `cbvmda:productionDate`, `gs1:productionDate`
    pub production: Option<Gs1Date>,
    /// Everything else.
    pub other: Vec<Extension>,
}

/// What is read of ILMD, by the names of the CBV and of the GS1 web vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IlmdField {
    Lot,
    Expiry,
    BestBefore,
    Production,
}

const CBV: &str = "urn:epcglobal:cbv:mda";
const GS1: [&str; 3] = ["https://gs1.org/voc", "https://www.gs1.org/voc", "https://ref.gs1.org/voc"];

impl IlmdField {
    /// Finds the field for `{namespace}name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let (namespace, local) = name.strip_prefix('{')?.split_once('}')?;
        let namespace = namespace.trim_end_matches(['/', '#', ':']);
        match local {
            "lotNumber" if namespace == CBV => Some(Self::Lot),
            "itemExpirationDate" if namespace == CBV => Some(Self::Expiry),
            "bestBeforeDate" if namespace == CBV => Some(Self::BestBefore),
            "productionDate" if namespace == CBV => Some(Self::Production),
            "hasBatchLotNumber" | "batchLotNumber" if GS1.contains(&namespace) => Some(Self::Lot),
            "expirationDate" if GS1.contains(&namespace) => Some(Self::Expiry),
            "bestBeforeDate" if GS1.contains(&namespace) => Some(Self::BestBefore),
            "productionDate" if GS1.contains(&namespace) => Some(Self::Production),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Lot => "lotNumber",
            Self::Expiry => "itemExpirationDate",
            Self::BestBefore => "bestBeforeDate",
            Self::Production => "productionDate",
        }
    }
}

impl Ilmd {
    /// Whether it says nothing.
    ///
    /// ```
    /// use packtree_epcis::Ilmd;
    ///
    /// assert!(Ilmd::default().is_empty());
    /// assert!(!Ilmd { lot: Some("L7".into()), ..Ilmd::default() }.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Puts in a field that is read; a second value for it is a fault.
    pub(crate) fn set(&mut self, field: IlmdField, value: &Value) -> Result<(), Problem> {
        let name = field.name();
        let Some(text) = value.as_text().map(str::trim).filter(|text| !text.is_empty()) else {
            return Err(Problem::Shape { field: name, expected: "a text" });
        };
        let slot = match field {
            IlmdField::Lot => return put(&mut self.lot, name, text.into()),
            IlmdField::Expiry => &mut self.expiry,
            IlmdField::BestBefore => &mut self.best_before,
            IlmdField::Production => &mut self.production,
        };
        // Some exporters write midnight behind the day.
        let day = text.get(..10).filter(|_| WrittenTime::parse(text).is_ok()).unwrap_or(text);
        let date = Gs1Date::parse_iso(day).ok_or_else(|| Problem::Date { field: name, text: excerpt(text) })?;
        put(slot, name, date)
    }
}

fn put<T>(slot: &mut Option<T>, field: &'static str, value: T) -> Result<(), Problem> {
    if slot.is_some() {
        return Err(Problem::Repeated { field });
    }
    *slot = Some(value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_vocabularies_are_known() {
        let check = |name, expected| assert_eq!(IlmdField::named(name), expected, "{name}");
        check("{urn:epcglobal:cbv:mda}lotNumber", Some(IlmdField::Lot));
        check("{urn:epcglobal:cbv:mda:}lotNumber", Some(IlmdField::Lot));
        check("{urn:epcglobal:cbv:mda#}itemExpirationDate", Some(IlmdField::Expiry));
        check("{https://gs1.org/voc/}hasBatchLotNumber", Some(IlmdField::Lot));
        check("{https://www.gs1.org/voc/}expirationDate", Some(IlmdField::Expiry));
        check("{https://gs1.org/voc/}productionDate", Some(IlmdField::Production));
        check("{http://example.com/}lotNumber", None);
        check("lotNumber", None);
    }

    #[test]
    fn dates_are_days() {
        let read = |text: &str| {
            let mut ilmd = Ilmd::default();
            ilmd.set(IlmdField::Expiry, &Value::Text(text.into())).map(|()| ilmd.expiry.map(|date| date.to_string()))
        };
        assert_eq!(read("2025-03-27").unwrap().as_deref(), Some("2025-03-27"));
        assert_eq!(read("2025-03-27T00:00:00Z").unwrap().as_deref(), Some("2025-03-27"));
        assert_eq!(
            read("250327").unwrap_err().to_string(),
            "itemExpirationDate \"250327\" is no date: write it as YYYY-MM-DD"
        );
        assert!(read("2025-02-30").is_err());
        assert!(read("").is_err());
    }
}
