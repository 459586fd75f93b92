//! Who is asking, and what they may do.

mod principal;

pub use principal::{Denied, Kind, Permission, Principal};
