//! Documents from partners.

use std::io::{self, Read as _};

use axum::extract::{Request, State};
use axum::{Extension, Json as Answered};
use futures_util::TryStreamExt as _;
use packtree_epcis::{Import, ImportSettings};
use packtree_wire as wire;
use tokio_util::io::{StreamReader, SyncIoBridge};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as with;

use super::asking::ImportQuery;
use super::body::{announced, malformed, too_large};
use super::operations::caller;
use super::part::Query;
use super::{Problem, Site};
use crate::access::{Permission, Principal};

/// A lot of a million units has about a GiB.
pub(crate) const DOCUMENT_BYTES_MAX: u64 = 4 << 30;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(with!(import))
}

/// Import an EPCIS document: 1.2 XML, 2.0 XML or 2.0 JSON-LD.
#[utoipa::path(post, path = "/v1/import", tag = "documents", params(ImportQuery),
    request_body(content = String, content_type = "application/xml"), responses(
    (status = 200, body = wire::Import), (status = 403)))]
pub(super) async fn import(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Answered<wire::Import>, Problem> {
    principal.may(Permission::Import)?;
    if announced(&request).is_some_and(|size| DOCUMENT_BYTES_MAX < size) {
        return Err(too_large(DOCUMENT_BYTES_MAX));
    }
    let mut settings = ImportSettings::new(principal.actor.as_str()).map_err(|error| malformed(&error.to_string()))?;
    settings.caller = caller(&principal, None, Some(packtree::fact::Entry::Document))?;
    // It is imported while it arrives, and nowhere as a whole. What was read of one that breaks off counts; sending it again goes on there.
    let arriving = request.into_body().into_data_stream().map_err(io::Error::other);
    let document = SyncIoBridge::new(StreamReader::new(arriving)).take(DOCUMENT_BYTES_MAX);
    site.import(move |engine| {
        let mut import =
            if query.dry_run { Import::rehearsal(engine, settings) } else { Import::new(engine, settings) };
        import.read(query.name.as_deref().unwrap_or("the document"), document)?;
        Ok(Answered(wire::Import::from(&import.finish()?)))
    })
    .await
}
