//! The journal on the simulated disk and on the real one: what is acknowledged stays, nothing is invented, and damage
//! is noticed.

#![expect(clippy::unwrap_used, reason = "a test that fails is to stop where it fails")]
#![expect(clippy::print_stdout, reason = "what was tried last is shown when a test fails, so that it can be repeated")]

mod append;
mod backup;
mod crash;
mod damage;
mod forged;
mod format;
mod prepare;
mod property;
mod reader;
mod real;
mod rollback;
mod support;
