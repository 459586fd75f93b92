//! GS1 identifiers: every spelling to the canonical one and back.
//!
//! A pallet arrives as the digits of a scanner, as an EPC URN in a partner's document, as a web address in a QR Code.
//! This crate turns each of them into one [`Identifier`], a number of at most 32 bytes that compares and hashes without
//! looking at text again, and prints it in whatever spelling somebody else wants. It is pure: no clock, no files, no
//! network; reading and comparing a known key allocates nothing.
//!
//! ```
//! use packtree_gs1::Identifier;
//!
//! let scanned = Identifier::parse("]C100095060001343500002")?;
//! let received = Identifier::parse("urn:epc:id:sscc:9506000.0134350000")?;
//! assert_eq!(scanned, received);
//! assert_eq!(scanned.to_string(), "(00)095060001343500002");
//! # Ok::<(), packtree_gs1::Error>(())
//! ```
//!
//! # Keys
//!
//! A key says what kind of thing is identified. An application identifier (AI) is the prefix that announces it.
//!
//! | key | names | AIs | type |
//! |---|---|---|---|
//! | SSCC | one logistic unit: a pallet, a mixed case | 00 | [`Sscc`] |
//! | SGTIN | one trade item: a unit, or a case of one product | 01 and 21 | [`Sgtin`] |
//! | GTIN | all trade items of one kind: a class | 01 | [`Gtin`] |
//! | LGTIN | all trade items of one lot: a class | 01 and 10 | [`Lgtin`] |
//! | SGLN | a place | 414, perhaps with 254 | [`Sgln`] |
//! | GRAI | a returnable asset: a tote, a roll cage | 8003 | [`Grai`] |
//! | GIAI | an individual asset: a trailer | 8004 | [`Giai`] |
//!
//! A URI of any other kind is an [`Opaque`] identifier: it is kept and compared as it is. That includes EPC URNs and Digital
//! Link URIs of keys that are not in the table, such as documents and coupons.
//!
//! # Spellings
//!
//! [`Identifier::parse`] reads all of these; the functions write them.
//!
//! | spelling | looks like | written by |
//! |---|---|---|
//! | bracketed element string | `(01)09506000134352(21)S-0001` | `Display` |
//! | raw element string, with or without symbology identifier and separators | `]d2010950600013435221S-0001` | [`Identifier::raw`] |
//! | SSCC alone, 18 digits or 20 with 00 | `095060001343500002` | [`Sscc`]'s `Display` |
//! | EPC URN | `urn:epc:id:sgtin:9506000.013435.S-0001` | [`Identifier::urn`] |
//! | GS1 Digital Link URI, on any domain and path | `https://example.com/a/01/09506000134352/21/S-0001` | [`Identifier::digital_link`] |
//!
//! A label says more than who it is on. [`Scan`] keeps all that was read, [`ElementString`] gives access to the lot, the
//! dates and everything else, each checked against the rules that the GS1 General Specifications have for it:
//!
//! ```
//! use packtree_gs1::{Ai, Scan};
//!
//! let scan = Scan::parse("(01)09506000134352(17)271200(10)LOT-7(21)S-0001")?;
//! let expiry = scan.elements().expiry(2026).expect("the label has one");
//! // Day 00 means the last day of the month.
//! assert_eq!((expiry.year(), expiry.month(), expiry.last_day()), (2027, 12, 31));
//! assert_eq!(scan.elements().get(Ai::LOT).expect("the label has one"), "LOT-7");
//! # Ok::<(), packtree_gs1::Error>(())
//! ```
//!
//! # Why a URN needs to know the company prefix
//!
//! A GTIN, an SSCC or a GLN begins with the digits that GS1 gave to one company, 6 to 12 of them, and nothing in the number
//! says how many. An EPC URN separates them with a dot, so whoever writes one must know: with the dot in the wrong place
//! it is the URN of another company's object. Reading needs no such knowledge, and neither do the other spellings, which
//! is why the canonical one is the bracketed element string.
//!
//! [`CompanyPrefixes`] is the table. Set what you know; what partners write teaches it the rest.
//!
//! ```
//! use packtree_gs1::{CompanyPrefixes, Identifier, Rule};
//!
//! let mut prefixes = CompanyPrefixes::new();
//! let item = Identifier::parse("(01)09506000134352(21)S-0001")?;
//! let error = item.urn(&prefixes).err().expect("the table is empty");
//! assert_eq!(error.rule(), Rule::UnknownCompanyPrefix { digits: 950_600_013_435 });
//!
//! prefixes.set("9506000", 7)?;
//! assert_eq!(item.urn(&prefixes)?.to_string(), "urn:epc:id:sgtin:9506000.013435.S-0001");
//! # Ok::<(), packtree_gs1::Error>(())
//! ```
//!
//! # What is wrong with a text
//!
//! An [`Error`] names the one [`Rule`] that is broken, the offset where, and what to do about it:
//!
//! ```
//! let error = packtree_gs1::Identifier::parse("(01)09506000134353(21)S-0001").unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "at offset 17: the check digit is 3, but the digits before it call for 2; \
//!      scan again, or compare the digits with the label"
//! );
//! ```
//!
//! # What it is lenient about
//!
//! Some texts are wrong by the letter of a standard and mean one thing only. They are read: space around a text; a URI
//! with a percent sign or a slash that should have been escaped; a slash at the end of a web address; separators where none
//! is needed; capital letters in the names of a URN. What is written is always right by the letter.
//!
//! # What it does not do
//!
//! It does not know which company prefixes GS1 has issued, which countries and currencies exist, or whether a number was
//! ever used. It does not repair what a keyboard has done to a separator.

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
