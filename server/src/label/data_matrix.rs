//! GS1 DataMatrix symbols, ECC 200. GS1 General Specifications, 5.6.

use datamatrix::{DataMatrix, SymbolList};
use packtree_gs1::ElementString;

use super::code128::{SEPARATOR, for_people};
use super::error::Unprintable;

/// Light modules on every side.
pub(super) const QUIET_MODULES: usize = 1;

/// A square GS1 DataMatrix symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Row by row from the top, dark ones true.
    modules: Vec<bool>,
    side: usize,
    data: String,
    lines: Vec<String>,
}

impl Matrix {
    /// A GS1 DataMatrix.
    ///
    /// # Errors
    /// [`Unprintable::TooMuch`].
    pub fn gs1(elements: &ElementString<'_>) -> Result<Self, Unprintable> {
        let data = elements.raw().to_string();
        let Ok(code) = DataMatrix::encode_gs1(data.as_bytes(), squares()) else {
            return Err(Unprintable::TooMuch { characters: data.chars().count() });
        };
        Ok(Self::of(&code, data, for_people(elements)))
    }

    fn of(code: &DataMatrix, data: String, lines: Vec<String>) -> Self {
        let bitmap = code.bitmap();
        let side = bitmap.width();
        let mut modules = vec![false; side * side];
        for (column, row) in bitmap.pixels() {
            modules[row * side + column] = true;
        }
        Self { modules, side, data, lines }
    }

    /// The modules, row by row from the top, dark ones true, without the quiet zone.
    pub fn modules(&self) -> &[bool] {
        &self.modules
    }

    /// Modules of a side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// What stands beside the symbol, for people.
    pub fn text(&self) -> String {
        self.lines.concat()
    }

    /// The same, each element by itself.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The dark runs of each row: row, first column, length.
    pub(super) fn runs(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        self.modules.chunks(self.side).enumerate().flat_map(|(row, modules)| {
            let mut at = 0;
            modules.chunk_by(|one, next| one == next).filter_map(move |run| {
                let first = at;
                at += run.len();
                run[0].then_some((row, first, run.len()))
            })
        })
    }

    /// The symbol as the data of a `^BX` field whose escape character is the underscore. ZPL II Programming Guide, `^BX`.
    pub(super) fn zpl_data(&self) -> String {
        let mut data = String::from("_1");
        for character in self.data.chars() {
            match character {
                SEPARATOR => data.push_str("_1"),
                '_' => data.push_str("__"),
                character => data.push(character),
            }
        }
        data
    }
}

/// Square symbols only: scanners of every age read them, and there is room for a square everywhere.
fn squares() -> SymbolList {
    SymbolList::default().enforce_square()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gs1(text: &str) -> Matrix {
        Matrix::gs1(&ElementString::parse(text).expect("the text is right")).expect("it can be printed")
    }

    #[test]
    fn what_is_printed_can_be_read_again() {
        let texts = [
            "(00)095060001343500002",
            "(01)09506000134352(21)S-0001_a%b",
            "(01)09506000134352(17)271231(10)LOT-7(21)S-0001",
        ];
        for text in texts {
            let elements = ElementString::parse(text).expect("the text is right");
            let matrix = Matrix::gs1(&elements).expect("it can be printed");
            let read = DataMatrix::decode(matrix.modules(), matrix.side()).expect("it can be read");
            let read = String::from_utf8(read).expect("it is text");
            let again = ElementString::parse(&read).expect("what was read is an element string");
            assert_eq!(again.bracketed().to_string(), elements.bracketed().to_string());
        }
    }

    #[test]
    fn a_gs1_symbol_begins_with_fnc1() {
        const FNC1: u8 = 232;
        let code = DataMatrix::encode_gs1(b"00095060001343500002", squares()).expect("it can be printed");
        assert_eq!(code.data_codewords()[0], FNC1);
        assert_eq!(Matrix::of(&code, String::new(), Vec::new()).modules(), gs1("(00)095060001343500002").modules());
    }

    #[test]
    fn the_runs_are_the_dark_modules() {
        let matrix = gs1("(00)095060001343500002");
        let dark: usize = matrix.runs().map(|(_, _, length)| length).sum();
        assert_eq!(dark, matrix.modules().iter().filter(|dark| **dark).count());
        // The finder: all of the left column and of the bottom row is dark.
        assert!(matrix.runs().any(|run| run == (matrix.side() - 1, 0, matrix.side())));
        assert!((0..matrix.side()).all(|row| matrix.modules()[row * matrix.side()]));
    }

    #[test]
    fn a_printer_is_told_of_fnc1_and_of_underscores() {
        assert_eq!(gs1("(10)A_B(21)7").zpl_data(), "_110A__B_1217");
    }
}
