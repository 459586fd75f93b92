//! `history`: what happened to an object.

use std::io::Write as _;

use packtree::Identifier;
use packtree::query::Moment;
use packtree_wire as wire;

use super::Context;
use super::source::{Purpose, unknown};
use crate::failure::Failure;
use crate::named::identifier;

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
        let source = context.source(Purpose::default())?;
        let entries = source.history(&self.id, self.limit.unwrap_or(usize::MAX))?;
        let entries = entries.ok_or_else(|| unknown(&*source, &self.id, Moment::Now))?;
        if context.json {
            return context.out.json(&entries.collect::<Result<Vec<_>, _>>()?);
        }
        for entry in entries {
            self.print(context, &entry?)?;
        }
        Ok(())
    }

    fn print(&self, context: &mut Context<'_>, entry: &wire::HistoryEntry) -> Result<(), Failure> {
        let wire::HistoryEntry { fact, time, operation, actor, role, station, .. } = entry;
        let style = context.out.style;
        let fact = style.strong(format!("#{fact}"));
        let who = if station == actor { format!("{actor} ({role})") } else { format!("{actor} ({role}) at {station}") };
        writeln!(context.out, "{fact}  {time}  {operation}  {}", style.faint(who))?;
        if entry.via_container {
            writeln!(context.out, "    with {}, which it was in", entry.object)?;
        } else if entry.object.0 != self.id {
            writeln!(context.out, "    as {}", entry.object)?;
        }
        for sentence in &entry.sentences {
            writeln!(context.out, "    {sentence}")?;
        }
        if let Some(reason) = &entry.reason {
            writeln!(context.out, "    because: {reason}")?;
        }
        Ok(())
    }
}
