//! The GS1 logistic label: which pallet or case it is, and what is in it when all of it is the same.
//!
//! GS1 General Specifications, section 6: the SSCC has a symbol of its own, the lowest; what describes the contents stands above. A
//! DataMatrix has all of it once more, for those who read one with a single shot.

use packtree_gs1::{ElementString, Gs1Date, Gtin, LotNumber, Sscc};

use super::code128::Bars;
use super::data_matrix::Matrix;
use super::drawing::{Drawing, Hold, Ink, Mark, Text, quiet_of_bars, quiet_of_matrix, side_of_matrix, width_of_bars};
use super::zpl::Resolution;

/// The least width of a bar where goods are handled by hand and by conveyor. GS1 General Specifications, 5.12.
const MODULE_LEAST: f64 = 0.495;
/// The same of a DataMatrix module.
const MATRIX_MODULE_LEAST: f64 = 0.743;
/// Bars are at least this high on a logistic label.
const BARS_HEIGHT: f64 = 32.0;
/// Text below the bars, for people.
const HRI_HEIGHT: f64 = 3.6;
/// The number of the SSCC is read aloud more often than the rest.
const SSCC_HRI_HEIGHT: f64 = 5.0;
const MARGIN: f64 = 4.0;
/// Below the text of the lowest symbol.
const FOOT: f64 = 3.0;
/// From the text below one symbol to the bars of the next.
const GAP: f64 = 1.0;
/// From the bars to the text below them.
const HRI_GAP: f64 = 0.8;
/// Height of the last digits of the SSCC beside a description.
const LARGE_HEIGHT: f64 = 10.0;
const LINE_HEIGHT: f64 = 3.2;
/// Digits of the SSCC that are printed large: with these, people tell one pallet from the next.
const LARGE_DIGITS: usize = 5;

/// How large the paper is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelSize {
    /// 105 mm by 148 mm.
    #[default]
    A6,
    /// 4 inches by 6.
    Inches4x6,
}

impl LabelSize {
    /// Every size.
    pub const ALL: [Self; 2] = [Self::A6, Self::Inches4x6];

    /// Its name in requests.
    pub const fn word(self) -> &'static str {
        match self {
            Self::A6 => "a6",
            Self::Inches4x6 => "4x6",
        }
    }

    /// The size of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.word() == word)
    }

    /// Width and height in millimetres.
    pub const fn millimetres(self) -> (f64, f64) {
        match self {
            Self::A6 => (105.0, 148.0),
            Self::Inches4x6 => (101.6, 152.4),
        }
    }
}

/// How many trade items are in a logistic unit: 1 to 99,999,999, as AI (37) holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(u32);

impl Count {
    /// The count, if AI (37) has room for it.
    pub const fn new(count: u32) -> Option<Self> {
        if count == 0 || 99_999_999 < count { None } else { Some(Self(count)) }
    }
}

/// What is in a logistic unit whose trade items are all of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// The trade item, AI (02).
    pub gtin: Gtin,
    /// How many of them, AI (37).
    pub count: Count,
    /// Their lot, AI (10), when they are all of one.
    pub lot: Option<LotNumber>,
    /// When they expire, AI (17), when it is the same for all.
    pub expiry: Option<Gs1Date>,
}

/// How far a container is filled that was closed before it was full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partial {
    /// Children that it has.
    pub packed: u32,
    /// Children that a full one has, when that is known.
    pub full: Option<u32>,
}

/// A logistic label.
///
/// ```
/// use packtree_gs1::Sscc;
/// use packtree_server::label::{LabelSize, LogisticLabel, Resolution};
///
/// let label = LogisticLabel::of(Sscc::parse("095060001343500002")?);
/// assert!(label.svg(LabelSize::A6).starts_with("<svg"));
/// assert!(label.zpl(LabelSize::A6, Resolution::Dpi203).contains("^FD>;>800095060001343500002^FS"));
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogisticLabel {
    /// Which logistic unit it is.
    pub sscc: Sscc,
    /// What is in it, when all of it is the same.
    pub content: Option<Content>,
    /// Printed large when it is not full.
    pub partial: Option<Partial>,
    /// How often the label was printed before: 0 for the original. Copies say so.
    pub copy: u16,
}

impl LogisticLabel {
    /// The label of a logistic unit of which nothing else is known.
    pub const fn of(sscc: Sscc) -> Self {
        Self { sscc, content: None, partial: None, copy: 0 }
    }

    /// The label for an office printer or a screen.
    pub fn svg(&self, size: LabelSize) -> String {
        // A laser printer places its dots finely enough for any width.
        self.drawing(size, MODULE_LEAST, 0.75).svg()
    }

    /// The label for a label printer.
    pub fn zpl(&self, size: LabelSize, resolution: Resolution) -> String {
        let module = resolution.at_least(MODULE_LEAST);
        self.drawing(size, module, resolution.at_least(MATRIX_MODULE_LEAST)).zpl(resolution)
    }

    pub(super) fn drawing(&self, size: LabelSize, module: f64, matrix_module: f64) -> Drawing {
        let (width, height) = size.millimetres();
        let mut marks = Vec::new();
        let mut bottom = height - FOOT;
        for (index, bars) in self.linear(width, module).into_iter().enumerate() {
            let text_height = if index == 0 { SSCC_HRI_HEIGHT } else { HRI_HEIGHT };
            let y = bottom - text_height - HRI_GAP - BARS_HEIGHT;
            let x = (width - width_of_bars(&bars, module)) / 2.0;
            let hold = Hold::Middle { width };
            marks.push(line(0.0, bottom - 0.2 * text_height, text_height, hold, bars.text().to_owned()));
            marks.push(Mark::Bars { x, y, module, height: BARS_HEIGHT, bars });
            bottom = y - GAP;
        }
        let matrix = self.matrix();
        let quiet = quiet_of_matrix(matrix_module);
        let x = width - MARGIN - quiet - side_of_matrix(&matrix, matrix_module);
        marks.push(Mark::Matrix { x, y: MARGIN, module: matrix_module, matrix });
        self.describe(&mut marks, [x - quiet, bottom]);
        Drawing { title: format!("Logistic label (00){}", self.sscc), width, height, marks }
    }

