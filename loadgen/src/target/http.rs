//! A server over HTTP.
//!
//! The driver sends operations one by one and takes the answers later, as from the engine in its own process. A request for each of them
//! over HTTP would measure connections and not the server, so what waits goes together: a thread for each line takes what the line has
//! sent so far, and sends the next batch when the one before is answered. Nothing waits for a batch to fill.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, bounded};
use packtree::fact::{LotName, Standing, Status};
use packtree::operation::Request;
use packtree::{Identifier, Outcome};
use packtree_client::{Builder, Client, Error, Retries};

use super::embedded::seen;
use super::staff::{self, ADMINISTRATOR, PASSWORD, User};
use super::{Answer, Failure, LotSeen, Pending, Seen, Statistics, Target};

/// Threads that send, each a batch at a time: one for each line of a large site, as lines have connections of their own. The operations
/// of a line are of one of them, so that they are answered in order.
const SENDERS: usize = 128;

/// Operations that wait to be sent, in front of each sender.
const WAITING_MAX: usize = 4_096;

/// Operations that go together: as many as the server takes at once.
const BATCH_MAX: usize = 1_000;

/// How long to wait for a server that is busy. What waits for its disk is gone by then; the second that it speaks of suits people.
pub(super) const BUSY_WAIT: Duration = Duration::from_millis(20);

/// An operation on its way, and where its answer goes.
struct Letter {
    request: Request,
    answer: Sender<Result<Answer, Failure>>,
}

/// What the environment says.
type Variables<'v> = &'v dyn Fn(&str) -> Option<String>;

/// A server, with threads that send to it.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    /// How whoever signs in reaches it.
    entrance: Builder,
    senders: Vec<Sender<Letter>>,
    staff: Vec<User>,
    /// Operations that the server was too busy for, each time that they were sent.
    busy: Arc<AtomicU64>,
}

impl Http {
    /// A server at an address. The key is taken from the variable `PACKTREE_KEY`, and whom to trust from the file that
    /// `PACKTREE_CERTIFICATE` names.
    ///
    /// # Errors
    /// What is wrong with the address, the key or the certificate.
    pub(crate) fn new(address: &str, variable: Variables<'_>) -> Result<Self> {
        // What is tried again in secret is not measured: an answer that does not come ends the run.
        let mut entrance = Client::builder(address).retries(Retries::NONE);
        if let Some(path) = variable("PACKTREE_CERTIFICATE") {
            let pem = std::fs::read(Path::new(&path)).with_context(|| format!("{path} cannot be read"))?;
            entrance = entrance.certificate(pem);
        }
        let client = match variable("PACKTREE_KEY") {
            Some(key) => entrance.clone().key(key).build()?,
            None => entrance.clone().build()?,
        };
        let busy = Arc::new(AtomicU64::new(0));
        let senders = (0..SENDERS).map(|_| sender(client.clone(), Arc::clone(&busy))).collect();
        Ok(Self { client, entrance, senders, staff: Vec::new(), busy })
    }

    /// Makes users who do the work of the warehouse, with the help of an administrator of the server, who is taken from the variables
    /// `PACKTREE_ADMINISTRATOR` and `PACKTREE_PASSWORD`.
    ///
    /// # Errors
    /// When there is none, or they may not.
    pub(crate) fn hire(&mut self, users: u32, variable: Variables<'_>) -> Result<()> {
        let (Some(administrator), Some(password)) = (variable(ADMINISTRATOR), variable(PASSWORD)) else {
            bail!(
                "the profile has {users} users in its warehouse, whom an administrator of the server has to make: put the name and \
                 the password of one into {ADMINISTRATOR} and {PASSWORD}; or set users = 0, and the key does their work"
            );
        };
        self.staff = staff::hire(&self.entrance, users, &administrator, &password)
            .with_context(|| format!("{administrator} makes no users for the warehouse"))?;
        Ok(())
    }

    /// Whom to ask beside what is played.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }
}

/// Starts a thread that sends what comes, until nobody can send any more.
fn sender(client: Client, busy: Arc<AtomicU64>) -> Sender<Letter> {
    let (sender, letters) = bounded::<Letter>(WAITING_MAX);
    thread::spawn(move || {
        while let Ok(first) = letters.recv() {
            let batch = std::iter::once(first).chain(letters.try_iter().take(BATCH_MAX - 1)).collect();
            deliver(&client, batch, &busy);
        }
    });
    sender
}

