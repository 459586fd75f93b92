//! `history`: what happened to an object.

use std::io::Write as _;

use packtree::query::{Entry, Moment};
use packtree::{Identifier, Policy};

use super::Context;
use super::tree::unknown;
use packtree_wire as wire;

use crate::failure::Failure;
use crate::named::identifier;
use crate::{opening, words};

#[derive(clap::Args)]
pub(super) struct History {
    /// The object.
    #[arg(value_parser = identifier)]
    id: Identifier,
    /// How many facts at most, the newest first.
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
}

impl History {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let engine = opening::existing(context.data.as_deref(), Policy::default())?;
        if engine.locate(&self.id).is_none() {
            return Err(unknown(&engine, &self.id, Moment::Now));
        }
        let entries = engine.history(&self.id).take(self.limit.unwrap_or(usize::MAX));
        if context.json {
            let entries: Vec<wire::HistoryEntry> =
                entries.map(|entry| Ok(wire::HistoryEntry::from(&entry?))).collect::<Result<_, packtree::Error>>()?;
            return context.out.json(&entries);
        }
        for entry in entries {
            self.print(context, &entry?)?;
        }
        Ok(())
    }

    fn print(&self, context: &mut Context<'_>, entry: &Entry) -> Result<(), Failure> {
        let (header, style) = (&entry.header, context.out.style);
        let fact = style.strong(format!("#{}", entry.fact));
        let who = if header.station.as_str() == header.actor.as_str() {
            format!("{} ({})", header.actor, header.role)
        } else {
            format!("{} ({}) at {}", header.actor, header.role, header.station)
        };
        writeln!(context.out, "{fact}  {}  {}  {}", header.event_time, entry.verb, style.faint(who))?;
        if entry.via {
            writeln!(context.out, "    with {}, which it was in", entry.object)?;
        } else if entry.object != self.id {
            writeln!(context.out, "    as {}", entry.object)?;
        }
        for effect in &entry.effects {
            writeln!(context.out, "    {}", words::effect(effect))?;
        }
        if let Some(reason) = &header.reason {
            writeln!(context.out, "    because: {reason}")?;
        }
        Ok(())
    }
}
