//! From one event to the operations that do what it says.
//!
//! The action says whether objects begin, are seen, or cease (EPCIS 2.0 section 7.3.2); the business step says what
//! happened to those that were seen (CBV 2.0 section 7.1). An event that changes neither the hierarchy nor the life of
//! an object becomes an observation, so that it is on record. Nothing here knows the state of the engine.

use packtree::fact::{Level, Lot, LotData, Name, Quantity, ReasonText, Trust};
use packtree::operation::{
    Commission, Contents, Decommission, Hold, HoldTarget, Pack, Receive, Return, Ship, TakeOutOfUse, Unpack, VoidShip,
};
use packtree::{Identifier, Operation};
use packtree_gs1::LotNumber;

use super::policy::{Custody, DocumentPolicy, Holding};
use crate::{Action, AggregationEvent, Common, Event, Ilmd, ObjectEvent, QuantityElement, Term};

/// What becomes of an event.
#[derive(Debug)]
pub(super) enum Meaning {
    /// It changes something. Most often one operation; more where one may not name so many objects.
    Applies {
        operations: Vec<Operation>,
        /// Why, for the operations that ask.
        reason: Option<ReasonText>,
    },
    /// It is recorded as it is.
    IsRecorded,
}

/// Something in an event that no operation can carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    #[error("the lot number {lot} cannot be kept: {why}")]
    Lot { lot: Box<str>, why: packtree_gs1::Error },
    #[error("the unit of measure {unit} cannot be kept: {why}")]
    Unit { unit: Box<str>, why: packtree::TextError },
    #[error("what the event says beside its lists takes {bytes} bytes, and {most} can be kept with a fact")]
    TooLarge { bytes: usize, most: usize },
}

impl Unfit {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Lot { .. } => "lot_malformed",
            Self::Unit { .. } => "unit_malformed",
            Self::TooLarge { .. } => "too_large",
        }
    }
}

/// Objects in one operation: with the quantities of an event, of which there are fewer than 10,000, no more than a
/// pack may name; and so few that the fact fits into a frame however long their identifiers are.
const OBJECTS_MAX: usize = 15_000;

/// Says what becomes of an event under a policy.
pub(super) fn meaning(event: &Event, policy: DocumentPolicy) -> Result<Meaning, Unfit> {
    // A declaration of error says that something did not happen; what stands on it is for people to decide.
    if event.common().error_declaration.is_some() {
        return Ok(Meaning::IsRecorded);
    }
    match event {
        Event::Object(event) => object_event(event, policy),
        Event::Aggregation(event) => aggregation_event(event),
        _ => Ok(Meaning::IsRecorded),
    }
}

fn object_event(event: &ObjectEvent, policy: DocumentPolicy) -> Result<Meaning, Unfit> {
    if event.objects.is_empty() {
        return Ok(Meaning::IsRecorded);
    }
    let step = event.common.biz_step.as_ref().map_or("", Term::as_str);
    match event.action {
        Action::Add => commission(event),
        Action::Delete => Ok(end_of_life(event, step, policy)),
        Action::Observe => Ok(observation(event, step, policy)),
    }
}

fn commission(event: &ObjectEvent) -> Result<Meaning, Unfit> {
    let lot = lot(&event.ilmd)?;
    // The engine knows better: a product is a unit until something is packed into it, an SSCC is above what it holds.
    let level = Level::Unknown;
    Ok(applied(&event.objects, |objects| Operation::Commission(Commission { lot, level, objects })))
}

fn lot(ilmd: &Ilmd) -> Result<Option<Lot>, Unfit> {
    let Some(text) = &ilmd.lot else { return Ok(None) };
    let number = LotNumber::parse(text).map_err(|why| Unfit::Lot { lot: text.clone(), why })?;
    let data = LotData { expiry: ilmd.expiry, production: ilmd.production, best_before: ilmd.best_before };
    Ok(Some(Lot { number, data }))
}

fn end_of_life(event: &ObjectEvent, step: &str, policy: DocumentPolicy) -> Meaning {
    let contents = policy.decommissioned_contents;
    let meaning = match step {
        "destroying" => applied(&event.objects, |objects| Operation::Destroy(TakeOutOfUse { objects })),
        "sampling" => applied(&event.objects, |objects| Operation::Sample(TakeOutOfUse { objects })),
        _ => applied(&event.objects, |objects| Operation::Decommission(Decommission { objects, contents })),
    };
    because(meaning, &event.common)
}

/// What was seen and is more than that, by its business step (CBV 2.0 section 7.1).
fn observation(event: &ObjectEvent, step: &str, policy: DocumentPolicy) -> Meaning {
    let objects = &event.objects;
    let moves = policy.custody == Custody::Moves;
    let meaning = match step {
        "shipping" if moves => applied(objects, |roots| Operation::Ship(Ship { roots })),
        "void_shipping" if moves => applied(objects, |roots| Operation::VoidShip(VoidShip { roots })),
        "receiving" if moves && is_return(&event.common) => {
            applied(objects, |objects| Operation::Return(Return { objects }))
        }
        "receiving" if moves => {
            let trust = trust(&event.common);
            applied(objects, |roots| Operation::Receive(Receive { roots, trust }))
        }
        "holding" if policy.holding == Holding::Holds => {
            applied(objects, |objects| Operation::Hold(Hold { target: HoldTarget::Objects(objects) }))
        }
        "destroying" => applied(objects, |objects| Operation::Destroy(TakeOutOfUse { objects })),
        "sampling" => applied(objects, |objects| Operation::Sample(TakeOutOfUse { objects })),
        _ => Meaning::IsRecorded,
    };
    because(meaning, &event.common)
}

