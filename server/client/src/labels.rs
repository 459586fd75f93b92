//! Labels and symbols, drawn by the server.

use packtree::Identifier;

use crate::client::Client;
use crate::connection::segment;
use crate::error::Error;
use crate::questions::{none_if_unknown, query};

/// How a label comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelForm {
    /// SVG, to look at.
    Picture,
    /// ZPL, for a printer.
    Printer {
        /// 203, 300 or 600.
        dots_per_inch: u16,
    },
}

/// How large a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelSize {
    /// 105 by 148 mm.
    A6,
    /// 4 by 6 inches.
    Inches4By6,
}

/// A symbol of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// GS1-128: a bar code of an element string.
    Gs1128,
    /// GS1 `DataMatrix` of an element string.
    DataMatrix,
    /// Code 128 of any text.
    Code128,
}

impl Client {
    /// The logistic label of an SSCC; `None` for one that is not known. Copies have numbers, and 0 is the original.
    ///
    /// # Errors
    /// When there is no answer; [`Error::Rejected`] for an identifier that is no SSCC.
    pub fn label(
        &self,
        id: &Identifier,
        form: LabelForm,
        size: LabelSize,
        copy: u16,
    ) -> Result<Option<Vec<u8>>, Error> {
        let size = match size {
            LabelSize::A6 => "a6",
            LabelSize::Inches4By6 => "4x6",
        };
        let (ending, dots) = match form {
            LabelForm::Picture => ("svg", None),
            LabelForm::Printer { dots_per_inch } => ("zpl", Some(format!("dpi={dots_per_inch}"))),
        };
        let query = query([Some(format!("size={size}")), Some(format!("copy={copy}")), dots]);
        none_if_unknown(self.connection.bytes(&format!("/v1/labels/{}.{ending}{query}", segment(&id.to_string()))))
    }

    /// The sheet of command barcodes for the wall, as SVG, in a language: `en` or `de`.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn command_sheet(&self, language: &str) -> Result<Vec<u8>, Error> {
        self.connection.bytes(&format!("/v1/labels/commands.svg?language={}", segment(language)))
    }

    /// A symbol of a text, as SVG.
    ///
    /// # Errors
    /// When there is no answer; [`Error::Rejected`] for a text that the symbol cannot hold.
    pub fn barcode(&self, kind: SymbolKind, text: &str) -> Result<Vec<u8>, Error> {
        let kind = match kind {
            SymbolKind::Gs1128 => "gs1_128",
            SymbolKind::DataMatrix => "data_matrix",
            SymbolKind::Code128 => "code_128",
        };
        self.connection.bytes(&format!("/v1/barcodes?kind={kind}&text={}", segment(text)))
    }
}
