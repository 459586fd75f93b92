//! Every limit of the engine, in one place, each with its reason; relations between them are checked by the compiler.

use std::ops::RangeInclusive;

// Operations, groups and objects.

/// Objects that one operation may name. Covers the largest pack of a national system (25,000) and a commissioning list of a lot's share.
pub const OPERATION_OBJECTS_MAX: usize = 100_000;

/// Children that one pack may name, as national systems have it.
pub const PACK_CHILDREN_MAX: usize = 25_000;

/// Levels from a unit to its root, both counted. Unit, bundle, case, layer, pallet, load leave room for two more.
pub const DEPTH_MAX: usize = 8;

/// Operations in one atomic sequence.
pub const SEQUENCE_OPERATIONS_MAX: usize = 256;

/// Operations made durable by one flush. Bounds the wait of the first operation of a group for the last.
pub const GROUP_OPERATIONS_MAX: usize = 4_096;

/// Objects touched by one group before it is closed. Keeps the draft inside the processor's second-level cache.
pub const GROUP_OBJECTS_MAX: usize = 32_768;

/// Operations that may wait for the committer; one more is refused as overload.
pub const QUEUE_OPERATIONS_MAX: usize = 2 * GROUP_OPERATIONS_MAX;

/// Objects applied to the forest under one write lock, after which waiting readers go first.
pub const APPLY_OBJECTS_PER_LOCK: usize = 1_024;

/// Characters in the name of an actor or a station.
pub const NAME_CHARACTERS_MAX: usize = 64;

/// Bytes in a reason.
pub const REASON_BYTES_MAX: usize = 1_024;

/// Bytes in a note, which may hold an event as it was received.
pub const NOTE_BYTES_MAX: usize = 256 * 1_024;

/// Contents by class and quantity that one container keeps.
pub const QUANTITIES_MAX: usize = 1_000;

/// Request ids remembered for repetition, the newest first. At 150 operations a second this is two hours; see `docs/inside-your-mes.md`.
pub const REQUESTS_REMEMBERED: usize = 1 << 20;

/// How far an event time may lie ahead of the engine's clock: 10 minutes, in microseconds. Clocks of stations drift.
pub const EVENT_TIME_AHEAD_MAX_US: i64 = 10 * 60 * 1_000_000;

/// The earliest event time, 1990-01-01T00:00:00Z in microseconds: nothing was serialized before.
pub const EVENT_TIME_MIN_US: i64 = 631_152_000_000_000;

/// Objects that one forest can hold: a 32-bit index, with one value kept for "none".
pub const OBJECTS_MAX: u32 = u32::MAX - 1;

/// Facts that an object's record can name: 40 bits.
pub const SEQUENCE_MAX: u64 = (1 << 40) - 1;

/// Operations that may be parked at the same time; one more is refused. Bounds what one fact can release.
pub const PARKED_MAX: usize = 4_096;

/// Objects that a parked operation may name: a parent, and as many children as the largest pack has. A larger operation is refused.
pub const PARKED_OBJECTS_MAX: usize = PACK_CHILDREN_MAX + 1;

/// Bytes that all parked operations may take together. Bounds the memory that a source which never delivers the predecessors can fill.
pub const PARKED_BYTES_MAX: usize = 128 << 20;

/// Bytes in the value of a setting: a policy with the packaging of some hundred products, and an opening reads it in one piece.
pub const SETTING_BYTES_MAX: usize = 64 << 10;

/// Names of settings that are kept, those without a value included: a user and a key for everybody on a large site, many times over.
pub const SETTINGS_MAX: usize = 1 << 16;

/// Bytes that all settings may take together in memory, so that full ones cannot take 4 GiB.
pub const SETTINGS_BYTES_MAX: usize = 128 << 20;

const _: () = assert!(PACK_CHILDREN_MAX <= OPERATION_OBJECTS_MAX);
const _: () = assert!(GROUP_OPERATIONS_MAX <= QUEUE_OPERATIONS_MAX);
const _: () = assert!(SEQUENCE_OPERATIONS_MAX <= GROUP_OPERATIONS_MAX);

// The journal.

