//! Who may come in: real servers on ports of their own, spoken to in bytes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod hostile;
mod keys;
mod people;
mod running;
mod settings;
mod support;
mod walk;
