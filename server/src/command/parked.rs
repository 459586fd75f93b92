//! `parked`: what came too early, and waits.

use std::io::Write as _;

use packtree::fact::Parking;
use packtree::{Policy, Sequence};

use super::Context;
use packtree_wire as wire;

use crate::failure::Failure;
use crate::{opening, words};

#[derive(clap::Args)]
pub(super) struct Parked;

impl Parked {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let engine = opening::existing(context.data.as_deref(), Policy::default())?;
        let parked = engine.view().parked();
        if context.json {
            let parked: Vec<wire::Parked> = parked.map(|(fact, parking)| wire::Parked::new(fact, &parking)).collect();
            return context.out.json(&parked);
        }
        let mut none = true;
        for (fact, parking) in parked {
            none = false;
            print(context, fact, &parking)?;
        }
        if none {
            writeln!(context.out, "nothing is parked")?;
        }
        Ok(())
    }
}

fn print(context: &mut Context<'_>, fact: Sequence, parking: &Parking) -> Result<(), Failure> {
    let style = context.out.style;
    let Parking { header, verb, since, until, .. } = parking;
    let who = style.faint(format!("{} ({}) at {}", header.actor, header.role, header.station));
    writeln!(context.out, "{}  {}  {verb}  {who}", style.strong(format!("#{fact}")), header.event_time)?;
    writeln!(context.out, "    {}", words::list(&parking.objects))?;
    writeln!(context.out, "    {}", words::waits(parking))?;
    let (since, until) = (words::time(*since), words::time(*until));
    writeln!(context.out, "    {}", style.faint(format!("since {since}, until {until}")))?;
    Ok(())
}
