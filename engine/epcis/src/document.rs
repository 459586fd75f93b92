//! What a document says about itself and about the world: its header and its master data.

use crate::{Event, Extension, Fault, Place, Warning};

/// One thing read from a document, in the order in which the document has them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// What the document says about itself; once, before the first event.
    Header(Box<Header>),
    /// One entry of a vocabulary.
    MasterData(Box<MasterData>),
    /// An event that keeps the rules.
    Event(Box<Event>, Place, Vec<Warning>),
    /// An event that breaks a rule. The document goes on.
    Invalid(Place, Vec<Fault>),
    /// Something odd about the document as a whole.
    Warning(Warning),
}

/// What a document says about itself.
///
/// ```
/// use packtree_epcis::{AttributeValue, DocumentKind, Format, Header, Item, Limits, MasterData, Reader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let document = r#"{"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", "type": "EPCISDocument",
///     "schemaVersion": "2.0", "creationDate": "2026-11-23T10:15:30Z",
///     "epcisHeader": {"epcisMasterData": {"vocabularyList": [
///         {"type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": [
///             {"id": "urn:epc:idpat:sgtin:4099999.012345.*", "attributes": [
///                 {"id": "urn:epcglobal:cbv:mda#netContentDescription", "attribute": "20 tablets"}]}]}]}},
///     "epcisBody": {"eventList": []}}"#;
/// let (mut headers, mut entries) = (Vec::new(), Vec::new());
/// for item in Reader::new("products.jsonld", document.as_bytes(), Limits::default()) {
///     match item? {
///         Item::Header(header) => headers.push(*header),
///         Item::MasterData(entry) => entries.push(*entry),
///         other => panic!("{other:?}"),
///     }
/// }
/// let [Header { format, kind, schema_version, .. }] = &headers[..] else { panic!("a document has one") };
/// assert_eq!((*format, *kind, schema_version.as_deref()), (Format::JsonLd, DocumentKind::Events, Some("2.0")));
/// let [MasterData { id, attributes, .. }] = &entries[..] else { panic!("there is one product") };
/// assert_eq!(&**id, "urn:epc:idpat:sgtin:4099999.012345.*");
/// assert_eq!(attributes[0].1, AttributeValue::Text("20 tablets".into()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The syntax that it is written in.
    pub format: Format,
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// `schemaVersion`, as written.
    pub schema_version: Option<Box<str>>,
    /// `creationDate`, as written.
    pub creation_date: Option<Box<str>>,
    /// The sender's identifier, from the business document header.
    pub sender: Option<Box<str>>,
    /// The receiver's identifier, from the business document header.
    pub receiver: Option<Box<str>>,
    /// The sender's number for this document.
    pub instance_identifier: Option<Box<str>>,
    /// What the header holds beyond the standard.
    pub extensions: Vec<Extension>,
}

/// The syntax of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// EPCIS 1.0 to 2.0
    Xml,
    /// EPCIS 2.0
    JsonLd,
}

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentKind {
    /// `EPCISDocument`
    Events,
    /// `EPCISQueryDocument` with results
    QueryResults,
    /// `EPCISMasterDataDocument`
    MasterData,
    /// Events, or master data, without a document around them
    Bare,
}

/// One entry of a vocabulary: a product, a place, a party, by its identifier (EPCIS 2.0 section 9.5).
#[derive(Clone, Debug, PartialEq)]
pub struct MasterData {
    /// What it describes, such as `urn:epcglobal:epcis:vtype:EPCClass`; empty if the document names it too late.
    pub vocabulary: Box<str>,
    /// The URI that it describes.
    pub id: Box<str>,
    /// Attribute and value, in the order of the document.
    pub attributes: Vec<(Box<str>, AttributeValue)>,
    /// URIs of the entries below this one.
    pub children: Vec<Box<str>>,
    /// The line on which it begins, from 1.
    pub line: u64,
}

/// The value of a master data attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// A plain text.
    Text(Box<str>),
    /// A structure of the attribute's own, as JSON; see [`Extension::json`].
    Json(Box<str>),
}

impl Header {
    pub(crate) fn new(format: Format, kind: DocumentKind) -> Self {
        Self {
            format,
            kind,
            schema_version: None,
            creation_date: None,
            sender: None,
            receiver: None,
            instance_identifier: None,
            extensions: Vec::new(),
        }
    }

    /// Whether the version is one that a release of the standard has had.
    pub(crate) fn has_known_version(&self) -> bool {
        matches!(self.schema_version.as_deref(), None | Some("1.0" | "1.1" | "1.2" | "2.0" | "2.0.0" | "2.0.1"))
    }
}
