//! The JSON of keys and of one's own password; that of users and sessions is shared with the client.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The password that was, and the one that will be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPassword {
    pub(super) old: String,
    pub(super) new: String,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// Small letters, digits, dots and hyphens; facts name it as who did something.
    pub(super) id: String,
    /// What it is for.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// machine, which is the default, or auditor, which only reads.
    #[serde(default)]
    pub(super) role: Option<String>,
    /// The stations at which it may work; everywhere when there is none.
    #[serde(default)]
    pub(super) scopes: Vec<String>,
}

/// What changes about a key; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyChange {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) scopes: Option<Vec<String>>,
    #[serde(default)]
    pub(super) disabled: Option<bool>,
}

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) disabled: bool,
    /// RFC 3339.
    pub(crate) made_at: String,
}

/// All keys.
#[derive(Serialize, ToSchema)]
pub(crate) struct Keys {
    pub(super) keys: Vec<Key>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeKey {
    #[serde(flatten)]
    pub(crate) key: Key,
    /// The whole of it, for the header `Authorization: Bearer`. It is shown this once.
    pub(crate) secret: String,
}
