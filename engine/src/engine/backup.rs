//! Copies of a directory, made while it is in use.

use std::path::Path;

use crate::disk::RealDisk;
use crate::journal::{self, BackupError, BackupReport};

/// Copies the journal of an engine's directory into a new directory, on which [`Engine::open`](crate::Engine::open) opens.
///
/// The directory may be in use, by this process or by another, which goes on. The copy has everything that was acknowledged when it
/// began, but for the operations of the last moment, whose head may not be noted yet; it keeps the identity and the chain, so heads that
/// were noted elsewhere hold for it. It is checked frame by frame, and made durable. Checkpoints are not copied: the first opening of the
/// copy replays the journal.
///
/// The same call puts a copy back: copy it into a new directory.
///
/// # Errors
/// When there is nothing to copy or it does not check, the new directory is not empty, or the system fails. What was not finished does
/// not open.
///
/// ```
/// use packtree::journal::{BackupError, BackupReport};
/// use packtree::{Engine, Options, backup};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let (data, copy) = (directory.path().join("data"), directory.path().join("copy"));
/// let engine = Engine::open(&data, Options::default())?;
///
/// let BackupReport { head, .. } = backup(&data, &copy)?;
/// assert_eq!(head, engine.head());
/// assert!(matches!(backup(&data, &copy), Err(BackupError::NotEmpty { .. })), "a copy is never written over");
/// Engine::open(&copy, Options::default())?.close()?;
/// # Ok(())
/// # }
/// ```
pub fn backup(from: &Path, to: &Path) -> Result<BackupReport, BackupError> {
    let unusable = |doing, path: &Path| {
        let file = path.display().to_string();
        move |source| BackupError::Io { doing, file, source }
    };
    let from = RealDisk::open(from).map_err(unusable("opening", from))?;
    let to = RealDisk::create(to).map_err(unusable("making", to))?;
    journal::backup(&from, &to)
}
