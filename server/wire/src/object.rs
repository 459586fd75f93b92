//! Objects: what they are, what is in them, what happened to them.

use packtree::fact::{self, Level, Lot};
use packtree::query;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::change::Change;
use crate::text::{
    Date, DecimalText, EntryWord, Id, LevelWord, LotNumberText, NameText, RoleWord, SealWord, StatusWord, Text, Time,
    TrustWord, VerbWord, Why, some, utc,
};
use crate::words;

/// An object with what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tree {
    /// The identifier that it had then.
    pub id: Id,
    /// Its level.
    pub level: LevelWord,
    /// Its status.
    pub status: StatusWord,
    /// Its closure.
    pub seal: SealWord,
    /// Its lot number.
    pub lot: Option<LotNumberText>,
    /// When its lot expires.
    pub expiry: Option<Date>,
    /// Whether it is on hold: itself, with a container around it, or with its lot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// By which hold, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldWord>,
    /// Whether it is away, itself or with a container around it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub away: bool,
    /// What is in it, one level down.
    #[schema(no_recursion)]
    pub children: Vec<Tree>,
    /// What is in it by class and quantity only.
    pub quantities: Vec<Quantities>,
}

/// By which hold an object is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldWord {
    /// Its own, or that of a container around it.
    Object,
    /// That of its lot.
    Lot,
    /// Both.
    ObjectAndLot,
}

impl From<&query::Tree> for Tree {
    fn from(tree: &query::Tree) -> Self {
        let hold = match (tree.held, tree.lot_on_hold) {
            (true, false) => Some(HoldWord::Object),
            (false, true) => Some(HoldWord::Lot),
            (true, true) => Some(HoldWord::ObjectAndLot),
            (false, false) => None,
        };
        Self {
            id: Text(tree.id.clone()),
            level: Text(tree.level),
            status: Text(tree.status),
            seal: Text(tree.seal),
            lot: lot_number(tree.lot.as_ref()),
            expiry: expiry(tree.lot.as_ref()),
            held: hold.is_some(),
            hold,
            away: tree.away,
            children: tree.children.iter().map(Self::from).collect(),
            quantities: tree.quantities.iter().map(Quantities::from).collect(),
        }
    }
}

impl From<&Tree> for query::Tree {
    fn from(tree: &Tree) -> Self {
        let data = fact::LotData { expiry: tree.expiry.map(|date| date.0), ..fact::LotData::default() };
        Self {
            id: tree.id.0.clone(),
            level: tree.level.0,
            status: tree.status.0,
            seal: tree.seal.0,
            lot: tree.lot.map(|number| Lot { number: number.0, data }),
            lot_on_hold: matches!(tree.hold, Some(HoldWord::Lot | HoldWord::ObjectAndLot)),
            away: tree.away,
            held: matches!(tree.hold, Some(HoldWord::Object | HoldWord::ObjectAndLot)),
            children: tree.children.iter().map(Self::from).collect(),
            quantities: tree.quantities.iter().cloned().map(fact::Quantity::from).collect(),
        }
    }
}

/// Contents by class and quantity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantities {
    /// A product, a lot of it, or another class.
    pub class: Id,
    /// How much; unknown where it is left out.
    pub quantity: Option<DecimalText>,
    /// The unit of measure, UN/ECE Recommendation 20; pieces where it is left out.
    pub uom: Option<NameText>,
}

impl From<&fact::Quantity> for Quantities {
    fn from(quantity: &fact::Quantity) -> Self {
        Self {
            class: Text(quantity.class.clone()),
            quantity: some(quantity.amount.as_ref()),
            uom: some(quantity.unit.as_ref()),
        }
    }
}

impl From<Quantities> for fact::Quantity {
    fn from(of: Quantities) -> Self {
        Self { class: of.class.0, amount: of.quantity.map(|text| text.0), unit: of.uom.map(|text| text.0) }
    }
}

/// Everything that is known of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inspection {
    /// Its identifier.
    pub id: Id,
    /// Its level.
    pub level: LevelWord,
    /// Its status.
    pub status: StatusWord,
    /// Its closure.
    pub seal: SealWord,
    /// What it is in.
    pub parent: Option<Id>,
    /// The outermost container; itself when it is loose.
    pub root: Id,
    /// How many containers are around it.
    pub depth: usize,
    /// How many objects are in it, one level down.
    pub children: u32,
    /// How many units are in it, on every level; 1 for a unit.
    pub units: u64,
    /// What is in it by class and quantity only.
    pub quantities: Vec<Quantities>,
    /// Its lot number.
    pub lot: Option<LotNumberText>,
    /// When its lot expires.
    pub expiry: Option<Date>,
    /// When its lot was made.
    pub production: Option<Date>,
    /// Until when its lot is best.
    pub best_before: Option<Date>,
    /// Whether it is away, itself or with a container around it.
    pub away: bool,
    /// What was put on hold: itself or a container around it.
    pub held_by: Option<Id>,
    /// Whether its lot is on hold.
    pub lot_on_hold: bool,
    /// Whether its contents were seen.
    pub trust: TrustWord,
    /// The newest fact that changed it.
    pub last_fact: u64,
    /// The containers around it, the outermost first.
    pub around: Vec<Around>,
}

