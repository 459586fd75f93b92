//! Two moments, or records and scans: `diff`, `reconcile`.

use packtree::fact::Status;
use packtree::query::{self, Found};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Id, LevelWord, SealWord, StatusWord, Text, spelled};

/// What changed under an object between two moments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// What was not under it, and is.
    pub came_in: Vec<Id>,
    /// What was under it, and is not.
    pub went_out: Vec<Id>,
    /// What changed its parent.
    pub moved: Vec<Moved>,
    /// What is not what it was.
    pub changed: Vec<Changed>,
}

/// An object that changed its parent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Moved {
    /// The object.
    pub id: Id,
    /// Its parent before.
    pub from: Id,
    /// Its parent after.
    pub to: Id,
}

/// An object that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// What it was.
    pub before: State,
    /// What it is.
    pub after: State,
}

/// What an object is at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct State {
    /// Its identifier.
    pub id: Id,
    /// Its level.
    pub level: LevelWord,
    /// Its status.
    pub status: StatusWord,
    /// Its closure.
    pub seal: SealWord,
    /// Whether it is on hold itself.
    pub held: bool,
    /// Whether it is away itself.
    pub away: bool,
}

impl From<&query::State> for State {
    fn from(state: &query::State) -> Self {
        Self {
            id: Text(state.id.clone()),
            level: Text(state.level),
            status: Text(state.status),
            seal: Text(state.seal),
            held: state.held,
            away: state.away,
        }
    }
}

impl From<&query::Difference> for Difference {
    fn from(difference: &query::Difference) -> Self {
        let moved = |moved: &query::Moved| Moved {
            id: Text(moved.id.clone()),
            from: Text(moved.from.clone()),
            to: Text(moved.to.clone()),
        };
        let changed = |changed: &query::Changed| Changed {
            before: State::from(&changed.before),
            after: State::from(&changed.after),
        };
        Self {
            came_in: spelled(&difference.came_in),
            went_out: spelled(&difference.went_out),
            moved: difference.moved.iter().map(moved).collect(),
            changed: difference.changed.iter().map(changed).collect(),
        }
    }
}

/// What was scanned in a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScannedList {
    /// The objects, in the order in which they were scanned.
    pub scanned: Vec<Id>,
}

/// What was scanned, compared with what is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reconciliation {
    /// Recorded and scanned.
    pub present: Vec<Id>,
    /// Recorded and not scanned.
    pub missing: Vec<Id>,
    /// Scanned and not recorded there.
    pub unexpected: Vec<Unexpected>,
    /// Scanned more than once.
    pub repeated: Vec<Id>,
}

/// Something that was scanned and is not recorded in the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unexpected {
    /// What was scanned.
    pub id: Id,
    /// What is recorded of it.
    pub found: FoundWord,
    /// Whether it is known at all.
    pub known: bool,
    /// What it is recorded in.
    pub parent: Option<Id>,
    /// The outermost container that it is recorded in.
    pub root: Option<Id>,
    /// Its status.
    pub status: Option<StatusWord>,
}

/// What is recorded of something that was not expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundWord {
    /// Nothing.
    Unknown,
    /// It belongs elsewhere, or is loose.
    Elsewhere,
    /// It is out of use.
    OutOfUse,
}

impl From<&query::Reconciliation> for Reconciliation {
    fn from(of: &query::Reconciliation) -> Self {
        let unexpected = |unexpected: &query::Unexpected| {
            let (found, parent, root, status) = match &unexpected.found {
                Found::Unknown => (FoundWord::Unknown, None, None, None),
                Found::Elsewhere(location) => (
                    FoundWord::Elsewhere,
                    location.parent.clone().map(Text),
                    Some(Text(location.root.clone())),
                    Some(Text(Status::Active)),
                ),
                Found::OutOfUse(status) => (FoundWord::OutOfUse, None, None, Some(Text(*status))),
            };
            let known = found != FoundWord::Unknown;
            Unexpected { id: Text(unexpected.id.clone()), found, known, parent, root, status }
        };
        Self {
            present: spelled(&of.present),
            missing: spelled(&of.missing),
            unexpected: of.unexpected.iter().map(unexpected).collect(),
            repeated: spelled(&of.repeated),
        }
    }
}
