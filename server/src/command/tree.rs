//! `tree` and `dot`: what is in an object.

use std::io::Write as _;

use packtree::query::Moment;
use packtree::{Engine, Identifier, Policy};

use super::Context;
use super::draw::Drawing;
use packtree_wire as wire;

use crate::failure::Failure;
use crate::named::{identifier, moment};
use crate::opening;

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
        let engine = opening::existing(context.data.as_deref(), Policy::default())?;
        let depth = self.depth.unwrap_or(usize::MAX);
        let tree = engine.tree(&self.id, self.at, depth)?.ok_or_else(|| unknown(&engine, &self.id, self.at))?;
        if context.json {
            return context.out.json(&wire::Tree::from(&tree));
        }
        if self.at == Moment::Now {
            let around: Vec<String> = {
                let view = engine.view();
                view.ancestors(&self.id).into_iter().flatten().map(|outer| outer.to_string()).collect()
            };
            if !around.is_empty() {
                let line = context.out.style.faint(format!("in {}", around.join(", in ")));
                writeln!(context.out, "{line}")?;
            }
        }
        let text = Drawing { style: context.out.style, all: self.all }.of(&tree);
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
        let engine = opening::existing(context.data.as_deref(), Policy::default())?;
        let dot = engine.dot(&self.id).ok_or_else(|| unknown(&engine, &self.id, Moment::Now))?;
        Ok(writeln!(context.out, "{}", dot.trim_end())?)
    }
}

/// That an object is not there, and what may be.
pub(super) fn unknown(engine: &Engine, id: &Identifier, at: Moment) -> Failure {
    let facts = engine.head().sequence;
    match at {
        Moment::Now => Failure::no(format!("{id} is not known")),
        _ => Failure::no(format!("{id} did not exist at that moment")),
    }
    .remedy(match at {
        Moment::Now => {
            "check the identifier with `packtree gs1 parse`, or import the document that names it".to_owned()
        }
        _ => format!("choose a moment since it was commissioned; the newest fact is #{facts}"),
    })
}
