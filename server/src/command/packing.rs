//! Verbs of the packaging line: commission, pack, unpack, move.

use packtree::fact::{Level, Lot, LotData, Trust};
use packtree::operation::{self, Contents, serial_range};
use packtree::{Identifier, Operation};
use packtree_gs1::{Gs1Date, LotNumber};

use super::write::{How, Writing, some};
use crate::failure::Failure;
use crate::named::{self, Named, identifier, named};

#[derive(clap::Args)]
pub(super) struct Commission {
    /// The objects.
    #[arg(required = true, value_name = "OBJECT", value_parser = named)]
    objects: Vec<Named>,
    /// Their level: unit, bundle, case, tote, pallet. Objects with a GTIN are units where it is left out.
    #[arg(long, value_parser = level)]
    level: Option<Level>,
    /// So many consecutive serial numbers, beginning with the one object that is named.
    #[arg(long, value_name = "COUNT")]
    range: Option<usize>,
    /// Their lot number.
    #[arg(long, value_parser = LotNumber::parse)]
    lot: Option<LotNumber>,
    #[command(flatten)]
    dates: Dates,
    #[command(flatten)]
    how: How,
}

/// The dates of a lot.
#[derive(clap::Args)]
pub(super) struct Dates {
    /// The expiry date of the lot: 2028-02-29, or 2028-02 where the day is open.
    #[arg(long, value_name = "DATE", value_parser = named::date)]
    expiry: Option<Gs1Date>,
    /// The production date of the lot.
    #[arg(long, value_name = "DATE", value_parser = named::date)]
    production: Option<Gs1Date>,
    /// The best-before date of the lot.
    #[arg(long, value_name = "DATE", value_parser = named::date)]
    best_before: Option<Gs1Date>,
}

impl Dates {
    pub(super) fn data(&self) -> LotData {
        LotData { expiry: self.expiry, production: self.production, best_before: self.best_before }
    }
}

impl Commission {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let mut objects = some(self.objects)?;
        if let Some(count) = self.range {
            objects = range(&objects, count)?;
        }
        let data = self.dates.data();
        let lot = self.lot.map(|number| Lot { number, data });
        if lot.is_none() && data != LotData::default() {
            return Err(Failure::cannot("dates belong to a lot, and no lot is named").remedy("add `--lot NUMBER`"));
        }
        let all_have_a_gtin = objects.iter().all(|object| matches!(object, Identifier::Sgtin(_)));
        let level = match self.level {
            Some(level) => level,
            None if all_have_a_gtin => Level::Unit,
            None => {
                return Err(Failure::cannot("the identifiers do not say of which level the objects are")
                    .remedy("add `--level case`, `--level pallet` or another level"));
            }
        };
        Ok(self.how.with(Operation::Commission(operation::Commission { lot, level, objects })))
    }
}

fn range(objects: &[Identifier], count: usize) -> Result<Vec<Identifier>, Failure> {
    let [Identifier::Sgtin(first)] = objects else {
        return Err(Failure::cannot("a range begins with one object that has a GTIN and a serial number")
            .remedy("name the first object only: packtree commission '(01)...(21)A001' --range 24"));
    };
    serial_range(*first, count).ok_or_else(|| {
        Failure::cannot(format!("the serial number {} cannot count {count} up", first.serial))
            .remedy("begin with a serial number that ends in enough digits")
    })
}

#[derive(clap::Args)]
pub(super) struct Pack {
    /// The container.
    #[arg(value_parser = identifier)]
    parent: Identifier,
    /// What goes into it.
    #[arg(required = true, value_name = "CHILD", value_parser = named)]
    children: Vec<Named>,
    /// The level of the container, where it may still be unknown.
    #[arg(long, default_value = "unknown", hide_default_value = true, value_parser = level)]
    level: Level,
    #[command(flatten)]
    how: How,
}

impl Pack {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let children = some(self.children)?;
        let (parent, parent_level) = (self.parent, self.level);
        Ok(self.how.with(Operation::Pack(operation::Pack { parent, parent_level, children, quantities: Vec::new() })))
    }
}

#[derive(clap::Args)]
pub(super) struct Unpack {
    /// What comes out; the engine knows out of which container.
    #[arg(required_unless_present_any = ["all", "recursive"], value_name = "CHILD", value_parser = named)]
    children: Vec<Named>,
    /// The container that the children must be in.
    #[arg(long, value_name = "PARENT", requires = "children", value_parser = identifier)]
    from: Option<Identifier>,
    /// Everything comes out of this container, one level.
    #[arg(long, value_name = "PARENT", conflicts_with_all = ["children", "recursive"], value_parser = identifier)]
    all: Option<Identifier>,
    /// Everything under this container comes apart, on every level.
    #[arg(long, value_name = "PARENT", conflicts_with = "children", value_parser = identifier)]
    recursive: Option<Identifier>,
    /// What comes out was not looked at; so it is with --all and --recursive unless --verified is given.
    #[arg(long, conflicts_with = "verified")]
    inferred: bool,
    /// What comes out was scanned, each object.
    #[arg(long)]
    verified: bool,
    #[command(flatten)]
    how: How,
}

impl Unpack {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let (what, usual) = match (self.all, self.recursive) {
            (Some(parent), _) => (Contents::All { parent }, Trust::Inferred),
            (None, Some(parent)) => (Contents::Recursive { parent }, Trust::Inferred),
            (None, None) => {
                let children = some(self.children)?;
                (Contents::Named { parent: self.from, children, quantities: Vec::new() }, Trust::Verified)
            }
        };
        let trust = match (self.verified, self.inferred) {
            (true, _) => Trust::Verified,
            (_, true) => Trust::Inferred,
            _ => usual,
        };
        Ok(self.how.with(Operation::Unpack(operation::Unpack { what, trust })))
    }
}

#[derive(clap::Args)]
pub(super) struct Move {
    /// What moves.
    #[arg(required = true, value_name = "CHILD", value_parser = named)]
    children: Vec<Named>,
    /// The container that it goes into.
    #[arg(long, value_name = "PARENT", value_parser = identifier)]
    into: Identifier,
    #[command(flatten)]
    how: How,
}

impl Move {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let children = some(self.children)?;
        Ok(self.how.with(Operation::Move(operation::Move { children, into: self.into })))
    }
}

fn level(word: &str) -> Result<Level, String> {
    Level::from_word(word).ok_or_else(|| "choose one of unit, bundle, case, tote, pallet".to_owned())
}
