//! The identity of an object, whatever it is written as.

use crate::{
    CompanyPrefix, CompanyPrefixes,
    digital_link::DigitalLink,
    error::{Error, Rule},
    keys::{Giai, Grai, Gtin, Lgtin, Opaque, Sgln, Sgtin, Sscc},
    limits::COMPANY_PREFIX_DIGITS_MAX,
    scan,
    urn::EpcUrn,
};
use std::fmt;

/// The identity of an object or of a class of objects, in canonical form.
///
/// Two identifiers are equal if and only if they name the same thing, whatever spellings they were read from. It takes
/// 32 bytes; only [`Opaque`] keeps something on the heap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Identifier {
    /// One logistic unit.
    Sscc(Sscc),
    /// One trade item.
    Sgtin(Sgtin),
    /// All trade items with one GTIN: a class.
    Gtin(Gtin),
    /// All trade items of one lot: a class.
    Lgtin(Lgtin),
    /// A place.
    Sgln(Sgln),
    /// A returnable asset, or the class of them if it has no serial number.
    Grai(Grai),
    /// An individual asset.
    Giai(Giai),
    /// Any other URI.
    Opaque(Opaque),
}

const _: () = assert!(size_of::<Identifier>() <= 32);

impl Identifier {
    /// Reads any spelling.
    ///
    /// Space around the text is ignored. Data that describe the object, such as its expiry date, are checked and then
    /// left aside; [`Scan`](crate::Scan) keeps them.
    ///
    /// ```
    /// use packtree_gs1::Identifier;
    ///
    /// let canonical = Identifier::parse("(01)09506000134352(21)S-0001")?;
    /// for spelling in [
    ///     "010950600013435221S-0001",
    ///     "]d201095060001343521726123110LOT-7\u{1d}21S-0001",
    ///     "urn:epc:id:sgtin:9506000.013435.S-0001",
    ///     "https://id.gs1.org/01/09506000134352/21/S-0001",
    ///     "https://example.com/medicine/gtin/09506000134352/lot/LOT-7/ser/S-0001?17=261231",
    /// ] {
    ///     assert_eq!(Identifier::parse(spelling)?, canonical);
    /// }
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, and where. A URI of a key that is not known here is not an error but an
    /// [`Opaque`] identifier.
    pub fn parse(text: &str) -> Result<Self, Error> {
        scan::read(text, &mut |_| Ok(())).map(|read| read.identifier)
    }

    /// Reads any spelling, and tells the company prefix if the text is an EPC URN, which shows it.
    ///
    /// # Errors
    ///
    /// As [`Identifier::parse`].
    ///
    /// ```
    /// use packtree_gs1::Identifier;
    ///
    /// let (item, prefix) = Identifier::parse_with_prefix("urn:epc:id:sgtin:9506000.013435.S-0001")?;
    /// assert_eq!(item.to_string(), "(01)09506000134352(21)S-0001");
    /// assert_eq!(prefix.map(|prefix| prefix.digits()), Some(7));
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn parse_with_prefix(text: &str) -> Result<(Self, Option<CompanyPrefix>), Error> {
        scan::read(text, &mut |_| Ok(())).map(|read| (read.identifier, read.prefix))
    }

    /// Reads back what `Display` printed.
    ///
    /// For identifiers that were stored: a URI stays opaque, even if it is of a key that [`Identifier::parse`] has learned
    /// to read since. What a stored text means was decided when it was stored.
    ///
    /// ```
    /// use packtree_gs1::Identifier;
    ///
    /// let document = Identifier::parse("urn:epc:id:gdti:9506000.00001.A")?;
    /// assert_eq!(Identifier::restore(&document.to_string())?, document);
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Identifier::parse`], for a text that `Display` did not print.
    pub fn restore(text: &str) -> Result<Self, Error> {
        if text.starts_with('(') { Self::parse(text) } else { Opaque::from_uri(text).map(Self::Opaque) }
    }

    /// Whether it names a class of objects and not one object: a GTIN, a lot of it, a returnable asset without a
    /// serial number.
    ///
    /// ```
    /// use packtree_gs1::Identifier;
    ///
    /// assert!(Identifier::parse("(01)09506000134352(10)LOT-7")?.is_class());
    /// assert!(!Identifier::parse("(01)09506000134352(21)S-0001")?.is_class());
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub const fn is_class(&self) -> bool {
        matches!(self, Self::Gtin(_) | Self::Lgtin(_) | Self::Grai(Grai { serial: None, .. }))
    }

