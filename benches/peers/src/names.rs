//! The contenders by name, and what each of them keeps beside the state.

use std::path::Path;

use anyhow::Result;
use clap::ValueEnum;

use crate::contenders::fjall::Fjall;
use crate::contenders::graph::Graph;
use crate::contenders::packtree::Packtree;
use crate::contenders::postgres::Postgres;
use crate::contenders::redb::Redb;
use crate::contenders::sqlite::{Identifiers, Integers, Sqlite};
use crate::figures::Figures;
use crate::measure::{measure, reopen};
use crate::workload::Size;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Name {
    Packtree,
    Graph,
    Sqlite,
    SqliteIntegers,
    Postgres,
    Redb,
    Fjall,
}

/// A part of the work of a contender, each in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Fills an empty folder.
    Measure,
    /// Opens it again.
    Reopen,
}

/// What a contender has, as the cell of a table.
type Property = (&'static str, fn(Name) -> &'static str);

impl Name {
    pub(crate) const PROPERTIES: &[Property] = &[
        ("durable", |name| if name.is_durable() { "yes" } else { "no, in memory" }),
        ("found by", |name| if name == Self::SqliteIntegers { "consecutive integers" } else { "GS1 identifiers" }),
        ("history of an object, contents as of a time", Self::only_packtree),
        ("rules beyond one parent (levels, seals, holds, lots, custody), refusals with reasons", Self::only_packtree),
        ("a repeated request is done once", Self::only_packtree),
        ("chain of hashes over everything", Self::only_packtree),
    ];

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Packtree => "packtree",
            Self::Graph => "HashMap + petgraph",
            Self::Sqlite => "SQLite",
            Self::SqliteIntegers => "SQLite, integers",
            Self::Postgres => "PostgreSQL",
            Self::Redb => "redb",
            Self::Fjall => "fjall",
        }
    }

    /// Whether anything is left when its process ends.
    pub(crate) const fn is_durable(self) -> bool {
        !matches!(self, Self::Graph)
    }

    pub(crate) fn run(self, part: Part, folder: &Path, size: Size) -> Result<Figures> {
        match self {
            Self::Packtree => run::<Packtree>(part, folder, size),
            Self::Graph => run::<Graph>(part, folder, size),
            Self::Sqlite => run::<Sqlite<Identifiers>>(part, folder, size),
            Self::SqliteIntegers => run::<Sqlite<Integers>>(part, folder, size),
            Self::Postgres => run::<Postgres>(part, folder, size),
            Self::Redb => run::<Redb>(part, folder, size),
            Self::Fjall => run::<Fjall>(part, folder, size),
        }
    }

    fn only_packtree(self) -> &'static str {
        if self == Self::Packtree { "yes" } else { "no" }
    }
}

fn run<C: crate::contender::Contender>(part: Part, folder: &Path, size: Size) -> Result<Figures> {
    match part {
        Part::Measure => measure::<C>(folder, size),
        Part::Reopen => reopen::<C>(folder, size),
    }
}
