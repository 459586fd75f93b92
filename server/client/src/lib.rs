//! Packtree over HTTP, with the operations and the types of the embedded engine.
//!
//! A [`Client`] blocks, is cheap to clone, and is used from as many threads as wanted. Machines have a key; a person signs in, and has a
//! client of their own. A refusal by the rules is an answer; an [`Error`] means that there is none, and says whether the same request
//! should be sent again.

mod builder;
mod client;
mod connection;
mod error;
mod feed;
mod labels;
mod operations;
mod questions;
mod retry;
mod sessions;

pub use builder::Builder;
pub use client::Client;
pub use error::{Error, Problem};
pub use feed::Feed;
pub use labels::{LabelForm, LabelSize, SymbolKind};
pub use packtree_wire as wire;
pub use questions::Contents;
pub use retry::Retries;
