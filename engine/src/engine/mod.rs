//! Wires everything behind a handful of verbs, and owns the threads.

mod ask;
mod backup;
mod check;
#[cfg(test)]
mod checkpoints;
mod committer;
mod feed;
mod graph;
mod measure;
mod opening;
mod pen;
mod rehearsal;
mod replay;
mod shared;
mod ticket;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam::channel::{Sender, TrySendError, bounded};
use parking_lot::Mutex;

use crate::disk::{Disk, RealDisk};
use crate::error::{Error, OpenError};
use crate::fact::{Entry, EventTime, Fact, Name, RequestId, Role, Sequence};
use crate::forest::{Changes, Draft, View as _};
use crate::journal::{self, Head, Opening};
use crate::limits::{QUEUE_OPERATIONS_MAX, SEQUENCE_OPERATIONS_MAX, STATE_STALL_SECONDS};
use crate::operation::decide::decide;
use crate::operation::parking::{Due, Released, decide_or_park};
use crate::operation::{Operation, Request};
use crate::policy::Policy;
use crate::refusal::{Reason, Refusal};
use crate::state::{Keeper, Scribe};
use crate::surroundings::{Clock, Entropy, SystemClock, SystemEntropy};
pub use backup::backup;
pub use check::{Salvage, Verification, salvage, salvage_on, verify, verify_on};
use committer::{Committer, Message};
pub use feed::Feed;
pub use measure::Distribution;
pub use opening::{Opened, SetAside};
pub use rehearsal::Rehearsal;
use shared::Shared;
pub use ticket::{Outcome, Receipt, Ticket};

/// The store of checkpoints, inside the engine's directory. It can be removed while the engine is closed.
const STATE_DIRECTORY: &str = "state";

/// How an engine is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The rules that differ from company to company.
    pub policy: Policy,
    /// A head that the caller knows the engine to have reached, kept elsewhere. With it, an older copy of the whole directory that
    /// was put back is noticed.
    pub expected: Option<Head>,
    /// How the journal is written.
    pub journal: journal::Settings,
    /// When checkpoints are written.
    pub checkpoints: Checkpoints,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where random numbers come from.
    pub entropy: Arc<dyn Entropy>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            expected: None,
            journal: journal::Settings::default(),
            checkpoints: Checkpoints::default(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        }
    }
}

/// When checkpoints are written. They make opening fast; the journal alone is enough for everything else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checkpoints {
    /// Once enough has changed since the last one, on closing where that pays, and when asked for.
    #[default]
    Automatic,
    /// Only when [`Engine::checkpoint`] asks for one.
    OnRequest,
}

/// Who works where: what all requests of one caller share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub actor: Name,
    /// In which role.
    pub role: Role,
    /// Where.
    pub station: Name,
    /// How operations are entered.
    pub entry: Entry,
}

impl Caller {
    /// A machine, such as a packaging line.
    ///
    /// # Errors
    /// When the name is empty or longer than 64 characters.
    pub fn machine(name: &str) -> Result<Self, crate::TextError> {
        let name = Name::new(name)?;
        Ok(Self { actor: name.clone(), role: Role::Machine, station: name, entry: Entry::Machine })
    }
}

/// Which unit is in which case on which pallet, now and at any earlier moment.
///
/// A handle that is cheap to clone and used from as many threads as wanted. What [`Engine::submit`] acknowledges is durable. Reads see
/// the durable state, run beside writes and never wait for the disk.
///
/// ```
/// use packtree::{Caller, Engine, Identifier, Operation, Options, Outcome};
/// use packtree::fact::Level;
/// use packtree::operation::Commission;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path();
/// let engine = Engine::open(path, Options::default())?;
/// let line = Caller::machine("line-3")?;
///
/// let case = Identifier::parse("(00)095212345000000018")?;
/// let unit = Identifier::parse("(01)09521234543213(21)A001")?;
/// for (object, level) in [(&case, Level::Case), (&unit, Level::Unit)] {
///     engine.perform(&line, Operation::Commission(Commission { lot: None, level, objects: vec![object.clone()] }))?;
/// }
/// let outcome = engine.perform(&line, Operation::pack(case.clone(), vec![unit.clone()]))?;
///
/// assert!(matches!(outcome, Outcome::Done(_)));
/// engine.close()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    queue: Sender<Message>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    opened: Opened,
    /// The store of checkpoints; none on a disk that is not a directory of the file system.
    keeper: Option<Arc<Keeper>>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("head", &self.head()).finish_non_exhaustive()
    }
}

