//! One symbol by itself: on a screen, in a document, on a small label.

use packtree_gs1::ElementString;

use super::code128::Bars;
use super::data_matrix::Matrix;
use super::drawing::{Drawing, Hold, Ink, Mark, Text, quiet_of_bars, quiet_of_matrix, side_of_matrix, width_of_bars};
use super::error::Unprintable;

/// Width of the narrowest bar. GS1 General Specifications, 5.12, ask for 0.495 mm to 1.016 mm where goods are handled.
const MODULE: f64 = 0.5;
/// A DataMatrix module at the same places: 0.743 mm and more.
const MATRIX_MODULE: f64 = 0.75;
/// Height of the bars of a symbol by itself.
const BARS_HEIGHT: f64 = 32.0;
const TEXT_HEIGHT: f64 = 4.0;
/// Above the bars.
const TOP: f64 = 2.0;

/// A way to print a text for scanners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A linear symbol of an element string: pallets and cases.
    Gs1128,
    /// A matrix symbol of an element string: units, and wherever there is little room.
    DataMatrix,
    /// A linear symbol of any text, such as the commands of the screen.
    Code128,
}

impl SymbolKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Gs1128, Self::DataMatrix, Self::Code128];

    /// Its name in requests.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gs1128 => "gs1_128",
            Self::DataMatrix => "data_matrix",
            Self::Code128 => "code_128",
        }
    }

    /// The kind of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A symbol with what people read below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// Bars.
    Bars(Bars),
    /// A DataMatrix.
    Matrix(Matrix),
}

impl Symbol {
    /// The symbol of a text: an element string in any spelling for the GS1 kinds.
    ///
    /// ```
    /// use packtree_server::label::{Symbol, SymbolKind};
    ///
    /// let symbol = Symbol::of(SymbolKind::Gs1128, "(00)095060001343500002")?;
    /// assert_eq!(symbol.text(), "(00)095060001343500002");
    /// assert!(symbol.svg().starts_with("<svg"));
    /// # Ok::<(), packtree_server::label::Unprintable>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn of(kind: SymbolKind, text: &str) -> Result<Self, Unprintable> {
        if kind == SymbolKind::Code128 {
            return Ok(Self::Bars(Bars::code_128(text)?));
        }
        let elements = ElementString::parse(text)?;
        if kind == SymbolKind::Gs1128 {
            Bars::gs1_128(&elements).map(Self::Bars)
        } else {
            Matrix::gs1(&elements).map(Self::Matrix)
        }
    }

    /// What people read.
    pub fn text(&self) -> String {
        match self {
            Self::Bars(bars) => bars.text().to_owned(),
            Self::Matrix(matrix) => matrix.text(),
        }
    }

    /// The symbol with its quiet zones and its text, at the size in which it is printed.
    pub fn svg(&self) -> String {
        self.drawing().svg()
    }

    fn drawing(&self) -> Drawing {
        match self {
            Self::Bars(bars) => {
                let quiet = quiet_of_bars(MODULE);
                let size = [width_of_bars(bars, MODULE) + 2.0 * quiet, BARS_HEIGHT + TOP];
                let place =
                    |x| Mark::Bars { x: x + quiet, y: TOP, module: MODULE, height: BARS_HEIGHT, bars: bars.clone() };
                framed(size, place, &[bars.text().to_owned()])
            }
            Self::Matrix(matrix) => {
                let quiet = quiet_of_matrix(MATRIX_MODULE);
                let side = side_of_matrix(matrix, MATRIX_MODULE) + 2.0 * quiet;
                let place = |x| Mark::Matrix { x: x + quiet, y: quiet, module: MATRIX_MODULE, matrix: matrix.clone() };
                framed([side, side], place, matrix.lines())
            }
        }
    }
}

/// A symbol of a size, placed by `place` at the distance from the left that it is given, with lines below it.
fn framed([width, height]: [f64; 2], place: impl Fn(f64) -> Mark, lines: &[String]) -> Drawing {
    let text = |(index, line): (usize, &String)| Text {
        x: 0.0,
        y: height + (index + 1) as f64 * TEXT_HEIGHT,
        height: TEXT_HEIGHT,
        hold: Hold::Middle { width },
        is_bold: false,
        ink: Ink::Black,
        words: line.clone(),
    };
    let mut texts: Vec<Text> = lines.iter().enumerate().map(text).collect();
    let whole = texts.iter().map(Text::width).fold(width, f64::max);
    for text in &mut texts {
        text.hold = Hold::Middle { width: whole };
    }
    let marks = std::iter::once(place((whole - width) / 2.0)).chain(texts.into_iter().map(Mark::Text)).collect();
    let height = height + (lines.len() as f64 + 0.5) * TEXT_HEIGHT;
    Drawing { title: lines.concat(), width: whole, height, marks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_keeps_its_quiet_zones_and_its_size() {
        let symbol = Symbol::of(SymbolKind::Gs1128, "(00)095060001343500002").expect("it can be printed");
        let svg = symbol.svg();
        // 156 modules and 10 on either side, of half a millimetre; the first bar begins behind the quiet zone.
        assert!(svg.contains(r#"width="88mm" height="40mm" viewBox="0 0 88 40""#), "{svg}");
        assert!(svg.contains(r#"d="M5 2h1v32h-1z"#), "{svg}");
        assert!(svg.contains(">(00)095060001343500002</text>"), "{svg}");
    }

    #[test]
    fn every_element_has_a_line_below_its_matrix() {
        let text = "(01)09506000134352(17)271231(10)LOT-7(21)S-0001";
        let drawing = Symbol::of(SymbolKind::DataMatrix, text).expect("it can be printed").drawing();
        let lines: Vec<&str> = drawing
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Text(text) = mark { Some(&*text.words) } else { None })
            .collect();
        assert_eq!(lines, ["(01)09506000134352", "(17)271231", "(10)LOT-7", "(21)S-0001"]);
        for mark in &drawing.marks {
            let [left, top, right, bottom] = mark.extent();
            assert!(0.0 <= left && 0.0 <= top && right <= drawing.width && bottom <= drawing.height, "{mark:?}");
        }
    }

    #[test]
    fn a_wrong_check_digit_is_never_printed() {
        let error = Symbol::of(SymbolKind::Gs1128, "(00)095060001343500003").expect_err("the check digit is wrong");
        assert!(error.to_string().contains("the check digit is 3, but the digits before it call for 2"), "{error}");
    }

    #[test]
    fn an_element_string_that_is_too_long_for_bars_fits_into_a_matrix() {
        let text = format!("(01)09506000134352(21){}(10){}", "S".repeat(20), "L".repeat(20));
        assert_eq!(Symbol::of(SymbolKind::Gs1128, &text), Err(Unprintable::TooLong { characters: 61 }));
        assert!(Symbol::of(SymbolKind::DataMatrix, &text).is_ok());
    }

    #[test]
    fn kinds_are_named() {
        for kind in SymbolKind::ALL {
            assert_eq!(SymbolKind::parse(kind.word()), Some(kind));
        }
        assert_eq!(SymbolKind::parse("qr"), None);
    }
}
