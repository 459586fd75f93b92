//! Opens the journal behind the newest checkpoint that fits it, or from its first fact where none does.

use std::path::PathBuf;
use std::sync::Arc;

use super::replay::Replay;
use crate::disk::{DirectoryLock, Disk};
use crate::error::OpenError;
use crate::fact::Sequence;
use crate::forest::Forest;
use crate::journal::{self, Journal, Opening, Recovered};
use crate::requests::Requests;
use crate::state::{CHECKPOINTS_KEPT, Image, Keeper, Loaded};

/// What was found when an engine was opened.
///
/// ```
/// use packtree::{Engine, Opened, Options};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path();
/// Engine::open(path, Options::default())?.close()?;
///
/// let engine = Engine::open(path, Options::default())?;
/// let Opened { journal, set_aside, .. } = engine.opened();
/// assert_eq!((journal.created, journal.closed, set_aside), (false, true, &None));
/// # engine.close()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What was found in the journal; `facts_visited` tells how many facts were replayed.
    pub journal: Recovered,
    /// The fact that the checkpoint follows which was used; none where everything was replayed.
    pub checkpoint: Option<Sequence>,
    /// A store of checkpoints that could not be used. Nothing is lost with it but time.
    pub set_aside: Option<SetAside>,
}

/// A store of checkpoints that could not be used.
///
/// ```
/// use packtree::{Engine, Options, SetAside};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path();
/// Engine::open(path, Options::default())?.close()?;
/// std::fs::write(path.join("state"), "no store of checkpoints")?;
///
/// // The journal is enough.
/// let engine = Engine::open(path, Options::default())?;
/// let SetAside { directory, .. } = engine.opened().set_aside.clone().ok_or("it cannot be used")?;
/// assert!(directory.is_some_and(|directory| directory.exists()));
/// # engine.close()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now; none where it could not be renamed.
    pub directory: Option<PathBuf>,
    /// What is wrong with it.
    pub reason: String,
}

/// What an engine starts from.
pub(super) struct Found {
    pub(super) journal: Journal,
    pub(super) forest: Forest,
    pub(super) requests: Requests,
    pub(super) opened: Opened,
}

/// The directory that is being opened.
pub(super) struct Ground {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) lock: DirectoryLock,
    pub(super) opening: Opening,
    pub(super) seed: u64,
}

impl Ground {
    /// Tries the newest checkpoint, then the older one, then none. A store that gave anything but a good newest checkpoint is set
    /// aside: what it would give next time is not worth the doubt.
    pub(super) fn open(&self, keeper: Option<&Keeper>) -> Result<Found, OpenError> {
        let mut reason: Option<String> = None;
        for older in 0..CHECKPOINTS_KEPT {
            match keeper.map_or(Loaded::Nothing, |keeper| keeper.load(older, self.seed)) {
                Loaded::Nothing => break,
                Loaded::Damaged(wrong) => {
                    reason.get_or_insert(wrong);
                }
                Loaded::Image(image) => match self.behind(Some(*image)) {
                    Ok(found) => return Ok(set_aside(found, keeper, reason)),
                    Err(OpenError::Journal(error)) if is_about_checkpoint(&error) => {
                        reason.get_or_insert(error.to_string());
                    }
                    Err(error) => return Err(error),
                },
            }
        }
        Ok(set_aside(self.behind(None)?, keeper, reason))
    }

    fn behind(&self, image: Option<Image>) -> Result<Found, OpenError> {
        let checkpoint = image.as_ref().map(|image| image.head);
        let mut replay = image.map_or_else(|| Replay::new(self.seed), Replay::from_image);
        let opening = Opening { checkpoint, ..self.opening };
        let (disk, lock) = (Arc::clone(&self.disk), self.lock.clone());
        let (journal, recovered) = Journal::open(disk, lock, &opening, &mut |frame| replay.frame(frame))?;
        let (forest, requests) = replay.finish();
        let checkpoint = checkpoint.map(|head| head.sequence);
        Ok(Found { journal, forest, requests, opened: Opened { journal: recovered, checkpoint, set_aside: None } })
    }
}

/// Whether the journal could open without the checkpoint. A fact that cannot be applied may be the checkpoint's fault.
fn is_about_checkpoint(error: &journal::OpenError) -> bool {
    use journal::OpenError as E;
    matches!(error, E::CheckpointAhead { .. } | E::CheckpointDiffers { .. } | E::Visit { .. })
}

fn set_aside(mut found: Found, keeper: Option<&Keeper>, reason: Option<String>) -> Found {
    if let (Some(keeper), Some(reason)) = (keeper, reason) {
        found.opened.set_aside = Some(SetAside { directory: keeper.set_aside(), reason });
        found.forest.change_all();
    }
    found
}
