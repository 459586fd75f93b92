//! The events of EPCIS, one type each, whatever format they came in.

use std::fmt::{self, Display};

use packtree::fact::{Decimal, EventTime};
use packtree_gs1::Identifier;

use crate::{Extension, Ilmd, Term};

/// Something that happened, as an EPCIS event records it (EPCIS 2.0 section 7.4).
///
/// ```
/// use packtree_epcis::{Event, Kind};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "AggregationEvent", "action": "DELETE", "parentID": "urn:x:pallet-7",
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00"}"#)?;
/// assert_eq!(event.kind(), Kind::Aggregation);
/// assert!(matches!(event, Event::Aggregation(event) if event.children.is_empty()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Something happened to objects.
    Object(ObjectEvent),
    /// Objects were packed into, unpacked from, or seen in a container.
    Aggregation(AggregationEvent),
    /// Objects became, or ceased to be, the subject of a business transaction.
    Transaction(TransactionEvent),
    /// Objects went in and other objects came out.
    Transformation(TransformationEvent),
    /// Things were fixed to, or removed from, a thing or a place.
    Association(AssociationEvent),
    /// A quantity of one class was seen: EPCIS 1.0, deprecated since 1.1.
    Quantity(QuantityEvent),
    /// An event type that the standard does not have.
    Other(OtherEvent),
}

/// What every event may say.
///
/// ```
/// use packtree_epcis::{Common, Event, Term};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut event = read_event(r#"{"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "inspecting", "epcList": ["urn:x:1"],
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00", "readPoint": {"id": "urn:epc:id:sgln:0614141.00777.0"}}"#)?;
/// let Common { biz_step, read_point, time, .. } = event.common();
/// assert_eq!(biz_step, &Some(Term::Cbv("inspecting")));
/// assert_eq!(read_point.as_deref(), Some("urn:epc:id:sgln:0614141.00777.0"));
/// assert_eq!(time.to_string(), "2026-11-23T11:15:30+01:00");
///
/// // A sender that is known to write wrong places.
/// event.common_mut().read_point = None;
/// assert_eq!(event.common().read_point, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    /// `eventID`: a UUID, or a hash of the event.
    pub event_id: Option<Box<str>>,
    /// When it happened, and the offset from UTC there and then.
    pub time: EventTime,
    /// When the capturing repository recorded it: microseconds since 1970-01-01T00:00:00Z.
    pub record_time_us: Option<i64>,
    /// Set if the event declares an earlier, otherwise identical event to be wrong.
    pub error_declaration: Option<Box<ErrorDeclaration>>,
    /// The step of the business process.
    pub biz_step: Option<Term>,
    /// The condition of the objects from then on, until the next event about them.
    pub disposition: Option<Term>,
    /// Conditions that last until they are lifted.
    pub persistent_disposition: Option<Box<PersistentDisposition>>,
    /// Where it was seen: a URI, usually an SGLN.
    pub read_point: Option<Box<str>>,
    /// Where the objects are from then on: a URI, usually an SGLN.
    pub biz_location: Option<Box<str>>,
    /// Orders, invoices, despatch advices ... that it belongs to.
    pub biz_transactions: Vec<TypedUri>,
    /// Parties and places that a transfer starts from.
    pub sources: Vec<TypedUri>,
    /// Parties and places that a transfer goes to.
    pub destinations: Vec<TypedUri>,
    /// URIs of certificates.
    pub certifications: Vec<Box<str>>,
    /// Sensor data and everything that the standard leaves to others, so that nothing is lost.
    pub extensions: Vec<Extension>,
}

/// Something happened to objects (EPCIS 2.0 section 7.4.2).
///
/// ```
/// use packtree_epcis::{Action, Event, Ilmd, ObjectEvent};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00",
///     "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],
///     "ilmd": {"cbvmda:lotNumber": "L7", "cbvmda:itemExpirationDate": "2028-02-29"}}"#)?;
/// let Event::Object(ObjectEvent { action, objects, ilmd, .. }) = event else { panic!("it is one") };
/// assert_eq!((action, objects.len()), (Action::Add, 1));
/// let Ilmd { lot, expiry, .. } = ilmd;
/// assert_eq!((lot.as_deref(), expiry.map(|day| day.year())), (Some("L7"), Some(2028)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectEvent {
    /// What every event may say.
    pub common: Common,
    /// ADD begins, DELETE ends the life of the objects.
    pub action: Action,
    /// `epcList`.
    pub objects: Vec<Identifier>,
    /// `quantityList`.
    pub quantities: Vec<QuantityElement>,
    /// Lot, expiry and the like, with action ADD.
    pub ilmd: Ilmd,
}

