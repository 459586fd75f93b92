//! What to make of events that leave room for it.

use packtree::operation::ContentsFate;

/// How documents from others are taken.
///
/// This decides which operation an event becomes. Whether the operation is allowed is for the engine's own
/// [`packtree::Policy`], of which [`packtree::Policy::partner_documents`] is made for documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentPolicy {
    /// Whether shipping and receiving change custody.
    pub custody: Custody,
    /// Whether holding puts objects on hold.
    pub holding: Holding,
    /// What becomes of what is still in a container that an event decommissions. EPCIS names each object that ceases
    /// to exist, so what it does not name stays.
    pub decommissioned_contents: ContentsFate,
}

/// Whether shipping and receiving change custody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Custody {
    /// What is shipped is away until it is received.
    #[default]
    Moves,
    /// The events are recorded, and everything stays where it is.
    IsRecorded,
}

/// Whether holding puts objects on hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holding {
    /// They are on hold until somebody here releases them; EPCIS has no event for that.
    #[default]
    Holds,
    /// The event is recorded.
    IsRecorded,
}

impl Default for DocumentPolicy {
    fn default() -> Self {
        Self {
            custody: Custody::default(),
            holding: Holding::default(),
            decommissioned_contents: ContentsFate::StayActive,
        }
    }
}
