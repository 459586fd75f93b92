//! Which unit is in which case on which pallet, now and at any earlier moment.

pub mod disk;
pub mod journal;
pub mod limits;
