//! What the whole-system proofs share: the reference model, a small world of identifiers, and engines that can be killed.

#![expect(clippy::missing_panics_doc, reason = "a harness panics where a test is to fail")]

pub mod compare;
pub mod model;
pub mod rig;
pub mod workload;
pub mod world;
