//! Scans: what a scanner sent, what it is, and what can be done next.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::{HistoryEntry, Inspection};
use crate::text::{EntryWord, Id};

/// What a scanner sent, or what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// The text, as it came.
    pub text: String,
    /// Whether it was scanned or typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryWord>,
}

/// What a scan is, and what can be done next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScanAnswer {
    /// The text, as it came.
    pub text: String,
    /// What it says.
    pub reading: Reading,
    /// What is known of the object.
    pub object: Option<Inspection>,
    /// What happened to it last.
    pub last: Option<HistoryEntry>,
    /// What can be done with it, and what not and why.
    pub actions: Vec<Candidate>,
    /// Why the scan is of no use, if it is not.
    pub problem: Option<Advice>,
}

/// What a text says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    /// What kind of thing it names.
    pub kind: ReadingKind,
    /// The identifier.
    pub id: Option<Id>,
    /// The command, for instance `CONFIRM`.
    pub command: Option<String>,
    /// What had to be rescued to read it.
    pub warnings: Vec<Warning>,
    /// The readings that exist, where there are several.
    pub candidates: Vec<Id>,
}

/// What kind of thing a scan names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingKind {
    /// One object.
    Object,
    /// A lot.
    Lot,
    /// A product.
    Product,
    /// A command of the wall sheet.
    Command,
    /// Nothing that can be read.
    Nothing,
}

/// Something that was rescued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Warning {
    /// What it was.
    pub code: WarningCode,
    /// In words.
    pub sentence: String,
    /// What to do so that it does not happen again.
    pub remedy: String,
}

/// What had to be rescued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// The separator between elements was lost; one reading of those that are possible exists.
    SeparatorLost,
    /// Capital and small letters were exchanged.
    CapsLock,
}

/// What stands in the way and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Advice {
    /// A stable name.
    pub code: String,
    /// In words.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
}

/// Why something cannot be done.
pub type WhyNot = Advice;

/// Something that can be done with an object, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// What.
    pub action: String,
    /// Whether it can be done now, by whoever asks; where it needs another object, as far as this one says.
    pub allowed: bool,
    /// What it needs beside the object.
    pub needs: Vec<Need>,
    /// Why it cannot be done.
    pub why_not: Option<WhyNot>,
}

/// What an action needs beside the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A reason.
    Reason,
    /// A signature.
    Signature,
    /// Another object.
    Other,
}
