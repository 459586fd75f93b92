//! Copies what can be vouched for into a new directory.

use std::io;

use super::head::{self, Slot, State};
use super::segment;
use super::verify::{Kept, Report, examine};
use super::{Head, SalvageError, Sequence};
use crate::disk::Disk;

/// How much is copied at once.
const COPY_BYTES: usize = 1 << 20;

/// What [`salvage`] did.
///
/// ```
/// use packtree::journal::{Group, Journal, Opening, SalvageError, SalvageReport, Sequence, salvage};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// # let mut group = Group::new();
/// # group.push(&[b"packed", b"closed"])?;
/// # journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
/// drop(journal);
/// let new = SimulatedDisk::new();
/// let SalvageReport { facts, known, facts_unvouched, .. } = salvage(&*disk, &new)?;
/// assert_eq!((facts, known, facts_unvouched), (2, Sequence(2), 0));
///
/// // What is there is never written over.
/// assert!(matches!(salvage(&*disk, &new), Err(SalvageError::NotEmpty { .. })));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalvageReport {
    /// The newest fact that was copied.
    pub head: Head,
    /// How many facts were copied: all from the first on.
    pub facts: u64,
    /// The last fact that is known to have existed. Those between it and `head` could not be vouched for.
    pub known: Sequence,
    /// How many of those check by themselves, but nothing ties them to what was copied.
    pub facts_unvouched: u64,
    /// What [`super::verify`] found in the old directory.
    pub report: Report,
}

/// Copies the longest part of a journal that can be vouched for, from its first fact on, to the empty disk `to`.
///
/// The old directory is not touched. The copy keeps its identity and chain, so heads that were noted elsewhere still
/// hold for it as far as it reaches.
///
/// # Errors
///
/// [`SalvageError`]. A copy that was not finished has no head file, and is refused when it is opened.
pub fn salvage(from: &dyn Disk, to: &dyn Disk) -> Result<SalvageReport, SalvageError> {
    let names = to.list().map_err(io_error("listing", "the new directory"))?;
    if let Some(file) = names.into_iter().next() {
        return Err(SalvageError::NotEmpty { file });
    }
    let examination = examine(from, &mut |_| Ok(()))?;
    let report = examination.report;
    let Some(identity) = examination.identity.filter(|_| !examination.kept.is_empty()) else {
        let reason = match report.problems.first() {
            Some(problem) => problem.to_string(),
            None => String::from("there is no journal in the directory"),
        };
        return Err(SalvageError::Nothing { reason });
    };
    for kept in &examination.kept {
        copy(from, to, kept).map_err(io_error("copying", &kept.name))?;
    }
    let slot = Slot { state: State::Open, generation: 1, journal: identity, head: report.head };
    write_head(to, &slot).map_err(io_error("writing", head::NAME))?;
    let noted = report.noted.map_or(Sequence(0), |noted| noted.sequence);
    let facts = report.head.sequence.0;
    Ok(SalvageReport {
        head: report.head,
        facts,
        known: noted.max(examination.newest),
        facts_unvouched: report.facts - facts,
        report,
    })
}

/// Copies the good part of a segment, with zeros in place of the rest.
pub(super) fn copy(from: &dyn Disk, to: &dyn Disk, kept: &Kept) -> io::Result<()> {
    let source = from.open_to_read(&kept.name)?;
    let target = to.create(&kept.name)?;
    let mut buffer = vec![0; COPY_BYTES.min(kept.bytes as usize)];
    let mut at = 0;
    while at < kept.bytes {
        let piece = COPY_BYTES.min((kept.bytes - at) as usize);
        let read = source.read_at(at, &mut buffer[..piece])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        target.write_at(at, &buffer[..read])?;
        at += read as u64;
    }
    if kept.length > kept.bytes {
        segment::fill_with_zeros(&*target, kept.bytes, kept.length)?;
    }
    target.sync()
}

/// The head comes last: without it the copy does not open.
fn write_head(to: &dyn Disk, slot: &Slot) -> io::Result<()> {
    to.sync_directory()?;
    let file = to.create(head::NAME)?;
    segment::fill_with_zeros(&*file, 0, head::FILE_BYTES)?;
    file.write_at(0, &slot.write())?;
    file.sync()?;
    to.sync_directory()
}

fn io_error(doing: &'static str, file: &str) -> impl FnOnce(io::Error) -> SalvageError {
    let file = file.to_owned();
    move |source| SalvageError::Io { doing, file, source }
}