/// Packing and unpacking (EPCIS 2.0 section 7.4.3).
///
/// The parent is there unless the action is OBSERVE; there are children unless the action is DELETE, where none means
/// all of them.
///
/// ```
/// use packtree_epcis::{AggregationEvent, Event, QuantityElement};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "AggregationEvent", "action": "ADD", "bizStep": "packing",
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00", "parentID": "urn:epc:id:sscc:0614141.1234567890",
///     "childQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.L7", "quantity": 12.5, "uom": "KGM"}]}"#)?;
/// let Event::Aggregation(AggregationEvent { parent, quantities, .. }) = event else { panic!("it is one") };
/// assert_eq!(parent.map(|case| case.to_string()).as_deref(), Some("(00)106141412345678908"));
/// let [QuantityElement { class, quantity, unit }] = &quantities[..] else { panic!("there is one") };
/// assert_eq!(class.to_string(), "(01)04012345123456(10)L7");
/// assert_eq!((quantity.map(|amount| amount.to_string()).as_deref(), unit.as_deref()), (Some("12.5"), Some("KGM")));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AggregationEvent {
    /// What every event may say.
    pub common: Common,
    /// ADD packs, DELETE unpacks, OBSERVE saw them together.
    pub action: Action,
    /// `parentID`: the container.
    pub parent: Option<Identifier>,
    /// `childEPCs`.
    pub children: Vec<Identifier>,
    /// `childQuantityList`.
    pub quantities: Vec<QuantityElement>,
}

/// Objects and business transactions (EPCIS 2.0 section 7.4.4). There is at least one transaction.
///
/// ```
/// use packtree_epcis::{Event, Term, TransactionEvent, TypedUri};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "TransactionEvent", "action": "ADD", "epcList": ["urn:x:1"],
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00",
///     "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:0614141111114:4711"}]}"#)?;
/// let Event::Transaction(TransactionEvent { common, objects, .. }) = event else { panic!("it is one") };
/// let order = TypedUri { kind: Some(Term::Cbv("po")), uri: "urn:epcglobal:cbv:bt:0614141111114:4711".into() };
/// assert_eq!((common.biz_transactions, objects.len()), (vec![order], 1));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TransactionEvent {
    /// What every event may say.
    pub common: Common,
    /// ADD links, DELETE unlinks, OBSERVE confirms.
    pub action: Action,
    /// `parentID`: the container of the objects.
    pub parent: Option<Identifier>,
    /// `epcList`.
    pub objects: Vec<Identifier>,
    /// `quantityList`.
    pub quantities: Vec<QuantityElement>,
}

/// Inputs became outputs (EPCIS 2.0 section 7.4.5).
///
/// Both sides are named, or the transformation has an id that links it to the event that names the other side.
///
/// ```
/// use packtree_epcis::{Event, TransformationEvent};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "TransformationEvent", "inputEPCList": ["urn:x:bulk-7"], "outputEPCList": ["urn:x:1", "urn:x:2"],
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00"}"#)?;
/// let Event::Transformation(TransformationEvent { inputs, outputs, .. }) = event else { panic!("it is one") };
/// assert_eq!((inputs.len(), outputs.len()), (1, 2));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TransformationEvent {
    /// What every event may say.
    pub common: Common,
    /// `transformationID`: links several events to one transformation.
    pub transformation_id: Option<Box<str>>,
    /// `inputEPCList`.
    pub inputs: Vec<Identifier>,
    /// `inputQuantityList`.
    pub input_quantities: Vec<QuantityElement>,
    /// `outputEPCList`.
    pub outputs: Vec<Identifier>,
    /// `outputQuantityList`.
    pub output_quantities: Vec<QuantityElement>,
    /// Lot, expiry and the like of the outputs.
    pub ilmd: Ilmd,
}

