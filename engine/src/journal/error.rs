//! What can go wrong, in words: the file, the place, what stands in the way and what to do.

use std::io;
use std::sync::Arc;

use super::Sequence;

/// What a visitor of frames may answer, to stop the opening.
pub type VisitError = Box<dyn std::error::Error + Send + Sync>;

/// Why facts were not made durable.
///
/// ```
/// use packtree::journal::{AppendError, Group, Journal, Opening, Sequence};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// let mut group = Group::new();
/// group.push(&[b"packed"])?;
/// let error = journal.append(Sequence(5), &mut group, 0).expect_err("fact 1 comes first");
/// assert!(matches!(error, AppendError::OutOfTurn { .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// A write or a sync failed, now or earlier. What reached the disk is unknown until the journal is opened again.
    #[error("the journal has stopped: {doing} {file} failed: {cause}; open the journal again to go on")]
    Poisoned {
        /// What failed first.
        doing: &'static str,
        /// The file in question.
        file: String,
        /// What the system said.
        cause: Arc<io::Error>,
    },
    /// The caller expected the journal to be elsewhere, so something else has been appended. Nothing was written.
    #[error("facts from {expected} on were to be appended, but the next fact of the journal is {next}")]
    OutOfTurn {
        /// The number that the caller gave.
        expected: Sequence,
        /// The number that the journal gives next.
        next: Sequence,
    },
}

/// Why durable facts could not be read.
///
/// ```
/// use packtree::journal::{Group, Journal, Opening, ReadError, Sequence};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// # let mut group = Group::new();
/// # group.push(&[b"packed", b"closed"])?;
/// # journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
/// for name in disk.list()? {
///     disk.remove(&name)?;
/// }
/// assert!(matches!(journal.reader().fact(Sequence(1)), Err(ReadError::Io { .. })));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system could not read.
    #[error("the journal segment {segment} cannot be read: {cause}")]
    Io {
        /// The segment's file name.
        segment: String,
        /// What the system said.
        cause: Arc<io::Error>,
    },
    /// What was read does not check.
    #[error("the journal segment {segment} is damaged at byte {offset}: {reason}; run `packtree verify`")]
    Damaged {
        /// The segment's file name.
        segment: String,
        /// Where the frame begins.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// Why a journal was not opened. Nothing was changed, except that files left over from an unfinished start may be gone.
///
/// ```
/// use packtree::journal::{Journal, OpenError, Opening};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// journal.close()?;
/// disk.remove("head")?;
/// let error = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(())).expect_err("a file is gone");
/// assert!(matches!(error, OpenError::HeadMissing));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The system could not do something.
    #[error("{doing} {file} failed: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file in question.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The settings are outside their limits.
    #[error("a journal segment of {bytes} bytes is not possible; choose from {min} to {max}")]
    SegmentLength {
        /// The length that was asked for.
        bytes: u64,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// A segment holds something that cannot be what was written.
    #[error(
        "the journal segment {segment} is damaged at byte {offset} (frame {frame}): {reason}; nothing was changed; copy what can be vouched for into a new directory with `packtree salvage`"
    )]
    Damaged {
        /// The segment's file name.
        segment: String,
        /// The frame in the segment, counted from 1; 0 is the segment's header.
        frame: u64,
        /// Where it begins.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A segment or the head was written by a version of the program that this one does not know.
    #[error("the file {file} has format version {version}, this program reads version {known}; use a newer program")]
    UnknownVersion {
        /// The file's name.
        file: String,
        /// Its version.
        version: u16,
        /// The version that this program reads.
        known: u16,
    },
    /// A file is named like a segment, but not as a segment is named.
    #[error(
        "the file {file} is not named like a journal segment, which is 20 digits and `.segment`; move it elsewhere"
    )]
    SegmentName {
        /// The file's name.
        file: String,
    },
    /// A segment's name and its header disagree.
    #[error(
        "the journal segment {segment} begins with fact {first}, which is not what its name says; restore its name"
    )]
    SegmentRenamed {
        /// The segment's file name.
        segment: String,
        /// The fact that it begins with.
        first: Sequence,
    },
    /// Facts are missing between two segments.
    #[error("the journal segment {segment}, which begins with fact {first}, is missing; restore the file")]
    SegmentMissing {
        /// The missing segment's file name.
        segment: String,
        /// The first fact in it.
        first: Sequence,
    },
    /// Two segments hold the same facts.
    #[error(
        "the journal segment {segment} begins before fact {next}, where the one before it ends; one of the two does not belong here"
    )]
    SegmentOverlaps {
        /// The later segment's file name.
        segment: String,
        /// The fact that it should begin with.
        next: Sequence,
    },
    /// A file belongs to another journal.
    #[error("the file {file} belongs to another journal; put back the one that belongs here")]
    Foreign {
        /// The file's name.
        file: String,
    },
    /// A segment does not follow the one before it.
    #[error(
        "the journal segment {segment} does not follow the one before it: their chain is broken; one of the two is not the original"
    )]
    SegmentUnlinked {
        /// The later segment's file name.
        segment: String,
    },
    /// There are segments, but no head to hold them against.
    #[error(
        "the journal's head file is missing, so lost facts could not be noticed; restore it, or copy what is there into a new directory with `packtree salvage`"
    )]
    HeadMissing,
    /// Neither slot of the head file can be read.
    #[error(
        "the journal's head file is damaged, so lost facts could not be noticed; restore it, or copy what is there into a new directory with `packtree salvage`"
    )]
    HeadDamaged,
    /// The head names facts that the journal does not have: an older journal under a newer head.
    #[error(
        "the journal ends with fact {end}, but facts up to {head} were acknowledged: an older copy was put back, or its end is lost; restore the newer files, or accept the loss with `packtree salvage`"
    )]
    HeadAhead {
        /// The newest fact that the head names.
        head: Sequence,
        /// The newest fact that the journal has.
        end: Sequence,
    },
    /// The head is older than it can be: an older head beside a newer journal.
    #[error(
        "the journal's head file names fact {head}, but the journal had gone on to fact {oldest} at least: the head is not the one that belongs here; restore it, or use `packtree salvage`"
    )]
    HeadBehind {
        /// The newest fact that the head names.
        head: Sequence,
        /// The oldest fact that a head of this journal can name.
        oldest: Sequence,
    },
    /// The journal has another frame where the head says it was: a different history.
    #[error(
        "the journal and its head file disagree about fact {sequence}: they are not of the same history; restore the files that belong together"
    )]
    HeadDiffers {
        /// The fact that the head names.
        sequence: Sequence,
    },
    /// The journal does not reach the head that the caller knew: an older copy of the whole directory.
    #[error(
        "the journal ends with fact {end}, but fact {expected} was known: an older copy of the directory was put back; restore the newer one"
    )]
    ExpectedAhead {
        /// The fact that the caller knew.
        expected: Sequence,
        /// The newest fact that the journal has.
        end: Sequence,
    },
    /// The journal does not contain the head that the caller knew: a different history.
    #[error(
        "the journal has another history up to fact {sequence} than the one that was known; this is not the directory that it was before"
    )]
    ExpectedDiffers {
        /// The fact that the caller knew.
        sequence: Sequence,
    },
    /// The journal does not reach the checkpoint, which is made of durable facts only: an older copy of the journal.
    #[error(
        "the journal ends with fact {end}, but there is a checkpoint of fact {checkpoint}: an older copy of the journal was put back; restore the newer one"
    )]
    CheckpointAhead {
        /// The fact that the checkpoint follows.
        checkpoint: Sequence,
        /// The newest fact that the journal has.
        end: Sequence,
    },
    /// The checkpoint follows another history than the journal's.
    #[error(
        "the checkpoint of fact {sequence} does not belong to this journal; put the journal back that it belongs to, or remove the checkpoint"
    )]
    CheckpointDiffers {
        /// The fact that the checkpoint follows.
        sequence: Sequence,
    },
    /// The visitor could not take a frame.
    #[error(
        "the journal segment {segment} has a frame at byte {offset} (frame {frame}) that cannot be applied: {source}"
    )]
    Visit {
        /// The segment's file name.
        segment: String,
        /// The frame in the segment, counted from 1.
        frame: u64,
        /// Where it begins.
        offset: u64,
        /// What the visitor said.
        source: VisitError,
    },
}

