//! Those who contend, each used the way an expert would use it.

pub(crate) mod fjall;
pub(crate) mod graph;
pub(crate) mod packtree;
pub(crate) mod postgres;
pub(crate) mod redb;
mod rows;
pub(crate) mod sqlite;

use crate::workload::{GROUP_OBJECTS, Pack};

/// Cuts packs, which all have as many children, into transactions of at most [`GROUP_OBJECTS`] objects.
fn groups<Key>(packs: &[Pack<Key>]) -> impl Iterator<Item = &[Pack<Key>]> {
    let children = packs.first().map_or(1, |pack| pack.children.len().max(1));
    packs.chunks((GROUP_OBJECTS / children).max(1))
}
