//! Verbs of rework: replace, swap, relabel, merge, split, reset, close.

use clap::ValueEnum;
use packtree::operation;
use packtree::{Identifier, Operation};

use super::write::{How, Writing, some};
use crate::failure::Failure;
use crate::named::{Named, identifier, identifiers, named};

#[derive(clap::Args)]
pub(super) struct Replace {
    /// The unit that goes.
    #[arg(value_parser = identifier)]
    old: Identifier,
    /// The loose unit that takes its place.
    #[arg(value_parser = identifier)]
    new: Identifier,
    /// What becomes of the old one.
    #[arg(long, value_enum, default_value = "loose")]
    fate: Fate,
    #[command(flatten)]
    how: How,
}

#[derive(Clone, Copy, ValueEnum)]
enum Fate {
    Loose,
    Sampled,
    Rejected,
    Destroyed,
    Decommissioned,
}

impl Replace {
    pub(super) fn into_writing(self) -> Writing {
        let fate = match self.fate {
            Fate::Loose => operation::Fate::Loose,
            Fate::Sampled => operation::Fate::Sampled,
            Fate::Rejected => operation::Fate::Rejected,
            Fate::Destroyed => operation::Fate::Destroyed,
            Fate::Decommissioned => operation::Fate::Decommissioned,
        };
        self.how.with(Operation::Replace(operation::Replace { old: self.old, new: self.new, fate }))
    }
}

#[derive(clap::Args)]
pub(super) struct Swap {
    /// One object.
    #[arg(value_parser = identifier)]
    one: Identifier,
    /// The other object.
    #[arg(value_parser = identifier)]
    other: Identifier,
    #[command(flatten)]
    how: How,
}

impl Swap {
    pub(super) fn into_writing(self) -> Writing {
        self.how.with(Operation::Swap(operation::Swap { one: self.one, other: self.other }))
    }
}

#[derive(clap::Args)]
pub(super) struct Relabel {
    /// The identifier that the container has.
    #[arg(value_parser = identifier)]
    old: Identifier,
    /// The identifier that it gets, never used before.
    #[arg(value_parser = identifier)]
    new: Identifier,
    #[command(flatten)]
    how: How,
}

impl Relabel {
    pub(super) fn into_writing(self) -> Writing {
        self.how.with(Operation::Relabel(operation::Relabel { old: self.old, new: self.new }))
    }
}

#[derive(clap::Args)]
pub(super) struct Merge {
    /// The container that is emptied.
    #[arg(value_parser = identifier)]
    from: Identifier,
    /// The container that takes it all.
    #[arg(long, value_name = "CONTAINER", value_parser = identifier)]
    into: Identifier,
    #[command(flatten)]
    how: How,
}

impl Merge {
    pub(super) fn into_writing(self) -> Writing {
        self.how.with(Operation::Merge(operation::Merge { from: self.from, into: self.into }))
    }
}

#[derive(clap::Args)]
pub(super) struct Split {
    /// The container that gives.
    #[arg(value_parser = identifier)]
    from: Identifier,
    /// The children that go.
    #[arg(required = true, value_name = "CHILD", value_parser = named)]
    children: Vec<Named>,
    /// The identifier of the new container.
    #[arg(long, value_name = "CONTAINER", value_parser = identifier)]
    into: Identifier,
    #[command(flatten)]
    how: How,
}

impl Split {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let children = some(self.children)?;
        Ok(self.how.with(Operation::Split(operation::Split { from: self.from, children, into: self.into })))
    }
}

#[derive(clap::Args)]
pub(super) struct Reset {
    /// The container.
    #[arg(value_parser = identifier)]
    container: Identifier,
    /// What was counted in it; nothing for an empty container.
    #[arg(value_name = "CHILD", value_parser = named)]
    children: Vec<Named>,
    #[command(flatten)]
    how: How,
}

impl Reset {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let children = identifiers(self.children)?;
        Ok(self.how.with(Operation::Reset(operation::Reset { container: self.container, children })))
    }
}

#[derive(clap::Args)]
pub(super) struct Close {
    /// The containers.
    #[arg(required = true, value_name = "CONTAINER", value_parser = named)]
    containers: Vec<Named>,
    /// They hold fewer than their packaging says; needs a reason and a role.
    #[arg(long)]
    partial: bool,
    #[command(flatten)]
    how: How,
}

impl Close {
    pub(super) fn into_writing(self) -> Result<Writing, Failure> {
        let containers = some(self.containers)?;
        Ok(self.how.with(Operation::Close(operation::Close { containers, partial: self.partial })))
    }
}
