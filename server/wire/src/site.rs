//! The site as a whole: lots, lists of objects, numbers.

use std::collections::BTreeMap;

use packtree::fact::Status;
use packtree::query;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Date, GtinText, Id, LotNumberText, Text, some, spelled};

/// A lot and how many of its objects are where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotStatus {
    /// The product.
    pub gtin: GtinText,
    /// The lot number.
    pub number: LotNumberText,
    /// When it expires.
    pub expiry: Option<Date>,
    /// When it was made.
    pub production: Option<Date>,
    /// Until when it is best.
    pub best_before: Option<Date>,
    /// Whether it is on hold.
    pub held: bool,
    /// How many objects are where.
    pub counts: LotCounts,
}

/// How many objects of a lot are where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotCounts {
    /// By status: `active`, `sampled` and so on.
    #[serde(flatten)]
    pub by_status: BTreeMap<String, u32>,
    /// Those that sit in a container.
    pub packed: u32,
    /// Those that are away.
    pub away: u32,
}

impl From<&query::LotStatus> for LotStatus {
    fn from(of: &query::LotStatus) -> Self {
        let by_status =
            Status::ALL.iter().map(|status| (status.word().to_owned(), of.counts.with_status(*status))).collect();
        Self {
            gtin: Text(of.name.gtin),
            number: Text(of.name.number),
            expiry: some(of.data.expiry.as_ref()),
            production: some(of.data.production.as_ref()),
            best_before: some(of.data.best_before.as_ref()),
            held: of.held,
            counts: LotCounts { by_status, packed: of.counts.packed, away: of.counts.away },
        }
    }
}

/// A part of the list of lots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotPage {
    /// The lots.
    pub lots: Vec<LotStatus>,
    /// Where the next part begins; `null` behind the last.
    pub next: Option<String>,
}

/// A part of a list of objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ObjectPage {
    /// The objects; a part may be empty while more follows.
    pub objects: Vec<Id>,
    /// Where the next part begins; `null` behind the last.
    pub next: Option<u32>,
}

impl From<&query::Page> for ObjectPage {
    fn from(page: &query::Page) -> Self {
        Self { objects: spelled(&page.objects), next: page.next.map(query::Cursor::number) }
    }
}

/// A checkpoint that is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checkpoint {
    /// The fact that it follows: the next start replays what came since.
    pub checkpoint: u64,
}

/// Numbers about the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Statistics {
    /// The release of the server.
    pub version: String,
    /// Objects that are known, retired ones included.
    pub objects: u32,
    /// The newest durable fact.
    pub facts: u64,
    /// Groups made durable since it was opened, each with one flush.
    pub groups: u64,
    /// Operations refused since it was opened.
    pub refusals: u64,
    /// Operations waiting.
    pub waiting: usize,
    /// Operations that are parked.
    pub parked: usize,
    /// The fact that the newest checkpoint follows; 0 for none.
    pub checkpoint: u64,
    /// The newest fact and its chain value, to keep elsewhere.
    pub head: String,
}
