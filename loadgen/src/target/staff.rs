//! People at the screen of a server: they sign in, scan, look, and act under a session of their own.

use std::thread;

use packtree::fact::Role;
use packtree::operation::Request;
use packtree::{Entropy as _, Identifier, Sequence, SystemEntropy};
use packtree_client::{Builder, Client, Error, Feed, wire};

use super::http::{BUSY_WAIT, answered, failure};
use super::{Answer, Failure};

/// The variables with the name and the password of an administrator of the server.
pub(super) const ADMINISTRATOR: &str = "PACKTREE_ADMINISTRATOR";
pub(super) const PASSWORD: &str = "PACKTREE_PASSWORD";

/// Somebody who may sign in. The password is made for the run, and nobody else knows it.
pub(crate) struct User {
    screen: Client,
    name: String,
    password: String,
}

impl std::fmt::Debug for User {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Makes so many users as an administrator; those of an earlier run get another password.
pub(super) fn hire(server: &Builder, number: u32, administrator: &str, password: &str) -> Result<Vec<User>, Error> {
    let administrator = server.clone().build()?.sign_in(administrator, password, Some(Role::Administrator))?;
    let users = (1..=number).map(|number| {
        let (name, password) = (format!("warehouse-{number}"), format!("{:032x}", SystemEntropy.next()));
        make(&administrator, &name, &password)?;
        // A screen has connections of its own.
        Ok(User { screen: server.clone().build()?, name, password })
    });
    let users = users.collect::<Result<Vec<User>, Error>>()?;
    administrator.sign_out()?;
    Ok(users)
}

fn make(administrator: &Client, user: &str, password: &str) -> Result<(), Error> {
    // Whoever may release and sample, beside what every operator may.
    let roles = vec![Role::Supervisor.word().to_owned()];
    let new = wire::NewUser {
        user: user.to_owned(),
        name: None,
        roles: roles.clone(),
        scopes: Vec::new(),
        password: password.to_owned(),
    };
    match administrator.add_user(&new) {
        Err(Error::Rejected(problem)) if problem.code == "name_taken" => {
            let anew = wire::UserChange {
                roles: Some(roles),
                scopes: Some(Vec::new()),
                disabled: Some(false),
                ..wire::UserChange::default()
            };
            administrator.change_user(user, &anew)?;
            administrator.set_password(user, password)
        }
        made => made.map(drop),
    }
}

impl User {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn sign_in(&self) -> Result<Person, Failure> {
        let session = self.screen.sign_in(&self.name, &self.password, None).map_err(|error| failure(&error))?;
        Ok(Person { session, busy: 0 })
    }
}

/// Somebody who is signed in.
#[derive(Debug)]
pub(crate) struct Person {
    session: Client,
    /// How often the server was too busy for them.
    pub(crate) busy: u64,
}

impl Person {
    /// Scans a label: what it is, what is known of it, and what can be done with it.
    pub(crate) fn scan(&mut self, text: &str) -> Result<wire::ScanAnswer, Failure> {
        self.patiently(|session| session.scan(text))
    }

    /// Compares what was counted in a container with what is recorded.
    pub(crate) fn compare(
        &mut self,
        container: &Identifier,
        counted: &[Identifier],
    ) -> Result<Option<wire::Reconciliation>, Failure> {
        self.patiently(|session| session.reconcile(container, counted))
    }

    /// Does something.
    pub(crate) fn act(&mut self, request: &Request) -> Result<Answer, Failure> {
        self.patiently(|session| session.submit(request)).map(answered)
    }

    /// The newest fact.
    pub(crate) fn newest(&mut self) -> Result<u64, Failure> {
        self.patiently(Client::statistics).map(|statistics| statistics.facts)
    }

    /// The live feed behind a fact.
    pub(crate) fn feed(&self, behind: u64) -> Feed {
        self.session.feed(Sequence(behind))
    }

    pub(crate) fn sign_out(&mut self) -> Result<(), Failure> {
        self.patiently(Client::sign_out)
    }

    /// Asks again as long as the server is busy.
    fn patiently<T>(&mut self, ask: impl Fn(&Client) -> Result<T, Error>) -> Result<T, Failure> {
        loop {
            match ask(&self.session) {
                Err(Error::Busy(_)) => {
                    self.busy += 1;
                    thread::sleep(BUSY_WAIT);
                }
                answer => return answer.map_err(|error| failure(&error)),
            }
        }
    }
}
