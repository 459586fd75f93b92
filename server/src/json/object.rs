//! Objects: `tree`, `inspect`, `history`.

use packtree::fact::{Lot, Quantity};
use packtree::query;
use serde::Serialize;

use super::time;
use crate::words;

/// `tree`.
#[derive(Serialize)]
pub(crate) struct Tree {
    id: String,
    level: &'static str,
    status: &'static str,
    seal: &'static str,
    lot: Option<String>,
    expiry: Option<String>,
    children: Vec<Tree>,
    quantities: Vec<Quantities>,
}

impl From<&query::Tree> for Tree {
    fn from(tree: &query::Tree) -> Self {
        Self {
            id: tree.id.to_string(),
            level: tree.level.word(),
            status: tree.status.word(),
            seal: tree.seal.word(),
            lot: lot_number(tree.lot.as_ref()),
            expiry: expiry(tree.lot.as_ref()),
            children: tree.children.iter().map(Self::from).collect(),
            quantities: tree.quantities.iter().map(Quantities::from).collect(),
        }
    }
}

/// Contents by class and quantity.
#[derive(Serialize)]
pub(crate) struct Quantities {
    class: String,
    quantity: Option<String>,
    uom: Option<String>,
}

impl From<&Quantity> for Quantities {
    fn from(quantity: &Quantity) -> Self {
        Self {
            class: quantity.class.to_string(),
            quantity: quantity.amount.map(|amount| amount.to_string()),
            uom: quantity.unit.as_ref().map(ToString::to_string),
        }
    }
}

/// `inspect`.
#[derive(Serialize)]
pub(crate) struct Inspection {
    id: String,
    level: &'static str,
    status: &'static str,
    seal: &'static str,
    parent: Option<String>,
    root: String,
    depth: usize,
    children: u32,
    units: u64,
    quantities: Vec<Quantities>,
    lot: Option<String>,
    expiry: Option<String>,
    away: bool,
    held_by: Option<String>,
    lot_on_hold: bool,
    trust: &'static str,
    last_fact: u64,
}

impl From<&query::Inspection> for Inspection {
    fn from(of: &query::Inspection) -> Self {
        Self {
            id: of.id.to_string(),
            level: of.level.word(),
            status: of.status.word(),
            seal: of.seal.word(),
            parent: of.parent.as_ref().map(ToString::to_string),
            root: of.root.to_string(),
            depth: of.depth,
            children: of.children,
            units: of.units,
            quantities: of.quantities.iter().map(Quantities::from).collect(),
            lot: lot_number(of.lot.as_ref()),
            expiry: expiry(of.lot.as_ref()),
            away: of.away,
            held_by: of.held_by.as_ref().map(ToString::to_string),
            lot_on_hold: of.lot_on_hold,
            trust: of.trust.word(),
            last_fact: of.last_fact.0,
        }
    }
}

/// One entry of `history`.
#[derive(Serialize)]
pub(crate) struct HistoryEntry {
    fact: u64,
    time: String,
    operation: &'static str,
    actor: String,
    reason: Option<String>,
    role: &'static str,
    station: String,
    entry: &'static str,
    recorded_at: String,
    request: String,
    object: String,
    /// Whether it happened to a container around the object.
    via_container: bool,
    changes: Vec<String>,
    note: Option<String>,
}

impl From<&query::Entry> for HistoryEntry {
    fn from(of: &query::Entry) -> Self {
        let header = &of.header;
        Self {
            fact: of.fact.0,
            time: header.event_time.to_string(),
            operation: of.verb.word(),
            actor: header.actor.to_string(),
            reason: header.reason.as_ref().map(ToString::to_string),
            role: header.role.word(),
            station: header.station.to_string(),
            entry: header.entry.word(),
            recorded_at: time(of.recorded_at),
            request: header.request.to_string(),
            object: of.object.to_string(),
            via_container: of.via,
            changes: of.effects.iter().map(words::effect).collect(),
            note: header.note.as_ref().map(|note| note.as_str().to_owned()),
        }
    }
}

fn lot_number(lot: Option<&Lot>) -> Option<String> {
    lot.map(|lot| lot.number.to_string())
}

fn expiry(lot: Option<&Lot>) -> Option<String> {
    lot.and_then(|lot| lot.data.expiry).map(|date| date.to_string())
}
