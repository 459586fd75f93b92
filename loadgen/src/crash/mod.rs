//! Kills the process that holds the engine, again and again, and proves that what was acknowledged is there and nothing else is.
//!
//! The child process is this program with the engine in it, or a server. Who plays a few lines against the engine tells each
//! acknowledgement over a pipe before it sends more than [`WINDOW`] operations of a line ahead of it: the child itself, or a thread that
//! talks to the server. After the child was killed, the next one opens what is left, and it is compared with the model. Operations that may have been
//! sent and were not acknowledged are done wholly or not at all, in the order in which they were sent. They are sent again, with the
//! same request ids, and what was done must then be known as done.

mod child;
mod parent;
mod place;
mod server;
#[cfg(test)]
mod tests;

pub(crate) use child::{Start, child};
pub(crate) use parent::{Cycles, Victim};
pub(crate) use server::Server;

use crate::profile::Profile;

/// Operations of one line that may be sent and not acknowledged.
pub(crate) const WINDOW: usize = 8;

/// What the lines do: small pallets with many troubles, so that every cycle sees every kind of operation.
pub(crate) fn profile() -> Profile {
    Profile::parse(include_str!("../../profiles/crash.toml")).expect("a test reads it")
}