fn is_return(common: &Common) -> bool {
    common.disposition.as_ref().is_some_and(|disposition| disposition.as_str() == "returned")
}

/// CBV 2.0 section 7.2: `completeness_verified` says that the contents were looked at.
fn trust(common: &Common) -> Trust {
    let is_verified = |persistent: &crate::PersistentDisposition| {
        persistent.set.iter().any(|disposition| disposition.as_str() == "completeness_verified")
    };
    if common.persistent_disposition.as_deref().is_some_and(is_verified) { Trust::Verified } else { Trust::Inferred }
}

fn aggregation_event(event: &AggregationEvent) -> Result<Meaning, Unfit> {
    let Some(parent) = &event.parent else { return Ok(Meaning::IsRecorded) };
    match event.action {
        Action::Add => pack(event, parent),
        Action::Delete => unpack(event, parent),
        Action::Observe => Ok(Meaning::IsRecorded),
    }
}

fn pack(event: &AggregationEvent, parent: &Identifier) -> Result<Meaning, Unfit> {
    let mut quantities = quantities(&event.quantities)?;
    let operations = parts(&event.children).into_iter().map(|children| {
        // The quantities go in with the first part.
        let quantities = std::mem::take(&mut quantities);
        Operation::Pack(Pack { parent: parent.clone(), parent_level: Level::Unknown, children, quantities })
    });
    Ok(Meaning::Applies { operations: operations.collect(), reason: None })
}

fn unpack(event: &AggregationEvent, parent: &Identifier) -> Result<Meaning, Unfit> {
    if event.children.is_empty() && event.quantities.is_empty() {
        let what = Contents::All { parent: parent.clone() };
        let operation = Operation::Unpack(Unpack { what, trust: Trust::Inferred });
        return Ok(Meaning::Applies { operations: vec![operation], reason: None });
    }
    let mut quantities = quantities(&event.quantities)?;
    let operations = parts(&event.children).into_iter().map(|children| {
        let quantities = std::mem::take(&mut quantities);
        let what = Contents::Named { parent: Some(parent.clone()), children, quantities };
        Operation::Unpack(Unpack { what, trust: Trust::Verified })
    });
    Ok(Meaning::Applies { operations: operations.collect(), reason: None })
}

fn quantities(elements: &[QuantityElement]) -> Result<Vec<Quantity>, Unfit> {
    let mut elements: Vec<&QuantityElement> = elements.iter().collect();
    elements.sort_by(|left, right| (&left.class, &left.unit).cmp(&(&right.class, &right.unit)));
    elements
        .into_iter()
        .map(|element| {
            let unit = element
                .unit
                .as_deref()
                .map(|unit| Name::new(unit).map_err(|why| Unfit::Unit { unit: unit.into(), why }));
            Ok(Quantity { class: element.class.clone(), amount: element.quantity, unit: unit.transpose()? })
        })
        .collect()
}

fn applied(objects: &[Identifier], operation: impl Fn(Vec<Identifier>) -> Operation) -> Meaning {
    Meaning::Applies { operations: parts(objects).into_iter().map(operation).collect(), reason: None }
}

/// Lists that one operation each may name; one empty list if there are no objects.
///
/// The lists of EPCIS have no order (EPCIS 2.0 section 7.3.3), so they get one: equal events become equal operations,
/// and the engine keeps lists that are in order in fewer bytes.
fn parts(objects: &[Identifier]) -> Vec<Vec<Identifier>> {
    if objects.is_empty() {
        return vec![Vec::new()];
    }
    if objects.is_sorted() {
        return objects.chunks(OBJECTS_MAX).map(<[Identifier]>::to_vec).collect();
    }
    let mut sorted = objects.to_vec();
    sorted.sort_unstable();
    sorted.chunks(OBJECTS_MAX).map(<[Identifier]>::to_vec).collect()
}

/// Gives the operations a reason, in the words of the event.
fn because(meaning: Meaning, common: &Common) -> Meaning {
    let Meaning::Applies { operations, .. } = meaning else { return meaning };
    let step = common.biz_step.as_ref().map_or("none", Term::as_str);
    let disposition = common.disposition.as_ref().map_or("none", Term::as_str);
    let text = format!("EPCIS event: business step {step}, disposition {disposition}");
    // The words come from the document and may be as long as a URI is.
    let text = &text[..text.floor_char_boundary(packtree::limits::REASON_BYTES_MAX)];
    Meaning::Applies { operations, reason: ReasonText::new(text).ok() }
}
