//! What an event says, before any format spells it.

use packtree::Identifier;

use super::fault::Fault;

/// One EPCIS event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Of its `eventID`, which is a UUID.
    pub(crate) id: Option<u128>,
    pub(crate) time: Time,
    pub(crate) action: &'static str,
    /// The short names of CBV words.
    pub(crate) step: Option<&'static str>,
    pub(crate) disposition: Option<&'static str>,
    pub(crate) subject: Subject,
    /// The lot whose objects begin to exist, from 0.
    pub(crate) lot: Option<u64>,
    /// Leaflets, which are counted and have no serial numbers, that go in with the children.
    pub(crate) leaflets: Option<u64>,
    /// Whether it declares that the same event was recorded in error.
    pub(crate) is_declaration: bool,
    pub(crate) fault: Option<Fault>,
}

/// When an event took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    /// Seconds since 1970.
    At(i64),
    /// No time, whatever it looks like.
    Malformed(&'static str),
}

/// What an event is about.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    Objects(Vec<Name>),
    Contents { parent: Option<Name>, children: Vec<Name> },
}

/// How an event calls an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Of(Identifier),
    /// Something that breaks a rule of its kind.
    Malformed(String),
}

impl Event {
    /// Something happened to objects.
    pub(crate) fn object(seconds: i64, action: &'static str, step: &'static str, objects: Vec<Identifier>) -> Self {
        Self::new(seconds, action, step, Subject::Objects(names(objects)))
    }

    /// Children went into, or came out of, a parent.
    pub(crate) fn contents(seconds: i64, action: &'static str, parent: Identifier, children: Vec<Identifier>) -> Self {
        let step = if action == "ADD" { "packing" } else { "unpacking" };
        let subject = Subject::Contents { parent: Some(Name::Of(parent)), children: names(children) };
        Self::new(seconds, action, step, subject)
    }

    fn new(seconds: i64, action: &'static str, step: &'static str, subject: Subject) -> Self {
        Self {
            id: None,
            time: Time::At(seconds),
            action,
            step: Some(step),
            disposition: disposition(step),
            subject,
            lot: None,
            leaflets: None,
            is_declaration: false,
            fault: None,
        }
    }
}

fn names(objects: Vec<Identifier>) -> Vec<Name> {
    objects.into_iter().map(Name::Of).collect()
}

/// The disposition that usually goes with a business step (CBV 2.0 section 7.2).
fn disposition(step: &str) -> Option<&'static str> {
    match step {
        "commissioning" => Some("active"),
        "packing" | "unpacking" | "inspecting" => Some("in_progress"),
        "decommissioning" => Some("inactive"),
        "destroying" => Some("destroyed"),
        "shipping" => Some("in_transit"),
        _ => None,
    }
}
