//! The journal on the simulated disk and on the real one: what is acknowledged stays, nothing is invented, and damage
//! is noticed.

mod append;
mod crash;
mod support;
