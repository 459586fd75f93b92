//! What must be true after a run, and whether it is. Knows nothing of how the engine does it.
//!
//! Nothing is kept of an operation that was answered as it should be: the script of a pallet says what was done, and is played
//! again in a small world of its own when the pallet is compared. Only what went otherwise is kept, in the [`Ledger`].

mod check;
mod compare;
mod ledger;
mod world;

pub(crate) use check::{Checked, check, check_number};
pub(crate) use ledger::{Fate, Ledger};
