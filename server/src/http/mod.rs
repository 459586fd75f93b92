//! The HTTP API under `/v1`.

mod problem;
mod site;

pub use problem::Problem;
pub use site::Site;