/// A container around an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Around {
    /// Its identifier.
    pub id: Id,
    /// Its level.
    pub level: LevelWord,
}

/// Objects by their identifiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectList {
    /// The objects, in any spelling.
    pub objects: Vec<Id>,
}

/// What is known of several objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inspections {
    /// One for each object that was named, in that order; null for one that is not known.
    pub objects: Vec<Option<Inspection>>,
}

impl Inspection {
    /// An object as a view shows it, with the containers around it; `None` for one that is not known.
    pub fn of(view: &query::View<'_>, id: &packtree::Identifier) -> Option<Self> {
        let of = view.inspect(id)?;
        let level = |id: &packtree::Identifier| view.inspect(id).map_or(Level::Unknown, |of| of.level);
        let mut around: Vec<Around> =
            view.ancestors(id)?.map(|id| Around { level: Text(level(&id)), id: Text(id) }).collect();
        around.reverse();
        Some(Self {
            id: Text(of.id),
            level: Text(of.level),
            status: Text(of.status),
            seal: Text(of.seal),
            parent: of.parent.map(Text),
            root: Text(of.root),
            depth: of.depth,
            children: of.children,
            units: of.units,
            quantities: of.quantities.iter().map(Quantities::from).collect(),
            lot: lot_number(of.lot.as_ref()),
            expiry: expiry(of.lot.as_ref()),
            production: of.lot.and_then(|lot| lot.data.production).map(Text),
            best_before: of.lot.and_then(|lot| lot.data.best_before).map(Text),
            away: of.away,
            held_by: of.held_by.map(Text),
            lot_on_hold: of.lot_on_hold,
            trust: Text(of.trust),
            last_fact: of.last_fact.0,
            around,
        })
    }
}

impl From<&Inspection> for query::Inspection {
    fn from(of: &Inspection) -> Self {
        let plain = |date: Option<Date>| date.map(|date| date.0);
        let data = fact::LotData {
            expiry: plain(of.expiry),
            production: plain(of.production),
            best_before: plain(of.best_before),
        };
        Self {
            id: of.id.0.clone(),
            level: of.level.0,
            status: of.status.0,
            seal: of.seal.0,
            away: of.away,
            held_by: of.held_by.as_ref().map(|id| id.0.clone()),
            lot_on_hold: of.lot_on_hold,
            lot: of.lot.map(|number| Lot { number: number.0, data }),
            parent: of.parent.as_ref().map(|id| id.0.clone()),
            root: of.root.0.clone(),
            depth: of.depth,
            children: of.children,
            units: of.units,
            quantities: of.quantities.iter().cloned().map(fact::Quantity::from).collect(),
            trust: of.trust.0,
            last_fact: packtree::Sequence(of.last_fact),
        }
    }
}

/// One object among the contents of another; a line of `contents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentLine {
    /// Its identifier.
    pub id: Id,
    /// Its level.
    pub level: LevelWord,
    /// How many levels it is down: 1 for a child.
    pub depth: usize,
    /// What it is in.
    pub parent: Option<Id>,
}

/// One entry of `history`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// The fact.
    pub fact: u64,
    /// When it happened.
    pub time: Time,
    /// The operation.
    pub operation: VerbWord,
    /// Who.
    pub actor: NameText,
    /// Why.
    pub reason: Option<Why>,
    /// In which role.
    pub role: RoleWord,
    /// Where.
    pub station: NameText,
    /// How it was entered.
    pub entry: EntryWord,
    /// When it was recorded.
    pub recorded_at: Time,
    /// The request id.
    pub request: String,
    /// The identifier that the object had behind the fact; with `via_container`, that of the container.
    pub object: Id,
    /// Whether it happened to a container around the object.
    pub via_container: bool,
    /// What it did.
    pub changes: Vec<Change>,
    /// What it did, in sentences.
    pub sentences: Vec<String>,
    /// What came with it.
    pub note: Option<String>,
}

impl From<&query::Entry> for HistoryEntry {
    fn from(of: &query::Entry) -> Self {
        let header = &of.header;
        Self {
            fact: of.fact.0,
            time: Text(header.event_time),
            operation: Text(of.verb),
            actor: Text(header.actor.clone()),
            reason: some(header.reason.as_ref()),
            role: Text(header.role),
            station: Text(header.station.clone()),
            entry: Text(header.entry),
            recorded_at: utc(of.recorded_at),
            request: header.request.to_string(),
            object: Text(of.object.clone()),
            via_container: of.via,
            changes: of.effects.iter().map(Change::from).collect(),
            sentences: of.effects.iter().map(words::effect).collect(),
            note: header.note.as_ref().map(|note| note.as_str().to_owned()),
        }
    }
}

/// A part of a history, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryPage {
    /// The entries.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins: its `before`; `null` on the last page.
    pub next: Option<u64>,
}

fn lot_number(lot: Option<&Lot>) -> Option<LotNumberText> {
    lot.map(|lot| Text(lot.number))
}

fn expiry(lot: Option<&Lot>) -> Option<Date> {
    lot.and_then(|lot| lot.data.expiry).map(Text)
}
