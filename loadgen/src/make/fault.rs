//! Faults that are planted, and what an importer must say about each.

use rand::RngExt as _;
use rand::rngs::Xoshiro256PlusPlus;
use serde::Serialize;

use super::event::{Event, Name, Subject, Time};
use super::lines::{Case, Pallet};
use super::quirk::Quirk;
use super::{Format, Plan};
use packtree::Identifier;

/// What is wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// A check digit that does not fit its digits.
    CheckDigit,
    /// A company prefix and an item reference that have one digit too few together.
    IdentifierLength,
    /// A serial number with a character that GS1 does not allow in one.
    SerialCharacters,
    /// A month that no year has.
    BadTime,
    /// An action that EPCIS does not have.
    UnknownAction,
    /// Children that go into nothing.
    NoParent,
    /// A unit that begins to exist for the second time.
    CommissionedAgain,
    /// A unit that goes into a second case without coming out of the first.
    TwoParents,
    /// A unit that comes out of a case that it is not in.
    NotThere,
    /// A unit that comes out of a container that nobody has heard of.
    UnknownParent,
    /// A pallet that goes into one of its own cases.
    Cycle,
    /// A case that goes into itself.
    IntoItself,
}

/// A fault of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// The object at fault, as an element string or as it was written.
    pub(crate) object: String,
}

/// One line of the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Answer<'a> {
    /// How many events stand before it in the document.
    pub(crate) index: u64,
    pub(crate) fault: FaultKind,
    /// The code that Packtree refuses it with.
    pub(crate) code: &'static str,
    /// What an importer must say, in plain words.
    pub(crate) says: &'static str,
    pub(crate) object: &'a str,
}

impl Fault {
    pub(crate) fn answer(&self, index: u64) -> Answer<'_> {
        let (code, says) = self.kind.answer();
        Answer { index, fault: self.kind, code, says, object: &self.object }
    }
}

impl FaultKind {
    const ALL: [Self; 12] = [
        Self::CheckDigit,
        Self::IdentifierLength,
        Self::SerialCharacters,
        Self::BadTime,
        Self::UnknownAction,
        Self::NoParent,
        Self::CommissionedAgain,
        Self::TwoParents,
        Self::NotThere,
        Self::UnknownParent,
        Self::Cycle,
        Self::IntoItself,
    ];

    /// The kinds that can be planted on a pallet.
    pub(super) fn possible(plan: &Plan, pallet: &Pallet) -> Vec<Self> {
        let suits = |kind: &Self| match kind {
            // An EPC URN has no check digits, and EPCIS 1.2 knows nothing else.
            Self::CheckDigit => plan.format != Format::Xml12,
            // A Digital Link has no company prefix.
            Self::IdentifierLength => !plan.has(Quirk::DigitalLinks),
            Self::TwoParents | Self::NotThere => 1 < pallet.cases.len(),
            _ => true,
        };
        Self::ALL.into_iter().filter(suits).collect()
    }

    fn answer(self) -> (&'static str, &'static str) {
        match self {
            Self::CheckDigit => ("identifier_malformed", "the check digit is wrong"),
            Self::IdentifierLength => ("identifier_malformed", "a digit is missing"),
            Self::SerialCharacters => ("identifier_malformed", "the serial number has a character that is not allowed"),
            Self::BadTime => ("time_malformed", "the event time is no time"),
            Self::UnknownAction => ("action_unknown", "the action is not ADD, OBSERVE or DELETE"),
            Self::NoParent => ("no_parent", "the parent is missing"),
            Self::CommissionedAgain => ("object_already_commissioned", "the object exists already"),
            Self::TwoParents => ("child_has_other_parent", "the object is in another container"),
            Self::NotThere => ("child_not_in_parent", "the object is not in this container"),
            Self::UnknownParent => ("object_not_found", "the container was never commissioned"),
            Self::Cycle => ("would_be_cycle", "the child holds the container that it goes into"),
            Self::IntoItself => ("container_into_itself", "the container goes into itself"),
        }
    }
}

/// An event with a fault, about a pallet that is packed. `unknown` is an identifier that no other event names.
pub(super) fn event(
    kind: FaultKind,
    pallet: &Pallet,
    unknown: Identifier,
    seconds: i64,
    random: &mut Xoshiro256PlusPlus,
) -> Event {
    let position = random.random_range(0..pallet.cases.len());
    let case = &pallet.cases[position];
    let other = &pallet.cases[(position + 1) % pallet.cases.len()].identifier;
    let unit = case.units[random.random_range(0..case.units.len())].clone();
    let contents = |action, parent: &Identifier, child: &Identifier| {
        Event::contents(seconds, action, parent.clone(), vec![child.clone()])
    };
    let (mut event, object) = match kind {
        FaultKind::CheckDigit | FaultKind::IdentifierLength | FaultKind::SerialCharacters => {
            return malformed(kind, &unit, seconds);
        }
        FaultKind::BadTime => (Event { time: Time::Malformed("2025-13-01T08:00:00Z"), ..seen(seconds, &unit) }, unit),
        FaultKind::UnknownAction => (Event { action: "PACK", ..contents("ADD", other, &unit) }, unit),
        FaultKind::NoParent => (without_parent(contents("ADD", other, &unit)), unit),
        FaultKind::CommissionedAgain => (Event::object(seconds, "ADD", "commissioning", vec![unit.clone()]), unit),
        FaultKind::TwoParents => (contents("ADD", other, &unit), unit),
        FaultKind::NotThere => (contents("DELETE", other, &unit), unit),
        FaultKind::UnknownParent => (contents("DELETE", &unknown, &unit), unknown),
        FaultKind::Cycle => (contents("ADD", &case.identifier, &pallet.identifier), pallet.identifier.clone()),
        FaultKind::IntoItself => (into_itself(case, seconds), case.identifier.clone()),
    };
    event.fault = Some(Fault { kind, object: object.to_string() });
    event
}

fn seen(seconds: i64, object: &Identifier) -> Event {
    Event::object(seconds, "OBSERVE", "inspecting", vec![object.clone()])
}

fn into_itself(case: &Case, seconds: i64) -> Event {
    Event::contents(seconds, "ADD", case.identifier.clone(), vec![case.identifier.clone()])
}

fn without_parent(mut event: Event) -> Event {
    if let Subject::Contents { parent, .. } = &mut event.subject {
        *parent = None;
    }
    event
}

/// A unit is seen whose name breaks a rule.
fn malformed(kind: FaultKind, unit: &Identifier, seconds: i64) -> Event {
    let link = unit.digital_link().to_string();
    let serial = link.rsplit('/').next().unwrap_or_default();
    let name = match kind {
        // The right one is 3.
        FaultKind::CheckDigit => link.replace("/09521234543213/", "/09521234543214/"),
        FaultKind::IdentifierLength => format!("urn:epc:id:sgtin:9521234.05432.{serial}"),
        // A circumflex.
        _ => format!("urn:epc:id:sgtin:9521234.054321.{serial}%5E"),
    };
    let mut event = seen(seconds, unit);
    event.subject = Subject::Objects(vec![Name::Malformed(name.clone())]);
    event.fault = Some(Fault { kind, object: name });
    event
}
