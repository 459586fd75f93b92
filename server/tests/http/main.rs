//! The API of a site: real servers, spoken to in bytes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../access/support.rs"]
#[expect(dead_code, reason = "it serves the tests of access as well")]
mod support;

mod contract;
mod operations;
mod printing;
mod questions;
mod undoing;
mod world;
