//! Documents from partners.

use axum::extract::{Request, State};
use axum::{Extension, Json as Answered};
use packtree_epcis::{Import, ImportSettings};
use packtree_wire as wire;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as with;

use super::asking::ImportQuery;
use super::body::{bytes, malformed};
use super::operations::caller;
use super::part::Query;
use super::{Problem, Site};
use crate::access::{Permission, Principal};

/// A document of a pallet has some MiB. Larger ones are imported where they lie, with `packtree import`.
pub(crate) const DOCUMENT_BYTES_MAX: usize = 64 << 20;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(with!(import))
}

/// Import an EPCIS document: 1.2 XML, 2.0 XML or 2.0 JSON-LD.
#[utoipa::path(post, path = "/v1/import", tag = "documents", params(ImportQuery),
    request_body(content = String, content_type = "application/xml"), responses(
    (status = 200, body = wire::Import), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn import(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Answered<wire::Import>, Problem> {
    principal.may(Permission::Import)?;
    let document = bytes(request, DOCUMENT_BYTES_MAX).await?;
    let mut settings = ImportSettings::new(principal.actor.as_str()).map_err(|error| malformed(&error.to_string()))?;
    settings.caller = caller(&principal, None, Some(packtree::fact::Entry::Document))?;
    site.work(move |engine| {
        let mut import =
            if query.dry_run { Import::rehearsal(engine, settings) } else { Import::new(engine, settings) };
        import.read(query.name.as_deref().unwrap_or("the document"), document.as_ref())?;
        Ok(Answered(wire::Import::from(&import.finish()?)))
    })
    .await
}
