//! `checkpoint`: what makes the next opening fast, written when somebody knows that it comes.

use std::io::Write as _;

use packtree_wire as wire;

use super::Context;
use super::source::Purpose;
use crate::failure::Failure;

#[derive(clap::Args)]
pub(super) struct Checkpoint;

impl Checkpoint {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let source = context.source(Purpose::default())?;
        let checkpoint = source.checkpoint()?;
        source.close()?;
        if context.json {
            return context.out.json(&wire::Checkpoint { checkpoint });
        }
        let done = context.out.style.good("written:");
        Ok(writeln!(context.out, "{done} a checkpoint of everything up to fact #{checkpoint}")?)
    }
}
