//! GS1 identifiers: every spelling to the canonical one and back.

pub mod limits;

mod check_digit;
#[cfg(test)]
mod corpus;
mod date;
mod dictionary;
mod digital_link;
mod element_string;
mod error;
mod identifier;
mod identity;
mod keys;
mod prefix;
mod scan;
mod symbology;
mod text82;
mod urn;
mod value;

pub use check_digit::check_digit;
pub use date::Gs1Date;
pub use dictionary::Ai;
pub use element_string::{Element, ElementString};
pub use error::{CharacterSet, Error, Must, Rule};
pub use identifier::Identifier;
pub use keys::{
    AssetSerial, AssetType, Giai, Gln, GlnExtension, Grai, Gtin, Lgtin, LotNumber, Opaque, Serial, Sgln, Sgtin, Sscc,
};
pub use prefix::{CompanyPrefix, CompanyPrefixes, Learned};
pub use scan::Scan;
pub use symbology::Symbology;
pub use text82::{Characters, Text20};
pub use value::Value;
