//! What is printed and stuck on things: symbols, logistic labels, and the sheet of commands for the wall.
//!
//! Everything here is a pure function of what should be on the paper. A drawing is SVG, in millimetres, for a browser and an office
//! printer; or ZPL for a label printer, which draws the symbols itself, to the dot.
//!
//! | what | type |
//! |---|---|
//! | one GS1-128, GS1 DataMatrix or Code 128 symbol | [`Symbol`] |
//! | the GS1 logistic label of an SSCC, A6 or 4 by 6 inches | [`LogisticLabel`] |
//! | the barcodes that stand for buttons, on A4 | [`Command`], [`command_pages`] |
//!
//! It does not print: who sends the bytes to a printer is somewhere else.

mod code128;
mod command;
mod data_matrix;
mod drawing;
mod error;
mod logistic;
mod svg;
mod symbol;
#[cfg(test)]
mod tests;
mod zpl;

pub use code128::{Bars, CODE_128_CHARACTERS_MAX};
pub use command::{Command, Language, command_pages, command_sheet};
pub use data_matrix::Matrix;
pub use error::Unprintable;
pub use logistic::{Content, Count, LabelSize, LogisticLabel, Partial};
pub use symbol::{Symbol, SymbolKind};
pub use zpl::Resolution;
