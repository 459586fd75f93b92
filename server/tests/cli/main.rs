//! The real binary, run as a user runs it: what it prints, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod demo;
mod documents;
mod journal;
mod keys;
mod questions;
mod refusals;
mod served;
#[path = "../access/support.rs"]
#[expect(dead_code, reason = "it serves the tests of access as well")]
mod server;
mod shapes;
mod spellings;
mod support;
mod verbs;
