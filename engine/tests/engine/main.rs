//! The engine as its callers see it: questions about now and then, requests that are repeated, groups that fail, threads.

#![expect(clippy::unwrap_used, reason = "a test that fails is to stop where it fails")]

mod backup;
mod parking;
mod past;
mod questions;
mod requests;
mod settings;
mod subscriptions;
mod support;
mod trouble;
