//! The JSON of users, keys and sessions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    pub(super) user: String,
    pub(super) password: String,
    /// One of the user's roles; their first when it is left out.
    #[serde(default)]
    pub(super) role: Option<String>,
}

/// What makes the first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// What the server printed when it started.
    pub(super) token: String,
    pub(super) user: String,
    #[serde(default)]
    pub(super) name: Option<String>,
    pub(super) password: String,
}

/// Who is asking, and what they may do.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    pub(super) user: String,
    /// The name that is shown.
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    /// The role that counts now.
    pub(super) role: String,
    /// The stations at which they may work; everywhere when there is none.
    pub(super) scopes: Vec<String>,
    /// What a page sends as `X-Packtree-Csrf` with everything that changes something; none for a machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) csrf: Option<String>,
    /// Minutes without a request after which the session ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) idle_minutes: Option<u64>,
    /// When the session ends if nothing happens in it. RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<String>,
    /// What they may do: `read`, the words of operations, `close_partial`, `import`, `administer`.
    pub(super) may: Vec<String>,
}

/// The password that was, and the one that will be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPassword {
    pub(super) old: String,
    pub(super) new: String,
}

/// A new password for somebody else.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    pub(super) password: String,
}

/// A user to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// Small letters, digits, dots and hyphens; facts name it.
    pub(super) user: String,
    /// The name that is shown; the same when it is left out.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// operator, supervisor, quality, administrator, auditor; the first counts when they sign in.
    pub(super) roles: Vec<String>,
    /// The stations at which they may work; everywhere when there is none.
    #[serde(default)]
    pub(super) scopes: Vec<String>,
    pub(super) password: String,
}

/// What changes about a user; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) roles: Option<Vec<String>>,
    #[serde(default)]
    pub(super) scopes: Option<Vec<String>>,
    /// Users are disabled and never deleted, because facts name them.
    #[serde(default)]
    pub(super) disabled: Option<bool>,
}

/// A user.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the member has this name wherever a user is named")]
pub(crate) struct User {
    pub(super) user: String,
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) disabled: bool,
}

/// All users.
#[derive(Serialize, ToSchema)]
pub(crate) struct Users {
    pub(super) users: Vec<User>,
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