    /// The linear symbols from the lowest up, as far as they are narrow enough for the label.
    fn linear(&self, width: f64, module: f64) -> Vec<Bars> {
        let fitting = |text: &str| {
            let elements = ElementString::parse(text).expect("it is made of keys and dates that are right");
            Bars::gs1_128(&elements)
                .ok()
                .filter(|bars| width_of_bars(bars, module) + 2.0 * quiet_of_bars(module) <= width)
        };
        let mut symbols: Vec<Bars> = fitting(&format!("(00){}", self.sscc)).into_iter().collect();
        let Some(content) = self.content else { return symbols };
        symbols.extend(fitting(&content.item()));
        // A lot that is long needs all the width. One that is longer still is in the DataMatrix and in the text only.
        let both = format!("{}{}", content.expiry_element(), content.lot_element());
        let alternatives = [both, content.lot_element(), content.expiry_element()];
        symbols.extend(alternatives.iter().filter(|text| !text.is_empty()).find_map(|text| fitting(text)));
        symbols
    }

    /// Everything, in one symbol.
    fn matrix(&self) -> Matrix {
        let mut text = format!("(00){}", self.sscc);
        if let Some(content) = self.content {
            text.push_str(&content.item());
            text.push_str(&content.expiry_element());
            text.push_str(&content.lot_element());
        }
        let elements = ElementString::parse(&text).expect("it is made of keys and dates that are right");
        Matrix::gs1(&elements).expect("the largest DataMatrix holds many times as much")
    }

    /// What people read, in the corner that the symbols leave free: its right and lower edge are given.
    fn describe(&self, marks: &mut Vec<Mark>, [right, bottom]: [f64; 2]) {
        let lines = self.lines();
        let sscc = self.sscc.to_string();
        let number = sscc.get(sscc.len() - LARGE_DIGITS..).unwrap_or(&sscc).to_owned();
        // Without a description there is room for digits that are read from across the hall.
        let room = right - MARGIN;
        let large = if lines.is_empty() { room / (0.7 * LARGE_DIGITS as f64) } else { LARGE_HEIGHT };
        let baseline = MARGIN + 0.75 * large;
        marks.push(bold([MARGIN, baseline], large, room, number));
        for (index, text) in lines.into_iter().rev().enumerate() {
            let y = bottom - 0.5 - index as f64 * (LINE_HEIGHT + 0.6);
            marks.push(line(MARGIN, y, LINE_HEIGHT, Hold::Left { width: room - 1.0 }, text));
        }
        let is_below = self.content.is_none();
        let x = if is_below { MARGIN } else { MARGIN + 0.7 * LARGE_DIGITS as f64 * large + 2.0 };
        let top = if is_below { baseline + 0.25 * large } else { MARGIN };
        self.badges(marks, [x, top, right - 1.0 - x]);
    }

    /// That it is not full, and that it is a copy.
    fn badges(&self, marks: &mut Vec<Mark>, [x, top, width]: [f64; 3]) {
        if let Some(partial) = self.partial {
            marks.push(Mark::Box { x, y: top, width, height: 8.4 });
            let counts = partial.full.map_or(partial.packed.to_string(), |full| format!("{}/{full}", partial.packed));
            for (y, height, words) in [(top + 3.5, 3.4, "PARTIAL".to_owned()), (top + 7.4, 3.6, counts)] {
                let hold = Hold::Middle { width };
                marks.push(Mark::Text(Text { x, y, height, hold, is_bold: true, ink: Ink::White, words }));
            }
        }
        if 0 < self.copy {
            let y = top + if self.partial.is_some() { 11.9 } else { 3.4 };
            marks.push(bold([x, y], 3.4, width, format!("COPY {}", self.copy)));
        }
    }

    /// The contents with the titles that GS1 gives to the data.
    fn lines(&self) -> Vec<String> {
        let Some(content) = self.content else { return Vec::new() };
        let mut lines = vec![format!("CONTENT {}", content.gtin), format!("COUNT {}", content.count.0)];
        lines.extend(content.expiry.map(|expiry| format!("USE BY {expiry}")));
        lines.extend(content.lot.map(|lot| format!("BATCH {lot}")));
        lines
    }
}

impl Content {
    fn item(&self) -> String {
        format!("(02){}(37){}", self.gtin, self.count.0)
    }

    fn expiry_element(&self) -> String {
        self.expiry.map_or_else(String::new, |expiry| format!("(17){}", expiry.yymmdd()))
    }

    fn lot_element(&self) -> String {
        // In the bracketed spelling a bracket of the value has a backslash before it.
        self.lot.map_or_else(String::new, |lot| format!("(10){}", lot.to_string().replace('(', "\\(")))
    }
}

fn line(x: f64, y: f64, height: f64, hold: Hold, words: String) -> Mark {
    Mark::Text(Text { x, y, height, hold, is_bold: false, ink: Ink::Black, words })
}

fn bold([x, y]: [f64; 2], height: f64, width: f64, words: String) -> Mark {
    Mark::Text(Text { x, y, height, hold: Hold::Left { width }, is_bold: true, ink: Ink::Black, words })
}
