//! What partners do that is allowed, or at least happens, and that an importer has to live with.

use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::event::{Event, Name, Subject};
use super::{Format, Plan};

/// A habit of a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Quirk {
    /// The events of a pallet stand in any order.
    OutOfOrder,
    /// Everything about the filling of a pallet has one time.
    SameTimes,
    /// Business steps and dispositions as URNs, as bare words and as web URIs, in turn.
    MixedVocabulary,
    /// No business steps where the action alone says enough.
    NoSteps,
    /// Times in local zones; some have their zone only in eventTimeZoneOffset.
    LocalTimes,
    /// Other namespace prefixes than everybody else.
    Prefixes,
    /// Identifiers as Digital Links; not in EPCIS 1.2.
    DigitalLinks,
    /// Contents by class and quantity beside the children.
    Quantities,
    /// A hundred thousand objects in one event.
    HugeEvents,
    /// Inspections that are declared to be recorded in error.
    ErrorDeclarations,
    /// Some events twice.
    Repeats,
    /// No event ids.
    NoIds,
    /// Blocks of a namespace that nobody knows.
    Extensions,
    /// A byte order mark in front.
    ByteOrderMark,
}

impl Quirk {
    /// Whether a document in a format can have it.
    pub(crate) fn suits(self, format: Format) -> bool {
        !(self == Self::DigitalLinks && format == Format::Xml12)
    }
}

/// Share of the packed cases that are inspected, and of the events that are repeated.
const SOME: f64 = 0.1;

/// Applies what concerns whole events; what concerns their spelling is the writer's.
pub(super) fn apply(plan: &Plan, mut events: Vec<Event>, random: &mut Xoshiro256PlusPlus) -> Vec<Event> {
    // A stream of its own, so that quirks leave the lines as they are.
    let mut random = Xoshiro256PlusPlus::seed_from_u64(random.random());
    if plan.has(Quirk::NoSteps) {
        for event in events.iter_mut().filter(|event| says_enough_without_step(event)) {
            event.step = None;
        }
    }
    if plan.has(Quirk::ErrorDeclarations) {
        events = with_some(events, &mut random, |event, random| {
            let inspection = inspection(event, plan, random)?;
            let declaration = Event { is_declaration: true, ..inspection.clone() };
            Some(vec![inspection, declaration])
        });
    }
    if plan.has(Quirk::Repeats) {
        events = with_some(events, &mut random, |event, _| event.fault.is_none().then(|| vec![event.clone()]));
    }
    if plan.has(Quirk::OutOfOrder) {
        events.shuffle(&mut random);
    }
    events
}

fn says_enough_without_step(event: &Event) -> bool {
    match event.subject {
        Subject::Contents { .. } => true,
        Subject::Objects(_) => event.action == "ADD",
    }
}

/// Adds events behind some of those that allow it.
fn with_some(
    events: Vec<Event>,
    random: &mut Xoshiro256PlusPlus,
    mut behind: impl FnMut(&Event, &mut Xoshiro256PlusPlus) -> Option<Vec<Event>>,
) -> Vec<Event> {
    let mut all = Vec::with_capacity(events.len());
    for event in events {
        let is_picked = random.random::<f64>() < SOME;
        let more = if is_picked { behind(&event, random) } else { None };
        all.push(event);
        all.extend(more.into_iter().flatten());
    }
    all
}

/// Somebody looks at a container that was packed.
fn inspection(packed: &Event, plan: &Plan, random: &mut Xoshiro256PlusPlus) -> Option<Event> {
    let Subject::Contents { parent: Some(Name::Of(parent)), .. } = &packed.subject else { return None };
    if packed.action != "ADD" || packed.fault.is_some() {
        return None;
    }
    let mut event = Event::object(0, "OBSERVE", "inspecting", vec![parent.clone()]);
    event.time = packed.time;
    event.id = (!plan.has(Quirk::NoIds)).then(|| random.random());
    Some(event)
}
