//! EPCIS in XML: 1.0, 1.1, 1.2 and 2.0 with one reader.
//!
//! The versions differ in where fields are wrapped in `extension` and `baseExtension`, not in what the fields are
//! called. So the wrappers are transparent at every level, and no version is asked for before an event is read.

mod document;
mod event;
mod names;
mod tags;
mod tree;

pub(crate) use self::document::XmlDocument;
