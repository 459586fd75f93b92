//! Drawings as SVG.

use std::fmt::{self, Write as _};

use super::drawing::{Drawing, Hold, Ink, Mark, Text};

/// What a printer's computer has; the digits of all of these are equally wide.
const FONTS: &str = "'DejaVu Sans', 'Liberation Sans', Arial, Helvetica, sans-serif";

impl Drawing {
    /// The drawing as a document.
    pub(super) fn svg(&self) -> String {
        stacked(std::slice::from_ref(self))
    }
}

/// Drawings of one size below each other, as one document.
pub(super) fn stacked(drawings: &[Drawing]) -> String {
    let width = Millimetres(drawings.iter().map(|drawing| drawing.width).fold(0.0, f64::max));
    let height = Millimetres(drawings.iter().map(|drawing| drawing.height).sum());
    let title = drawings.first().map_or("", |drawing| drawing.title.as_str());
    let mut svg = String::new();
    // Writing into a string cannot fail, so the results are dropped here and below.
    let _ = write!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}" role="img" font-family="{FONTS}"><title>{}</title>"#,
        Escaped(title)
    );
    let mut y = 0.0;
    for drawing in drawings {
        let _ = write!(svg, r#"<g transform="translate(0 {})">"#, Millimetres(y));
        let _ = write!(
            svg,
            r##"<rect width="{}" height="{}" fill="#fff"/>"##,
            Millimetres(drawing.width),
            Millimetres(drawing.height)
        );
        for mark in &drawing.marks {
            draw(&mut svg, mark);
        }
        svg.push_str("</g>");
        y += drawing.height;
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(svg: &mut String, mark: &Mark) {
    match mark {
        Mark::Text(text) => write_text(svg, text),
        Mark::Bars { x, y, module, height, bars } => {
            svg.push_str(r#"<path shape-rendering="crispEdges" d=""#);
            for (first, width) in bars.bars() {
                rectangle(svg, [x + first as f64 * module, *y, width as f64 * module, *height]);
            }
            svg.push_str(r#""/>"#);
        }
        Mark::Matrix { x, y, module, matrix } => {
            svg.push_str(r#"<path shape-rendering="crispEdges" d=""#);
            for (row, first, length) in matrix.runs() {
                rectangle(svg, [x + first as f64 * module, y + row as f64 * module, length as f64 * module, *module]);
            }
            svg.push_str(r#""/>"#);
        }
        Mark::Box { x, y, width, height } => {
            let [x, y, width, height] = [*x, *y, *width, *height].map(Millimetres);
            let _ = write!(svg, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}"/>"#);
        }
    }
}

fn rectangle(svg: &mut String, [x, y, width, height]: [f64; 4]) {
    let [x, y, width, height] = [x, y, width, height].map(Millimetres);
    let _ = write!(svg, "M{x} {y}h{width}v{height}h-{width}z");
}

fn write_text(svg: &mut String, text: &Text) {
    let (x, anchor) = match text.hold {
        Hold::Left { .. } => (text.x, "start"),
        Hold::Middle { width } => (text.x + width / 2.0, "middle"),
    };
    let weight = if text.is_bold { "bold" } else { "normal" };
    let fill = if text.ink == Ink::White { "#fff" } else { "#000" };
    let [x, y, height] = [x, text.y, text.height].map(Millimetres);
    let _ = write!(
        svg,
        r#"<text x="{x}" y="{y}" font-size="{height}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}""#
    );
    if let Hold::Left { width } = text.hold
        && width < text.width()
    {
        let _ = write!(svg, r#" textLength="{}" lengthAdjust="spacingAndGlyphs""#, Millimetres(width));
    }
    let _ = write!(svg, ">{}</text>", Escaped(&text.words));
}

/// A length with at most three decimals: a micrometre is finer than any printer.
struct Millimetres(f64);

impl fmt::Display for Millimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.3}", self.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A text between tags.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                // XML has no other control characters.
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
    fn lengths_have_no_needless_digits() {
        let shown = [0.1 + 0.2, 105.0, 79.248, 0.0004].map(|length| Millimetres(length).to_string());
        assert_eq!(shown, ["0.3", "105", "79.248", "0"]);
    }

    #[test]
    fn a_text_cannot_become_a_tag() {
        assert_eq!(Escaped("a<b>&\u{1d}c").to_string(), "a&lt;b&gt;&amp; c");
    }
}
