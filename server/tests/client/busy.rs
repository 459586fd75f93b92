//! A batch that meets an engine with a full queue half way.

use std::io;
use std::sync::Arc;
use std::thread;

use packtree::disk::{DirectoryLock, Disk, DiskFile, Holder, LockError, SimulatedDisk};
use packtree::fact::Level;
use packtree::limits::QUEUE_OPERATIONS_MAX;
use packtree::operation::Commission;
use packtree::{Caller, Engine, Identifier, Operation, Options, Outcome, Request, Sequence, Ticket};
use packtree_client::{Client, Error, Retries};
use packtree_server::serve::Settings;
use parking_lot::{Condvar, Mutex};
use scopeguard::defer;

use crate::support::Server;
use crate::{id, request};

/// How many of the requests the queue still takes.
const ROOM: usize = 4;

/// Whether the engine's flushes are let through, and whether one waits.
#[derive(Debug, Default)]
struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_closed: bool,
    is_reached: bool,
}

impl Gate {
    fn close(&self) {
        *self.state.lock() = State { is_closed: true, is_reached: false };
    }

    fn open(&self) {
        self.state.lock().is_closed = false;
        self.changed.notify_all();
    }

    fn pass(&self) {
        let mut state = self.state.lock();
        while state.is_closed {
            state.is_reached = true;
            self.changed.notify_all();
            self.changed.wait(&mut state);
        }
    }

    fn wait_reached(&self) {
        let mut state = self.state.lock();
        while !state.is_reached {
            self.changed.wait(&mut state);
        }
    }
}

/// A disk whose flushes wait at a gate, those of the thread that commits.
#[derive(Debug)]
struct Gated {
    disk: SimulatedDisk,
    gate: Arc<Gate>,
}

#[derive(Debug)]
struct GatedFile {
    file: Arc<dyn DiskFile>,
    gate: Arc<Gate>,
}

impl Gated {
    fn file(&self, file: io::Result<Arc<dyn DiskFile>>) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(GatedFile { file: file?, gate: Arc::clone(&self.gate) }))
    }
}

impl Disk for Gated {
    fn open_to_read(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        self.file(self.disk.open_to_read(name))
    }

    fn open_to_write(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        self.file(self.disk.open_to_write(name))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        self.file(self.disk.create(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn list(&self) -> io::Result<Vec<String>> {
        self.disk.list()
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.disk.sync_directory()
    }

    fn lock(&self) -> Result<DirectoryLock, LockError> {
        self.disk.lock()
    }

    fn holder(&self) -> io::Result<Option<Holder>> {
        self.disk.holder()
    }
}

impl DiskFile for GatedFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.write_at(offset, bytes)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(offset, into)
    }

    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn sync(&self) -> io::Result<()> {
        if thread::current().name() == Some("packtree-commit") {
            self.gate.pass();
        }
        self.file.sync()
    }
}

fn commission(number: usize) -> Operation {
    let objects = vec![id(&format!("(01)09521234543213(21)F{number}"))];
    Operation::Commission(Commission { lot: None, level: Level::Unit, objects })
}

/// Requests that can only be done in this order: a unit goes in and comes out again and again.
fn in_and_out(case: &Identifier, unit: &Identifier, times: usize) -> Vec<Request> {
    let both = || [Operation::pack(case.clone(), vec![unit.clone()]), Operation::unpack(vec![unit.clone()])];
    (0..times).flat_map(|_| both()).map(request).collect()
}

/// What is left to be sent: everything from the first request on that the engine was too busy for.
fn take(outcomes: Vec<Result<Outcome, Error>>, facts: &mut Vec<u64>) -> usize {
    let mut left = 0;
    for outcome in outcomes {
        match outcome {
            Ok(outcome) => {
                assert_eq!(left, 0, "something is done behind what was not");
                let receipt = outcome.receipt().unwrap();
                assert!(!receipt.repeated, "{receipt:?}");
                facts.push(receipt.first.0);
            }
            Err(Error::Busy(_)) => left += 1,
            Err(error) => panic!("{error}"),
        }
    }
    left
}

/// A server on a gated engine, with a case and a unit, and who fills the queue.
struct Site {
    server: Server,
    gate: Arc<Gate>,
    caller: Caller,
    fillers: Vec<Ticket>,
}

impl Site {
    fn new() -> Self {
        let gate = Arc::new(Gate::default());
        let disk = Gated { disk: SimulatedDisk::new(), gate: Arc::clone(&gate) };
        let engine = Engine::open_on(Arc::new(disk), Options::default()).unwrap();
        let server = Server::start_on(engine, tempfile::tempdir().unwrap(), Settings::default(), |_| {});
        Self { server, gate, caller: Caller::machine("line-4").unwrap(), fillers: Vec::new() }
    }

