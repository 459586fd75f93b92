//! What stands where on a paper, in millimetres from its upper left corner.

use super::code128::{self, Bars};
use super::data_matrix::{self, Matrix};

/// Where a text is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hold {
    /// At its beginning; it is squeezed into so many millimetres when it is wider.
    Left { width: f64 },
    /// In the middle of so many millimetres.
    Middle { width: f64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    /// On a black box.
    White,
}

/// A line of text. `y` is the line that it stands on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Height of the font; capitals have about seven tenths of it.
    pub(super) height: f64,
    pub(super) hold: Hold,
    pub(super) is_bold: bool,
    pub(super) ink: Ink,
    pub(super) words: String,
}

/// One thing on the paper.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Text(Text),
    /// `x` and `y` are those of the first bar: the quiet zone lies before it.
    Bars {
        x: f64,
        y: f64,
        module: f64,
        height: f64,
        bars: Bars,
    },
    Matrix {
        x: f64,
        y: f64,
        module: f64,
        matrix: Matrix,
    },
    /// A black box.
    Box {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    },
}

/// A paper with what is on it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawing {
    /// What it is, for those who do not see it.
    pub(super) title: String,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) marks: Vec<Mark>,
}

impl Text {
    /// About as wide as it is in the widest of the fonts.
    pub(super) fn width(&self) -> f64 {
        let ems: f64 = self.words.chars().map(|character| if "WMwm%@".contains(character) { 1.0 } else { 0.7 }).sum();
        ems * self.height
    }
}

impl Mark {
    /// Left, top, right and bottom, quiet zones included.
    #[cfg(test)]
    pub(super) fn extent(&self) -> [f64; 4] {
        match self {
            Self::Text(text) => {
                let (left, width) = match text.hold {
                    Hold::Left { width } => (text.x, width.min(text.width())),
                    Hold::Middle { width } => (text.x + (width - text.width()) / 2.0, text.width()),
                };
                [left, text.y - text.height * 0.75, left + width, text.y + text.height * 0.22]
            }
            Self::Bars { x, y, module, height, bars } => {
                let quiet = quiet_of_bars(*module);
                [x - quiet, *y, x + width_of_bars(bars, *module) + quiet, y + height]
            }
            Self::Matrix { x, y, module, matrix } => {
                let (quiet, side) = (quiet_of_matrix(*module), side_of_matrix(matrix, *module));
                [x - quiet, y - quiet, x + side + quiet, y + side + quiet]
            }
            Self::Box { x, y, width, height } => [*x, *y, x + width, y + height],
        }
    }
}

pub(super) fn width_of_bars(bars: &Bars, module: f64) -> f64 {
    bars.modules().len() as f64 * module
}

pub(super) fn side_of_matrix(matrix: &Matrix, module: f64) -> f64 {
    matrix.side() as f64 * module
}

pub(super) fn quiet_of_bars(module: f64) -> f64 {
    code128::QUIET_MODULES as f64 * module
}

pub(super) fn quiet_of_matrix(module: f64) -> f64 {
    data_matrix::QUIET_MODULES as f64 * module
}
