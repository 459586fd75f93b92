//! The first administrator: whoever reads the server's terminal.

use packtree::fact::Role;
use packtree_wire::{NewUser, Setup};

use super::Access;
use super::records::{Changer, UserRecord};
use super::secret::{Digest, Secret};
use super::users::name;
use crate::http::{Code, Problem};

impl Access {
    /// What the first administrator has to show, if there is none yet. Another call makes another one, and the one before is void.
    pub fn first_administrator(&self) -> Option<String> {
        if self.has_administrator() {
            return None;
        }
        let token = Secret::random();
        *self.inner.first.lock() = Some(Digest::of(token.reveal()));
        Some(token.reveal().to_owned())
    }

    /// Makes the first administrator.
    pub(super) async fn set_up(&self, setup: Setup) -> Result<UserRecord, Problem> {
        let Setup { token, user, name: shown, password } = setup;
        if !self.inner.first.lock().is_some_and(|kept| kept.is_of(&token)) {
            let (detail, remedy) = if self.has_administrator() {
                ("there is an administrator already", "sign in")
            } else {
                ("this is not what the server printed when it started", "start the server again to get another one")
            };
            return Err(Problem::new(Code::WrongSetupToken, detail, remedy));
        }
        let by = Changer { actor: name(&user)?, role: Role::Administrator };
        let roles = vec![Role::Administrator.word().to_owned()];
        let record = self.add_user(&by, NewUser { user, name: shown, roles, scopes: Vec::new(), password }).await?;
        // Only now: who mistypes a password tries again.
        *self.inner.first.lock() = None;
        Ok(record)
    }
}
