//! Requests: an operation with who vouches for it, when, where and why.

use std::fmt;

use packtree::fact::EventTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::operation::Operation;
use crate::text::{EntryWord, NameText, NoteText, Text, Time, Why};

/// A request to change something. Actor and role come from the credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The idempotency key, 1 to 100 characters: chosen once, repeated with each retry. Made by the server where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// When it happened; now where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<Time>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<NameText>,
    /// How it was entered; `machine` for an API key and `typed` for a person where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryWord>,
    /// Why; some operations need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Why>,
    /// What is to be kept with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<NoteText>,
    /// Who vouches for it; some operations of people need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Credentials>,
    /// What to change.
    pub operation: Operation,
}

impl Request {
    /// A request for an operation, without anything else.
    pub fn new(operation: Operation) -> Self {
        Self {
            request_id: None,
            event_time: None,
            station: None,
            entry: None,
            reason: None,
            note: None,
            signature: None,
            operation,
        }
    }

    /// A request of the engine as JSON spells it; `None` for settings, which have routes of their own.
    ///
    /// The request id is spelled as 32 hexadecimal digits, which the server reads back as the same id. Actor, role and signature are not
    /// part of it.
    pub fn of(request: &packtree::Request) -> Option<Self> {
        Some(Self {
            request_id: Some(request.id.to_string()),
            event_time: Some(Text::<EventTime>(request.event_time)),
            station: Some(Text(request.station.clone())),
            entry: Some(Text(request.entry)),
            reason: request.reason.clone().map(Text),
            note: request.note.clone().map(Text),
            signature: None,
            operation: Operation::of(&request.operation)?,
        })
    }
}

/// Several requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// The requests, in order.
    pub requests: Vec<Request>,
}

/// Who vouches for a request: the signed-in person with their own password again, or a second person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The second person; the signed-in person where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    /// Without the password, which must not get into any log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}
