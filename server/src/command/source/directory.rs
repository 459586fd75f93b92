//! Data in a directory, opened for one command.

use std::path::Path;

use packtree::fact::Name;
use packtree::query::Moment;
use packtree::{Engine, Identifier, Options, Outcome, Policy, Receipt, Refusal};
use packtree_epcis::{Import, ImportSettings};
use packtree_wire as wire;
use tempfile::TempDir;

use super::{Documents, History, Purpose, Source};
use crate::command::write::{Writing, user};
use crate::failure::Failure;
use crate::opening;

/// The engine of a directory.
pub(super) struct Directory {
    engine: Engine,
    /// The directory, where it is one that is thrown away.
    _nowhere: Option<TempDir>,
}

impl Directory {
    pub(super) fn open(data: Option<&Path>, purpose: Purpose) -> Result<Self, Failure> {
        let Purpose { policy, begins, is_dry_run, .. } = purpose;
        if begins && is_dry_run && !opening::has_data(&opening::directory(data)?) {
            // Looking must not begin a directory, so the engine is one that is thrown away.
            return Self::nowhere(policy);
        }
        let engine = if begins { opening::any(data, policy) } else { opening::existing(data, policy) }?;
        Ok(Self { engine, _nowhere: None })
    }

    fn nowhere(policy: Policy) -> Result<Self, Failure> {
        let nowhere =
            tempfile::tempdir().map_err(|error| Failure::cannot(format!("no temporary directory: {error}")))?;
        let options = Options { policy, ..Options::default() };
        let engine = Engine::open(nowhere.path(), options).map_err(Failure::cannot)?;
        Ok(Self { engine, _nowhere: Some(nowhere) })
    }
}

impl Source for Directory {
    fn submit(&self, writing: &Writing) -> Result<Result<(wire::FactJson, Receipt), Refusal>, Failure> {
        let receipt = match self.engine.submit(writing.for_engine(&self.engine)?)? {
            Outcome::Done(receipt) => receipt,
            Outcome::Refused(refusal) => return Ok(Err(refusal)),
        };
        let fact = self.engine.fact(receipt.first)?;
        let fact = fact.ok_or_else(|| Failure::cannot("the fact that was just written is not there"))?;
        Ok(Ok((wire::FactJson::from(&fact), receipt)))
    }

    fn preview(&self, writing: &Writing) -> Result<Result<Vec<wire::Outlook>, Refusal>, Failure> {
        let facts = self.engine.preview(&[writing.for_engine(&self.engine)?]);
        Ok(facts.map(|facts| facts.iter().map(wire::Outlook::from).collect()))
    }

    fn import(&self, documents: Documents<'_>, by: Option<&Name>, is_dry_run: bool) -> Result<wire::Import, Failure> {
        let by = by.cloned().map_or_else(user, Ok)?;
        let settings = ImportSettings::new(by.as_str()).map_err(Failure::cannot)?;
        let mut import =
            if is_dry_run { Import::rehearsal(&self.engine, settings) } else { Import::new(&self.engine, settings) };
        for document in documents {
            import.read(document.name, document.content)?;
        }
        Ok(wire::Import::from(&import.finish()?))
    }

    fn document_bytes_max(&self) -> u64 {
        u64::MAX
    }

    fn inspect(&self, id: &Identifier) -> Result<Option<wire::Inspection>, Failure> {
        Ok(wire::Inspection::of(&self.engine.view(), id))
    }

    fn tree(&self, id: &Identifier, at: Moment, depth: Option<usize>) -> Result<Option<wire::Tree>, Failure> {
        let tree = self.engine.tree(id, at, depth.unwrap_or(usize::MAX))?;
        Ok(tree.as_ref().map(wire::Tree::from))
    }

    fn dot(&self, id: &Identifier) -> Result<Option<String>, Failure> {
        Ok(self.engine.dot(id))
    }

    fn history(&self, id: &Identifier, limit: usize) -> Result<Option<History<'_>>, Failure> {
        if self.engine.locate(id).is_none() {
            return Ok(None);
        }
        let shaped =
            |entry: Result<_, packtree::Error>| -> Result<_, Failure> { Ok(wire::HistoryEntry::from(&entry?)) };
        Ok(Some(Box::new(self.engine.history(id).take(limit).map(shaped))))
    }

    fn parked(&self) -> Result<Vec<wire::Parked>, Failure> {
        let parked = self.engine.view().parked();
        Ok(parked.map(|(fact, parking)| wire::Parked::new(fact, &parking)).collect())
    }

    fn difference(&self, id: &Identifier, from: Moment, to: Moment) -> Result<Option<wire::Difference>, Failure> {
        Ok(self.engine.difference(id, from, to)?.as_ref().map(wire::Difference::from))
    }

    fn reconcile(&self, id: &Identifier, scanned: &[Identifier]) -> Result<Option<wire::Reconciliation>, Failure> {
        Ok(self.engine.reconcile(id, scanned).as_ref().map(wire::Reconciliation::from))
    }

    fn checkpoint(&self) -> Result<u64, Failure> {
        Ok(self.engine.checkpoint()?.0)
    }

    fn newest(&self) -> Result<u64, Failure> {
        Ok(self.engine.head().sequence.0)
    }

    fn close(&self) -> Result<(), Failure> {
        self.engine.close()?;
        Ok(())
    }
}
