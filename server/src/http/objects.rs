//! Objects: what they are, what is in them, what happened to them.

use axum::Json as Answered;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use packtree::fact::Level;
use packtree::limits::DEPTH_MAX;
use packtree_wire::{
    ContentLine, Difference, HistoryEntry, HistoryPage, Inspection, Inspections, ObjectList, Reconciliation,
    ScannedList, Text, Tree,
};

use super::asking::{DifferenceQuery, HistoryQuery, TreeQuery, identifier, moment, unknown};
use super::body::{Json, malformed};
use super::part::{Path, Query};
use super::{Problem, Site};

/// Objects that are inspected together; the writer waits meanwhile.
const OBJECTS_MAX: usize = 1_000;

const HISTORY_USUAL: usize = 100;
const HISTORY_MAX: usize = 1_000;

/// Everything that is known of an object.
#[utoipa::path(get, path = "/v1/objects/{id}", tag = "objects", params(("id" = String, Path, description = "in any spelling", example = "(00)095212345000000018")),
    responses((status = 200, body = Inspection), (status = 404)))]
pub(super) async fn inspect(State(site): State<Site>, Path(id): Path<String>) -> Result<Answered<Inspection>, Problem> {
    let id = identifier(&id)?;
    Inspection::of(&site.engine().view(), &id).map(Answered).ok_or_else(|| unknown(&id))
}

/// Everything that is known of several objects, at one moment.
#[utoipa::path(post, path = "/v1/inspect", tag = "objects", request_body = ObjectList,
    responses((status = 200, body = Inspections)))]
pub(super) async fn inspect_all(
    State(site): State<Site>,
    Json(list): Json<ObjectList>,
) -> Result<Answered<Inspections>, Problem> {
    if OBJECTS_MAX < list.objects.len() {
        return Err(malformed(&format!("at most {OBJECTS_MAX} objects are inspected together")));
    }
    site.work(move |engine| {
        let view = engine.view();
        let objects = list.objects.iter().map(|id| Inspection::of(&view, &id.0)).collect();
        Ok(Answered(Inspections { objects }))
    })
    .await
}

/// What is in an object, level by level, now or as of a moment.
#[utoipa::path(get, path = "/v1/objects/{id}/tree", tag = "objects", params(("id" = String, Path, description = "in any spelling", example = "(00)095212345000000018"), TreeQuery),
    responses((status = 200, body = Tree), (status = 404)))]
pub(super) async fn tree(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(query): Query<TreeQuery>,
) -> Result<Answered<Tree>, Problem> {
    let (id, at) = (identifier(&id)?, moment(query.at.as_deref())?);
    let depth = query.depth.unwrap_or(DEPTH_MAX);
    site.work(move |engine| {
        let tree = engine.tree(&id, at, depth)?.ok_or_else(|| unknown(&id))?;
        Ok(Answered(Tree::from(&tree)))
    })
    .await
}

/// What is in an object now, in the DOT language of Graphviz.
#[utoipa::path(get, path = "/v1/objects/{id}/dot", tag = "objects", params(("id" = String, Path, description = "in any spelling", example = "(00)095212345000000018")),
    responses((status = 200, body = String, content_type = "text/vnd.graphviz"), (status = 401),
    (status = 404), (status = 503)))]
pub(super) async fn dot(State(site): State<Site>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = identifier(&id)?;
    site.work(move |engine| {
        let dot = engine.dot(&id).ok_or_else(|| unknown(&id))?;
        Ok(([(header::CONTENT_TYPE, "text/vnd.graphviz")], dot).into_response())
    })
    .await
}

/// What is in an object, one JSON document a line, each container before what is in it.
#[utoipa::path(get, path = "/v1/objects/{id}/contents", tag = "objects", params(("id" = String, Path, description = "in any spelling", example = "(00)095212345000000018"), TreeQuery),
    responses((status = 200, body = ContentLine, content_type = "application/x-ndjson"), (status = 404)))]