    fn client(&self) -> Client {
        let access = self.server.running.as_ref().unwrap().access();
        let key = self.server.runtime.block_on(access.key_for("line-3")).unwrap();
        let builder = Client::builder(&format!("http://{}", self.server.address)).key(key);
        builder.retries(Retries::NONE).build().unwrap()
    }

    fn fill(&mut self) {
        let filler = self.server.engine.request(&self.caller, commission(self.fillers.len()));
        self.fillers.push(self.server.engine.send(filler).unwrap());
    }

    /// Submits requests when the queue has room for a few of them, and lets the engine go on once it has none.
    fn submit_at_a_full_queue(&mut self, client: &Client, requests: &[Request]) -> Vec<Result<Outcome, Error>> {
        let (gate, engine) = (Arc::clone(&self.gate), self.server.engine.clone());
        thread::scope(|scope| {
            gate.close();
            defer! { gate.open() };
            self.fill();
            gate.wait_reached();
            while engine.stats().waiting < QUEUE_OPERATIONS_MAX - ROOM {
                self.fill();
            }
            let batch = scope.spawn(|| client.submit_all(requests));
            while engine.stats().waiting < QUEUE_OPERATIONS_MAX {
                thread::yield_now();
            }
            // While another request is refused, the rest of the batch finds the queue full as well.
            assert!(matches!(client.submit(&request(commission(0))), Err(Error::Busy(_))));
            gate.open();
            batch.join().unwrap().unwrap()
        })
    }
}

#[test]
fn a_batch_that_meets_a_busy_engine_half_way_is_done_in_order_and_once() {
    let mut site = Site::new();
    let client = site.client();
    let engine = site.server.engine.clone();
    let (case, unit) = (id("(00)095212345000000018"), id("(01)09521234543213(21)A1"));
    for (level, object) in [(Level::Case, &case), (Level::Unit, &unit)] {
        let objects = vec![object.clone()];
        engine.perform(&site.caller, Operation::Commission(Commission { lot: None, level, objects })).unwrap();
    }
    let before = engine.head().sequence.0;
    let (mut requests, mut facts, mut left) = (Vec::new(), Vec::new(), 0);
    // Where the engine went on before the batch was refused anything, it is tried again.
    while left == 0 {
        let batch = in_and_out(&case, &unit, 50);
        left = take(site.submit_at_a_full_queue(&client, &batch), &mut facts);
        requests.extend(batch);
    }
    assert!(left < requests.len() && !facts.is_empty(), "nothing was done before it was busy");
    while 0 < left {
        left = take(client.submit_all(&requests[requests.len() - left..]).unwrap(), &mut facts);
    }
    assert!(facts.is_sorted() && facts.len() == requests.len(), "{facts:?}");
    for filler in &site.fillers {
        filler.wait().unwrap().receipt().unwrap();
    }
    let done = (site.fillers.len() + requests.len()) as u64;
    assert_eq!(engine.head().sequence.0 - before, done, "something was done twice or not at all");
    let asked = |fact: &u64| engine.fact(Sequence(*fact)).unwrap().expect("it is durable").header.request;
    assert!(facts.iter().map(asked).eq(requests.iter().map(|request| request.id)));
    assert_eq!(engine.inspect(&unit).expect("it is known").parent, None);
}
