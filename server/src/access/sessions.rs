//! Who is signed in. Kept in memory only: after a restart everybody signs in again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use packtree::fact::{Microseconds, Name, Role};
use parking_lot::Mutex;

use super::secret::{Digest, Secret};

/// Sessions that there may be; beyond that the one that was idle longest ends.
const SESSIONS_MAX: usize = 10_000;

/// Sessions that one person may have: a handheld, a desk, and some forgotten ones.
const SESSIONS_OF_ONE_MAX: usize = 16;

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    /// Without a request.
    pub(crate) idle: Duration,
    /// Whatever happens in it.
    pub(crate) whole: Duration,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) user: Name,
    pub(crate) role: Role,
    /// What a page must show with everything that changes something, because other sites cannot know it.
    pub(crate) csrf: Arc<str>,
    /// The password with which it began; another one ends it.
    pub(crate) password: Digest,
    pub(crate) began: Microseconds,
    pub(crate) seen: Microseconds,
}

#[derive(Debug)]
pub(crate) struct Sessions {
    times: Times,
    /// By the digest of the token, so that nobody who reads this memory can use one.
    open: Mutex<HashMap<Digest, Session>>,
}

impl Sessions {
    pub(crate) fn new(times: Times) -> Self {
        Self { times, open: Mutex::default() }
    }

    /// Begins a session and gives its token, which nobody else has or has had.
    pub(crate) fn begin(&self, user: Name, role: Role, password: Digest, now: Microseconds) -> (Secret, Session) {
        let token = Secret::random();
        let csrf = Secret::random().reveal().into();
        let session = Session { user, role, csrf, password, began: now, seen: now };
        let mut open = self.open.lock();
        open.retain(|_, session| self.lasts(session, now));
        let of_user = open.values().filter(|other| other.user == session.user).count();
        if SESSIONS_OF_ONE_MAX <= of_user {
            end_oldest(&mut open, |other| other.user == session.user);
        }
        if SESSIONS_MAX <= open.len() {
            end_oldest(&mut open, |_| true);
        }
        open.insert(Digest::of(token.reveal()), session.clone());
        (token, session)
    }

    /// The session of a token, which this keeps from being idle.
    pub(crate) fn find(&self, token: &str, now: Microseconds) -> Option<Session> {
        let mut open = self.open.lock();
        let digest = Digest::of(token);
        let session = open.get_mut(&digest)?;
        if !self.lasts(session, now) {
            open.remove(&digest);
            return None;
        }
        session.seen = session.seen.max(now);
        Some(session.clone())
    }

    /// Ends the session of a token.
    pub(crate) fn end(&self, token: &str) {
        self.open.lock().remove(&Digest::of(token));
    }

    /// Ends all sessions of somebody.
    pub(crate) fn end_all_of(&self, user: &Name) {
        self.open.lock().retain(|_, session| session.user != *user);
    }

    /// How many there are.
    pub(crate) fn number(&self, now: Microseconds) -> usize {
        self.open.lock().values().filter(|session| self.lasts(session, now)).count()
    }

    /// When a session ends if nothing happens in it.
    pub(crate) fn ends(&self, session: &Session) -> Microseconds {
        (session.seen + micros(self.times.idle)).min(session.began + micros(self.times.whole))
    }

    /// The times of all sessions.
    pub(crate) fn times(&self) -> Times {
        self.times
    }

    fn lasts(&self, session: &Session, now: Microseconds) -> bool {
        now < self.ends(session)
    }
}

fn micros(time: Duration) -> Microseconds {
    Microseconds::try_from(time.as_micros()).unwrap_or(Microseconds::MAX / 2)
}

fn end_oldest(open: &mut HashMap<Digest, Session>, is_meant: impl Fn(&Session) -> bool) {
    let oldest = open.iter().filter(|(_, session)| is_meant(session)).min_by_key(|(_, session)| session.seen);
    if let Some(token) = oldest.map(|(token, _)| *token) {
        open.remove(&token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Microseconds = 60_000_000;

    fn sessions() -> Sessions {
        Sessions::new(Times { idle: Duration::from_mins(30), whole: Duration::from_hours(12) })
    }

    fn begin(sessions: &Sessions, user: &str, now: Microseconds) -> String {
        let (token, _) = sessions.begin(Name::new(user).unwrap(), Role::Operator, Digest::of("password"), now);
        token.reveal().to_owned()
    }

    #[test]
    fn an_idle_session_ends() {
        let sessions = sessions();
        let token = begin(&sessions, "jane", MINUTE);
        assert!(sessions.find(&token, MINUTE * 30).is_some());
        assert!(sessions.find(&token, MINUTE * 59).is_some(), "each request begins the time anew");
        assert_eq!(sessions.number(MINUTE * 88), 1);
        assert!(sessions.find(&token, MINUTE * 89).is_none());
        assert!(sessions.find(&token, MINUTE * 59).is_none(), "what has ended does not come back");
        assert_eq!(sessions.number(MINUTE * 59), 0);
    }

    #[test]
    fn a_session_ends_after_twelve_hours_however_busy() {
        let sessions = sessions();
        let token = begin(&sessions, "jane", 0);
        for minute in (0..12 * 60).step_by(10) {
            assert!(sessions.find(&token, MINUTE * minute).is_some(), "minute {minute}");
        }
        assert!(sessions.find(&token, MINUTE * 12 * 60).is_none());
    }

    #[test]
    fn sessions_end_by_token_and_by_user() {
        let sessions = sessions();
        let (one, two, other) = (begin(&sessions, "jane", 1), begin(&sessions, "jane", 1), begin(&sessions, "joe", 1));
        assert!(one != two && sessions.find("", 2).is_none());
        sessions.end(&one);
        assert!(sessions.find(&one, 2).is_none() && sessions.find(&two, 2).is_some());
        sessions.end_all_of(&Name::new("jane").unwrap());
        assert!(sessions.find(&two, 2).is_none() && sessions.find(&other, 2).is_some());
    }

    #[test]
    fn one_person_has_so_many_sessions_at_most() {
        let sessions = sessions();
        let tokens: Vec<String> =
            (0..).take(SESSIONS_OF_ONE_MAX + 1).map(|number| begin(&sessions, "jane", number)).collect();
        assert!(sessions.find(&tokens[0], MINUTE).is_none(), "the oldest has ended");
        assert!(tokens[1..].iter().all(|token| sessions.find(token, MINUTE).is_some()));
    }
}