/// A frame that holds this much payload is complete; the next run of facts starts another one. Bounds what is read
/// to find one fact.
pub const FRAME_CUT_BYTES: usize = 64 << 10;

/// The most payload that one frame may hold. Bounds what a damaged length can make a reader allocate.
pub const FRAME_PAYLOAD_BYTES_MAX: usize = 8 << 20;

/// The most bytes that the facts of one run may take, so that a frame that is nearly complete can still take it.
pub const RUN_BYTES_MAX: usize = FRAME_PAYLOAD_BYTES_MAX - FRAME_CUT_BYTES;

/// The length of a journal segment, where the settings say nothing else. Long enough that starting one is rare.
pub const SEGMENT_BYTES_DEFAULT: u64 = 64 << 20;

/// What the length of a journal segment may be set to.
pub const SEGMENT_BYTES: RangeInclusive<u64> = 4 << 10..=1 << 30;

/// The length of a journal's first segment; each later one may be twice as long, up to the setting, so that a small
/// journal stays small on disk.
pub const SEGMENT_BYTES_FIRST: u64 = 1 << 20;

/// Whoever has appended this much since opening a journal whose segment is nearly full has the next one prepared.
pub const SPARE_WANTED_BYTES: u64 = 64 << 10;

/// The distance in a segment from one entry of the index in memory to the next.
pub const MARK_DISTANCE_BYTES: u64 = 64 << 10;

/// How many problems a report lists one by one.
pub const PROBLEMS_MAX: usize = 1_000;

const _: () = assert!(FRAME_CUT_BYTES < FRAME_PAYLOAD_BYTES_MAX);
const _: () = assert!(FRAME_PAYLOAD_BYTES_MAX < u32::MAX as usize);

// Queries.

/// Objects that a search looks at for one page, so that no writer waits longer than it takes to look at so many.
pub const PAGE_OBJECTS_LOOKED_AT: u32 = 1 << 14;

/// Frames that a query keeps while it goes from fact to fact. Facts about one container tend to lie in few frames.
pub const QUERY_FRAMES_KEPT: usize = 16;

/// Mentions of objects in the facts that a query keeps: two of the largest packs, and more of the usual ones.
pub const QUERY_MENTIONS_KEPT: usize = 2 * OPERATION_OBJECTS_MAX;

// The state store.

/// Bytes of one value. sled moves pages of 16 values and more than 128 KiB into files that it never syncs.
pub const STATE_VALUE_BYTES_MAX: usize = 4 << 10;

/// What sled may cache. It serves nothing on the line, and takes several times as much memory as this says.
pub const STATE_CACHE_BYTES: u64 = 8 << 20;

/// Pages of the forest that are copied under one read lock: about 300 KB, well under a tenth of a millisecond.
pub const STATE_PAGES_PER_LOCK: usize = 64;

/// How long the thread that writes checkpoints works before it rests as long: half a millisecond, a tenth of what a call may wait for it.
pub const STATE_WORK_MICROSECONDS: u64 = 500;

/// A checkpoint begins by itself when so many facts have come since the last one, ...
pub const CHECKPOINT_FACTS: u64 = 1 << 18;

/// ... or when so many objects were touched, which is about a second of replay.
pub const CHECKPOINT_OBJECTS: u64 = 1 << 22;

/// A checkpoint does not begin by itself before so many times what the last one took, so that it takes a small share of a processor.
pub const CHECKPOINT_REST: u32 = 8;

/// Closing writes a checkpoint when replay would take longer than that: so many facts or objects since the last one ...
pub const CHECKPOINT_AT_CLOSE_FACTS: u64 = 1 << 14;

/// ... and not more pages than this, which is about a second.
pub const CHECKPOINT_AT_CLOSE_PAGES_MAX: usize = 1 << 16;

/// How long the store may show no progress before it is given up.
pub const STATE_STALL_SECONDS: u64 = 60;

/// Directories of damaged checkpoints that are kept; the oldest goes first.
pub const STATE_SET_ASIDE_MAX: u32 = 4;

const _: () = assert!(CHECKPOINT_AT_CLOSE_FACTS < CHECKPOINT_FACTS);
