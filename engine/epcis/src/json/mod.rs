//! EPCIS 2.0 in JSON-LD.
//!
//! The tokens are read here and not with `serde_json`, because three things are needed that it does not give: the line
//! of a value while it is read, a bound on the length of one string (it collects a string of any length before it hands
//! it out), and a bound on the number of entries of a list without a type of its own for each list. What is read is
//! the plain tree of EPCIS; of JSON-LD only the prefixes in `@context` matter, and those of the standard are known.

mod context;
mod document;
mod event;
mod tokens;
mod tree;

pub(crate) use self::document::JsonDocument;