/// Sends a batch and hands out the answers. What the server was too busy for is sent again, counted in `busy`, until it is answered.
fn deliver(client: &Client, batch: Vec<Letter>, busy: &AtomicU64) {
    let (mut requests, mut answers): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|letter| (letter.request, letter.answer)).unzip();
    loop {
        let outcomes = match client.submit_all(&requests) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                for answer in &answers {
                    // Whoever gave up waiting wants no answer.
                    let _ = answer.send(Err(failure(&error)));
                }
                return;
            }
        };
        let is_busy = |outcome: &Result<Outcome, Error>| matches!(outcome, Err(Error::Busy(_)));
        let answered_count = outcomes.iter().position(is_busy).unwrap_or(outcomes.len());
        requests.drain(..answered_count);
        for (answer, outcome) in answers.drain(..answered_count).zip(outcomes) {
            let _ = answer.send(outcome.map(answered).map_err(|error| failure(&error)));
        }
        if requests.is_empty() {
            return;
        }
        busy.fetch_add(requests.len() as u64, Ordering::Relaxed);
        thread::sleep(BUSY_WAIT);
    }
}

impl Target for Http {
    type Pending = Receiver<Result<Answer, Failure>>;

    fn send(&self, request: &Request) -> Result<Self::Pending, Failure> {
        let (answer, pending) = bounded(1);
        let place = place(request.station.as_str()) % self.senders.len();
        self.senders[place].try_send(Letter { request: request.clone(), answer }).map_err(|error| {
            if error.is_full() { Failure::Busy } else { Failure::Down("a thread that sends has ended".to_owned()) }
        })?;
        Ok(pending)
    }

    fn inspect(&self, objects: &[Identifier]) -> Result<Vec<Option<Seen>>, Failure> {
        let found = self.client.inspect_all(objects).map_err(|error| failure(&error))?;
        Ok(found.into_iter().map(|known| known.map(seen)).collect())
    }

    fn contents(&self, object: &Identifier) -> Result<Option<Vec<Identifier>>, Failure> {
        let Some(contents) = self.client.contents(object, None).map_err(|error| failure(&error))? else {
            return Ok(None);
        };
        let ids = contents.map(|content| content.map(|content| content.id.0).map_err(|error| failure(&error)));
        ids.collect::<Result<Vec<_>, _>>().map(Some)
    }

    fn lot(&self, lot: &LotName) -> Result<Option<LotSeen>, Failure> {
        let known = self.client.lot(lot).map_err(|error| failure(&error))?;
        Ok(known.map(|lot| {
            let counted = |status: Status| lot.counts.by_status.get(status.word()).copied().unwrap_or(0);
            LotSeen { active: counted(Status::Active), rejected: counted(Status::Rejected), packed: lot.counts.packed }
        }))
    }

    fn staff(&self) -> &[User] {
        &self.staff
    }

    fn statistics(&self) -> Result<Statistics, Failure> {
        let statistics = self.client.statistics().map_err(|error| failure(&error))?;
        Ok(Statistics { objects: u64::from(statistics.objects), bytes: None, busy: self.busy.load(Ordering::Relaxed) })
    }
}

impl Pending for Receiver<Result<Answer, Failure>> {
    fn wait(&self, time: Duration) -> Option<Result<Answer, Failure>> {
        match self.recv_timeout(time) {
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Err(Failure::Down("a thread that sends has ended".to_owned()))),
        }
    }
}

/// Which line a station belongs to: a line and the people at its pallets have the same number, and must be answered in order.
fn place(station: &str) -> usize {
    station.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

pub(super) fn answered(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Done(receipt) => {
            Answer::Done { fact: receipt.first.0, repeated: receipt.repeated, late: receipt.standing != Standing::Done }
        }
        Outcome::Refused(refusal) => Answer::Refused { reason: refusal.reason(), sentence: refusal.to_string() },
    }
}

pub(super) fn failure(error: &Error) -> Failure {
    match error {
        Error::Busy(_) => Failure::Busy,
        Error::Stopped(_) => Failure::Stopped(error.to_string()),
        Error::Unreachable { .. } | Error::Timeout { .. } | Error::Failed(_) => Failure::Down(error.to_string()),
        _ => Failure::Nonsense(error.to_string()),
    }
}
