//! What to make of events that leave room for it.

use packtree::operation::ContentsFate;

/// How documents from others are taken.
///
/// This decides which operation an event becomes. Whether the operation is allowed is for the engine's own
/// [`packtree::Policy`], of which [`packtree::Policy::partner_documents`] is made for documents.
///
/// ```
/// use packtree::{Engine, Identifier, Options, Policy, disk::SimulatedDisk};
/// use packtree_epcis::{Custody, DocumentPolicy, Holding, Import, ImportSettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let document = r#"[{"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "eventTime": "2025-11-23T10:15:30Z",
///     "eventTimeZoneOffset": "+01:00", "epcList": ["urn:epc:id:sscc:0614141.1234567890"]}]"#;
/// let options = Options { policy: Policy::partner_documents(), ..Options::default() };
/// let engine = Engine::open_on(std::sync::Arc::new(SimulatedDisk::new()), options)?;
///
/// // What partners ship and hold is for the record only.
/// let policy = DocumentPolicy { custody: Custody::IsRecorded, holding: Holding::IsRecorded, ..DocumentPolicy::default() };
/// let mut import = Import::new(&engine, ImportSettings { policy, ..ImportSettings::new("partner")? });
/// import.read("shipping.json", document.as_bytes())?;
/// let report = import.finish()?;
/// assert_eq!((report.applied, report.recorded), (0, 1));
/// # Ok(())
/// # }
/// ```
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
