//! `parked`: what came too early, and waits.

use std::io::Write as _;

use packtree::{Identifier, Reason};
use packtree_wire as wire;

use super::Context;
use super::source::Purpose;
use crate::failure::Failure;
use crate::words;

#[derive(clap::Args)]
pub(super) struct Parked;

impl Parked {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let parked = context.source(Purpose::default())?.parked()?;
        if context.json {
            return context.out.json(&parked);
        }
        if parked.is_empty() {
            return Ok(writeln!(context.out, "nothing is parked")?);
        }
        parked.iter().try_for_each(|parked| print(context, parked))
    }
}

fn print(context: &mut Context<'_>, parked: &wire::Parked) -> Result<(), Failure> {
    let style = context.out.style;
    let wire::Parked { fact, operation, time, actor, role, station, since, until, .. } = parked;
    let who = style.faint(format!("{actor} ({role}) at {station}"));
    writeln!(context.out, "{}  {time}  {operation}  {who}", style.strong(format!("#{fact}")))?;
    let objects: Vec<Identifier> = parked.objects.iter().map(|id| id.0.clone()).collect();
    writeln!(context.out, "    {}", words::list(&objects))?;
    let reasons: Vec<Reason> = parked.reasons.iter().map(|code| code.0).collect();
    writeln!(context.out, "    {}", words::waits(&reasons))?;
    writeln!(context.out, "    {}", style.faint(format!("since {since}, until {until}")))?;
    Ok(())
}
