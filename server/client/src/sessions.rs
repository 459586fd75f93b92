//! People: their sessions, and the users that an administrator makes.

use packtree::fact::Role;
use packtree_wire as wire;
use ureq::http::Method;

use crate::client::Client;
use crate::connection::segment;
use crate::error::Error;

impl Client {
    /// Signs in: gives a client that acts as this person, in one of their roles or in their first.
    ///
    /// The session ends when nobody has asked in it for a while, with [`Client::sign_out`], or with the server; then every answer is
    /// [`Error::Unauthorized`]. This client stays what it was.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] where the name or the password is wrong; [`Error::Busy`] after too many wrong ones.
    pub fn sign_in(&self, user: &str, password: &str, role: Option<Role>) -> Result<Self, Error> {
        let role = role.map(|role| role.word().to_owned());
        let who = wire::SignIn { user: user.to_owned(), password: password.to_owned(), role };
        Ok(Self::new(self.connection.begin_session("/v1/session", &who)?))
    }

    /// Ends the session of this client and its clones.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn sign_out(&self) -> Result<(), Error> {
        self.connection.tell(&Method::DELETE, "/v1/session", None::<&()>)
    }

    /// Makes the first administrator with what the server printed when it started, and signs them in.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the token is wrong, or there is an administrator already.
    pub fn set_up(&self, setup: &wire::Setup) -> Result<Self, Error> {
        Ok(Self::new(self.connection.begin_session("/v1/setup", setup)?))
    }

    /// Who asks, and what they may do.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn me(&self) -> Result<wire::Me, Error> {
        self.connection.get("/v1/me")
    }

    /// All users, for administrators and auditors.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn users(&self) -> Result<Vec<wire::User>, Error> {
        let answer: wire::Users = self.connection.get("/v1/users")?;
        Ok(answer.users)
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`Error::Rejected`] where somebody has the name already, which may be this user when an answer was lost.
    pub fn add_user(&self, user: &wire::NewUser) -> Result<wire::User, Error> {
        self.connection.post("/v1/users", user)
    }

    /// Changes what a user may do, or disables them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that nobody has; [`Error::Rejected`] where no administrator would be left.
    pub fn change_user(&self, user: &str, change: &wire::UserChange) -> Result<wire::User, Error> {
        self.connection.told(&Method::PUT, &format!("/v1/users/{}", segment(user)), change)
    }

    /// Sets somebody's password, which ends all their sessions.
    ///
    /// # Errors
    /// As for [`Client::change_user`].
    pub fn set_password(&self, user: &str, password: &str) -> Result<(), Error> {
        let path = format!("/v1/users/{}/password", segment(user));
        self.connection.tell(&Method::POST, &path, Some(&wire::NewPassword { password: password.to_owned() }))
    }
}
