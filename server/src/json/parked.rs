//! Operations that came too early, and wait.

use packtree::Sequence;
use packtree::fact::Parking;
use serde::Serialize;

use super::{spelled, time};

/// One entry of `parked`.
#[derive(Serialize)]
pub(crate) struct Parked {
    fact: u64,
    request: String,
    operation: &'static str,
    time: String,
    actor: String,
    role: &'static str,
    station: String,
    since: String,
    until: String,
    /// What stood in the way when it was parked.
    reasons: Vec<&'static str>,
    /// The objects that it names.
    objects: Vec<String>,
    /// Other objects that stood in the way.
    others: Vec<String>,
}

impl Parked {
    pub(crate) fn new(fact: Sequence, parking: &Parking) -> Self {
        let header = &parking.header;
        Self {
            fact: fact.0,
            request: header.request.to_string(),
            operation: parking.verb.word(),
            time: header.event_time.to_string(),
            actor: header.actor.to_string(),
            role: header.role.word(),
            station: header.station.to_string(),
            since: time(parking.since),
            until: time(parking.until),
            reasons: parking.reasons.iter().map(|reason| reason.code()).collect(),
            objects: spelled(&parking.objects),
            others: spelled(&parking.others),
        }
    }
}
