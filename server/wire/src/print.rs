//! Labels on paper.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The label printers that there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Printers {
    /// Each as `host:port`.
    pub printers: Vec<String>,
}

/// A label that is to be printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// Where, as `GET /v1/printers` names it; not needed where there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printer: Option<String>,
    /// `a6` (105 by 148 mm, where it is missing) or `4x6` inches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Dots per inch of the printer: 203, where it is missing, 300 or 600.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u16>,
    /// The number of the copy; 0, where it is missing, for the original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<u16>,
    /// How many labels, 1 to 8; one where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<u8>,
}

/// A label that the printer has taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Printed {
    /// Where.
    pub printer: String,
    /// How many.
    pub copies: u8,
}
