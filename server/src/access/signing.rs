//! Signatures: whoever decides about an exception says again who they are, or somebody else vouches.

use axum::http::StatusCode;
use packtree::fact::{Signature, Verb};

use super::Access;
use super::principal::{Denied, Kind, Permission, Principal};
use super::users::{name, station_names};
use crate::http::{Code, Problem};

/// What was given for a signature: a password, and whose it is when somebody else vouches.
#[derive(Clone)]
pub struct Given {
    /// The second person; the one who is signed in when there is none.
    pub user: Option<String>,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Permission {
    /// Whether a person has to sign for it.
    pub const fn needs_signature(self) -> bool {
        matches!(self, Self::ClosePartial | Self::Operate(Verb::Reopen | Verb::VoidShip | Verb::Destroy))
    }
}

impl Principal {
    /// Whether others can vouch for them: machines sign nothing, and who only looks or administers does not work with objects.
    const fn may_be_vouched_for(&self) -> bool {
        matches!(self.kind, Kind::Person) && self.works()
    }

    /// Whether it is theirs to do with a signature: their own, or that of a second person whose role allows it.
    pub(crate) const fn signs(&self, permission: Permission) -> bool {
        permission.needs_signature() && self.may_be_vouched_for()
    }
}

impl Access {
    /// Whether somebody may do something, with the signature that was given for it if any, which is checked.
    ///
    /// # Errors
    /// That the role does not allow it, that a signature is needed, or that it is wrong.
    pub async fn vouch(
        &self,
        principal: &Principal,
        permission: Permission,
        given: Option<Given>,
    ) -> Result<Option<Signature>, Problem> {
        let Some(given) = given.filter(|_| principal.may_be_vouched_for()) else {
            if principal.signs(permission) {
                return Err(signature_needed());
            }
            principal.may(permission)?;
            return Ok(None);
        };
        let signer = given.user.unwrap_or_else(|| principal.actor.as_str().to_owned());
        // Whoever is signed in stays so: what is wrong is the signature, and not the session.
        let checked = self.check_password(&signer, given.password, None).await;
        let record = checked.map_err(Problem::from).map_err(|problem| {
            if problem.status() == StatusCode::UNAUTHORIZED { signature_wrong() } else { problem }
        })?;
        let by = name(&signer)?;
        let mut denied: Option<Denied> = None;
        // The one who is signed in signs in the role that they are signed in with.
        let roles = if by == principal.actor { vec![principal.role] } else { record.roles.clone() };
        for role in roles {
            let stations = station_names(&record.scopes);
            let signing = Principal { actor: by.clone(), kind: Kind::Person, role, stations };
            match signing.may(permission) {
                Ok(()) => return Ok(Some(Signature { by, role })),
                Err(why) => denied = Some(why),
            }
        }
        Err(denied.map_or_else(signature_needed, Problem::from))
    }
}

fn signature_needed() -> Problem {
    Problem::new(
        Code::SignatureRequired,
        "this is recorded with the signature of who decides it",
        "give your own password again, or the name and password of a second person who may decide it",
    )
}

fn signature_wrong() -> Problem {
    let detail = "the name or the password of the signature is wrong; nothing was done";
    Problem::new(Code::SignatureWrong, detail, "sign again")
}