/// Numbers about a running engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Objects that are known, retired ones included.
    pub objects: u32,
    /// The newest durable fact.
    pub facts: u64,
    /// Groups made durable since it was opened, each with one flush.
    pub groups: u64,
    /// Operations refused since it was opened.
    pub refusals: u64,
    /// Operations waiting.
    pub waiting: usize,
    /// Operations that are parked.
    pub parked: usize,
    /// The fact that the newest valid checkpoint follows; 0 for none.
    pub checkpoint: u64,
    /// Microseconds that a group took from being taken off the queue until it was durable and applied.
    pub commit_times: Distribution,
    /// Operations that were answered with one group.
    pub group_operations: Distribution,
}

impl Engine {
    /// Opens the engine in a directory, which is made if it does not exist.
    ///
    /// # Errors
    /// When another process has the directory, or its journal does not check; the message says what to do.
    pub fn open(directory: &Path, options: Options) -> Result<Self, OpenError> {
        let disk = RealDisk::create(directory)
            .map_err(|source| OpenError::Directory { directory: directory.display().to_string(), source })?;
        let stall = Duration::from_secs(STATE_STALL_SECONDS);
        Self::open_with(Arc::new(disk), Some((&directory.join(STATE_DIRECTORY), stall)), options)
    }

    /// Opens the engine on a disk of the caller's, such as a simulated one. It has no store of checkpoints then.
    ///
    /// # Errors
    /// As for [`Engine::open`].
    pub fn open_on(disk: Arc<dyn Disk>, options: Options) -> Result<Self, OpenError> {
        Self::open_with(disk, None, options)
    }

