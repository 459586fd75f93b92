//! GS1 identifiers: every spelling to the canonical one and back.

pub mod limits;

mod check_digit;
mod date;
mod element_string;
mod error;
mod escape;
mod identifier;
mod keys;
mod prefix;
mod text82;
mod urn;

pub use check_digit::check_digit;
pub use date::Gs1Date;
pub use error::{CharacterSet, Error, Rule};
pub use identifier::Identifier;
pub use keys::{
    AssetSerial, AssetType, Giai, Gln, GlnExtension, Grai, Gtin, Lgtin, LotNumber, Opaque, Serial, Sgln, Sgtin, Sscc,
};
pub use prefix::CompanyPrefix;
pub use text82::{Characters, Text20};
