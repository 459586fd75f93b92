//! Who is asking, and what they may do.
//!
//! People sign in with a password and have a session; machines come with an API key. Users, keys and the policy are facts: the journal
//! keeps every version and who set it. Sessions are in memory only.

mod body;
mod console;
mod door;
mod first;
mod keys;
mod link;
mod password;
mod policy;
mod principal;
mod records;
mod routes;
mod secret;
mod sessions;
mod signing;
mod throttle;
mod users;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use packtree::fact::Microseconds;
use packtree::{Clock, Engine, SystemClock};
use parking_lot::Mutex;

pub(crate) use console::key_name;
pub(crate) use door::{Door, Who, guard};
pub use principal::{Denied, Kind, Permission, Principal};
pub(crate) use routes::{COOKIE, entrance, routes};
pub use signing::Given;
pub(crate) use wire::{Key, MadeKey};

use password::Passwords;
use secret::Digest;
use sessions::{Sessions, Times};
use throttle::Throttle;

/// How access is checked.
#[derive(Clone, Debug)]
pub struct Options {
    /// A session ends after so long without a request.
    pub idle: Duration,
    /// A session ends after so long whatever happens in it.
    pub whole: Duration,
    /// Whether everybody may read metrics and the description of the API.
    pub open_metrics: bool,
    /// Whether the page of the demo and its link are there.
    pub demo: bool,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Self {
        let (idle, whole) = (Duration::from_mins(30), Duration::from_hours(12));
        Self { idle, whole, open_metrics: false, demo: false, clock: Arc::new(SystemClock) }
    }
}

/// Checks who is asking; cheap to clone.
#[derive(Clone)]
pub struct Access {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    options: Options,
    passwords: Passwords,
    throttle: Throttle,
    sessions: Sessions,
    /// What the first administrator has to show; none once there is one.
    first: Mutex<Option<Digest>>,
    /// Links that sign somebody in, each once.
    links: Mutex<HashMap<Digest, String>>,
    /// One change of users and keys at a time, so that two cannot make the same name.
    changing: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("sessions", &self.sessions_now()).finish_non_exhaustive()
    }
}

impl Access {
    /// Access to a site on this engine. Applies the policy that an administrator has set, if there is one.
    pub fn new(engine: Engine, options: Options) -> Self {
        let sessions = Sessions::new(Times { idle: options.idle, whole: options.whole });
        let inner = Inner {
            engine,
            options,
            passwords: Passwords::new(),
            throttle: Throttle::default(),
            sessions,
            first: Mutex::default(),
            links: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
        };
        let access = Self { inner: Arc::new(inner) };
        access.apply_policy();
        access
    }

    /// People who are signed in.
    pub fn sessions_now(&self) -> usize {
        self.inner.sessions.number(self.now())
    }

    /// Whether this is the site of a demo.
    pub(crate) fn is_demo(&self) -> bool {
        self.inner.options.demo
    }

    fn now(&self) -> Microseconds {
        self.inner.options.clock.now()
    }
}
