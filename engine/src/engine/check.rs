//! Whether everything is there and makes sense, and what to do where it does not. Needs no open engine, and writes nothing to what it
//! looks at.

use std::io;
use std::path::Path;

use super::replay::Replay;
use crate::disk::{Disk, RealDisk};
use crate::forest::verify::verify as verify_forest;
use crate::journal::{self, Head, SalvageError, SalvageReport, TornTail, VerifyError};
use crate::limits::PROBLEMS_MAX;

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Everything that was acknowledged is there, nothing was altered, and it adds up to a state in which everything holds that always
    /// has to.
    pub whole: bool,
    /// How many facts check, those after a problem included.
    pub facts: u64,
    /// How many frames check.
    pub frames: u64,
    /// The newest fact up to which every byte checks.
    pub head: Head,
    /// Objects in the state that these facts add up to.
    pub objects: u32,
    /// The remains of a group that was never acknowledged, which the next opening will cut. Not a problem.
    pub torn: Option<TornTail>,
    /// What is wrong, each in a sentence that names the place.
    pub problems: Vec<String>,
    /// How many more problems there are than are listed.
    pub problems_left_out: u64,
}

/// What [`salvage`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvage {
    /// What was copied, and what was left behind.
    pub report: SalvageReport,
    /// What [`verify`] says of the copy.
    pub copy: Verification,
}

/// Checks every byte of an engine's journal, that every fact can be read and applied, and that what they add up to is sound.
///
/// The store of checkpoints is not looked at: it is rebuilt from the journal where it does not agree with it.
///
/// # Errors
/// When the directory is in use or cannot be read. That something does not check is not an error but in the answer.
///
/// ```
/// use packtree::{Engine, Options, verify};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path();
/// Engine::open(path, Options::default())?.close()?;
/// assert!(verify(path)?.whole);
///
/// std::fs::remove_file(path.join("head"))?;
/// let found = verify(path)?;
/// assert!(!found.whole);
/// assert_eq!(found.problems.len(), 1);
/// # Ok(())
/// # }
/// ```
pub fn verify(directory: &Path) -> Result<Verification, VerifyError> {
    verify_on(&RealDisk::open(directory).map_err(|source| unreadable(directory, source))?)
}

/// Checks as [`verify`] does, on a disk of the caller's.
///
/// # Errors
/// As for [`verify`].
///
/// ```
/// use packtree::disk::SimulatedDisk;
/// use packtree::{Engine, Options, Verification, verify_on};
/// use std::sync::Arc;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let disk = Arc::new(SimulatedDisk::new());
/// Engine::open_on(disk.clone(), Options::default())?.close()?;
/// let Verification { whole, facts, .. } = verify_on(&*disk)?;
/// assert_eq!((whole, facts), (true, 0));
/// # Ok(())
/// # }
/// ```
pub fn verify_on(disk: &dyn Disk) -> Result<Verification, VerifyError> {
    let mut replay = Replay::new(0);
    let mut is_readable = true;
    let report =
        journal::verify_each(disk, &mut |frame| replay.checked_frame(frame).inspect_err(|_| is_readable = false))?;
    let (forest, _) = replay.finish();
    let mut problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    let mut left_out = report.problems_left_out;
    // Behind half a fact nothing has to hold.
    let unsound = if is_readable { verify_forest(&forest) } else { Vec::new() };
    let is_sound = unsound.is_empty();
    for problem in unsound {
        if problems.len() < PROBLEMS_MAX {
            problems.push(problem.to_string());
        } else {
            left_out += 1;
        }
    }
    Ok(Verification {
        whole: report.whole && is_sound,
        facts: report.facts,
        frames: report.frames,
        head: report.head,
        objects: crate::forest::View::len(&forest),
        torn: report.torn,
        problems,
        problems_left_out: left_out,
    })
}

/// Copies the longest part of an engine's journal that can be vouched for into a new directory, and verifies the copy.
///
/// The old directory is not touched. An engine opens on the copy like on any other; heads that were noted elsewhere still hold for it
/// as far as it reaches.
///
/// # Errors
/// When there is nothing to copy, the new directory is not empty, or the system fails.
///
/// ```
/// use packtree::{Engine, Options, salvage};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let (damaged, new) = (directory.path().join("damaged"), directory.path().join("new"));
/// Engine::open(&damaged, Options::default())?.close()?;
/// std::fs::remove_file(damaged.join("head"))?;
/// assert!(Engine::open(&damaged, Options::default()).is_err());
///
/// assert!(salvage(&damaged, &new)?.copy.whole);
/// Engine::open(&new, Options::default())?.close()?;
/// # Ok(())
/// # }
/// ```
pub fn salvage(from: &Path, to: &Path) -> Result<Salvage, SalvageError> {
    let old = RealDisk::open(from).map_err(|source| unreadable(from, source))?;
    let new = RealDisk::create(to).map_err(|source| SalvageError::Io {
        doing: "making",
        file: to.display().to_string(),
        source,
    })?;
    salvage_on(&old, &new)
}

/// Salvages as [`salvage`] does, from and to disks of the caller's.
///
/// # Errors
/// As for [`salvage`].
///
/// ```
/// use packtree::disk::SimulatedDisk;
/// use packtree::{Engine, Options, Salvage, salvage_on};
/// use std::sync::Arc;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (damaged, new) = (Arc::new(SimulatedDisk::new()), Arc::new(SimulatedDisk::new()));
/// Engine::open_on(damaged.clone(), Options::default())?.close()?;
/// damaged.delete("head");
///
/// let Salvage { report, copy } = salvage_on(&*damaged, &*new)?;
/// assert!(copy.whole && !report.report.whole);
/// Engine::open_on(new, Options::default())?.close()?;
/// # Ok(())
/// # }
/// ```
pub fn salvage_on(from: &dyn Disk, to: &dyn Disk) -> Result<Salvage, SalvageError> {
    let report = journal::salvage(from, to)?;
    Ok(Salvage { report, copy: verify_on(to)? })
}

fn unreadable(directory: &Path, source: io::Error) -> VerifyError {
    VerifyError::Io { doing: "opening", file: directory.display().to_string(), source }
}