/// Assembling and installing (EPCIS 2.0 section 7.4.6). Not packing: the children need not be reachable again.
///
/// ```
/// use packtree_epcis::{AssociationEvent, Event};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "AssociationEvent", "action": "ADD", "parentID": "urn:epc:id:giai:4000001.12345",
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00", "childEPCs": ["urn:epc:id:giai:4000001.12346"]}"#)?;
/// let Event::Association(AssociationEvent { parent, children, .. }) = event else { panic!("it is one") };
/// assert_eq!((parent.to_string().as_str(), children.len()), ("(8004)400000112345", 1));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AssociationEvent {
    /// What every event may say.
    pub common: Common,
    /// ADD fixes, DELETE removes, OBSERVE saw them together.
    pub action: Action,
    /// `parentID`: the thing or the place.
    pub parent: Identifier,
    /// `childEPCs`.
    pub children: Vec<Identifier>,
    /// `childQuantityList`.
    pub quantities: Vec<QuantityElement>,
}

/// So much of a class was seen (EPCIS 1.2 section 7.4.4, deprecated).
///
/// ```
/// use packtree_epcis::{Event, Item, Limits, QuantityEvent, Reader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let document = r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.0"><EPCISBody><EventList>
///     <QuantityEvent><eventTime>2026-11-23T10:15:30Z</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
///     <epcClass>urn:epc:idpat:sgtin:0614141.107346.*</epcClass><quantity>30</quantity></QuantityEvent>
///     </EventList></EPCISBody></epcis:EPCISDocument>"#;
/// let items = Reader::new("stock.xml", document.as_bytes(), Limits::default()).collect::<Result<Vec<_>, _>>()?;
/// let Some(Item::Event(event, ..)) = items.last() else { panic!("{items:?}") };
/// let Event::Quantity(QuantityEvent { quantity, .. }) = &**event else { panic!("it is one") };
/// assert_eq!(quantity.quantity.map(|amount| amount.to_string()).as_deref(), Some("30"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityEvent {
    /// What every event may say.
    pub common: Common,
    /// `epcClass` and `quantity`.
    pub quantity: QuantityElement,
}

/// An event of a type that the standard does not have; what it shares with the others is read.
///
/// ```
/// use packtree_epcis::{Event, Kind, OtherEvent};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "https://example.com/epcis/WeighingEvent", "epcList": ["urn:x:1"],
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00"}"#)?;
/// assert_eq!(event.kind(), Kind::Other);
/// let Event::Other(OtherEvent { type_name, objects, .. }) = event else { panic!("it is one") };
/// assert!(type_name.contains("WeighingEvent"));
/// assert_eq!(objects.len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OtherEvent {
    /// What every event may say; fields that only this type has are among the extensions.
    pub common: Common,
    /// The name of the type, with its namespace in braces if there is one.
    pub type_name: Box<str>,
    /// `action`.
    pub action: Option<Action>,
    /// `parentID`.
    pub parent: Option<Identifier>,
    /// Every object that it names in a list of the standard's.
    pub objects: Vec<Identifier>,
    /// Every quantity that it names in a list of the standard's.
    pub quantities: Vec<QuantityElement>,
}

/// How an event relates to the life of its objects (EPCIS 2.0 section 7.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// They begin to exist, are packed, or are linked.
    Add,
    /// They were seen; nothing is added or taken away.
    Observe,
    /// They cease to exist, are unpacked, or are unlinked.
    Delete,
}

impl Action {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "ADD" => Some(Self::Add),
            "OBSERVE" => Some(Self::Observe),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "ADD",
            Self::Observe => "OBSERVE",
            Self::Delete => "DELETE",
        })
    }
}

/// So much of one class (EPCIS 2.0 section 7.3.3.3).
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityElement {
    /// A GTIN, a lot, or another class.
    pub class: Identifier,
    /// How much; unknown if absent.
    pub quantity: Option<Decimal>,
    /// The unit, as UN/CEFACT Recommendation 20 codes it; absent if the quantity counts pieces.
    pub unit: Option<Box<str>>,
}