    /// Prints the raw element string, as a GS1 symbol holds it; the URI of an opaque identifier.
    ///
    /// ```
    /// let item = packtree_gs1::Identifier::parse("(01)09506000134352(21)S-0001")?;
    /// assert_eq!(item.raw().to_string(), "010950600013435221S-0001");
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn raw(&self) -> impl fmt::Display {
        Raw(self)
    }

    /// Prints the EPC URN, which needs the length of the company prefix; the URI of an opaque identifier.
    ///
    /// # Errors
    ///
    /// [`Rule::UnknownCompanyPrefix`] if the table does not have it.
    pub fn urn<'a>(&'a self, prefixes: &CompanyPrefixes) -> Result<impl fmt::Display + use<'a>, Error> {
        let prefix_digits = match (self.company_digits(), prefixes.find(self)) {
            (Some(_), Some(prefix)) => prefix.digits(),
            (Some((digits, _)), None) => return Err(Error::new(Rule::UnknownCompanyPrefix { digits }, 0)),
            (None, _) => 0,
        };
        Ok(EpcUrn { identifier: self, prefix_digits })
    }

    /// Prints the Digital Link URI on GS1's own host; the URI of an opaque identifier.
    ///
    /// ```
    /// let item = packtree_gs1::Identifier::parse("(01)09506000134352(21)S/1")?;
    /// assert_eq!(item.digital_link().to_string(), "https://id.gs1.org/01/09506000134352/21/S%2F1");
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn digital_link(&self) -> impl fmt::Display {
        self.digital_link_at("https://id.gs1.org")
    }

    /// Prints the Digital Link URI behind `stem`, such as `https://example.com/medicine`.
    ///
    /// ```
    /// let item = packtree_gs1::Identifier::parse("(01)09506000134352(21)S-0001")?;
    /// let link = item.digital_link_at("https://example.com/medicine").to_string();
    /// assert_eq!(link, "https://example.com/medicine/01/09506000134352/21/S-0001");
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn digital_link_at<'a>(&'a self, stem: &'a str) -> impl fmt::Display + 'a {
        DigitalLink { identifier: self, stem }
    }

    /// The digits that begin with the company prefix, filled up with zeros to 12, and how many of them are its own.
    pub(crate) fn company_digits(&self) -> Option<(u64, usize)> {
        let digits = match self {
            Self::Sscc(sscc) => sscc.company_digits(),
            Self::Sgtin(Sgtin { gtin, .. }) | Self::Lgtin(Lgtin { gtin, .. }) | Self::Gtin(gtin) => {
                gtin.company_digits()
            }
            Self::Sgln(sgln) => sgln.gln().company_digits(),
            Self::Grai(grai) => grai.asset_type.company_digits(),
            Self::Giai(giai) => return Some(giai.company_digits()),
            Self::Opaque(_) => return None,
        };
        Some((digits, COMPANY_PREFIX_DIGITS_MAX))
    }
}

impl fmt::Display for Identifier {
    /// Prints the bracketed element string, or the URI of an opaque identifier.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sscc(sscc) => write!(f, "(00){sscc}"),
            Self::Sgtin(sgtin) => sgtin.fmt(f),
            Self::Gtin(gtin) => write!(f, "(01){gtin}"),
            Self::Lgtin(lgtin) => lgtin.fmt(f),
            Self::Sgln(sgln) => sgln.fmt(f),
            Self::Grai(grai) => grai.fmt(f),
            Self::Giai(giai) => giai.fmt(f),
            Self::Opaque(opaque) => opaque.fmt(f),
        }
    }
}

/// Prints the raw element string of an identifier. No key needs a separator: only its last value can vary in length.
struct Raw<'a>(&'a Identifier);

impl fmt::Display for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Identifier::Sscc(sscc) => write!(f, "00{sscc}"),
            Identifier::Sgtin(Sgtin { gtin, serial }) => write!(f, "01{gtin}21{serial}"),
            Identifier::Gtin(gtin) => write!(f, "01{gtin}"),
            Identifier::Lgtin(Lgtin { gtin, lot }) => write!(f, "01{gtin}10{lot}"),
            Identifier::Sgln(sgln) => match sgln.extension() {
                Some(extension) => write!(f, "414{}254{extension}", sgln.gln()),
                None => write!(f, "414{}", sgln.gln()),
            },
            Identifier::Grai(Grai { asset_type, serial: Some(serial) }) => write!(f, "8003{asset_type}{serial}"),
            Identifier::Grai(Grai { asset_type, serial: None }) => write!(f, "8003{asset_type}"),
            Identifier::Giai(giai) => write!(f, "8004{}", giai.text()),
            Identifier::Opaque(opaque) => opaque.fmt(f),
        }
    }
}
