//! Which unit is in which case on which pallet, now and at any earlier moment.
//!
//! [`Engine`] is the whole of it for a caller: open it on a directory, submit [`operation`]s, ask. An accepted operation becomes a
//! [`fact`], which is journaled before it is acknowledged; a refused one names every object at fault ([`refusal`]). What differs
//! from company to company is [`policy`]; what can be asked, now and as of an earlier moment, is [`query`].

pub mod limits;
mod vocabulary;

pub mod refusal;

pub mod policy;

pub mod fact;

mod forest;

pub mod operation;

mod codec;
mod requests;

pub mod disk;
pub mod journal;

mod error;

pub mod query;

mod state;

mod engine;
pub mod simulation;
mod surroundings;

pub use engine::{
    Caller, Checkpoints, Distribution, Engine, Feed, Opened, Options, Outcome, Receipt, Rehearsal, SetAside, Stats,
    Ticket,
};
pub use engine::{Salvage, Verification, backup, salvage, salvage_on, verify, verify_on};
pub use error::{Error, OpenError};
pub use fact::{Fact, RequestId, Sequence};
pub use forest::walk as graph;
pub use operation::{Operation, Request};
pub use packtree_gs1::Identifier;
pub use policy::Policy;
pub use refusal::{Fault, Reason, Refusal};
pub use surroundings::{Clock, Entropy, SystemClock, SystemEntropy};
pub use vocabulary::TextError;

/// The example of the README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The examples of the guide, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/inside-your-mes.md")]
struct InsideYourMes;
