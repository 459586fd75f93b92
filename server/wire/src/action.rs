//! What somebody did, and how it is undone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fact::FactJson;
use crate::request::Request;
use crate::scan::Advice;
use crate::text::Why;

/// The latest facts of one person or machine, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actions {
    /// The facts.
    pub actions: Vec<Action>,
}

/// A fact, and how it is undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Action {
    /// The fact.
    #[serde(flatten)]
    pub fact: FactJson,
    /// How it is undone.
    pub undo: Undo,
}

/// How a fact is undone: by operations that do the opposite. The fact stays on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Undo {
    /// Whether it can be.
    pub possible: bool,
    /// Why not.
    pub why_not: Option<Advice>,
    /// What undoes it, in order, all or none.
    pub requests: Vec<Request>,
}

/// A request to undo a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// The idempotency key, as for an operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Why>,
    /// Who vouches for it, where the opposite operation needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<crate::request::Credentials>,
}
