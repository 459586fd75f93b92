//! Signing in, and what administrators do to users.

use std::net::IpAddr;
use std::sync::Arc;

use packtree::fact::{Name, Role};
use packtree_wire::{NewUser, UserChange};

use super::password::{Crowded, Passwords, Unfit};
use super::records::{Changer, UserRecord};
use super::secret::{Digest, Secret};
use super::sessions::Session;
use super::throttle::Wait;
use super::{Access, Principal};
use crate::http::{Code, Problem, malformed};

/// Names of users and keys have so many characters at most. They are actors in facts, behind a prefix in settings.
const NAME_CHARACTERS_MAX: usize = 40;

/// Why a name and a password do not sign anybody in. It does not say which of them is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotSignedIn {
    Wrong,
    Wait(Wait),
    Crowded,
}

impl From<NotSignedIn> for Problem {
    fn from(why: NotSignedIn) -> Self {
        match why {
            NotSignedIn::Wrong => Self::new(
                Code::WrongCredentials,
                "the name or the password is wrong",
                "try again; an administrator can set a new password",
            ),
            NotSignedIn::Wait(Wait(time)) => {
                let seconds = time.as_secs().max(1);
                let detail = format!("there were too many wrong passwords; the next one is looked at in {seconds} s");
                Self::new(Code::TooManyFailures, detail, "wait, then try again").retry_after(seconds)
            }
            NotSignedIn::Crowded => crowded(),
        }
    }
}

fn crowded() -> Problem {
    let detail = "too many passwords are being checked at the moment";
    Problem::new(Code::Crowded, detail, "try again in a few seconds").retry_after(2)
}

impl Access {
    /// Checks a name and a password. An unknown name takes as long, and gets the same answer.
    pub(super) async fn check_password(
        &self,
        user: &str,
        password: String,
        address: Option<IpAddr>,
    ) -> Result<UserRecord, NotSignedIn> {
        let record = self.user(user).filter(|record| !record.disabled);
        // A password that was typed into the field of the name must not reach the log.
        let shown = if record.is_some() { user } else { "(unknown)" };
        self.inner.throttle.begin(user, address, self.now()).map_err(|wait| {
            tracing::warn!(user = shown, address = ?address, "too many wrong passwords");
            NotSignedIn::Wait(wait)
        })?;
        let kept = record.as_ref().map(|record| Arc::clone(&record.password));
        let fits = self.inner.passwords.fits(password, kept).await.map_err(|Crowded| NotSignedIn::Crowded)?;
        let Some(record) = record.filter(|_| fits) else {
            tracing::warn!(user = shown, address = ?address, "a wrong password");
            return Err(NotSignedIn::Wrong);
        };
        self.inner.throttle.right(user, address);
        Ok(record)
    }

    /// Begins a session in the role that is asked for, or the user's first.
    pub(super) fn begin_session(
        &self,
        user: &str,
        record: &UserRecord,
        role: Option<Role>,
    ) -> Result<(Secret, Session), Problem> {
        let user = name(user)?;
        let has = |role: &Role| record.roles.contains(role);
        let Some(role) = role.or_else(|| record.roles.first().copied()).filter(has) else {
            let roles: Vec<&str> = record.roles.iter().map(|role| role.word()).collect();
            let detail = format!("{user} does not have this role");
            let remedy = format!("sign in in one of these: {}", roles.join(", "));
            return Err(Problem::new(Code::RoleNotAllowed, detail, remedy));
        };
        tracing::info!(user = user.as_str(), role = role.word(), "signed in");
        Ok(self.inner.sessions.begin(user, role, Digest::of(&record.password), self.now()))
    }

    /// Makes a user.
    pub(super) async fn add_user(&self, by: &Changer, new: NewUser) -> Result<UserRecord, Problem> {
        let _alone = self.inner.changing.lock().await;
        name(&new.user)?;
        if self.user(&new.user).is_some() || self.key(&new.user).is_some() {
            let detail = format!("there is a user or a key {} already, and facts name both", new.user);
            return Err(Problem::new(Code::NameTaken, detail, "choose another name"));
        }
        let NewUser { user, name, roles, scopes, password } = new;
        let password = self.hash(&user, password).await?;
        let record = UserRecord {
            name: name.unwrap_or_else(|| user.clone()),
            roles: person_roles(&roles)?,
            scopes: stations(scopes)?,
            disabled: false,
            password,
        };
        check_shown(&record.name)?;
        self.put_user(by, &user, &record).await?;
        tracing::info!(user, by = by.actor.as_str(), "a user was made");
        Ok(record)
    }

