//! Two moments, or records and scans: `diff`, `reconcile`.

use packtree::query::{self, Found};
use serde::Serialize;

use super::spelled;

/// `diff`.
#[derive(Serialize)]
pub(crate) struct Difference {
    came_in: Vec<String>,
    went_out: Vec<String>,
    moved: Vec<Moved>,
    changed: Vec<Changed>,
}

#[derive(Serialize)]
struct Moved {
    id: String,
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Changed {
    before: State,
    after: State,
}

#[derive(Serialize)]
struct State {
    id: String,
    level: &'static str,
    status: &'static str,
    seal: &'static str,
    held: bool,
    away: bool,
}

impl From<&query::State> for State {
    fn from(state: &query::State) -> Self {
        Self {
            id: state.id.to_string(),
            level: state.level.word(),
            status: state.status.word(),
            seal: state.seal.word(),
            held: state.held,
            away: state.away,
        }
    }
}

impl From<&query::Difference> for Difference {
    fn from(difference: &query::Difference) -> Self {
        let moved = |moved: &query::Moved| Moved {
            id: moved.id.to_string(),
            from: moved.from.to_string(),
            to: moved.to.to_string(),
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

/// `reconcile`.
#[derive(Serialize)]
pub(crate) struct Reconciliation {
    present: Vec<String>,
    missing: Vec<String>,
    unexpected: Vec<Unexpected>,
    repeated: Vec<String>,
}

#[derive(Serialize)]
struct Unexpected {
    id: String,
    known: bool,
    parent: Option<String>,
    root: Option<String>,
    status: Option<&'static str>,
}

impl From<&query::Reconciliation> for Reconciliation {
    fn from(of: &query::Reconciliation) -> Self {
        let unexpected = |unexpected: &query::Unexpected| {
            let (parent, root, status) = match &unexpected.found {
                Found::Unknown => (None, None, None),
                Found::Elsewhere(location) => {
                    (location.parent.as_ref().map(ToString::to_string), Some(location.root.to_string()), Some("active"))
                }
                Found::OutOfUse(status) => (None, None, Some(status.word())),
            };
            let known = unexpected.found != Found::Unknown;
            Unexpected { id: unexpected.id.to_string(), known, parent, root, status }
        };
        Self {
            present: spelled(&of.present),
            missing: spelled(&of.missing),
            unexpected: of.unexpected.iter().map(unexpected).collect(),
            repeated: spelled(&of.repeated),
        }
    }
}
