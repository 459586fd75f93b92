//! Events for the tests of this module.

use packtree::Identifier;
use packtree::fact::EventTime;

use crate::{Action, AggregationEvent, Common, Event, Ilmd, ObjectEvent, Term, Vocabulary};

const START_US: i64 = 1_700_000_000_000_000;

fn identifiers(names: &[&str]) -> Vec<Identifier> {
    names.iter().map(|name| Identifier::parse(&format!("urn:x:{name}")).unwrap()).collect()
}

fn common(step: &str, seconds: i64) -> Common {
    Common {
        event_id: None,
        time: EventTime::utc(START_US + seconds * 1_000_000),
        record_time_us: None,
        error_declaration: None,
        biz_step: Some(Term::new(Vocabulary::BizStep, step)),
        disposition: None,
        persistent_disposition: None,
        read_point: None,
        biz_location: None,
        biz_transactions: Vec::new(),
        sources: Vec::new(),
        destinations: Vec::new(),
        certifications: Vec::new(),
        extensions: Vec::new(),
    }
}

/// Something happened to objects, so many seconds after the start.
pub(super) fn object(action: Action, step: &str, seconds: i64, objects: &[&str]) -> Event {
    Event::Object(ObjectEvent {
        common: common(step, seconds),
        action,
        objects: identifiers(objects),
        quantities: Vec::new(),
        ilmd: Ilmd::default(),
    })
}

/// Children went into, or came out of, a parent, so many seconds after the start.
pub(super) fn aggregation(action: Action, seconds: i64, parent: &str, children: &[&str]) -> Event {
    Event::Aggregation(AggregationEvent {
        common: common("packing", seconds),
        action,
        parent: identifiers(&[parent]).pop(),
        children: identifiers(children),
        quantities: Vec::new(),
    })
}