pub(super) async fn contents(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(query): Query<TreeQuery>,
) -> Result<Response, Problem> {
    let id = identifier(&id)?;
    if query.at.is_some() {
        return Err(malformed("contents are those of now; ask for the tree of an earlier moment"));
    }
    let depth = query.depth.unwrap_or(DEPTH_MAX);
    let lines = site
        .work(move |engine| {
            // Nothing is written to a client under the lock, so that a slow one keeps nobody waiting.
            let view = engine.view();
            let contents = view.contents(&id, depth).ok_or_else(|| unknown(&id))?;
            let lines: Vec<ContentLine> = contents
                .map(|content| {
                    let (level, parent) =
                        view.inspect(&content.id).map_or((Level::Unknown, None), |of| (of.level, of.parent.map(Text)));
                    ContentLine { id: Text(content.id), level: Text(level), depth: content.depth, parent }
                })
                .collect();
            Ok(lines)
        })
        .await?;
    let lines = lines.into_iter().map(|line| {
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        Ok::<_, serde_json::Error>(bytes)
    });
    let body = Body::from_stream(futures_util::stream::iter(lines));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// What happened to an object, the newest first.
#[utoipa::path(get, path = "/v1/objects/{id}/history", tag = "objects", params(("id" = String, Path, description = "in any spelling", example = "(00)095212345000000018"), HistoryQuery),
    responses((status = 200, body = HistoryPage), (status = 404)))]
pub(super) async fn history(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(query): Query<HistoryQuery>,
) -> Result<Answered<HistoryPage>, Problem> {
    let id = identifier(&id)?;
    let limit = query.limit.unwrap_or(HISTORY_USUAL);
    if limit == 0 || HISTORY_MAX < limit {
        return Err(malformed(&format!("a page of a history has 1 to {HISTORY_MAX} entries")));
    }
    site.work(move |engine| {
        let mut entries = Vec::new();
        let mut next = None;
        for entry in engine.history(&id) {
            let entry = entry?;
            if query.before.is_some_and(|before| before <= entry.fact.0) {
                continue;
            }
            // A page ends between facts, because the next one begins before a fact.
            let last = entries.last().map(|entry: &HistoryEntry| entry.fact);
            if limit <= entries.len() && last != Some(entry.fact.0) {
                next = last;
                break;
            }
            entries.push(HistoryEntry::from(&entry));
        }
        if entries.is_empty() && engine.inspect(&id).is_none() {
            return Err(unknown(&id));
        }
        Ok(Answered(HistoryPage { entries, next }))
    })
    .await
}

/// What changed under an object between two moments.
#[utoipa::path(get, path = "/v1/objects/{id}/difference", tag = "objects", params(("id" = String, Path, description = "in any spelling", example = "(00)095212345000000018"), DifferenceQuery),
    responses((status = 200, body = Difference), (status = 404)))]
pub(super) async fn difference(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(query): Query<DifferenceQuery>,
) -> Result<Answered<Difference>, Problem> {
    let id = identifier(&id)?;
    let (from, to) = (moment(query.from.as_deref())?, moment(query.to.as_deref())?);
    site.work(move |engine| {
        let difference = engine.difference(&id, from, to)?.ok_or_else(|| unknown(&id))?;
        Ok(Answered(Difference::from(&difference)))
    })
    .await
}

/// Compare what was scanned in a container with what is recorded. Changes nothing.
#[utoipa::path(post, path = "/v1/objects/{id}/reconcile", tag = "objects", params(("id" = String, Path, description = "in any spelling", example = "(00)095212345000000018")),
    request_body = ScannedList, responses((status = 200, body = Reconciliation),
    (status = 404)))]
pub(super) async fn reconcile(
    State(site): State<Site>,
    Path(id): Path<String>,
    Json(list): Json<ScannedList>,
) -> Result<Answered<Reconciliation>, Problem> {
    let id = identifier(&id)?;
    let scanned: Vec<_> = list.scanned.into_iter().map(|id| id.0).collect();
    site.work(move |engine| {
        let found = engine.reconcile(&id, &scanned).ok_or_else(|| unknown(&id))?;
        Ok(Answered(Reconciliation::from(&found)))
    })
    .await
}
