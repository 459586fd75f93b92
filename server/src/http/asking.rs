//! What questions have in common: which object, at which moment.

use packtree::query::Moment;
use packtree::{Identifier, Sequence};
use packtree_wire::{SealWord, event_time};
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::malformed;
use super::{Code, Problem};

/// An identifier in any spelling, as a path has it.
pub(super) fn identifier(text: &str) -> Result<Identifier, Problem> {
    Identifier::parse(text).map_err(|error| malformed(&format!("{text} is no identifier: {error}")))
}

/// Says that an object is not known.
pub(super) fn unknown(id: &Identifier) -> Problem {
    let detail = format!("{id} is not known here");
    Problem::new(Code::ObjectNotFound, detail, "check the identifier, or commission it first")
}

/// A moment: a time with its offset, or `#` and the number of a fact.
pub(super) fn moment(text: Option<&str>) -> Result<Moment, Problem> {
    let Some(text) = text else { return Ok(Moment::Now) };
    let Some(number) = text.strip_prefix('#') else {
        let time = event_time(text).map_err(|form| malformed(&format!("{text} is no moment: {form}, or #17")))?;
        return Ok(Moment::Time(time.at));
    };
    let number = number.parse().map_err(|_| malformed(&format!("{text} is no number of a fact: write #17")))?;
    Ok(Moment::Fact(Sequence(number)))
}

/// How deep to look, and as of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TreeQuery {
    /// Levels down; all where it is missing.
    pub(super) depth: Option<usize>,
    /// A time with its offset, or `#` and the number of a fact; now where it is missing.
    pub(super) at: Option<String>,
}

/// Two moments.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DifferenceQuery {
    /// The one moment, as for a tree; now where it is missing.
    pub(super) from: Option<String>,
    /// The other; now where it is missing.
    pub(super) to: Option<String>,
}

/// A part of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// Entries at most: 1 to 1,000, 100 where it is missing.
    pub(super) limit: Option<usize>,
    /// Only facts before this one: `next` of the page before.
    pub(super) before: Option<u64>,
}

/// Where a page of lots begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LotsQuery {
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

/// Which containers, and where a page of them begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ContainersQuery {
    /// The state of their closure: `open`, `closed`, `closed_partial` or `broken`.
    #[param(value_type = String)]
    pub(super) seal: SealWord,
    /// `next` of the page before.
    pub(super) cursor: Option<u32>,
}

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// `next` of the page before.
    pub(super) cursor: Option<u32>,
}

/// Where the feed begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedQuery {
    /// The first fact to send; behind the newest where it is missing.
    pub(super) from: Option<u64>,
}

/// How a document is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportQuery {
    /// Whether to say what would happen, and change nothing.
    #[serde(default)]
    pub(super) dry_run: bool,
    /// What the answer calls the document.
    pub(super) name: Option<String>,
}

/// How many actions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ActionsQuery {
    /// 1 to 100; 20 where it is missing.
    pub(super) limit: Option<usize>,
}

/// How a label looks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LabelQuery {
    /// `a6` (105 by 148 mm, where it is missing) or `4x6` inches.
    pub(super) size: Option<String>,
    /// The number of the copy; 0, where it is missing, for the original.
    pub(super) copy: Option<u16>,
    /// Dots per inch of the printer: 203, where it is missing, 300 or 600.
    pub(super) dpi: Option<u16>,
    /// The language of the sheet of commands: `en`, where it is missing, or `de`.
    pub(super) language: Option<String>,
}

/// A symbol.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BarcodeQuery {
    /// What it says.
    pub(super) text: String,
    /// `gs1_128`, `data_matrix` or `code_128`.
    pub(super) kind: String,
}
