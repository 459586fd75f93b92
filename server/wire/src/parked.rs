//! Operations that came too early, and wait.

use packtree::Sequence;
use packtree::fact::Parking;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Code, Id, NameText, RoleWord, Text, Time, VerbWord, spelled, utc};

/// An operation that waits for what it builds on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Parked {
    /// The fact that parked it.
    pub fact: u64,
    /// Its request id.
    pub request: String,
    /// What it would do.
    pub operation: VerbWord,
    /// When it happened.
    pub time: Time,
    /// Who asked for it.
    pub actor: NameText,
    /// In which role.
    pub role: RoleWord,
    /// Where.
    pub station: NameText,
    /// Since when it waits.
    pub since: Time,
    /// How long it waits.
    pub until: Time,
    /// What stood in the way when it was parked.
    pub reasons: Vec<Code>,
    /// The objects that it names.
    pub objects: Vec<Id>,
    /// Other objects that stood in the way.
    pub others: Vec<Id>,
}

impl Parked {
    /// An operation that a fact parked.
    pub fn new(fact: Sequence, parking: &Parking) -> Self {
        let header = &parking.header;
        Self {
            fact: fact.0,
            request: header.request.to_string(),
            operation: Text(parking.verb),
            time: Text(header.event_time),
            actor: Text(header.actor.clone()),
            role: Text(header.role),
            station: Text(header.station.clone()),
            since: utc(parking.since),
            until: utc(parking.until),
            reasons: parking.reasons.iter().copied().map(Text).collect(),
            objects: spelled(&parking.objects),
            others: spelled(&parking.others),
        }
    }
}
