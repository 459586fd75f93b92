//! A growing array in blocks that never move, so that growth neither copies millions of records nor doubles their memory.

const BLOCK: usize = 1 << 14;

/// Values by `u32` index, appended at the end.
#[derive(Clone, Debug)]
pub(crate) struct Arena<T> {
    blocks: Vec<Vec<T>>,
    length: u32,
}

impl<T: Copy> Default for Arena<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy> Arena<T> {
    pub(crate) const fn new() -> Self {
        Self { blocks: Vec::new(), length: 0 }
    }

    pub(crate) const fn len(&self) -> u32 {
        self.length
    }

    pub(crate) fn get(&self, index: u32) -> T {
        self.blocks[index as usize / BLOCK][index as usize % BLOCK]
    }

    pub(crate) fn set(&mut self, index: u32, value: T) {
        self.blocks[index as usize / BLOCK][index as usize % BLOCK] = value;
    }

    pub(crate) fn push(&mut self, value: T) -> u32 {
        let index = self.length;
        if (index as usize).is_multiple_of(BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        self.blocks[index as usize / BLOCK].push(value);
        self.length = index.checked_add(1).expect("decide refuses objects above OBJECTS_MAX");
        index
    }

    /// The values from `from` up to `to`, which lie in one block.
    pub(crate) fn slice(&self, from: u32, to: u32) -> &[T] {
        let start = from as usize % BLOCK;
        &self.blocks[from as usize / BLOCK][start..start + (to - from) as usize]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.blocks.iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_where_they_were_put() {
        let mut arena = Arena::new();
        for value in 0..=BLOCK as u32 * 2 {
            assert_eq!(arena.push(value), value);
        }
        arena.set(BLOCK as u32, 7);
        assert_eq!(
            (arena.get(BLOCK as u32 - 1), arena.get(BLOCK as u32), arena.len()),
            (BLOCK as u32 - 1, 7, BLOCK as u32 * 2 + 1)
        );
        assert_eq!(arena.iter().count(), BLOCK * 2 + 1);
    }
}
