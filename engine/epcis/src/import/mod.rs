//! From documents into the engine: every event is applied, recorded, recognised, or refused with its place and reason.
//!
//! Events are read into a window, planned there ([`order`], [`containment`]), turned into operations ([`map`]) and
//! submitted. While the engine makes one window durable the next one is read, so a document of any length takes the
//! memory of one window. Documents follow each other through the same window: which file has the commissioning and
//! which the packing does not matter.
//!
//! The request id of an operation is made from the event, so whoever imports a document again is told that it is known.

mod containment;
mod identity;
mod map;
mod note;
mod order;
mod policy;
mod report;
mod sink;
#[cfg(test)]
mod testing;

use std::io::Read;
use std::sync::Arc;

use packtree::fact::{Entry, Name, Note, ReasonText};
use packtree::operation::{Observe, Request};
use packtree::{Caller, Engine, Error, Operation, RequestId, TextError};

pub use self::containment::{Conflict, ConflictKind};
pub use self::policy::{Custody, DocumentPolicy, Holding};
pub use self::report::{Refused, Report};

use self::containment::Containment;
use self::map::{Meaning, Unfit};
use self::sink::{Sent, Sink};
use crate::{Event, Item, Limits, Place, Reader};

/// Objects that are planned together. Ten million bytes of identifiers in XML; a hundred pallets of a pharmaceutical line.
///
/// When there are so many, the first half of the plan is submitted. The rest is planned once more with what comes next, so that an
/// event is in the right order with every event that stands within half a window of it.
const WINDOW_OBJECTS: usize = 200_000;

/// Events that are planned together.
const WINDOW_EVENTS: usize = 40_000;

/// How an import is done.
#[derive(Clone, Debug)]
pub struct ImportSettings {
    /// In whose name. The station of an operation is the read point of its event, where it has one.
    pub caller: Caller,
    /// What to make of events that leave room for it.
    pub policy: DocumentPolicy,
    /// What one document may ask of the reader.
    pub limits: Limits,
}

impl ImportSettings {
    /// An import in the name of `actor`, everything else as it is by default.
    ///
    /// # Errors
    /// When the name is empty or too long.
    pub fn new(actor: &str) -> Result<Self, TextError> {
        let caller = Caller { entry: Entry::Document, ..Caller::machine(actor)? };
        Ok(Self { caller, policy: DocumentPolicy::default(), limits: Limits::default() })
    }
}

/// Brings EPCIS documents into an engine.
///
/// Whether an operation is allowed is for the engine's policy; [`packtree::Policy::partner_documents`] is made for this.
///
/// ```
/// use packtree::{Engine, Options, Policy};
/// use packtree_epcis::{Import, ImportSettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let document = r#"[{"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
///     "eventTime": "2025-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00",
///     "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"]}]"#;
/// let options = Options { policy: Policy::partner_documents(), ..Options::default() };
/// let engine = Engine::open(directory.path(), options)?;
///
/// let mut import = Import::new(&engine, ImportSettings::new("partner")?);
/// import.read("first.json", document.as_bytes())?;
/// let report = import.finish()?;
/// assert_eq!((report.events, report.applied), (1, 1));
///
/// // The same document again changes nothing and says so. A rehearsal would have said it, too.
/// let mut import = Import::rehearsal(&engine, ImportSettings::new("partner")?);
/// import.read("again.json", document.as_bytes())?;
/// assert_eq!(import.finish()?.repeated, 1);
/// # Ok(())
/// # }
/// ```
pub struct Import<'e> {
    sink: Sink<'e>,
    settings: ImportSettings,
    window: Vec<Planned>,
    window_objects: usize,
    /// The station of the last event; the next one is often at the same read point.
    station: (Box<str>, Name),
    report: Report,
}

/// An event in the window.
struct Planned {
    event: Box<Event>,
    place: Place,
}

impl<'e> Import<'e> {
    /// Begins an import into `engine`.
    pub fn new(engine: &'e Engine, settings: ImportSettings) -> Self {
        Self::into_sink(Sink::engine(engine), settings)
    }

    /// Begins a dry run: the report says what an import would do now, and nothing is changed.
    ///
    /// The engine makes nothing durable while it lives, and its memory grows with what the documents name.
    pub fn rehearsal(engine: &'e Engine, settings: ImportSettings) -> Self {
        Self::into_sink(Sink::Rehearsal(Box::new(engine.rehearse())), settings)
    }

    fn into_sink(sink: Sink<'e>, settings: ImportSettings) -> Self {
        let station = (Box::default(), settings.caller.station.clone());
        Self { sink, settings, window: Vec::new(), window_objects: 0, station, report: Report::default() }
    }

    /// Reads a document; `file` is what the report calls it. Its last events are submitted by [`Import::finish`] at the
    /// latest. A document that breaks off is in the report, and what was read of it counts.
    ///
    /// # Errors
    /// When the engine cannot go on. What it acknowledged stands, and importing the same documents again goes on there.
    pub fn read(&mut self, file: impl Into<Arc<str>>, source: impl Read) -> Result<(), Error> {
        let file = file.into();
        self.report.documents += 1;
        for item in Reader::new(Arc::clone(&file), source, self.settings.limits.clone()) {
            match item {
                Ok(Item::Event(event, place, warnings)) => {
                    self.report.events += 1;
                    for warning in warnings {
                        self.report.warning(&file, warning);
                    }
                    self.plan(Planned { event, place })?;
                }
                Ok(Item::Invalid(place, faults)) => {
                    self.report.events += 1;
                    self.report.invalid(&place, &faults);
                }
                Ok(Item::MasterData(_)) => self.report.master_data += 1,
                Ok(Item::Warning(warning)) => self.report.warning(&file, warning),
                Ok(Item::Header(_)) => {}
                Err(error) => self.report.broken_off(&error),
            }
        }
        Ok(())
    }

