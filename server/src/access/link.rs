//! What the demo needs: people who are there from the start, and a link that signs one of them in once.

use packtree::fact::{Name, Role};
use packtree_wire::NewUser;

use super::Access;
use super::records::Changer;
use super::secret::{Digest, Secret};
use crate::http::Problem;

impl Access {
    /// The secret of a link that signs a user in once.
    pub(crate) fn make_link(&self, user: &str) -> String {
        let secret = Secret::random();
        self.inner.links.lock().insert(Digest::of(secret.reveal()), user.to_owned());
        secret.reveal().to_owned()
    }

    /// Makes a person and gives their password.
    pub(crate) async fn seed(&self, user: &str, shown: &str, role: Role) -> Result<String, Problem> {
        let random = Secret::random();
        // Twelve digits in groups are typed once; the demo listens to this machine only, and wrong ones lock.
        let digits = random.reveal();
        let password = format!("{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..12]);
        let by = Changer { actor: Name::new("demo").expect("the name is short"), role: Role::Administrator };
        let roles = vec![role.word().to_owned()];
        let (user, name) = (user.to_owned(), Some(shown.to_owned()));
        let new = NewUser { user, name, roles, scopes: Vec::new(), password: password.clone() };
        self.add_user(&by, new).await?;
        Ok(password)
    }

    /// Whom a link signs in; it does so once.
    pub(super) fn use_link(&self, secret: &str) -> Option<String> {
        self.inner.links.lock().remove(&Digest::of(secret))
    }
}
