//! Passwords: hashed with argon2id, a few at a time, on threads of their own.
//!
//! The allocator keeps the memory of a hash for the thread that made it. On the threads that work for requests, of which there are many,
//! each would keep its own in the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use parking_lot::Mutex;
use tokio::sync::oneshot;

/// What OWASP recommends for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIBIBYTES: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashing takes a processor for tens of milliseconds. At most two at a time, and never all processors: the line goes on.
const AT_A_TIME_MAX: usize = 2;

/// More that wait are sent away at once: whoever is behind them would wait for seconds.
const WAITING_MAX: usize = 64;

/// Shorter passwords are guessed; NIST SP 800-63B asks for 8 at least, and for no rules about kinds of characters.
pub(crate) const CHARACTERS_MIN: usize = 10;

/// Longer ones are no password but an attempt to keep the server busy.
pub(crate) const BYTES_MAX: usize = 256;

/// Why a password cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("a password has {CHARACTERS_MIN} characters at least")]
    Short,
    #[error("a password has {BYTES_MAX} bytes at most")]
    Long,
    #[error("a password must not be the name of its user")]
    IsName,
}

/// Too many passwords are being checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crowded;

/// Something to be hashed or checked, which gives the answer itself.
type Work = Box<dyn FnOnce() + Send>;

/// Hashes and checks passwords.
#[derive(Debug)]
pub(crate) struct Passwords {
    /// Where the threads take it from; they end with it.
    work: Sender<Work>,
    waiting: AtomicUsize,
    /// What the password of somebody who does not exist is checked against, so that it takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let (work, taken) = channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..(processors / 2).clamp(1, AT_A_TIME_MAX) {
            let taken = Arc::clone(&taken);
            thread::spawn(move || hash_what_comes(&taken));
        }
        let nobody = hash(super::secret::Secret::random().reveal());
        Self { work, waiting: AtomicUsize::new(0), nobody }
    }

    /// Whether a new password may be taken.
    pub(crate) fn check_new(user: &str, password: &str) -> Result<(), Unfit> {
        if password.chars().count() < CHARACTERS_MIN {
            return Err(Unfit::Short);
        }
        if BYTES_MAX < password.len() {
            return Err(Unfit::Long);
        }
        if password.eq_ignore_ascii_case(user) {
            return Err(Unfit::IsName);
        }
        Ok(())
    }

    /// The hash of a password, as a PHC string.
    pub(crate) async fn hash(&self, password: String) -> Result<Arc<str>, Crowded> {
        self.run(move || hash(&password)).await
    }

    /// Whether a password fits a hash; takes as long when there is none.
    pub(crate) async fn fits(&self, password: String, kept: Option<Arc<str>>) -> Result<bool, Crowded> {
        let is_somebody = kept.is_some();
        let kept = kept.unwrap_or_else(|| Arc::clone(&self.nobody));
        let fits = self.run(move || fits(&password, &kept)).await?;
        Ok(is_somebody && fits)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Crowded> {
        let _place = Place::take(&self.waiting).ok_or(Crowded)?;
        let (answer, answered) = oneshot::channel();
        let work = move || {
            // Whoever has gone needs no answer.
            let _ = answer.send(work());
        };
        self.work.send(Box::new(work)).map_err(|_| Crowded)?;
        answered.await.map_err(|_| Crowded)
    }
}

/// Does what comes until nothing can come any more. While one thread waits at the channel, the others wait for their turn.
fn hash_what_comes(taken: &Mutex<Receiver<Work>>) {
    loop {
        let work = taken.lock().recv();
        match work {
            Ok(work) => work(),
            Err(_) => return,
        }
    }
}

/// A place among those that wait, given back when it is dropped.
struct Place<'w>(&'w AtomicUsize);

impl<'w> Place<'w> {
    fn take(waiting: &'w AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::AcqRel) < WAITING_MAX).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn argon2() -> Argon2<'static> {
    let parameters = Params::new(MEMORY_KIBIBYTES, PASSES, LANES, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
}

fn hash(password: &str) -> Arc<str> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).expect("the system gives random numbers since it has started");
    let hashed = argon2().hash_password_with_salt(password.as_bytes(), &salt);
    hashed.expect("a salt of 16 bytes and these parameters are valid").to_string().into()
}

fn fits(password: &str, kept: &str) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return false };
    password.len() <= BYTES_MAX && argon2().verify_password(password.as_bytes(), &kept).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash() {
        let passwords = Passwords::new();
        let kept = passwords.hash("correct horse battery".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let fits = async |password: &str, kept| passwords.fits(password.to_owned(), kept).await.unwrap();
        assert!(fits("correct horse battery", Some(Arc::clone(&kept))).await);
        assert!(!fits("correct horse batterx", Some(Arc::clone(&kept))).await);
        assert!(!fits("correct horse battery", None).await);
        assert!(!fits("anything", Some("no hash".into())).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_crowd_is_sent_away() {
        let passwords = Arc::new(Passwords::new());
        let attempts: Vec<_> = (0..WAITING_MAX + 40)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.fits("wrong".to_owned(), None).await })
            })
            .collect();
        let mut crowded = 0;
        for attempt in attempts {
            crowded += usize::from(attempt.await.unwrap() == Err(Crowded));
        }
        assert!(0 < crowded && crowded <= 40, "{crowded} were sent away");
        assert_eq!(passwords.fits("wrong".to_owned(), None).await, Ok(false), "there is room again");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_memory_of_a_hash_is_not_spread_over_the_threads_of_requests() {
        let passwords = Passwords::new();
        let mut threads = std::collections::HashSet::new();
        let mut requests = Vec::new();
        for _ in 0..8 {
            threads.insert(passwords.run(|| thread::current().id()).await.unwrap());
            // A request that works takes the thread that is idle.
            let (end, ended) = channel::<()>();
            requests.push((end, tokio::task::spawn_blocking(move || ended.recv())));
        }
        assert!(threads.len() <= AT_A_TIME_MAX, "{threads:?}");
    }

    #[test]
    fn unfit_passwords_are_refused() {
        let check = |password: &str| Passwords::check_new("margarethe", password);
        assert_eq!(check("short"), Err(Unfit::Short));
        assert_eq!(check(&"x".repeat(BYTES_MAX + 1)), Err(Unfit::Long));
        assert_eq!(check("Margarethe"), Err(Unfit::IsName));
        assert_eq!(check("nine lives"), Ok(()));
    }
}
