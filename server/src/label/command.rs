//! Barcodes that stand for buttons: whoever holds a scanner and wears gloves presses them by scanning.

use super::code128::Bars;
use super::drawing::{Drawing, Hold, Ink, Mark, Text, quiet_of_bars, width_of_bars};
use super::svg::stacked;

/// Every command barcode begins so. No element string does, so a command is never taken for an object.
const PREFIX: &str = "PT-";

/// A button of the warehouse screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Do what is asked.
    Confirm,
    /// Do it not.
    Cancel,
    /// Take the last step back.
    Undo,
    /// Take everything out of the container.
    Break,
    /// Take what is scanned next off its pallet.
    TakeOff,
    /// Count what is there.
    Count,
    /// The count, or the work, is complete.
    Finish,
    /// Block.
    Hold,
    /// Unblock.
    Release,
    /// Close the container.
    Close,
    /// Open it again.
    Reopen,
    /// Ship.
    Ship,
    /// Receive.
    Receive,
    /// Print the label.
    Label,
    /// Back to the beginning.
    Home,
    /// The first of the actions that are offered.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
}

/// A language of the sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The language of a code such as `en` or `de-AT`.
    pub fn parse(code: &str) -> Option<Self> {
        match code.split('-').next()? {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            _ => None,
        }
    }
}

impl Command {
    /// Every command, in the order of the sheet.
    pub const ALL: [Self; 19] = [
        Self::Confirm,
        Self::Cancel,
        Self::Undo,
        Self::Home,
        Self::Break,
        Self::TakeOff,
        Self::Count,
        Self::Finish,
        Self::Hold,
        Self::Release,
        Self::Close,
        Self::Reopen,
        Self::Ship,
        Self::Receive,
        Self::Label,
        Self::First,
        Self::Second,
        Self::Third,
        Self::Fourth,
    ];

    /// What the scanner sends.
    pub const fn code(self) -> &'static str {
        self.words().0
    }

    /// The command that a scanner sent; letters in either case, because Caps Lock may be on.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.get(..PREFIX.len())?.eq_ignore_ascii_case(PREFIX) {
            return None;
        }
        Self::ALL.into_iter().find(|command| command.code().eq_ignore_ascii_case(text))
    }

    /// What it does, for people.
    pub const fn name(self, language: Language) -> &'static str {
        let (_, english, german) = self.words();
        match language {
            Language::English => english,
            Language::German => german,
        }
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Confirm => ("PT-CONFIRM", "Confirm", "Best\u{e4}tigen"),
            Self::Cancel => ("PT-CANCEL", "Cancel", "Abbrechen"),
            Self::Undo => ("PT-UNDO", "Undo", "R\u{fc}ckg\u{e4}ngig"),
            Self::Home => ("PT-HOME", "Home", "Zum Anfang"),
            Self::Break => ("PT-BREAK", "Break", "Aufl\u{f6}sen"),
            Self::TakeOff => ("PT-TAKE-OFF", "Take off", "Abnehmen"),
            Self::Count => ("PT-COUNT", "Count", "Z\u{e4}hlen"),
            Self::Finish => ("PT-FINISH", "Finish", "Fertig"),
            Self::Hold => ("PT-HOLD", "Hold", "Sperren"),
            Self::Release => ("PT-RELEASE", "Release", "Freigeben"),
            Self::Close => ("PT-CLOSE", "Close", "Schlie\u{df}en"),
            Self::Reopen => ("PT-REOPEN", "Reopen", "Wieder \u{f6}ffnen"),
            Self::Ship => ("PT-SHIP", "Ship", "Versenden"),
            Self::Receive => ("PT-RECEIVE", "Receive", "Annehmen"),
            Self::Label => ("PT-LABEL", "Label", "Etikett"),
            Self::First => ("PT-1", "1", "1"),
            Self::Second => ("PT-2", "2", "2"),
            Self::Third => ("PT-3", "3", "3"),
            Self::Fourth => ("PT-4", "4", "4"),
        }
    }
}

