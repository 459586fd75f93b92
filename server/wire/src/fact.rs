//! Facts: what the feed and the audit trail show.

use packtree::Fact;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::change::Change;
use crate::text::{EntryWord, NameText, RoleWord, Text, Time, VerbWord, Why, some, utc};
use crate::words;

/// What an accepted operation made true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Fact)]
pub struct FactJson {
    /// Its number.
    pub fact: u64,
    /// When it happened.
    pub time: Time,
    /// When it was recorded.
    pub recorded_at: Time,
    /// The operation.
    pub operation: VerbWord,
    /// Who.
    pub actor: NameText,
    /// In which role.
    pub role: RoleWord,
    /// Where.
    pub station: NameText,
    /// How it was entered.
    pub entry: EntryWord,
    /// The request id.
    pub request: String,
    /// Why.
    pub reason: Option<Why>,
    /// What came with it.
    pub note: Option<String>,
    /// What it did.
    pub changes: Vec<Change>,
    /// What it did, in sentences.
    pub sentences: Vec<String>,
}

impl From<&Fact> for FactJson {
    fn from(fact: &Fact) -> Self {
        let header = &fact.header;
        Self {
            fact: fact.sequence.0,
            time: Text(header.event_time),
            recorded_at: utc(fact.recorded_at),
            operation: Text(fact.verb),
            actor: Text(header.actor.clone()),
            role: Text(header.role),
            station: Text(header.station.clone()),
            entry: Text(header.entry),
            request: header.request.to_string(),
            reason: some(header.reason.as_ref()),
            note: header.note.as_ref().map(|note| note.as_str().to_owned()),
            changes: fact.effects.iter().map(Change::from).collect(),
            sentences: fact.effects.iter().map(words::effect).collect(),
        }
    }
}
