//! `inspect`: everything that is known of an object, on one page.

use std::io::Write as _;

use packtree::Identifier;
use packtree::fact::{Level, Trust};
use packtree::query::{Inspection, Moment};

use super::Context;
use super::source::{Purpose, unknown};
use crate::failure::Failure;
use crate::named::identifier;
use crate::output::Style;
use crate::words;

#[derive(clap::Args)]
pub(super) struct Inspect {
    /// The object.
    #[arg(value_parser = identifier)]
    id: Identifier,
}

impl Inspect {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let source = context.source(Purpose::default())?;
        let found = source.inspect(&self.id)?.ok_or_else(|| unknown(&*source, &self.id, Moment::Now))?;
        if context.json {
            return context.out.json(&found);
        }
        let found = Inspection::from(&found);
        let style = context.out.style;
        writeln!(context.out, "{}", style.strong(&found.id))?;
        for (name, value) in rows(&found, style) {
            writeln!(context.out, "  {}{value}", style.faint(format!("{name:<11}")))?;
        }
        Ok(())
    }
}

fn rows(found: &Inspection, style: Style) -> Vec<(&'static str, String)> {
    let mut rows = vec![("level", found.level.to_string()), ("status", found.status.to_string())];
    if 0 < found.children || found.level.holds_others() {
        rows.push(("seal", words::seal(found.seal).to_owned()));
        rows.push(("holds", format!("{} children, {} units", found.children, words::grouped(found.units))));
    }
    rows.extend(found.quantities.iter().map(|quantity| ("and", words::quantity(quantity))));
    rows.push(("parent", found.parent.as_ref().map_or_else(|| "none, it is loose".to_owned(), ToString::to_string)));
    if 1 < found.depth {
        rows.push(("root", format!("{}, {} levels up", found.root, found.depth)));
    }
    rows.extend(found.lot.as_ref().map(|lot| ("lot", words::lot(lot).trim_start_matches("lot ").to_owned())));
    if let Some(held) = &found.held_by {
        rows.push(("hold", style.odd(if *held == found.id { "on hold".to_owned() } else { format!("with {held}") })));
    }
    if found.lot_on_hold {
        rows.push(("hold", style.odd("its lot is on hold")));
    }
    if found.away {
        rows.push(("custody", style.odd("away, since it was shipped")));
    }
    if found.trust == Trust::Inferred && found.level != Level::Unit {
        rows.push(("contents", "taken on trust when it last changed custody".to_owned()));
    }
    rows.push(("last fact", format!("#{}", found.last_fact)));
    rows
}
