//! The small words that operations, facts and answers share, each a type that cannot be wrong.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::limits::{NAME_CHARACTERS_MAX, NOTE_BYTES_MAX, REASON_BYTES_MAX, SETTING_BYTES_MAX};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $number:literal $word:literal, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[repr(u8)]
        pub enum $name { $( $(#[$variant_doc])* $variant = $number, )* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The word for it, the same in every interface.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }

            /// The value for a word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }

            #[allow(dead_code, reason = "not every word is packed into a record")]
            pub(crate) const fn from_number(number: u8) -> Option<Self> {
                match number { $( $number => Some(Self::$variant), )* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words! {
    /// How far up in the hierarchy an object stands.
    ///
    /// ```
    /// use packtree::fact::Level;
    ///
    /// assert_eq!((Level::Case.word(), Level::from_word("case")), ("case", Some(Level::Case)));
    /// assert!(Level::ALL.is_sorted() && Level::Case < Level::Pallet);
    /// assert_eq!(Level::Unit.above(), Some(Level::Case));
    /// assert!(Level::Tote.holds_others() && !Level::Unit.holds_others());
    /// ```
    Level {
        /// Not known, as of an SSCC in a partner's document until something is packed into it.
        Unknown = 0 "unknown",
        /// The smallest saleable pack.
        Unit = 1 "unit",
        /// Several units banded together.
        Bundle = 2 "bundle",
        /// A shipping case.
        Case = 3 "case",
        /// A reusable tote.
        Tote = 4 "tote",
        /// A pallet.
        Pallet = 5 "pallet",
    }
}

impl Level {
    /// The level that a container of unknown level takes when it holds something of this level; `None` above a pallet.
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::Unit | Self::Bundle => Some(Self::Case),
            Self::Case | Self::Tote => Some(Self::Pallet),
            Self::Unknown | Self::Pallet => None,
        }
    }

    /// Whether an object of this level is made to hold others.
    pub const fn holds_others(self) -> bool {
        !matches!(self, Self::Unknown | Self::Unit)
    }
}

words! {
    /// Where an object stands in its life.
    Status {
        /// Commissioned and in use.
        Active = 0 "active",
        /// Taken as a sample; CBV 2.0 has it never return.
        Sampled = 1 "sampled",
        /// Rejected; what becomes of it is still open.
        Rejected = 2 "rejected",
        /// Destroyed.
        Destroyed = 3 "destroyed",
        /// Decommissioned.
        Decommissioned = 4 "decommissioned",
        /// The former identifier of a container that was relabelled.
        Retired = 5 "retired",
    }
}

words! {
    /// The state of a container's closure.
    Seal {
        /// Open: children may be added.
        Open = 0 "open",
        /// Closed full.
        Closed = 1 "closed",
        /// Closed with fewer children than its packaging says.
        ClosedPartial = 2 "closed_partial",
        /// Something was taken out after it was closed.
        Broken = 3 "broken",
    }
}

words! {
    /// What an actor may do; the caller vouches for it.
    Role {
        /// Works at a station.
        Operator = 0 "operator",
        /// Decides about exceptions.
        Supervisor = 1 "supervisor",
        /// Decides about quality.
        Quality = 2 "quality",
        /// Runs the system.
        Administrator = 3 "administrator",
        /// Reads everything, changes nothing.
        Auditor = 4 "auditor",
        /// A line or another system.
        Machine = 5 "machine",
    }
}

words! {
    /// How an operation was entered.
    Entry {
        /// By a machine.
        Machine = 0 "machine",
        /// With a scanner.
        Scan = 1 "scan",
        /// Typed by hand.
        Typed = 2 "typed",
        /// Read from a document.
        Document = 3 "document",
    }
}

words! {
    /// Whether contents were seen or taken on trust. CBV 2.0, 7.2: `completeness_verified` and `completeness_inferred`.
    Trust {
        /// Each child was scanned.
        Verified = 0 "verified",
        /// Taken from what was recorded.
        Inferred = 1 "inferred",
    }
}

words! {
    /// The operation that made a fact true.
    Verb {
        /// Objects began to exist.
        Commission = 0 "commission",
        /// Children went into a parent.
        Pack = 1 "pack",
        /// Children came out of their parents.
        Unpack = 2 "unpack",
        /// Children went from wherever they were into another parent.
        Move = 3 "move",
        /// A unit took the place of another.
        Replace = 4 "replace",
        /// Two objects changed places.
        Swap = 5 "swap",
        /// A container got a new identifier.
        Relabel = 6 "relabel",
        /// The contents of one container went into another.
        Merge = 7 "merge",
        /// A part of a container went into a new one.
        Split = 8 "split",
        /// A container was set to what was physically counted.
        Reset = 9 "reset",
        /// A container was closed.
        Close = 10 "close",
        /// A container was reopened.
        Reopen = 11 "reopen",
        /// Objects or a lot were put on hold.
        Hold = 12 "hold",
        /// A hold ended.
        Release = 13 "release",
        /// Units were taken as samples.
        Sample = 14 "sample",
        /// Units were rejected.
        Reject = 15 "reject",
        /// Objects were destroyed.
        Destroy = 16 "destroy",
        /// Identifiers went out of use.
        Decommission = 17 "decommission",
        /// Expiry or dates of a lot were corrected.
        CorrectLot = 18 "correct_lot",
        /// Roots left, with everything under them.
        Ship = 19 "ship",
        /// A shipment was declared not to have happened.
        VoidShip = 20 "void_ship",
        /// Roots arrived, with everything under them.
        Receive = 21 "receive",
        /// Shipped objects came back.
        Return = 22 "return",
        /// Something was observed that changes no state.
        Observe = 23 "observe",
        /// A setting got a new value, or none.
        Configure = 24 "configure",
    }
}

words! {
    /// What an accepted operation came to.
    Standing {
        /// It was done.
        Done = 0 "done",
        /// The event was older than what is known, so that it was recorded and changed nothing.
        Late = 1 "late",
        /// It came before an event that it builds on. It changes nothing until that one arrives, and is done then.
        Parked = 2 "parked",
    }
}

/// A point in time, in microseconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use packtree::fact::{EventTime, Microseconds};
///
/// const HOUR: Microseconds = 3_600_000_000;
/// assert_eq!(EventTime::utc(12 * HOUR).to_string(), "1970-01-01T12:00:00+00:00");
/// ```
pub type Microseconds = i64;

/// When something happened, and the zone offset that its clock showed. EPCIS 2.0, 7.4.1: `eventTime`, `eventTimeZoneOffset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventTime {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub at: Microseconds,
    /// Minutes east of Greenwich.
    pub offset_minutes: i16,
}

impl EventTime {
    /// A time in Coordinated Universal Time.
    pub const fn utc(at: Microseconds) -> Self {
        Self { at, offset_minutes: 0 }
    }
}

impl fmt::Display for EventTime {
    /// ISO 8601 with the offset, for instance `2026-11-23T08:14:02.5+01:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = jiff::tz::Offset::from_seconds(i32::from(self.offset_minutes) * 60);
        match (jiff::Timestamp::from_microsecond(self.at), offset) {
            (Ok(time), Ok(offset)) => write!(f, "{}", time.display_with_offset(offset)),
            _ => write!(f, "{} microseconds since 1970", self.at),
        }
    }
}

/// The caller's idempotency key: 128 bits, chosen once for each operation and repeated with each retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u128);

impl RequestId {
    /// The request id for a name of any length, such as an EPCIS event id: the first half of its SHA-256.
    ///
    /// ```
    /// use packtree::RequestId;
    ///
    /// assert_eq!(RequestId::from_name("order 7, case 3"), RequestId::from_name("order 7, case 3"));
    /// assert_ne!(RequestId::from_name("order 7, case 3"), RequestId::from_name("order 7, case 4"));
    /// ```
    pub fn from_name(name: &str) -> Self {
        let digest = Sha256::digest(name.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(u128::from_be_bytes(half))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// A text that breaks its limit, or is empty where it must not be.
///
/// ```
/// use packtree::{TextError, fact::Name};
///
/// let error: TextError = Name::new("").expect_err("nobody is called nothing");
/// assert_eq!(error.to_string(), "a name must have 1 to 64 characters, not 0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} must have {least} to {most} {unit}, not {found}")]
pub struct TextError {
    what: &'static str,
    least: usize,
    most: usize,
    unit: &'static str,
    found: usize,
}

/// The name of an actor, a station or a setting: 1 to 64 characters.
///
/// ```
/// use packtree::fact::Name;
///
/// assert_eq!(Name::new("line-3")?.as_str(), "line-3");
/// assert!(Name::new(&"x".repeat(65)).is_err());
/// # Ok::<(), packtree::TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// Checks and keeps a name.
    ///
    /// # Errors
    /// When it is empty or longer than 64 characters.
    pub fn new(name: &str) -> Result<Self, TextError> {
        let found = name.chars().take(NAME_CHARACTERS_MAX + 1).count();
        if found == 0 || NAME_CHARACTERS_MAX < found {
            return Err(TextError { what: "a name", least: 1, most: NAME_CHARACTERS_MAX, unit: "characters", found });
        }
        Ok(Self(Arc::from(name)))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Names sort and compare as their characters do, so a table of names is searched without making one.
impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Why something was done, in the actor's words: 1 to 1,024 bytes.
///
/// ```
/// use packtree::fact::ReasonText;
///
/// assert_eq!(ReasonText::new(" torn label ")?.as_str(), "torn label");
/// assert!(ReasonText::new("   ").is_err());
/// # Ok::<(), packtree::TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReasonText(Arc<str>);

impl ReasonText {
    /// Checks and keeps a reason.
    ///
    /// # Errors
    /// When it is blank or longer than 1,024 bytes.
    pub fn new(reason: &str) -> Result<Self, TextError> {
        bounded(reason.trim(), "a reason", REASON_BYTES_MAX).map(Self)
    }

    /// The reason.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReasonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What came with an operation and is kept with its fact, such as an EPCIS event as it was received: 1 byte to 256 KiB.
///
/// ```
/// use packtree::fact::Note;
///
/// assert_eq!(Note::new("<event/>")?.as_str(), "<event/>");
/// # Ok::<(), packtree::TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note(Arc<str>);

impl Note {
    /// Checks and keeps a note.
    ///
    /// # Errors
    /// When it is empty or longer than 256 KiB.
    pub fn new(note: &str) -> Result<Self, TextError> {
        bounded(note, "a note", NOTE_BYTES_MAX).map(Self)
    }

    /// The note.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of a setting: 1 byte to 64 KiB. The engine keeps it and does not look into it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SettingText(Arc<str>);

impl SettingText {
    /// Checks and keeps a value.
    ///
    /// # Errors
    /// When it is empty or longer than 64 KiB.
    pub fn new(value: &str) -> Result<Self, TextError> {
        bounded(value, "the value of a setting", SETTING_BYTES_MAX).map(Self)
    }

    /// The value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn bounded(text: &str, what: &'static str, most: usize) -> Result<Arc<str>, TextError> {
    if text.is_empty() || most < text.len() {
        return Err(TextError { what, least: 1, most, unit: "bytes", found: text.len() });
    }
    Ok(Arc::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for level in Level::ALL {
            assert_eq!(Level::from_word(level.word()), Some(*level));
            assert_eq!(Level::from_number(*level as u8), Some(*level));
        }
        assert_eq!(Verb::from_word("levitate"), None);
    }

    #[test]
    fn names_and_reasons_have_limits() {
        assert!(Name::new("").is_err());
        assert!(Name::new(&"\u{e9}".repeat(64)).is_ok());
        assert_eq!(
            Name::new(&"\u{e9}".repeat(65)).unwrap_err().to_string(),
            "a name must have 1 to 64 characters, not 65"
        );
        assert!(ReasonText::new("  ").is_err());
        assert!(Note::new(&"x".repeat(NOTE_BYTES_MAX + 1)).is_err());
        assert!(SettingText::new("").is_err());
        assert!(SettingText::new(&"x".repeat(SETTING_BYTES_MAX)).is_ok());
        assert!(SettingText::new(&"x".repeat(SETTING_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn event_times_show_their_offset() {
        let time = EventTime { at: 1_795_418_042_500_000, offset_minutes: 60 };
        assert_eq!(time.to_string(), "2026-11-23T08:14:02.5+01:00");
    }
}
