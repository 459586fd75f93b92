//! What the compiler and the lints cannot see: who may depend on whom, how large things may grow, what may not be said.

mod dependencies;
mod documents;
mod examples;
mod layers;
mod shape;
mod source;
