//! Writes requests ahead, so that making serial numbers is never part of what is measured.

use std::collections::VecDeque;
use std::sync::Arc;

use packtree::operation::Request;

use super::Game;
use crate::workload::{Maker, Planned, Script, Stream};

/// A step with its request.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) planned: Planned,
    pub(super) script: Arc<Script>,
    pub(super) request: Request,
}

/// Writes the requests of one line, a pallet at a time.
#[derive(Debug)]
pub(super) struct Preparer<'g> {
    maker: Maker,
    stream: Stream<'g>,
    left: u64,
}

impl<'g> Preparer<'g> {
    pub(super) fn new(game: &'g Game, line: usize) -> Self {
        let maker = Maker::new(&game.profile, game.seed, line as u64);
        let left = game.pallets_max(maker.pallets_max());
        Self { maker, stream: Stream::new(&game.profile, game.seed, line as u64, 0), left }
    }

    /// What is sent while the line fills its next pallet; `None` when it has filled as many as it may.
    pub(super) fn next(&mut self) -> Option<VecDeque<Prepared>> {
        self.left = self.left.checked_sub(1)?;
        let block = self.stream.next_block();
        let units = self.maker.units(block.script.pallet);
        let prepare = |planned: &Planned| {
            let script = block.script_of(planned);
            // Only steps of the line name units, and those are of the pallet that it fills.
            let request = self.maker.request(script, planned.index, &units, &[]);
            Prepared { planned: *planned, script: Arc::clone(script), request }
        };
        Some(block.planned.iter().map(prepare).collect())
    }
}
