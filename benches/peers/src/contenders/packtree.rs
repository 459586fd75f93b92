//! Packtree, as a caller embeds it: many operations in flight where there are many, one at a time where there is one.

use std::collections::VecDeque;
use std::path::Path;

use anyhow::{Context, Result, bail};
use packtree::fact::{self, Lot, LotData, LotName, ReasonText, Trust};
use packtree::operation::{Commission, Contents, Hold, HoldTarget, Release, Unpack};
use packtree::{Caller, Engine, Identifier, Operation, Options, Outcome, Ticket};
use packtree_gs1::{Gtin, LotNumber};

use crate::contender::Contender;
use crate::workload::{GTIN, LOT, Level, Object, Pack, Size};

/// Operations in flight at a time; the queue takes some more.
const IN_FLIGHT: usize = 4_000;

/// Objects commissioned by one operation.
const COMMISSION_OBJECTS: usize = 8_192;

pub(crate) struct Packtree {
    engine: Engine,
    caller: Caller,
    lot: LotName,
}

impl Packtree {
    fn perform(&self, operation: Operation) -> Result<()> {
        done(self.engine.perform(&self.caller, operation)?)
    }

    fn perform_all(&self, operations: impl Iterator<Item = Operation>) -> Result<()> {
        let mut pending: VecDeque<Ticket> = VecDeque::with_capacity(IN_FLIGHT);
        for operation in operations {
            if IN_FLIGHT <= pending.len()
                && let Some(ticket) = pending.pop_front()
            {
                done(ticket.wait()?)?;
            }
            pending.push_back(self.engine.send(self.engine.request(&self.caller, operation))?);
        }
        pending.into_iter().try_for_each(|ticket| done(ticket.wait()?))
    }
}

fn done(outcome: Outcome) -> Result<()> {
    match outcome {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal) => bail!("refused: {refusal}"),
    }
}

impl Contender for Packtree {
    type Key = Identifier;

    fn open(folder: &Path, _: Size) -> Result<Self> {
        let engine = Engine::open(folder, Options::default())?;
        let lot = LotName { gtin: Gtin::new(GTIN)?, number: LotNumber::parse(LOT)? };
        Ok(Self { engine, caller: Caller::machine("line-1")?, lot })
    }

    fn key(&self, object: Object) -> Identifier {
        object.identifier()
    }

    fn commission(&mut self, level: Level, objects: Vec<Identifier>) -> Result<()> {
        let lot = (level == Level::Unit).then_some(Lot { number: self.lot.number, data: LotData::default() });
        let level = match level {
            Level::Unit => fact::Level::Unit,
            Level::Case => fact::Level::Case,
            Level::Pallet => fact::Level::Pallet,
        };
        let commission =
            |objects: &[Identifier]| Operation::Commission(Commission { lot, level, objects: objects.to_vec() });
        self.perform_all(objects.chunks(COMMISSION_OBJECTS).map(commission))
    }

    fn pack(&mut self, packs: Vec<Pack<Identifier>>) -> Result<()> {
        self.perform_all(packs.into_iter().map(|pack| Operation::pack(pack.parent, pack.children)))
    }

    fn pack_one(&mut self, parent: Identifier, child: Identifier) -> Result<()> {
        self.perform(Operation::pack(parent, vec![child]))
    }

    fn unpack_one(&mut self, child: Identifier) -> Result<()> {
        self.perform(Operation::unpack(vec![child]))
    }

    fn unpack_below(&mut self, container: Identifier) -> Result<()> {
        let what = Contents::Recursive { parent: container };
        self.perform(Operation::Unpack(Unpack { what, trust: Trust::Verified }))
    }

    fn hold_lot(&mut self, held: bool) -> Result<()> {
        let target = HoldTarget::Lot(self.lot);
        let operation = if held { Operation::Hold(Hold { target }) } else { Operation::Release(Release { target }) };
        let mut request = self.engine.request(&self.caller, operation);
        request.reason = Some(ReasonText::new("deviation 17")?);
        done(self.engine.submit(request)?)
    }

    fn is_held(&mut self, object: &Identifier) -> Result<bool> {
        Ok(self.engine.inspect(object).context("the object is known")?.lot_on_hold)
    }

    fn root(&mut self, object: &Identifier) -> Result<Identifier> {
        self.engine.root(object).context("the object is known")
    }

    fn contents(&mut self, container: &Identifier) -> Result<Vec<Identifier>> {
        let view = self.engine.view();
        let contents = view.contents(container, usize::MAX).context("the container is known")?;
        Ok(contents.map(|content| content.id).collect())
    }

    fn objects(&mut self) -> Result<u64> {
        Ok(self.engine.stats().objects.into())
    }

    fn close(self) -> Result<()> {
        self.engine.close()?;
        Ok(())
    }
}