/// A URI and what kind of thing it names: a business transaction, a source, a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedUri {
    /// The kind, from the CBV or somebody else's list.
    pub kind: Option<Term>,
    /// What it is.
    pub uri: Box<str>,
}

/// Declares an earlier event to be wrong (EPCIS 2.0 section 7.4.1.2). The earlier event stays on record.
///
/// ```
/// use packtree_epcis::{ErrorDeclaration, Term};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["urn:x:1"],
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00", "eventID": "urn:uuid:6f0f3b3e-0001-4000-8000-000000000001",
///     "errorDeclaration": {"declarationTime": "2026-11-24T08:00:00Z", "reason": "incorrect_data"}}"#)?;
/// let Some(declaration) = &event.common().error_declaration else { panic!("it declares an error") };
/// let ErrorDeclaration { reason, corrective_event_ids, .. } = &**declaration;
/// assert_eq!((reason, corrective_event_ids.len()), (&Some(Term::Cbv("incorrect_data")), 0));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorDeclaration {
    /// When it was declared: microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Why.
    pub reason: Option<Term>,
    /// The events that say what is right instead.
    pub corrective_event_ids: Vec<Box<str>>,
    /// Fields that the standard leaves to others.
    pub extensions: Vec<Extension>,
}

/// Conditions that are set and lifted (EPCIS 2.0 section 7.3.5.6).
///
/// ```
/// use packtree_epcis::{PersistentDisposition, Term};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["urn:x:1"],
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00",
///     "persistentDisposition": {"set": ["completeness_verified"]}}"#)?;
/// let expected = PersistentDisposition { set: vec![Term::Cbv("completeness_verified")], unset: vec![] };
/// assert_eq!(event.common().persistent_disposition.as_deref(), Some(&expected));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersistentDisposition {
    /// Hold from now on.
    pub set: Vec<Term>,
    /// No longer hold.
    pub unset: Vec<Term>,
}

impl Event {
    /// What every event may say.
    pub fn common(&self) -> &Common {
        match self {
            Self::Object(event) => &event.common,
            Self::Aggregation(event) => &event.common,
            Self::Transaction(event) => &event.common,
            Self::Transformation(event) => &event.common,
            Self::Association(event) => &event.common,
            Self::Quantity(event) => &event.common,
            Self::Other(event) => &event.common,
        }
    }

    /// What every event may say, to be changed.
    pub fn common_mut(&mut self) -> &mut Common {
        match self {
            Self::Object(event) => &mut event.common,
            Self::Aggregation(event) => &mut event.common,
            Self::Transaction(event) => &mut event.common,
            Self::Transformation(event) => &mut event.common,
            Self::Association(event) => &mut event.common,
            Self::Quantity(event) => &mut event.common,
            Self::Other(event) => &mut event.common,
        }
    }

    /// Its type.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Object(_) => Kind::Object,
            Self::Aggregation(_) => Kind::Aggregation,
            Self::Transaction(_) => Kind::Transaction,
            Self::Transformation(_) => Kind::Transformation,
            Self::Association(_) => Kind::Association,
            Self::Quantity(_) => Kind::Quantity,
            Self::Other(_) => Kind::Other,
        }
    }
}

/// The types of events, by the names that documents use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `ObjectEvent`
    Object,
    /// `AggregationEvent`
    Aggregation,
    /// `TransactionEvent`
    Transaction,
    /// `TransformationEvent`
    Transformation,
    /// `AssociationEvent`
    Association,
    /// `QuantityEvent`
    Quantity,
    /// Any other name
    Other,
}

impl Kind {
    /// The type of that name; `None` for any other name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Object, Self::Aggregation, Self::Transaction, Self::Transformation, Self::Association, Self::Quantity]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Object => "ObjectEvent",
            Self::Aggregation => "AggregationEvent",
            Self::Transaction => "TransactionEvent",
            Self::Transformation => "TransformationEvent",
            Self::Association => "AssociationEvent",
            Self::Quantity => "QuantityEvent",
            Self::Other => "event of another type",
        }
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
