//! Every bound that keeps one hostile document from taking the process with it.

/// What one document may ask of the reader.
///
/// The memory that reading takes is bounded by these figures and does not grow with the length of the document: about
/// two `token_bytes`, one event of at most `event_bytes` of text and `identifiers` identifiers, and a few blocks.
///
/// ```
/// let small = packtree_epcis::Limits { identifiers: 1_000, ..packtree_epcis::Limits::default() };
/// assert!(small.identifiers < packtree_epcis::Limits::default().identifiers);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Elements within elements, or objects and arrays within each other.
    pub depth: usize,
    /// Bytes of the name of an element, of an attribute, or of a member of an object.
    pub name_bytes: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Differently named members of one object, or child elements of one element, in sensor data and extensions.
    pub members: usize,
    /// Namespace prefixes that are in force at one place.
    pub namespaces: usize,
    /// Bytes of one text, one tag with its attributes, one comment or one JSON string.
    pub token_bytes: usize,
    /// Bytes of one value that is read into an event: an identifier, a location, a lot number.
    pub value_bytes: usize,
    /// Identifiers that one event names, all its lists together.
    pub identifiers: usize,
    /// Entries of one other list of an event: quantities, business transactions, sources, corrective event ids.
    pub list_items: usize,
    /// Bytes of all the values that one event, or one master data entry, holds.
    pub event_bytes: usize,
    /// Bytes of sensor data and extensions that one event, one master data entry, or the header holds.
    pub kept_bytes: usize,
    /// Faults, and warnings, that are reported for one event; further ones are counted.
    pub remarks: usize,
    /// Event times after this one are refused: microseconds since 1970-01-01T00:00:00Z.
    pub time_latest_us: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 64,
            name_bytes: 512,
            attributes: 256,
            members: 1_024,
            namespaces: 256,
            token_bytes: 1 << 20,
            value_bytes: 4 << 10,
            identifiers: 1_000_000,
            list_items: 10_000,
            event_bytes: 128 << 20,
            kept_bytes: 8 << 20,
            remarks: 20,
            time_latest_us: TIME_LATEST_US,
        }
    }
}

/// The start of the year 2100. A caller that knows what time it is sets [`Limits::time_latest_us`] closer.
const TIME_LATEST_US: i64 = 4_102_444_800_000_000;

/// Bytes that are read from the source at a time.
pub(crate) const BLOCK_BYTES: usize = 64 << 10;

/// Bytes of a faulty value that a message repeats.
pub(crate) const EXCERPT_BYTES: usize = 80;
