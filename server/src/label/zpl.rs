//! Drawings as ZPL II, the language of label printers. The printer draws the symbols, so that every bar is a whole number of dots.

use std::fmt::{self, Write as _};

use super::drawing::{Drawing, Hold, Ink, Mark, Text};

/// How fine a printer prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// 203 dots an inch, 8 a millimetre: most label printers.
    #[default]
    Dpi203,
    /// 300 dots an inch.
    Dpi300,
    /// 600 dots an inch.
    Dpi600,
}

impl Resolution {
    /// Every resolution.
    pub const ALL: [Self; 3] = [Self::Dpi203, Self::Dpi300, Self::Dpi600];

    /// Dots of an inch.
    pub const fn dots_per_inch(self) -> u16 {
        match self {
            Self::Dpi203 => 203,
            Self::Dpi300 => 300,
            Self::Dpi600 => 600,
        }
    }

    /// The resolution with so many dots an inch.
    pub fn from_dots_per_inch(dots: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.dots_per_inch() == dots)
    }

    const fn dots_per_millimetre(self) -> f64 {
        match self {
            Self::Dpi203 => 8.0,
            Self::Dpi300 => 300.0 / 25.4,
            Self::Dpi600 => 600.0 / 25.4,
        }
    }

    /// The smallest width of whole dots that is not below `least` millimetres, in millimetres.
    pub(super) fn at_least(self, least: f64) -> f64 {
        (least * self.dots_per_millimetre()).ceil() / self.dots_per_millimetre()
    }

    fn dots(self, millimetres: f64) -> i64 {
        (millimetres * self.dots_per_millimetre()).round() as i64
    }
}

impl Drawing {
    /// The drawing as one label, printed once.
    pub(super) fn zpl(&self, resolution: Resolution) -> String {
        let mut zpl = String::from("^XA\n");
        let (width, height) = (resolution.dots(self.width), resolution.dots(self.height));
        // Writing into a string cannot fail, so the results are dropped here and below.
        let _ = writeln!(zpl, "^CI28^LH0,0^PW{width}^LL{height}");
        for mark in &self.marks {
            draw(&mut zpl, resolution, mark);
        }
        zpl.push_str("^PQ1\n^XZ\n");
        zpl
    }
}

fn draw(zpl: &mut String, resolution: Resolution, mark: &Mark) {
    let dots = |length: f64| resolution.dots(length);
    match mark {
        Mark::Text(text) => write_text(zpl, resolution, text),
        Mark::Bars { x, y, module, height, bars } => {
            let (x, y, module, height) = (dots(*x), dots(*y), dots(*module), dots(*height));
            let _ = writeln!(zpl, "^FO{x},{y}^BY{module}^BCN,{height},N,N,N,N^FD{}^FS", bars.zpl_data());
        }
        Mark::Matrix { x, y, module, matrix } => {
            let (x, y, module) = (dots(*x), dots(*y), dots(*module));
            let _ = writeln!(zpl, "^FO{x},{y}^BXN,{module},200,,,,_^FD{}^FS", matrix.zpl_data());
        }
        Mark::Box { x, y, width, height } => {
            let (x, y, width, height) = (dots(*x), dots(*y), dots(*width), dots(*height));
            let _ = writeln!(zpl, "^FO{x},{y}^GB{width},{height},{height}^FS");
        }
    }
}

fn write_text(zpl: &mut String, resolution: Resolution, text: &Text) {
    let dots = |length: f64| resolution.dots(length);
    let height = dots(text.height);
    let reversed = if text.ink == Ink::White { "^FR" } else { "" };
    let (x, data) = (dots(text.x), Escaped(&text.words));
    let _ = match text.hold {
        Hold::Left { width } => {
            let squeezed = dots(text.height * (width / text.width()).min(1.0));
            writeln!(zpl, "^FT{x},{}^A0N,{height},{squeezed}{reversed}^FH^FD{data}^FS", dots(text.y))
        }
        Hold::Middle { width } => {
            let width = dots(width);
            writeln!(zpl, "^FT{x},{}^A0N,{height},{height}^FB{width},1,0,C{reversed}^FH^FD{data}^FS", dots(text.y))
        }
    };
}

/// A text behind `^FH`: what begins a command, and the escape itself, as hexadecimal numbers.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '^' | '~' | '_' | '\\' => write!(f, "_{:02X}", character as u32)?,
                character if character.is_control() => f.write_char(' ')?,
                character => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_become_a_command() {
        assert_eq!(Escaped("a^XZ~b_c\nd").to_string(), "a_5EXZ_7Eb_5Fc d");
    }

    #[test]
    fn bars_are_whole_dots_and_wide_enough() {
        let widths = Resolution::ALL.map(|resolution| resolution.at_least(0.495));
        let dots = [0, 1, 2].map(|index| Resolution::ALL[index].dots(widths[index]));
        assert_eq!(dots, [4, 6, 12]);
        assert!(widths.iter().all(|width| (0.495..=1.016).contains(width)), "{widths:?}");
    }

    #[test]
    fn resolutions_are_named_by_their_dots() {
        assert_eq!(Resolution::from_dots_per_inch(300), Some(Resolution::Dpi300));
        assert_eq!(Resolution::from_dots_per_inch(150), None);
    }
}
