//! What is parked, as bincode sees it: in the fact that parks it, and in checkpoints. See `docs/facts.md`.

use serde::{Deserialize, Serialize};

use super::CodecError;
use super::stored::{Bytes, List, read_name, spelled};
use crate::fact::{Entry, EventTime, Header, Microseconds, Parking, ParkingEnd, ReasonText, RequestId, Role, Verb};
use crate::limits::PARKED_OBJECTS_MAX;
use crate::refusal::Reason;

/// [`Parking`] with packed lists. The order of fields is the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredParking<'a> {
    request: RequestId,
    content: u64,
    actor: &'a str,
    role: Role,
    station: &'a str,
    event_time: EventTime,
    entry: Entry,
    reason: Option<&'a str>,
    verb: Verb,
    since: Microseconds,
    until: Microseconds,
    reasons: Vec<u16>,
    #[serde(borrow)]
    objects: List<'a>,
    others: List<'a>,
    operation: Bytes<'a>,
}

impl<'a> StoredParking<'a> {
    pub(crate) fn new(parking: &'a Parking) -> Self {
        let Parking { header, verb, since, until, reasons, objects, others, operation } = parking;
        Self {
            request: header.request,
            content: header.content,
            actor: header.actor.as_str(),
            role: header.role,
            station: header.station.as_str(),
            event_time: header.event_time,
            entry: header.entry,
            reason: header.reason.as_ref().map(ReasonText::as_str),
            verb: *verb,
            since: *since,
            until: *until,
            reasons: reasons.iter().map(|reason| reason.number()).collect(),
            objects: spelled(objects),
            others: spelled(others),
            operation: Bytes(operation),
        }
    }

    pub(crate) fn read(&self) -> Result<Parking, CodecError> {
        let header = Header {
            request: self.request,
            content: self.content,
            actor: read_name(self.actor)?,
            role: self.role,
            station: read_name(self.station)?,
            event_time: self.event_time,
            entry: self.entry,
            reason: self.reason.map(ReasonText::new).transpose().map_err(|_| CodecError::Identifier)?,
            note: None,
        };
        let objects = self.objects.all()?;
        if PARKED_OBJECTS_MAX < objects.len() {
            return Err(CodecError::Count);
        }
        Ok(Parking {
            header,
            verb: self.verb,
            since: self.since,
            until: self.until,
            reasons: self.reasons.iter().map(|number| reason(*number)).collect::<Result<_, _>>()?,
            objects,
            others: self.others.all()?,
            operation: self.operation.0.into(),
        })
    }
}

/// [`ParkingEnd`] with the numbers of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StoredEnd {
    Done,
    Late,
    Refused(u16),
    Expired(u16),
}

impl StoredEnd {
    pub(super) const fn new(end: ParkingEnd) -> Self {
        match end {
            ParkingEnd::Done => Self::Done,
            ParkingEnd::Late => Self::Late,
            ParkingEnd::Refused(reason) => Self::Refused(reason.number()),
            ParkingEnd::Expired(reason) => Self::Expired(reason.number()),
        }
    }

    pub(super) fn read(self) -> Result<ParkingEnd, CodecError> {
        Ok(match self {
            Self::Done => ParkingEnd::Done,
            Self::Late => ParkingEnd::Late,
            Self::Refused(number) => ParkingEnd::Refused(reason(number)?),
            Self::Expired(number) => ParkingEnd::Expired(reason(number)?),
        })
    }
}

fn reason(number: u16) -> Result<Reason, CodecError> {
    Reason::from_number(number).ok_or(CodecError::Number)
}
