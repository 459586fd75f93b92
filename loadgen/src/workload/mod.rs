//! What a line and its warehouse do: which steps, in which order, when, and as which requests. Everything follows from the seed.

mod label;
mod request;
mod script;
pub(crate) mod step;
mod stream;

pub(crate) use label::scanned;
pub(crate) use request::Maker;
pub(crate) use script::{Extra, Script};
pub(crate) use step::{Kind, Step};
pub(crate) use stream::{Block, Planned, Stream};