    /// Submits what is left, waits until everything is durable or refused, and tells what came of it.
    ///
    /// # Errors
    /// As for [`Import::read`].
    pub fn finish(mut self) -> Result<Report, Error> {
        self.submit_window(usize::MAX, usize::MAX)?;
        self.sink.settle_all(&mut self.report)?;
        Ok(self.report)
    }

    fn plan(&mut self, planned: Planned) -> Result<(), Error> {
        self.window_objects += objects_in(&planned.event);
        self.window.push(planned);
        if self.window_objects >= WINDOW_OBJECTS || self.window.len() >= WINDOW_EVENTS {
            self.submit_window(WINDOW_OBJECTS / 2, WINDOW_EVENTS / 2)?;
        }
        Ok(())
    }

    /// Plans the window, and submits the first events of the plan: about so many objects or events.
    fn submit_window(&mut self, objects_max: usize, events_max: usize) -> Result<(), Error> {
        let mut window = std::mem::take(&mut self.window);
        let events: Vec<&Event> = window.iter().map(|planned| &*planned.event).collect();
        let mut order = order::order(&events);
        let mut objects = 0;
        let is_first = |position: &&usize| {
            let comes = objects < objects_max;
            objects += objects_in(events[**position]);
            comes
        };
        let first = order.iter().take(events_max).take_while(is_first).count();
        order.truncate(first);
        self.find_conflicts(&window, &order);
        for position in &order {
            self.submit(&window[*position])?;
        }
        order.sort_unstable();
        let mut place = 0;
        window.retain(|_| {
            place += 1;
            order.binary_search(&(place - 1)).is_err()
        });
        self.window_objects = window.iter().map(|planned| objects_in(&planned.event)).sum();
        self.window = window;
        Ok(())
    }

    fn find_conflicts(&mut self, window: &[Planned], order: &[usize]) {
        let mut containment = Containment::default();
        let events = order.iter().map(|position| (*position, &*window[*position].event));
        for contradiction in containment.follow(events) {
            self.report.conflict(Conflict {
                object: contradiction.object.clone(),
                kind: contradiction.kind,
                first: window[contradiction.first].place.clone(),
                second: window[contradiction.second].place.clone(),
            });
        }
        self.report.uncommissioned += containment.uncommissioned();
    }

    fn submit(&mut self, planned: &Planned) -> Result<(), Error> {
        let Planned { event, place } = planned;
        let station = self.station(event);
        let work = match self.work(event, place) {
            Ok(work) => work,
            Err(unfit) => {
                self.report.unfit(place, &unfit);
                return Ok(());
            }
        };
        let sent = Sent {
            place: place.clone(),
            objects: objects_in(event),
            applies: work.applies,
            is_error_declaration: event.common().error_declaration.is_some(),
        };
        let base = identity::request_id(event);
        let caller = self.settings.caller.clone();
        let event_time = event.common().time;
        let reason = work.reason;
        let requests = work.operations.into_iter().enumerate().map(|(part, (operation, note))| Request {
            id: RequestId(base.0.wrapping_add(part as u128)),
            actor: caller.actor.clone(),
            role: caller.role,
            station: station.clone(),
            event_time,
            entry: caller.entry,
            reason: reason.clone(),
            note,
            signature: None,
            operation,
        });
        self.sink.send(sent, &requests.collect::<Vec<_>>(), &mut self.report)
    }

    fn work(&self, event: &Event, place: &Place) -> Result<Work, Unfit> {
        match map::meaning(event, self.settings.policy)? {
            Meaning::Applies { operations, reason } => {
                let mut note = Note::new(&note::remainder(event, place)?).ok();
                let operations = operations.into_iter().map(|operation| (operation, note.take())).collect();
                Ok(Work { operations, reason, applies: true })
            }
            Meaning::IsRecorded => {
                let parts = note::whole(event, place)?.into_iter();
                let operations =
                    parts.map(|(objects, note)| (Operation::Observe(Observe { objects }), Note::new(&note).ok()));
                Ok(Work { operations: operations.collect(), reason: None, applies: false })
            }
        }
    }

    /// Where an event was captured: its read point, if that can be the name of a station.
    fn station(&mut self, event: &Event) -> Name {
        let Some(read_point) = &event.common().read_point else { return self.settings.caller.station.clone() };
        if *read_point != self.station.0 {
            let name = Name::new(read_point).unwrap_or_else(|_| self.settings.caller.station.clone());
            self.station = (read_point.clone(), name);
        }
        self.station.1.clone()
    }
}

/// How many objects an event names.
fn objects_in(event: &Event) -> usize {
    match event {
        Event::Object(event) => event.objects.len(),
        Event::Aggregation(event) => event.children.len(),
        Event::Transaction(event) => event.objects.len(),
        Event::Transformation(event) => event.inputs.len() + event.outputs.len(),
        Event::Association(event) => event.children.len(),
        Event::Quantity(_) => 0,
        Event::Other(event) => event.objects.len(),
    }
}

/// What is submitted for one event.
struct Work {
    /// Each with what is kept beside it.
    operations: Vec<(Operation, Option<Note>)>,
    reason: Option<ReasonText>,
    /// Whether it is to change something, and not only to be recorded.
    applies: bool,
}
