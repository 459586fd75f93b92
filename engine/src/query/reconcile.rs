//! What was physically scanned in a container, against what is recorded.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use packtree_gs1::Identifier;

use super::{Location, View};
use crate::fact::Status;
use crate::forest::View as _;

/// What a count found; see [`View::reconcile`].
///
/// ```
/// use packtree::query::{Found, Reconciliation, Unexpected};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, cases, units, .. } = packed_pallet()?;
/// // A count of the first case finds one of its units twice, and one that belongs into the other.
/// let scans = [units[0].clone(), units[2].clone(), units[0].clone()];
/// let count: Reconciliation = engine.reconcile(&cases[0], &scans).ok_or("the case is known")?;
/// assert_eq!((count.missing, count.repeated), (vec![units[1].clone()], vec![units[0].clone()]));
/// let [Unexpected { id, found: Found::Elsewhere(place) }] = &count.unexpected[..] else { panic!("one is") };
/// assert_eq!((id, &place.parent), (&units[2], &Some(cases[1].clone())));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Recorded in the container, and scanned; in the order of the scans.
    pub present: Vec<Identifier>,
    /// Recorded in the container, and not scanned; in the order in which it went in.
    pub missing: Vec<Identifier>,
    /// Scanned, and not recorded in the container; in the order of the scans.
    pub unexpected: Vec<Unexpected>,
    /// Scanned more than once; counted once above.
    pub repeated: Vec<Identifier>,
}

/// Something that was scanned and not recorded in the container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexpected {
    /// What was scanned.
    pub id: Identifier,
    /// What is recorded of it.
    pub found: Found,
}

/// What is recorded of something that was not expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing: the engine does not know it.
    Unknown,
    /// It belongs elsewhere, or nowhere if the location names no parent.
    Elsewhere(Location),
    /// It is out of use.
    OutOfUse(Status),
}

impl View<'_> {
    /// Compares what was scanned in a container with what is recorded one level down in it; `None` for an unknown container.
    ///
    /// ```
    /// # use packtree::{Caller, Engine, Identifier, Operation, Options};
    /// # use packtree::fact::Level;
    /// # use packtree::operation::Commission;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let engine = Engine::open(directory.path(), Options::default())?;
    /// # let line = Caller::machine("line-3")?;
    /// # let case = Identifier::parse("(00)095212345000000018")?;
    /// # let unit = |n: u32| Identifier::parse(&format!("(01)09521234543213(21)A00{n}"));
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case.clone()] }))?;
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Unit, objects: vec![unit(1)?, unit(2)?] }))?;
    /// use packtree::query::Found;
    ///
    /// engine.perform(&line, Operation::pack(case.clone(), vec![unit(1)?, unit(2)?]))?;
    ///
    /// let count = engine.view().reconcile(&case, &[unit(2)?, unit(3)?]).ok_or("no such case")?;
    /// assert_eq!(count.present, [unit(2)?]);
    /// assert_eq!(count.missing, [unit(1)?]);
    /// assert_eq!(count.unexpected[0].found, Found::Unknown);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reconcile(&self, container: &Identifier, scanned: &[Identifier]) -> Option<Reconciliation> {
        let forest = self.forest();
        let place = forest.find(container)?;
        let mut seen: HashSet<&Identifier, RandomState> = HashSet::default();
        let mut result = Reconciliation::default();
        for id in scanned {
            if !seen.insert(id) {
                if !result.repeated.contains(id) {
                    result.repeated.push(id.clone());
                }
                continue;
            }
            match forest.find(id) {
                Some(ix) if forest.record(ix).parent == place => result.present.push(id.clone()),
                _ => result.unexpected.push(Unexpected { id: id.clone(), found: self.found(id) }),
            }
        }
        let recorded = forest.children(place).map(|child| forest.identifier(child));
        result.missing = recorded.filter(|child| !seen.contains(child)).collect();
        Some(result)
    }

    fn found(&self, id: &Identifier) -> Found {
        let forest = self.forest();
        let status = forest.find(id).map(|ix| forest.record(ix).status());
        match (status, self.locate(id)) {
            (Some(Status::Active), Some(location)) => Found::Elsewhere(location),
            (Some(status), Some(_)) => Found::OutOfUse(status),
            _ => Found::Unknown,
        }
    }
}
