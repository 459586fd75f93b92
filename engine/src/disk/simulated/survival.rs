//! What a crash leaves of the bytes and names that were not synced.

use std::collections::BTreeMap;

use super::{ByteChange, Inode, NameChange, Pending, SECTOR_BYTES, State, Survivors, overwrite};

/// The state that is found after a crash: everything that is left is durable, and nothing is pending.
pub(super) fn survive(state: &State, survivors: Survivors) -> State {
    let (names, files) = match survivors {
        Survivors::Synced => (state.names_synced.clone(), each(&state.files, |file| file.synced.clone())),
        Survivors::Written => (state.names.clone(), each(&state.files, |file| file.bytes.clone())),
        Survivors::Sectors { seed } => {
            let mut choice = Choice::new(seed);
            (some_names(state, &mut choice), each(&state.files, |file| some_sectors(file, &mut choice)))
        }
        Survivors::Prefix { seed } => prefix(state, &mut Choice::new(seed)),
    };
    let files = files.into_iter().map(|bytes| Inode { synced: bytes.clone(), bytes, pending: Vec::new() }).collect();
    State { files, names_synced: names.clone(), names, ..State::default() }
}

fn each(files: &[Inode], bytes: impl FnMut(&Inode) -> Vec<u8>) -> Vec<Vec<u8>> {
    files.iter().map(bytes).collect()
}

fn some_names(state: &State, choice: &mut Choice) -> BTreeMap<String, usize> {
    let mut names = state.names_synced.clone();
    for Pending { change, .. } in &state.names_pending {
        if choice.below(2) == 0 {
            change.apply(&mut names);
        }
    }
    names
}

/// Of each sector that was changed since the last sync, the content after some of those changes; of the lengths that
/// the file had since then, one.
fn some_sectors(file: &Inode, choice: &mut Choice) -> Vec<u8> {
    let mut touched: BTreeMap<usize, Vec<&ByteChange>> = BTreeMap::new();
    let mut lengths = vec![file.synced.len()];
    let mut reach = file.synced.len();
    for Pending { change, .. } in &file.pending {
        let (range, length) = match change {
            ByteChange::Write { offset, bytes } => {
                let end = offset + bytes.len();
                (*offset..end, end.max(lengths[lengths.len() - 1]))
            }
            ByteChange::Truncate => (0..reach, 0),
        };
        reach = reach.max(range.end);
        lengths.push(length);
        for sector in range.start / SECTOR_BYTES..range.end.div_ceil(SECTOR_BYTES) {
            touched.entry(sector).or_default().push(change);
        }
    }
    let mut bytes = file.synced.clone();
    for (sector, changes) in touched {
        for change in &changes[..choice.below(changes.len() + 1)] {
            change_within(&mut bytes, change, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
        }
    }
    bytes.resize(lengths[choice.below(lengths.len())], 0);
    bytes
}

/// Applies the part of a change that falls between two offsets.
fn change_within(bytes: &mut Vec<u8>, change: &ByteChange, from: usize, to: usize) {
    match change {
        ByteChange::Write { offset, bytes: written } => {
            let start = (*offset).max(from);
            let end = (offset + written.len()).min(to);
            overwrite(bytes, start, &written[start - offset..end - offset]);
        }
        ByteChange::Truncate => {
            let end = to.min(bytes.len());
            bytes[from.min(end)..end].fill(0);
        }
    }
}

enum Change<'a> {
    Bytes(usize, &'a ByteChange),
    Name(&'a NameChange),
}

/// Everything in the order in which it was written, up to some byte of some write.
fn prefix(state: &State, choice: &mut Choice) -> (BTreeMap<String, usize>, Vec<Vec<u8>>) {
    let mut changes: Vec<(u64, Change<'_>)> = Vec::new();
    for (inode, file) in state.files.iter().enumerate() {
        changes.extend(file.pending.iter().map(|pending| (pending.order, Change::Bytes(inode, &pending.change))));
    }
    changes.extend(state.names_pending.iter().map(|pending| (pending.order, Change::Name(&pending.change))));
    changes.sort_by_key(|(order, _)| *order);

    let mut names = state.names_synced.clone();
    let mut files = each(&state.files, |file| file.synced.clone());
    let whole = choice.below(changes.len() + 1);
    for (_, change) in &changes[..whole] {
        match change {
            Change::Bytes(inode, change) => change.apply(&mut files[*inode]),
            Change::Name(change) => change.apply(&mut names),
        }
    }
    if let Some((_, Change::Bytes(inode, ByteChange::Write { offset, bytes }))) = changes.get(whole) {
        let kept = choice.below(bytes.len() + 1);
        overwrite(&mut files[*inode], *offset, &bytes[..kept]);
    }
    (names, files)
}

/// A stream of choices that a seed determines: `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014).
struct Choice(u64);

impl Choice {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`, which must not be zero.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed % bound as u64) as usize
    }
}
