//! The site as a whole: lots, containers, what waits, facts, numbers.

use super::asking::{ContainersQuery, LotsQuery, PageQuery};
use super::body::malformed;
use super::part::{Path, Query};
use super::{Code, Problem, Site};
use crate::access::{Permission, Principal};
use axum::extract::State;
use axum::{Extension, Json as Answered};
use packtree::Sequence;
use packtree::fact::{LotName, Seal};
use packtree::query::Cursor;
use packtree_gs1::{Gtin, LotNumber};
use packtree_wire::{Checkpoint, FactJson, LotPage, LotStatus, ObjectPage, Parked, Statistics};

/// Lots on one page.
const LOTS_PER_PAGE: usize = 200;

/// The lots, in pages, with how many of their objects are where.
#[utoipa::path(get, path = "/v1/lots", tag = "stock", params(LotsQuery),
    responses((status = 200, body = LotPage)))]
pub(super) async fn lots(
    State(site): State<Site>,
    Query(query): Query<LotsQuery>,
) -> Result<Answered<LotPage>, Problem> {
    let from = query.cursor.as_deref().unwrap_or("0").parse().map_err(|_| malformed("the cursor is none of ours"))?;
    site.work(move |engine| {
        let view = engine.view();
        let mut lots: Vec<_> =
            view.lots().skip(from).take(LOTS_PER_PAGE + 1).map(|lot| LotStatus::from(&lot)).collect();
        let next = (LOTS_PER_PAGE < lots.len()).then(|| (from + LOTS_PER_PAGE).to_string());
        lots.truncate(LOTS_PER_PAGE);
        Ok(Answered(LotPage { lots, next }))
    })
    .await
}

/// One lot.
#[utoipa::path(get, path = "/v1/lots/{gtin}/{number}", tag = "stock",
    params(("gtin" = String, Path, description = "the product", example = "09521234543213"), ("number" = String, Path, description = "the lot number", example = "L2503A")),
    responses((status = 200, body = LotStatus), (status = 404)))]
pub(super) async fn lot(
    State(site): State<Site>,
    Path((gtin, number)): Path<(String, String)>,
) -> Result<Answered<LotStatus>, Problem> {
    let name = LotName {
        gtin: Gtin::parse(&gtin).map_err(|error| malformed(&error.to_string()))?,
        number: LotNumber::parse(&number).map_err(|error| malformed(&error.to_string()))?,
    };
    site.engine().view().lot(&name).map(|lot| Answered(LotStatus::from(&lot))).ok_or_else(|| {
        let detail = format!("no object of the product {gtin} and the lot {number} was ever commissioned");
        Problem::new(Code::LotNotFound, detail, "check the product and the lot number")
    })
}

/// The containers in use whose closure is in a state, in pages.
#[utoipa::path(get, path = "/v1/containers", tag = "stock", params(ContainersQuery),
    responses((status = 200, body = ObjectPage)))]
pub(super) async fn containers(
    State(site): State<Site>,
    Query(query): Query<ContainersQuery>,
) -> Result<Answered<ObjectPage>, Problem> {
    let seal: Seal = query.seal.0;
    Ok(Answered(ObjectPage::from(&site.engine().view().containers(seal, cursor(query.cursor)))))
}

/// What is in use, here, below the highest level, and in no container, in pages.
#[utoipa::path(get, path = "/v1/orphans", tag = "stock", params(PageQuery),
    responses((status = 200, body = ObjectPage)))]
pub(super) async fn orphans(
    State(site): State<Site>,
    Query(query): Query<PageQuery>,
) -> Result<Answered<ObjectPage>, Problem> {
    Ok(Answered(ObjectPage::from(&site.engine().view().orphans(cursor(query.cursor)))))
}

fn cursor(number: Option<u32>) -> Cursor {
    number.map_or(Cursor::START, Cursor::from_number)
}

/// What came before an event that it builds on, and waits for it.
#[utoipa::path(get, path = "/v1/parked", tag = "stock",
    responses((status = 200, body = Vec<Parked>)))]
pub(super) async fn parked(State(site): State<Site>) -> Answered<Vec<Parked>> {
    let parked = site.engine().view().parked();
    Answered(parked.map(|(fact, parking)| Parked::new(fact, &parking)).collect())
}

/// One fact.
#[utoipa::path(get, path = "/v1/facts/{number}", tag = "facts", params(("number" = u64, Path, description = "its number", example = 1)),
    responses((status = 200, body = FactJson), (status = 404)))]
pub(super) async fn fact(State(site): State<Site>, Path(number): Path<String>) -> Result<Answered<FactJson>, Problem> {
    let number: u64 = number.parse().map_err(|_| malformed(&format!("{number} is no number of a fact")))?;
    site.work(move |engine| {
        let fact = engine.fact(Sequence(number))?.filter(|_| 0 < number).ok_or_else(|| {
            let detail = format!("there is no fact {number} yet");
            Problem::new(Code::FactNotFound, detail, "ask for one that was acknowledged")
        })?;
        Ok(Answered(FactJson::from(&fact)))
    })
    .await
}

/// Numbers about the site, and the head of its journal.
#[utoipa::path(get, path = "/v1/statistics", tag = "stock",
    responses((status = 200, body = Statistics)))]
pub(super) async fn statistics(State(site): State<Site>) -> Answered<Statistics> {
    let (stats, head) = (site.engine().stats(), site.engine().head());
    Answered(Statistics {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        objects: stats.objects,
        facts: stats.facts,
        groups: stats.groups,
        refusals: stats.refusals,
        waiting: stats.waiting,
        parked: stats.parked,
        checkpoint: stats.checkpoint,
        head: head.to_string(),
    })
}

/// Write a checkpoint of everything acknowledged so far, which makes the next start fast. It is valid when this answers.
#[utoipa::path(post, path = "/v1/checkpoint", tag = "stock", responses(
    (status = 200, body = Checkpoint), (status = 403)))]
pub(super) async fn checkpoint(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
) -> Result<Answered<Checkpoint>, Problem> {
    principal.may(Permission::Checkpoint)?;
    site.checkpoint(|engine| Ok(Answered(Checkpoint { checkpoint: engine.checkpoint()?.0 }))).await
}
