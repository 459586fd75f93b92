//! Labels and symbols as pictures, and labels for a printer.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use packtree::fact::Seal;
use packtree::query::{Inspection, View};
use packtree::{Engine, Identifier};

use super::asking::{BarcodeQuery, LabelQuery, identifier, unknown};
use super::body::malformed;
use super::part::{Path, Query};
use super::{Code, Problem, Site};
use crate::label::{
    Content, Count, LabelSize, Language, LogisticLabel, Partial, Resolution, Symbol, SymbolKind, command_sheet,
};

/// The sheet of command barcodes.
const COMMANDS: &str = "commands.svg";

/// Units whose product and lot are compared for a label; no pallet holds more.
const COMPARED_MAX: usize = 100_000;

/// The logistic label of an SSCC: `{id}.svg` to look at, `{id}.zpl` for a printer, `commands.svg` for the sheet of command barcodes.
#[utoipa::path(get, path = "/v1/labels/{label}", tag = "labels",
    params(("label" = String, Path, description = "an identifier and .svg or .zpl, or commands.svg", example = "(00)095212345000000018.svg"), LabelQuery), responses(
    (status = 200, body = String, content_type = "image/svg+xml"),
    (status = 404)))]
pub(super) async fn label(
    State(site): State<Site>,
    Path(label): Path<String>,
    Query(query): Query<LabelQuery>,
) -> Result<Response, Problem> {
    let language = if query.language.as_deref() == Some("de") { Language::German } else { Language::English };
    if label == COMMANDS {
        return Ok(svg(command_sheet(language)));
    }
    let (format, dots) = (size(query.size.as_deref())?, resolution(query.dpi)?);
    let (id, kind) = label.rsplit_once('.').unwrap_or((&label, ""));
    let (id, is_picture) = (identifier(id)?, kind == "svg");
    if !is_picture && kind != "zpl" {
        return Err(malformed("a label ends in .svg to look at it, or in .zpl for a printer"));
    }
    let copy = query.copy.unwrap_or(0);
    site.work(move |engine| {
        let label = LogisticLabel { copy, ..label_of(engine, &id)? };
        if is_picture {
            return Ok(svg(label.svg(format)));
        }
        Ok(([(header::CONTENT_TYPE, "application/zpl; charset=us-ascii")], label.zpl(format, dots)).into_response())
    })
    .await
}

/// A symbol of a text: GS1-128, GS1 DataMatrix or Code 128.
#[utoipa::path(get, path = "/v1/barcodes", tag = "labels", params(BarcodeQuery), responses(
    (status = 200, body = String, content_type = "image/svg+xml")))]
pub(super) async fn barcode(Query(query): Query<BarcodeQuery>) -> Result<Response, Problem> {
    let kind = SymbolKind::parse(&query.kind)
        .ok_or_else(|| malformed("the kind of a symbol is gs1_128, data_matrix or code_128"))?;
    let symbol = Symbol::of(kind, &query.text).map_err(|error| malformed(&error.to_string()))?;
    Ok(svg(symbol.svg()))
}

fn svg(picture: String) -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response()
}

/// The size that was asked for.
pub(super) fn size(asked: Option<&str>) -> Result<LabelSize, Problem> {
    let size = asked.map_or(Some(LabelSize::A6), LabelSize::parse);
    size.ok_or_else(|| malformed("the size of a label is a6 or 4x6"))
}

/// How fine the printer prints.
pub(super) fn resolution(dots: Option<u16>) -> Result<Resolution, Problem> {
    let resolution = dots.map_or(Some(Resolution::Dpi203), Resolution::from_dots_per_inch);
    resolution.ok_or_else(|| malformed("a printer has 203, 300 or 600 dots per inch"))
}

/// The label of a container, with its contents where they are of one product.
pub(super) fn label_of(engine: &Engine, id: &Identifier) -> Result<LogisticLabel, Problem> {
    let Identifier::Sscc(sscc) = id else {
        let detail = format!("{id} is no SSCC, and only an SSCC gets a logistic label");
        let remedy = "print the symbol of its identifier instead";
        return Err(Problem::new(Code::NotAnSscc, detail, remedy));
    };
    let view = engine.view();
    let container = view.inspect(id).ok_or_else(|| unknown(id))?;
    let is_partial = container.seal == Seal::ClosedPartial;
    let partial = is_partial.then_some(Partial { packed: container.children, full: None });
    Ok(LogisticLabel { content: content(&view, &container), partial, ..LogisticLabel::of(*sscc) })
}

/// What is in a container, if it is units of one product; with the lot and its expiry, if it is one lot.
fn content(view: &View<'_>, container: &Inspection) -> Option<Content> {
    let mut products = BTreeSet::new();
    let mut lots = BTreeSet::new();
    let mut expiry = None;
    let mut units = 0_u32;
    for unit in view.units_under(&container.id)?.take(COMPARED_MAX) {
        let Identifier::Sgtin(sgtin) = &unit else { return None };
        let lot = view.inspect(&unit).and_then(|found| found.lot);
        expiry = lot.and_then(|lot| lot.data.expiry);
        products.insert(sgtin.gtin);
        lots.insert(lot.map(|lot| lot.number));
        units += 1;
        if 1 < products.len() {
            return None;
        }
    }
    let is_one_lot = lots.len() == 1;
    Some(Content {
        gtin: products.pop_first()?,
        count: Count::new(units)?,
        lot: lots.pop_first().flatten().filter(|_| is_one_lot),
        expiry: expiry.filter(|_| is_one_lot),
    })
}
