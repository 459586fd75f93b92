//! `tree` and `dot`: what is in an object.

use std::io::Write as _;

use packtree::Identifier;
use packtree::query::{Moment, Tree as Contents};

use super::Context;
use super::draw::Drawing;
use super::source::{Purpose, unknown};
use crate::failure::Failure;
use crate::named::{identifier, moment};

#[derive(clap::Args)]
pub(super) struct Tree {
    /// The object.
    #[arg(value_parser = identifier)]
    id: Identifier,
    /// As of a fact, '#12', or as it was recorded by a time, 2026-11-23T08:14:02+01:00.
    #[arg(long, value_name = "MOMENT", default_value = "now", value_parser = moment)]
    at: Moment,
    /// How many levels down; all where it is left out.
    #[arg(long, value_name = "LEVELS")]
    depth: Option<usize>,
    /// Draw every object, also of many siblings.
    #[arg(long)]
    all: bool,
}

impl Tree {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let source = context.source(Purpose::default())?;
        let tree = source.tree(&self.id, self.at, self.depth)?;
        let tree = tree.ok_or_else(|| unknown(&*source, &self.id, self.at))?;
        if context.json {
            return context.out.json(&tree);
        }
        if self.at == Moment::Now {
            let around = source.inspect(&self.id)?.map(|found| found.around).unwrap_or_default();
            let around: Vec<String> = around.iter().rev().map(|outer| outer.id.to_string()).collect();
            if !around.is_empty() {
                let line = context.out.style.faint(format!("in {}", around.join(", in ")));
                writeln!(context.out, "{line}")?;
            }
        }
        let text = Drawing { style: context.out.style, all: self.all }.of(&Contents::from(&tree));
        Ok(write!(context.out, "{text}")?)
    }
}

#[derive(clap::Args)]
pub(super) struct Dot {
    /// The object.
    #[arg(value_parser = identifier)]
    id: Identifier,
}

impl Dot {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let source = context.source(Purpose::default())?;
        let dot = source.dot(&self.id)?.ok_or_else(|| unknown(&*source, &self.id, Moment::Now))?;
        Ok(writeln!(context.out, "{}", dot.trim_end())?)
    }
}
