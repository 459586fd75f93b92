//! Looks through all objects, page by page, so that no writer waits for the whole of it.

use packtree_gs1::Identifier;

use super::View;
use crate::fact::{Seal, Status};
use crate::forest::View as _;
use crate::forest::record::{Ix, Record};
use crate::limits::PAGE_OBJECTS_LOOKED_AT;

/// Where the next page of a search begins. Good for the engine that gave it, until that is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor(u32);

impl Cursor {
    /// Where a search begins.
    pub const START: Self = Self(0);

    /// The cursor as a number, for an interface that hands it out.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The cursor of a number; one that no search gave finds nothing, or begins in the middle.
    ///
    /// ```
    /// use packtree::query::Cursor;
    ///
    /// assert_eq!(Cursor::from_number(Cursor::START.number()), Cursor::START);
    /// ```
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }
}

/// A part of what a search finds. It may be empty although more follows: a page is bounded by what is looked at.
///
/// ```
/// use packtree::query::{Cursor, Page};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, units, .. } = packed_pallet()?;
/// let Page { objects, next } = engine.view().orphans(Cursor::START);
/// assert_eq!((objects, next), (vec![units[4].clone()], None));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What was found, in the order in which it was commissioned.
    pub objects: Vec<Identifier>,
    /// Where the next page begins; `None` behind the last.
    pub next: Option<Cursor>,
}

impl View<'_> {
    /// A page of the objects below the highest level that are in use, here and in no container.
    ///
    /// ```
    /// # use packtree::{Caller, Engine, Identifier, Operation, Options};
    /// # use packtree::fact::Level;
    /// # use packtree::operation::Commission;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let engine = Engine::open(directory.path(), Options::default())?;
    /// # let line = Caller::machine("line-3")?;
    /// # let unit = Identifier::parse("(01)09521234543213(21)A001")?;
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Unit, objects: vec![unit.clone()] }))?;
    /// use packtree::query::Cursor;
    ///
    /// let mut at = Some(Cursor::START);
    /// let mut orphans = Vec::new();
    /// while let Some(from) = at {
    ///     let page = engine.view().orphans(from);
    ///     orphans.extend(page.objects);
    ///     at = page.next;
    /// }
    /// assert_eq!(orphans, [unit]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn orphans(&self, from: Cursor) -> Page {
        let is_orphan = |_: Ix, record: &Record| {
            record.parent.known().is_none() && !record.is_away() && record.level() < crate::fact::Level::Pallet
        };
        self.page(from, is_orphan)
    }

    /// A page of the containers in use whose closure is in this state.
    ///
    /// A container is what is made to hold others, by its level, or holds something.
    ///
    /// ```
    /// # use packtree::{Caller, Engine, Identifier, Operation, Options};
    /// # use packtree::fact::{Level, Seal};
    /// # use packtree::operation::Commission;
    /// # use packtree::query::Cursor;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let engine = Engine::open(directory.path(), Options::default())?;
    /// # let line = Caller::machine("line-3")?;
    /// # let case = Identifier::parse("(00)095212345000000018")?;
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case.clone()] }))?;
    /// assert_eq!(engine.view().containers(Seal::Open, Cursor::START).objects, [case]);
    /// assert_eq!(engine.view().containers(Seal::Broken, Cursor::START).objects, []);
    /// # Ok(())
    /// # }
    /// ```
    pub fn containers(&self, seal: Seal, from: Cursor) -> Page {
        let forest = self.forest();
        self.page(from, |ix, record| {
            let is_container = record.level().holds_others() || 0 < forest.count(ix);
            is_container && forest.seal(ix) == seal
        })
    }

    fn page(&self, from: Cursor, wanted: impl Fn(Ix, &Record) -> bool) -> Page {
        let forest = self.forest();
        let end = forest.len().min(from.0.saturating_add(PAGE_OBJECTS_LOOKED_AT));
        let objects = (from.0..end)
            .map(|place| (Ix(place), forest.record(Ix(place))))
            .filter(|(ix, record)| record.status() == Status::Active && wanted(*ix, record))
            .map(|(ix, _)| forest.identifier(ix))
            .collect();
        Page { objects, next: (end < forest.len()).then_some(Cursor(end)) }
    }
}
