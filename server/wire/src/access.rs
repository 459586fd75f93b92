//! People: signing in, and the users who may. What holds a password shows none when it is printed for debugging.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name and a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Who.
    pub user: String,
    /// Their password.
    pub password: String,
    /// One of the user's roles; their first when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// What makes the first administrator.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// What the server printed when it started.
    pub token: String,
    /// Small letters, digits, dots and hyphens; facts name it.
    pub user: String,
    /// The name that is shown; the same when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their password.
    pub password: String,
}

/// Who is asking, and what they may do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The name that facts have.
    pub user: String,
    /// The name that is shown.
    pub name: String,
    /// All roles that they have.
    pub roles: Vec<String>,
    /// The role that counts now.
    pub role: String,
    /// The stations at which they may work; everywhere when there is none.
    pub scopes: Vec<String>,
    /// What a page sends as `X-Packtree-Csrf` with everything that changes something; none for a machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf: Option<String>,
    /// Minutes without a request after which the session ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_minutes: Option<u64>,
    /// When the session ends if nothing happens in it. RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// What they may do: `read`, the words of operations, `close_partial`, `import`, `print`, `checkpoint`, `administer`.
    pub may: Vec<String>,
}

/// A new password for somebody else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The password.
    pub password: String,
}

/// A user to be made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Small letters, digits, dots and hyphens; facts name it.
    pub user: String,
    /// The name that is shown; the same when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// operator, supervisor, quality, administrator, auditor; the first counts when they sign in.
    pub roles: Vec<String>,
    /// The stations at which they may work; everywhere when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Their password.
    pub password: String,
}

/// What changes about a user; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// The name that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The roles, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The stations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Users are disabled and never deleted, because facts name them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The name that facts have.
    pub user: String,
    /// The name that is shown.
    pub name: String,
    /// All roles that they have; the first counts when they sign in.
    pub roles: Vec<String>,
    /// The stations at which they may work; everywhere when there is none.
    pub scopes: Vec<String>,
    /// Whether they are kept out.
    pub disabled: bool,
}

/// All users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Users {
    /// In the order of their names.
    pub users: Vec<User>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("user", &self.user).field("role", &self.role).finish_non_exhaustive()
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("user", &self.user).finish_non_exhaustive()
    }
}

impl fmt::Debug for Me {
    /// Without the token, with which a stolen cookie would be worth something.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Me").field("user", &self.user).field("role", &self.role).finish_non_exhaustive()
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPassword").finish_non_exhaustive()
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("user", &self.user).field("roles", &self.roles).finish_non_exhaustive()
    }
}
