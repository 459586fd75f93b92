//! The HTTP API under `/v1`: operations, questions, scans and the live feed.

mod actions;
mod asking;
mod body;
mod code;
mod feed;
mod import;
mod labels;
mod objects;
mod operations;
mod part;
mod printing;
mod problem;
mod recent;
mod scan;
mod site;
mod stock;

pub(crate) use body::{json, malformed, parsed};
pub use code::Code;
pub(crate) use import::DOCUMENT_BYTES_MAX;
pub(crate) use part::{Path, Query};
pub(crate) use problem::PROBLEMS;
pub use problem::Problem;
pub use site::Site;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as with;

/// The routes of a site, with what describes them. Who asks was found out before they are reached.
pub(crate) fn routes(site: Site) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(with!(operations::perform))
        .routes(with!(operations::perform_batch))
        .routes(with!(operations::perform_sequence))
        .routes(with!(operations::preview))
        .routes(with!(objects::inspect))
        .routes(with!(objects::inspect_all))
        .routes(with!(objects::tree))
        .routes(with!(objects::dot))
        .routes(with!(objects::contents))
        .routes(with!(objects::history))
        .routes(with!(objects::difference))
        .routes(with!(objects::reconcile))
        .routes(with!(stock::lots))
        .routes(with!(stock::lot))
        .routes(with!(stock::containers))
        .routes(with!(stock::orphans))
        .routes(with!(stock::parked))
        .routes(with!(stock::fact))
        .routes(with!(stock::statistics))
        .routes(with!(stock::checkpoint))
        .routes(with!(labels::label))
        .routes(with!(labels::barcode))
        .routes(with!(printing::printers))
        .routes(with!(printing::print))
        .routes(with!(actions::actions))
        .routes(with!(actions::undo))
        .routes(with!(scan::scan))
        .routes(with!(feed::feed))
        .merge(import::routes())
        .with_state(site)
}
