//! Verbs of stock and quality that take more than a list of objects: hold, release, decommission, correct-lot, receive.

use clap::ValueEnum;
use packtree::Operation;
use packtree::fact::{LotName, Trust};
use packtree::operation::{self, ContentsFate, HoldTarget};

use super::packing::Dates;
use super::write::{How, Writing, some};
use crate::failure::Failure;
use crate::named::{Named, lot_name, lot_of, named};

#[derive(clap::Args)]
pub(super) struct Hold {
    /// The objects, each with everything under it; or one lot: '(01)...(10)...'.
    #[arg(required = true, value_name = "OBJECT", value_parser = named)]
    objects: Vec<Named>,
    #[command(flatten)]
    how: How,
}

impl Hold {
    pub(super) fn into_writing(self, operation: impl FnOnce(HoldTarget) -> Operation) -> Result<Writing, Failure> {
        let objects = some(self.objects)?;
        let target = match (objects.iter().find_map(lot_of), objects.len()) {
            (None, _) => HoldTarget::Objects(objects),
            (Some(lot), 1) => HoldTarget::Lot(lot),
            (Some(lot), _) => {
                let name = format!("lot {} of (01){}", lot.number, lot.gtin);
                return Err(Failure::cannot(format!("{name} is named together with other objects"))
                    .remedy("name one lot alone, or objects only"));
            }
        };
        Ok(self.how.with(operation(target)))
    }
}

#[derive(clap::Args)]
pub(super) struct Decommission {
    /// The objects.
    #[arg(required = true, value_name = "OBJECT", value_parser = named)]
    objects: Vec<Named>,
    /// What becomes of the contents of a container.
    #[arg(long, value_enum, default_value = "stay")]
    contents: ContentsChoice,
    #[command(flatten)]
    how: How,
}

#[derive(Clone, Copy, ValueEnum)]
enum ContentsChoice {
    /// They come out and stay active
    Stay,
    /// They are decommissioned too
    Too,
}

impl Decommission {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let contents = match self.contents {
            ContentsChoice::Stay => ContentsFate::StayActive,
            ContentsChoice::Too => ContentsFate::Too,
        };
        let objects = some(self.objects)?;
        Ok(self.how.with(Operation::Decommission(operation::Decommission { objects, contents })))
    }
}

#[derive(clap::Args)]
pub(super) struct CorrectLot {
    /// The lot: '(01)...(10)...'. From then on it has the dates that are given, and no others.
    #[arg(value_parser = lot_name)]
    lot: LotName,
    #[command(flatten)]
    dates: Dates,
    #[command(flatten)]
    how: How,
}

impl CorrectLot {
    pub(super) fn into_writing(self) -> Writing {
        let data = self.dates.data();
        self.how.with(Operation::CorrectLot(operation::CorrectLot { lot: self.lot, data }))
    }
}

#[derive(clap::Args)]
pub(super) struct Receive {
    /// The roots that arrive.
    #[arg(required = true, value_name = "ROOT", value_parser = named)]
    roots: Vec<Named>,
    /// The contents were scanned, and not taken on trust.
    #[arg(long)]
    verified: bool,
    #[command(flatten)]
    how: How,
}

impl Receive {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let trust = if self.verified { Trust::Verified } else { Trust::Inferred };
        Ok(self.how.with(Operation::Receive(operation::Receive { roots: some(self.roots)?, trust })))
    }
}
