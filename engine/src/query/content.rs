//! Walks what is under an object, without copying it.

use packtree_gs1::Identifier;

use crate::forest::record::Ix;
use crate::forest::view::Children;
use crate::forest::{Forest, View as _};

/// One object among the contents of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its identifier.
    pub id: Identifier,
    /// How many levels it is down: 1 for a child.
    pub depth: usize,
}

/// What is under an object, each container before what is in it; see [`View::contents`](super::View::contents).
///
/// ```
/// use packtree::query::{Content, Contents};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, pallet, cases, .. } = packed_pallet()?;
/// let view = engine.view();
/// let mut below: Contents<'_> = view.contents(&pallet, 2).ok_or("the pallet is known")?;
/// assert_eq!(below.next(), Some(Content { id: cases[0].clone(), depth: 1 }));
/// assert_eq!(below.map(|content| content.depth).collect::<Vec<_>>(), [2, 2, 1, 2, 2]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Contents<'v> {
    places: Places<'v>,
}

impl<'v> Contents<'v> {
    pub(super) fn new(forest: &'v Forest, ix: Ix, depth: usize) -> Self {
        let levels = if depth == 0 { Vec::new() } else { vec![forest.children(ix)] };
        Self { places: Places { forest, depth, levels } }
    }

    /// The same walk, by place.
    pub(super) fn places(self) -> impl Iterator<Item = Ix> + 'v {
        self.places.map(|(ix, _)| ix)
    }
}

impl Iterator for Contents<'_> {
    type Item = Content;

    fn next(&mut self) -> Option<Content> {
        let (ix, depth) = self.places.next()?;
        Some(Content { id: self.places.forest.identifier(ix), depth })
    }
}

/// The children still to be shown on each level; as many levels as a forest is deep.
struct Places<'v> {
    forest: &'v Forest,
    depth: usize,
    levels: Vec<Children<'v, Forest>>,
}

impl std::fmt::Debug for Places<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Places").field("depth", &self.depth).finish_non_exhaustive()
    }
}

impl Iterator for Places<'_> {
    type Item = (Ix, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(ix) = self.levels.last_mut()?.next() else {
                self.levels.pop();
                continue;
            };
            let depth = self.levels.len();
            if depth < self.depth && 0 < self.forest.count(ix) {
                self.levels.push(self.forest.children(ix));
            }
            return Some((ix, depth));
        }
    }
}
