//! Answers what is, what was, and how it came to be; changes nothing.
//!
//! [`View`] is the durable state as it is now. What was is not kept anywhere: it follows from the facts that touched an object, each
//! of which names the one before ([`Moment`], [`Tree`], [`History`]). Nothing scans the journal.

mod content;
mod difference;
mod facts;
mod history;
mod page;
mod past;
mod reconcile;
mod setting;
mod tree;
mod view;

pub use content::{Content, Contents};
pub use difference::{Changed, Difference, Moved, State};
pub use history::{Entry, History};
pub use page::{Cursor, Page};
pub use reconcile::{Found, Reconciliation, Unexpected};
pub use setting::Setting;
pub use tree::{Moment, Tree};
pub use view::{Inspection, Location, LotStatus, View};

pub(crate) use tree::Source;