const A4: (f64, f64) = (210.0, 297.0);
const MARGIN: f64 = 12.0;
const COLUMNS: usize = 2;
const ROWS: usize = 5;
/// Wide enough to be read from the wall at arm's length.
const MODULE: f64 = 0.5;
const BARS_HEIGHT: f64 = 22.0;

/// The sheet for the wall, a document for each A4 page.
pub fn command_pages(language: Language) -> Vec<String> {
    pages(language).iter().map(Drawing::svg).collect()
}

/// The sheet as one document whose pages are below each other.
pub fn command_sheet(language: Language) -> String {
    stacked(&pages(language))
}

fn pages(language: Language) -> Vec<Drawing> {
    let (width, height) = A4;
    let cell = [(width - 2.0 * MARGIN) / COLUMNS as f64, (height - 2.0 * MARGIN) / ROWS as f64];
    let page = |commands: &[Command]| {
        let marks = commands.iter().enumerate().flat_map(|(place, command)| {
            let corner = [place % COLUMNS, place / COLUMNS].map(|index| index as f64);
            draw(*command, language, [MARGIN + corner[0] * cell[0], MARGIN + corner[1] * cell[1]], cell[0])
        });
        Drawing { title: "Packtree".to_owned(), width, height, marks: marks.collect() }
    };
    Command::ALL.chunks(COLUMNS * ROWS).map(page).collect()
}

/// Name, bars and code of a command in a cell.
fn draw(command: Command, language: Language, [x, y]: [f64; 2], width: f64) -> [Mark; 3] {
    let bars = Bars::code_128(command.code()).expect("the codes are short and of plain letters");
    let text = |y: f64, height: f64, is_bold: bool, words: &str| {
        Mark::Text(Text {
            x,
            y,
            height,
            hold: Hold::Middle { width },
            is_bold,
            ink: Ink::Black,
            words: words.to_owned(),
        })
    };
    let left = (width - width_of_bars(&bars, MODULE)) / 2.0;
    debug_assert!(quiet_of_bars(MODULE) <= left, "{} leaves no quiet zone", command.code());
    [
        text(y + 9.0, 9.0, true, command.name(language)),
        Mark::Bars { x: x + left, y: y + 12.0, module: MODULE, height: BARS_HEIGHT, bars },
        text(y + 12.0 + BARS_HEIGHT + 4.0, 3.5, false, command.code()),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_command_is_read_again_from_its_code() {
        for command in Command::ALL {
            assert_eq!(Command::parse(command.code()), Some(command));
            assert_eq!(Command::parse(&format!(" {}\r", command.code().to_lowercase())), Some(command), "Caps Lock");
        }
        let codes: HashSet<&str> = Command::ALL.iter().map(|command| command.code()).collect();
        assert_eq!(codes.len(), Command::ALL.len());
        for text in ["", "PT", "PT-", "PT-5", "00095060001343500002", "\u{fc}\u{fc}"] {
            assert_eq!(Command::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_symbol_of_the_sheet_has_its_quiet_zone() {
        for language in [Language::English, Language::German] {
            let pages = pages(language);
            assert_eq!(pages.len(), 2);
            let symbols: Vec<[f64; 4]> =
                pages[0].marks.iter().filter(|mark| matches!(mark, Mark::Bars { .. })).map(Mark::extent).collect();
            assert_eq!(symbols.len(), COLUMNS * ROWS);
            for [left, top, right, bottom] in &symbols {
                let overlapping =
                    symbols.iter().filter(|[l, t, r, b]| l < right && left < r && t < bottom && top < b).count();
                assert_eq!(overlapping, 1, "only itself");
                assert!(0.0 < *left && *right < A4.0 && *bottom < A4.1, "{left} {right} {bottom}");
            }
        }
    }

    #[test]
    fn the_sheet_speaks_the_language() {
        let sheet = command_sheet(Language::German);
        assert!(sheet.contains(">Best\u{e4}tigen</text>") && sheet.contains(">PT-CONFIRM</text>"));
        assert!(sheet.contains(r#"width="210mm" height="594mm""#));
        assert!(command_pages(Language::English)[1].contains(">Reopen</text>"));
        assert_eq!(Language::parse("de-AT"), Some(Language::German));
        assert_eq!(Language::parse("fr"), None);
    }
}