/// Why a journal could not be verified at all.
///
/// ```
/// use packtree::journal::{Journal, Opening, VerifyError, verify};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// assert!(matches!(verify(&*disk), Err(VerifyError::InUse(_))));
/// journal.close()?;
/// assert!(verify(&*disk).is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Somebody is writing to it.
    #[error("the journal is in use by {0}; verify it when that one is closed, or verify a copy")]
    InUse(crate::disk::Holder),
    /// The system could not do something.
    #[error("{doing} {file} failed: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file in question.
        file: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Why nothing was salvaged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SalvageError {
    /// The journal could not be looked at.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The new directory has files in it.
    #[error("the directory to salvage into is not empty: it holds {file}; name a new one")]
    NotEmpty {
        /// One of the files.
        file: String,
    },
    /// Not even the first segment's header can be vouched for.
    #[error("nothing can be salvaged: {reason}")]
    Nothing {
        /// What stands in the way.
        reason: String,
    },
    /// The system could not do something.
    #[error("{doing} {file} failed: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file in question.
        file: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Why a journal was not copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The journal, or the copy when it was read back, does not check.
    #[error(transparent)]
    Check(#[from] OpenError),
    /// The new directory has files in it.
    #[error("the directory to copy into is not empty: it holds {file}; name a new one")]
    NotEmpty {
        /// One of the files.
        file: String,
    },
    /// There is no journal to copy.
    #[error("there is no journal in the directory to copy from; name the directory that an engine was opened on")]
    Nothing,
    /// A directory that nobody used was opened meanwhile.
    #[error("the directory was opened while it was copied; remove the copy, and copy it again")]
    Opened,
    /// The system could not do something.
    #[error("{doing} {file} failed: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file in question.
        file: String,
        /// What the system said.
        source: io::Error,
    },
}