    fn open_with(disk: Arc<dyn Disk>, state: Option<(&Path, Duration)>, options: Options) -> Result<Self, OpenError> {
        let Options { policy, expected, journal: settings, checkpoints, clock, entropy } = options;
        let lock = disk.lock()?;
        let keeper = state.map(|(path, stall)| Keeper::start(path, lock.clone(), stall).map(Arc::new)).transpose();
        let keeper = keeper.map_err(OpenError::Thread)?;
        let seed = entropy.next() as u64;
        let identity = entropy.next().to_le_bytes();
        let opening = Opening { settings, expected, checkpoint: None, identity, now_us: clock.now() };
        let found = opening::Ground { disk, lock, opening, seed }.open(keeper.as_deref())?;
        let opening::Found { journal, forest, requests, opened } = found;
        let is_automatic = checkpoints == Checkpoints::Automatic;
        let scribe = keeper.clone().map(|keeper| Scribe::new(keeper, is_automatic, &requests));
        let preparer = journal.preparer();
        let shared = Arc::new(Shared::new(forest, requests, journal.reader(), policy, clock, entropy));
        let (queue, submissions) = bounded(QUEUE_OPERATIONS_MAX);
        let committer = Committer::new(Arc::clone(&shared), submissions, journal, scribe);
        let threads = vec![
            spawn("packtree-commit", move || committer.run())?,
            spawn("packtree-segments", move || preparer.run())?,
        ];
        let inner = Inner { shared, queue, threads: Mutex::new(threads), opened, keeper };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Submits a request and waits until it is durable or refused.
    ///
    /// # Errors
    /// When the engine cannot: it is busy, closed, or its disk failed.
    pub fn submit(&self, request: Request) -> Result<Outcome, Error> {
        self.send(request)?.wait()
    }

    /// Submits a request and returns at once; the ticket has the answer later. For many operations in flight.
    ///
    /// # Errors
    /// When the engine cannot take it: it is busy, closed, or its disk failed.
    pub fn send(&self, request: Request) -> Result<Ticket, Error> {
        self.enqueue(vec![request])
    }

    /// Submits operations that are done all or none, in order; each sees what the ones before it did.
    ///
    /// # Errors
    /// As for [`Engine::send`].
    pub fn send_sequence(&self, requests: Vec<Request>) -> Result<Ticket, Error> {
        if requests.is_empty() || SEQUENCE_OPERATIONS_MAX < requests.len() {
            let reason = if requests.is_empty() { Reason::NothingNamed } else { Reason::TooManyObjects };
            return Ok(Ticket::answered(Ok(Outcome::Refused(Refusal::of_operation(reason)))));
        }
        self.enqueue(requests)
    }

    /// Submits an operation as of now, under a new request id, and waits.
    ///
    /// Nothing ties a retry of this call to its first try: use [`Engine::submit`] with a request id of your own where a call can be repeated.
    ///
    /// # Errors
    /// As for [`Engine::submit`].
    pub fn perform(&self, caller: &Caller, operation: Operation) -> Result<Outcome, Error> {
        self.submit(self.request(caller, operation))
    }

    /// A request for an operation as of now, under a new request id, without a reason.
    pub fn request(&self, caller: &Caller, operation: Operation) -> Request {
        let shared = &self.inner.shared;
        Request {
            id: RequestId(shared.entropy.next()),
            actor: caller.actor.clone(),
            role: caller.role,
            station: caller.station.clone(),
            event_time: EventTime::utc(shared.clock.now()),
            entry: caller.entry,
            reason: None,
            note: None,
            signature: None,
            operation,
        }
    }

    /// What would come of operations in order, without changing anything: the facts that they would make true, or the refusal.
    ///
    /// Facts that they would release come behind their own. A single operation that came too early is shown as parked where the policy
    /// parks; several are taken for a sequence, none of which waits.
    ///
    /// # Errors
    /// The refusal.
    ///
    /// ```
    /// use packtree::{Operation, fact::Effect};
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, line, cases, .. } = packed_pallet()?;
    /// let facts = engine.preview(&[engine.request(&line, Operation::unpack_all(cases[0].clone()))])?;
    /// assert!(matches!(&facts[0].effects[..], [Effect::Left { children, .. }] if children.len() == 2));
    /// // Nothing was done.
    /// assert_eq!(engine.inspect(&cases[0]).map(|case| case.children), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn preview(&self, requests: &[Request]) -> Result<Vec<Fact>, Refusal> {
        let shared = &self.inner.shared;
        let (policy, now) = (shared.policy(), shared.clock.now());
        let forest = shared.forest.read();
        let mut changes = Changes::default();
        let mut draft = Draft::new(&forest, &mut changes);
        let mut facts = Vec::with_capacity(requests.len());
        let mut due = Due::default();
        let decide = if requests.len() == 1 { decide_or_park } else { decide };
        for (position, request) in requests.iter().enumerate() {
            let decision = decide(request, &policy, now, &draft).map_err(|refusal| Refusal { position, ..refusal })?;
            let verb = request.operation.verb();
            facts.push(replay::preview(&request.header(), verb, &decision.effects, now, &mut draft));
            due.after(&decision.effects, &draft);
        }
        while let Some(released) = due.next(&policy, now, &draft) {
            let Released { parking, effects } = released;
            facts.push(replay::preview(&parking.header, parking.verb, &effects, now, &mut draft));
            due.after(&effects, &draft);
        }
        Ok(facts)
    }

    /// Begins a rehearsal, in which operations are done for show. Nothing becomes durable while it lives.
    pub fn rehearse(&self) -> Rehearsal<'_> {
        Rehearsal::new(&self.inner.shared)
    }

    /// Facts as they become durable, from the fact `from` on.
    pub fn subscribe(&self, from: Sequence) -> Feed {
        Feed::new(Arc::clone(&self.inner.shared), from)
    }

    /// The newest durable fact and its chain value. Kept elsewhere, it lets the next opening notice an older directory.
    pub fn head(&self) -> Head {
        self.inner.shared.head()
    }

    /// What was found when the engine was opened.
    pub fn opened(&self) -> &Opened {
        &self.inner.opened
    }

    /// Writes a checkpoint of everything acknowledged so far and waits until it is valid; returns the fact that it follows.
    ///
    /// Operations go on meanwhile. Nothing depends on a checkpoint but the time that the next opening takes.
    ///
    /// ```
    /// use packtree::fact::Level;
    /// use packtree::operation::Commission;
    /// use packtree::{Caller, Checkpoints, Engine, Identifier, Operation, Options, Stats};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path();
    /// let engine = Engine::open(path, Options { checkpoints: Checkpoints::OnRequest, ..Options::default() })?;
    /// let case = Identifier::parse("(00)095212345000000018")?;
    /// let commission = Commission { lot: None, level: Level::Case, objects: vec![case] };
    /// engine.perform(&Caller::machine("line-3")?, Operation::Commission(commission))?;
    /// let checkpoint = engine.checkpoint()?;
    /// assert!(matches!(engine.stats(), Stats { facts: 1, checkpoint: 1, .. }));
    /// engine.close()?;
    ///
    /// let engine = Engine::open(path, Options::default())?;
    /// assert_eq!(engine.opened().checkpoint, Some(checkpoint));
    /// assert_eq!(engine.opened().journal.facts_visited, 0);
    /// # engine.close()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the store of checkpoints failed, now or earlier; opening the engine again starts a new one. When the engine is closed or
    /// its disk has failed.
    pub fn checkpoint(&self) -> Result<Sequence, Error> {
        let Some(keeper) = &self.inner.keeper else {
            return Err(Error::Checkpoint("the engine was not opened on a directory".into()));
        };
        loop {
            keeper.wait_idle().map_err(Error::Checkpoint)?;
            let (reply, begun) = bounded(1);
            let gone = || self.inner.shared.ended().unwrap_or(Error::Closed);
            self.inner.queue.send(Message::Checkpoint(reply)).map_err(|_| gone())?;
            if let Some(sequence) = begun.recv().map_err(|_| gone())? {
                return keeper.wait_written(sequence).map_err(Error::Checkpoint);
            }
        }
    }

    /// Numbers about the engine.
    pub fn stats(&self) -> Stats {
        let shared = &self.inner.shared;
        let (objects, parked) = {
            let forest = shared.forest.read();
            (forest.len(), forest.parked_len())
        };
        Stats {
            objects,
            facts: shared.head().sequence.0,
            groups: shared.groups(),
            refusals: shared.refusals(),
            waiting: self.inner.queue.len(),
            parked,
            checkpoint: self.inner.keeper.as_ref().and_then(|keeper| keeper.newest()).map_or(0, |newest| newest.0),
            commit_times: shared.commit_times.read(),
            group_operations: shared.group_operations.read(),
        }
    }

    /// Why nothing more will be made durable, if so: the disk failed, the engine is closed, or it has a defect.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, .. } = packed_pallet()?;
    /// assert!(engine.stopped().is_none());
    /// engine.close()?;
    /// assert!(matches!(engine.stopped(), Some(packtree::Error::Closed)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn stopped(&self) -> Option<Error> {
        self.inner.shared.ended()
    }

    /// The rules as they are now.
    pub fn policy(&self) -> Arc<Policy> {
        self.inner.shared.policy()
    }

    /// Changes the rules for operations from now on; history stands.
    pub fn set_policy(&self, policy: Policy) {
        self.inner.shared.set_policy(policy);
    }

    /// Finishes what is queued, closes the journal in order, and ends the threads. Other handles get [`Error::Closed`] from then on.
    ///
    /// Dropping the last handle does the same, but cannot report a failure.
    ///
    /// # Errors
    /// When the disk failed.
    pub fn close(&self) -> Result<Head, Error> {
        let (ticket, reply) = Ticket::new();
        if self.inner.queue.send(Message::Stop(reply)).is_err() {
            return match self.inner.shared.ended() {
                None | Some(Error::Closed) => Ok(self.head()),
                Some(error) => Err(error),
            };
        }
        let closed = ticket.wait();
        self.inner.join();
        closed.map(|_| self.head())
    }

    fn enqueue(&self, requests: Vec<Request>) -> Result<Ticket, Error> {
        let shared = &self.inner.shared;
        if let Some(error) = shared.ended() {
            return Err(error);
        }
        let (ticket, reply) = Ticket::new();
        match self.inner.queue.try_send(Message::Work(requests, reply)) {
            Ok(()) => Ok(ticket),
            Err(TrySendError::Full(_)) => Err(Error::Busy { waiting: QUEUE_OPERATIONS_MAX }),
            Err(TrySendError::Disconnected(_)) => Err(shared.ended().unwrap_or(Error::Closed)),
        }
    }
}

impl Inner {
    fn join(&self) {
        for thread in self.threads.lock().drain(..) {
            // A thread that panicked has dropped its end of the queue, which every caller notices.
            let _ = thread.join();
        }
        if let Some(keeper) = &self.keeper {
            keeper.stop();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // A committer that has ended already has dropped its end of the queue.
        let _ = self.queue.send(Message::Stop(Ticket::new().1));
        self.join();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(OpenError::Thread)
}
