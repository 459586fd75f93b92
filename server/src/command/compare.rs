//! `diff` and `reconcile`: two moments, or what is recorded and what was scanned.

use std::io::Write as _;

use packtree::Identifier;
use packtree::query::Moment;
use packtree_wire as wire;

use super::Context;
use super::source::{Purpose, unknown};
use super::write::some;
use crate::failure::Failure;
use crate::named::{Named, identifier, moment, named};
use crate::words;

#[derive(clap::Args)]
pub(super) struct Diff {
    /// The object.
    #[arg(value_parser = identifier)]
    id: Identifier,
    /// The one moment: a fact, '#12', or a time, 2026-11-23T08:14:02+01:00.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    from: Moment,
    /// The other moment.
    #[arg(long, value_name = "MOMENT", default_value = "now", value_parser = moment)]
    to: Moment,
}

impl Diff {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let source = context.source(Purpose::default())?;
        let found = source.difference(&self.id, self.from, self.to)?;
        let found = found.ok_or_else(|| unknown(&*source, &self.id, Moment::Now))?;
        if context.json {
            return context.out.json(&found);
        }
        let style = context.out.style;
        for id in &found.went_out {
            writeln!(context.out, "{} {id}  went out", style.bad("-"))?;
        }
        for id in &found.came_in {
            writeln!(context.out, "{} {id}  came in", style.good("+"))?;
        }
        for moved in &found.moved {
            writeln!(context.out, "{} {}  moved from {}\n    to {}", style.odd(">"), moved.id, moved.from, moved.to)?;
        }
        for changed in &found.changed {
            writeln!(context.out, "{} {}  {}", style.odd("~"), changed.after.id, what_changed(changed))?;
        }
        let lines = found.went_out.len() + found.came_in.len() + found.moved.len() + found.changed.len();
        if lines == 0 {
            writeln!(context.out, "nothing changed under {}", self.id)?;
        }
        Ok(())
    }
}

fn what_changed(changed: &wire::Changed) -> String {
    let (before, after) = (&changed.before, &changed.after);
    let mut said = Vec::new();
    let mut say = |name: &str, before: &str, after: &str| {
        if before != after {
            said.push(format!("{name} {before} -> {after}"));
        }
    };
    say("identifier", &before.id.to_string(), &after.id.to_string());
    say("level", before.level.word(), after.level.word());
    say("status", before.status.word(), after.status.word());
    say("seal", words::seal(before.seal.0), words::seal(after.seal.0));
    say("hold", yes_or_no(before.held), yes_or_no(after.held));
    say("away", yes_or_no(before.away), yes_or_no(after.away));
    said.join(", ")
}

const fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

#[derive(clap::Args)]
pub(super) struct Reconcile {
    /// The container.
    #[arg(value_parser = identifier)]
    container: Identifier,
    /// What was scanned in it; `-` reads it from standard input, one identifier a line.
    #[arg(required = true, value_name = "SCANNED", value_parser = named)]
    scanned: Vec<Named>,
}

impl Reconcile {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<(), Failure> {
        let scanned = some(self.scanned)?;
        let source = context.source(Purpose::default())?;
        let found = source.reconcile(&self.container, &scanned)?;
        let found = found.ok_or_else(|| unknown(&*source, &self.container, Moment::Now))?;
        let agrees = found.missing.is_empty() && found.unexpected.is_empty();
        if context.json {
            context.out.json(&found)?;
        } else {
            let style = context.out.style;
            writeln!(context.out, "{}: {} present", self.container, found.present.len())?;
            for id in &found.missing {
                writeln!(context.out, "{} {id}  missing", style.bad("-"))?;
            }
            for unexpected in &found.unexpected {
                writeln!(context.out, "{} {}  unexpected, {}", style.odd("+"), unexpected.id, place(unexpected))?;
            }
            for id in &found.repeated {
                writeln!(context.out, "{} {id}  scanned more than once, counted once", style.faint("="))?;
            }
        }
        if agrees { Ok(()) } else { Err(Failure::Answered) }
    }
}

fn place(unexpected: &wire::Unexpected) -> String {
    match (unexpected.found, &unexpected.parent, unexpected.status) {
        (wire::FoundWord::Unknown, ..) => "not known".to_owned(),
        (wire::FoundWord::OutOfUse, _, Some(status)) => format!("out of use: {status}"),
        (wire::FoundWord::OutOfUse, ..) => "out of use".to_owned(),
        (wire::FoundWord::Elsewhere, Some(parent), _) => format!("belongs in {parent}"),
        (wire::FoundWord::Elsewhere, None, _) => "recorded as loose".to_owned(),
    }
}