    /// Changes what a user may do. Who is disabled or loses a role is signed out of it with the next request.
    pub(super) async fn change_user(
        &self,
        by: &Changer,
        user: &str,
        change: UserChange,
    ) -> Result<UserRecord, Problem> {
        let _alone = self.inner.changing.lock().await;
        let mut record = self.user(user).ok_or_else(|| no_such("user", user))?;
        let UserChange { name, roles, scopes, disabled } = change;
        record.name = name.unwrap_or(record.name);
        check_shown(&record.name)?;
        record.roles = roles.map_or(Ok(record.roles), |roles| person_roles(&roles))?;
        record.scopes = scopes.map_or(Ok(record.scopes), stations)?;
        record.disabled = disabled.unwrap_or(record.disabled);
        if !runs_the_system(&record) && !self.others_run_the_system(user) {
            let detail = format!("{user} is the last administrator who can sign in");
            let remedy = "make another user an administrator first";
            return Err(Problem::new(Code::LastAdministrator, detail, remedy));
        }
        self.put_user(by, user, &record).await?;
        tracing::info!(user, by = by.actor.as_str(), "a user was changed");
        Ok(record)
    }

    /// Sets a password, which ends all sessions of the user.
    pub(super) async fn set_password(&self, by: &Changer, user: &str, password: String) -> Result<UserRecord, Problem> {
        let _alone = self.inner.changing.lock().await;
        let mut record = self.user(user).ok_or_else(|| no_such("user", user))?;
        record.password = self.hash(user, password).await?;
        self.put_user(by, user, &record).await?;
        self.inner.sessions.end_all_of(&name(user)?);
        self.inner.throttle.right(user, None);
        tracing::info!(user, by = by.actor.as_str(), "a password was set");
        Ok(record)
    }

    async fn hash(&self, user: &str, password: String) -> Result<Arc<str>, Problem> {
        Passwords::check_new(user, &password).map_err(|unfit| {
            let remedy = match unfit {
                Unfit::Short => "several words are easier to remember than signs",
                Unfit::Long | Unfit::IsName => "choose another one",
            };
            Problem::new(Code::PasswordUnfit, unfit.to_string(), remedy)
        })?;
        self.inner.passwords.hash(password).await.map_err(|Crowded| crowded())
    }

    /// Whether somebody can administer the site.
    pub(super) fn has_administrator(&self) -> bool {
        self.users().iter().any(|(_, record)| runs_the_system(record))
    }

    fn others_run_the_system(&self, user: &str) -> bool {
        let was = self.user(user).is_some_and(|record| runs_the_system(&record));
        !was || self.users().iter().any(|(name, record)| name != user && runs_the_system(record))
    }
}

fn runs_the_system(record: &UserRecord) -> bool {
    !record.disabled && record.roles.contains(&Role::Administrator)
}

pub(super) fn no_such(what: &str, name: &str) -> Problem {
    Problem::new(Code::NotFound, format!("there is no {what} {name}"), "check the name")
}

/// A name of a user or a key: what can stand in a path, a log and a fact without being mistaken.
pub(super) fn name(text: &str) -> Result<Name, Problem> {
    let of_name =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || ".-".contains(character);
    let is_name = text.len() <= NAME_CHARACTERS_MAX
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(of_name)
        && text != "packtree";
    if !is_name {
        let what = format!(
            "a name begins with a letter and has up to {NAME_CHARACTERS_MAX} small letters, digits, dots and hyphens"
        );
        return Err(malformed(&what));
    }
    Name::new(text).map_err(|error| malformed(&error.to_string()))
}

/// A name that is shown to people.
pub(super) fn check_shown(text: &str) -> Result<(), Problem> {
    let is_fit = Name::new(text).is_ok() && !text.chars().any(char::is_control);
    if is_fit { Ok(()) } else { Err(malformed("a name that is shown has 1 to 64 characters")) }
}

/// The roles of a person: at least one, each once, none of a machine.
fn person_roles(words: &[String]) -> Result<Vec<Role>, Problem> {
    let mut roles = Vec::new();
    for word in words {
        let role = Role::from_word(word).filter(|role| *role != Role::Machine);
        let Some(role) = role.filter(|role| !roles.contains(role)) else {
            return Err(malformed(&format!(
                "{word} is no role of a person, or is named twice; there are operator, supervisor, quality, administrator, auditor"
            )));
        };
        roles.push(role);
    }
    if roles.is_empty() {
        return Err(malformed("a user has at least one role"));
    }
    Ok(roles)
}

/// Stations by their names.
pub(super) fn stations(names: Vec<String>) -> Result<Vec<String>, Problem> {
    /// A person has a handful of stations; a setting holds 64 KiB.
    const STATIONS_MAX: usize = 100;
    if STATIONS_MAX < names.len() {
        return Err(malformed(&format!("{STATIONS_MAX} stations can be named at most; name none for everywhere")));
    }
    for name in &names {
        Name::new(name).map_err(|error| malformed(&error.to_string()))?;
    }
    Ok(names)
}

/// Stations as a principal has them. They were checked when they were set.
pub(super) fn station_names(scopes: &[String]) -> Vec<Name> {
    scopes.iter().filter_map(|station| Name::new(station).ok()).collect()
}

impl From<&Principal> for Changer {
    fn from(principal: &Principal) -> Self {
        Self { actor: principal.actor.clone(), role: principal.role }
    }
}
