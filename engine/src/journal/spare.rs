//! The next segment's file, filled with zeros ahead of time.

use std::io;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use super::segment::fill_with_zeros;
use crate::disk::{Disk, DiskFile};

pub(super) const NAME: &str = "next.preparing";

/// Prepares the journal's next segment, so that no append has to wait for it.
///
/// Give it a thread of its own and call [`SegmentPreparer::run`] there. Without such a thread the journal prepares a
/// segment at the moment when it needs one.
///
/// ```
/// use packtree::journal::{Journal, Opening, SegmentPreparer};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// let preparer: SegmentPreparer = journal.preparer();
/// assert!(!preparer.prepare(), "nothing was written, so that no further segment is wanted");
/// let worker = std::thread::spawn(move || preparer.run());
/// journal.close()?;
/// worker.join().map_err(|_| "it ends with the journal")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SegmentPreparer {
    spare: Arc<Spare>,
}

impl SegmentPreparer {
    pub(super) fn new(spare: Arc<Spare>) -> Self {
        Self { spare }
    }

    /// Prepares segments as they are wanted, and returns when the journal is closed or dropped.
    pub fn run(&self) {
        while let Some(length) = self.spare.wait_for_wish() {
            self.spare.fulfil(length);
        }
    }

    /// Prepares a segment now if one is wanted, and says whether one was.
    pub fn prepare(&self) -> bool {
        let Some(length) = self.spare.take_wish() else { return false };
        self.spare.fulfil(length);
        true
    }
}

#[derive(Debug)]
pub(super) struct Spare {
    disk: Arc<dyn Disk>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
enum State {
    Nothing,
    /// Wanted, of so many bytes.
    Wanted(u64),
    /// Somebody is at it.
    Preparing,
    Ready(Arc<dyn DiskFile>, u64),
    /// It could not be prepared ahead. Not tried again before it is needed, lest a full disk is filled over and over.
    Failed,
    /// The journal is gone.
    Stopped,
}

impl Spare {
    pub(super) fn new(disk: Arc<dyn Disk>) -> Self {
        Self { disk, state: Mutex::new(State::Nothing), changed: Condvar::new() }
    }

    /// Asks for a file of `length` bytes, unless there is one or somebody is at it.
    pub(super) fn want(&self, length: u64) {
        let mut state = self.state.lock();
        if matches!(*state, State::Nothing) {
            *state = State::Wanted(length);
            self.changed.notify_all();
        }
    }

    /// The prepared file and its length; prepares one of `length` bytes where there is none.
    pub(super) fn take(&self, length: u64) -> io::Result<(Arc<dyn DiskFile>, u64)> {
        let mut state = self.state.lock();
        while matches!(*state, State::Preparing) {
            self.changed.wait(&mut state);
        }
        match std::mem::replace(&mut *state, State::Nothing) {
            State::Ready(file, length) => Ok((file, length)),
            _ => Ok((create(&*self.disk, length)?, length)),
        }
    }

    pub(super) fn stop(&self) {
        let mut state = self.state.lock();
        while matches!(*state, State::Preparing) {
            self.changed.wait(&mut state);
        }
        *state = State::Stopped;
        self.changed.notify_all();
    }

    fn wait_for_wish(&self) -> Option<u64> {
        let mut state = self.state.lock();
        loop {
            match *state {
                State::Wanted(length) => {
                    *state = State::Preparing;
                    return Some(length);
                }
                State::Stopped => return None,
                _ => self.changed.wait(&mut state),
            }
        }
    }

    fn take_wish(&self) -> Option<u64> {
        let mut state = self.state.lock();
        let State::Wanted(length) = *state else { return None };
        *state = State::Preparing;
        Some(length)
    }

    /// Prepares a file. A failure is not an error yet: the journal tries once more when it needs the file.
    fn fulfil(&self, length: u64) {
        let made = create(&*self.disk, length);
        let mut state = self.state.lock();
        *state = match made {
            Ok(file) => State::Ready(file, length),
            Err(_) => State::Failed,
        };
        self.changed.notify_all();
    }
}

fn create(disk: &dyn Disk, length: u64) -> io::Result<Arc<dyn DiskFile>> {
    let file = disk.create(NAME)?;
    match fill_with_zeros(&*file, 0, length) {
        Ok(()) => Ok(file),
        Err(error) => {
            // Whatever space it took is given back to those who may need it; the first error is the one to report.
            let _ = disk.remove(NAME);
            Err(error)
        }
    }
}
