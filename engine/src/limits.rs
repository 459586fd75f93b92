//! Every limit of the engine, with the reason for it.

use std::ops::RangeInclusive;

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

/// The distance in a segment from one entry of the index in memory to the next.
pub const MARK_DISTANCE_BYTES: u64 = 64 << 10;

/// How many problems a report lists one by one.
pub const PROBLEMS_MAX: usize = 1_000;

const _: () = assert!(FRAME_CUT_BYTES < FRAME_PAYLOAD_BYTES_MAX);
const _: () = assert!(FRAME_PAYLOAD_BYTES_MAX < u32::MAX as usize);
