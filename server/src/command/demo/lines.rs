//! Packaging lines that pack while the demo runs: a unit at a time into cases, full cases onto pallets.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use packtree::fact::{Level, Lot};
use packtree::{Caller, Engine, Identifier};

use super::stock::{CASES, UNITS, close, commission, container, done, lot, unit};
use crate::failure::Failure;

/// How many lines there are.
pub(super) const LINES: u64 = 3;

/// 300 units a minute.
const TAKT: Duration = Duration::from_millis(200);

/// The lines, which run until they are told to stop.
pub(super) struct Lines {
    stop: Arc<AtomicBool>,
    packed: Arc<AtomicU64>,
    threads: Vec<JoinHandle<()>>,
}

struct Line {
    engine: Engine,
    caller: Caller,
    number: u64,
    lot: Lot,
    units: u64,
    containers: u64,
    pallet: Identifier,
    case: Identifier,
}

impl Lines {
    pub(super) fn start(engine: &Engine) -> Result<Self, Failure> {
        let mut lines = Self { stop: Arc::default(), packed: Arc::default(), threads: Vec::new() };
        for number in 1..=LINES {
            let mut line = Line::new(engine.clone(), number)?;
            let (stop, packed) = (Arc::clone(&lines.stop), Arc::clone(&lines.packed));
            let run = move || line.run(&stop, &packed);
            let thread = thread::Builder::new().name(format!("line-{number}")).spawn(run);
            lines.threads.push(thread.map_err(|error| Failure::cannot(format!("a line cannot be started: {error}")))?);
        }
        Ok(lines)
    }

    /// Units that were packed.
    pub(super) fn packed(&self) -> u64 {
        self.packed.load(Ordering::Relaxed)
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A line that panicked has said so; the others end in order.
            let _ = thread.join();
        }
    }
}

impl Line {
    fn new(engine: Engine, number: u64) -> Result<Self, Failure> {
        let caller = Caller::machine(&format!("line-{number}")).map_err(Failure::cannot)?;
        let (pallet, case) = (container(number * 10_000_000), container(number * 10_000_000 + 1));
        let lot = lot(&format!("L26{number}B"));
        let line = Self { engine, caller, number, lot, units: 0, containers: 2, pallet, case };
        line.begin(Level::Pallet, &line.pallet)?;
        line.begin(Level::Case, &line.case)?;
        Ok(line)
    }

    fn run(&mut self, stop: &AtomicBool, packed: &AtomicU64) {
        let mut due = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            if let Err(failure) = self.pack() {
                // Somebody may have taken the case off the line, by scanning it; the line goes on with a new one.
                tracing::warn!(line = self.number, ?failure, "the line begins a new pallet");
                if self.next_pallet().is_err() {
                    return;
                }
            }
            packed.fetch_add(1, Ordering::Relaxed);
            due += TAKT;
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }

    /// Packs one unit, and what is full with it.
    fn pack(&mut self) -> Result<(), Failure> {
        self.units += 1;
        let unit = unit(&format!("L{}U{:07}", self.number, self.units));
        self.done(commission(Level::Unit, Some(self.lot), vec![unit.clone()]))?;
        self.done(packtree::Operation::pack(self.case.clone(), vec![unit]))?;
        if !self.units.is_multiple_of(u64::from(UNITS)) {
            return Ok(());
        }
        self.done(close(self.case.clone()))?;
        self.done(packtree::Operation::pack(self.pallet.clone(), vec![self.case.clone()]))?;
        if self.units.is_multiple_of(u64::from(UNITS * CASES)) {
            self.done(close(self.pallet.clone()))?;
            return self.next_pallet();
        }
        self.next_case()
    }

    fn next_pallet(&mut self) -> Result<(), Failure> {
        self.pallet = self.next();
        self.begin(Level::Pallet, &self.pallet)?;
        self.next_case()
    }

    fn next_case(&mut self) -> Result<(), Failure> {
        self.case = self.next();
        self.begin(Level::Case, &self.case)
    }

    fn next(&mut self) -> Identifier {
        self.containers += 1;
        container(self.number * 10_000_000 + self.containers - 1)
    }

    fn begin(&self, level: Level, id: &Identifier) -> Result<(), Failure> {
        self.done(commission(level, None, vec![id.clone()]))
    }

    fn done(&self, operation: packtree::Operation) -> Result<(), Failure> {
        done(&self.engine, &self.caller, operation)
    }
}
