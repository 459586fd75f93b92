//! Code 128 and GS1-128: which characters of the symbol say a text in the fewest modules.
//!
//! A GS1-128 symbol is a Code 128 symbol whose first character is FNC1. GS1 General Specifications, 5.4.

use barcoders::sym::code128::Code128;
use packtree_gs1::ElementString;

use super::error::Unprintable;

/// Characters of a linear symbol, separators included: what GS1 General Specifications, 5.4.1, allow for GS1-128, and more than a
/// scanner sees of any Code 128.
pub const CODE_128_CHARACTERS_MAX: usize = 48;

/// Ends a value in an element string, and is FNC1 in a symbol.
pub(super) const SEPARATOR: char = '\u{1d}';

/// Light modules on either side. A scanner does not find the symbol without them.
pub(super) const QUIET_MODULES: usize = 10;

/// A code set of Code 128. Set A has nothing that a label needs and B and C have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CodeSet {
    /// One character of text for one of the symbol.
    B,
    /// Two digits for one character of the symbol.
    C,
}

impl CodeSet {
    const fn other(self) -> Self {
        match self {
            Self::B => Self::C,
            Self::C => Self::B,
        }
    }
}

/// One character of the symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The start character at the beginning, a change of the code set later.
    Set(CodeSet),
    Fnc1,
    Character(char),
    Pair(char, char),
}

/// A linear symbol: bars and spaces, one module wide or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    modules: Vec<bool>,
    steps: Vec<Step>,
    text: String,
}

impl Bars {
    /// A GS1-128 symbol.
    ///
    /// # Errors
    /// [`Unprintable::TooLong`].
    pub fn gs1_128(elements: &ElementString<'_>) -> Result<Self, Unprintable> {
        Self::of(&format!("{SEPARATOR}{}", elements.raw()), 1, for_people(elements).concat())
    }

    /// A Code 128 symbol of a text, which is no element string.
    ///
    /// # Errors
    /// [`Unprintable::Empty`], [`Unprintable::Character`] and [`Unprintable::TooLong`].
    pub fn code_128(text: &str) -> Result<Self, Unprintable> {
        let wrong = text.char_indices().find(|(_, character)| !matches!(character, ' '..='~'));
        if let Some((offset, character)) = wrong {
            return Err(Unprintable::Character { character, offset });
        }
        Self::of(text, 0, text.to_owned())
    }

    /// The symbol for characters of which the first `leading` do not count.
    fn of(characters: &str, leading: usize, text: String) -> Result<Self, Unprintable> {
        let characters: Vec<char> = characters.chars().collect();
        let counted = characters.len() - leading;
        if counted == 0 {
            return Err(Unprintable::Empty);
        }
        if CODE_128_CHARACTERS_MAX < counted {
            return Err(Unprintable::TooLong { characters: counted });
        }
        let steps = shortest(&characters);
        let symbol = Code128::new(spelled(&steps)).expect("each character is in the code set that is in force");
        let modules = symbol.encode().into_iter().map(|module| module == 1).collect();
        Ok(Self { modules, steps, text })
    }

    /// The modules from left to right, dark ones true, without the quiet zones.
    pub fn modules(&self) -> &[bool] {
        &self.modules
    }

    /// What stands below the symbol, for people.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The dark bars, each as its first module and its width.
    pub(super) fn bars(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut at = 0;
        self.modules.chunk_by(|one, next| one == next).filter_map(move |run| {
            let first = at;
            at += run.len();
            run[0].then_some((first, run.len()))
        })
    }

    /// The symbol as the data of a `^BC` field, with the code sets that were chosen here. ZPL II Programming Guide, `^BC`.
    pub(super) fn zpl_data(&self) -> String {
        let mut data = String::new();
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Set(CodeSet::B) => data.push_str(if index == 0 { ">:" } else { ">6" }),
                Step::Set(CodeSet::C) => data.push_str(if index == 0 { ">;" } else { ">5" }),
                Step::Fnc1 => data.push_str(">8"),
                // These three begin commands, so the printer has other names for them.
                Step::Character('>') => data.push_str(">0"),
                Step::Character('^') => data.push_str("><"),
                Step::Character('~') => data.push_str(">="),
                Step::Character(character) => data.push(*character),
                Step::Pair(tens, ones) => data.extend([tens, ones]),
            }
        }
        data
    }
}

/// The elements as they stand below a symbol: nothing is escaped there.
pub(super) fn for_people(elements: &ElementString<'_>) -> Vec<String> {
    elements.elements().iter().map(|element| format!("{}{}", element.ai, element.value)).collect()
}

/// The best way to say the rest of the text, when one of the code sets is in force.
#[derive(Clone, Copy)]
struct Rest {
    /// Characters of the symbol.
    length: usize,
    /// Whether the code set must change first.
    switches: bool,
}

/// Longer than any symbol, and small enough to be added to.
const IMPOSSIBLE: usize = usize::MAX / 2;

/// The characters of the shortest symbol. Found from the end: what is best for the rest of the text does not depend on what is before.
fn shortest(characters: &[char]) -> Vec<Step> {
    let end = Rest { length: 0, switches: false };
    let mut rest_in_b = vec![end; characters.len() + 1];
    let mut rest_in_c = rest_in_b.clone();
    for at in (0..characters.len()).rev() {
        let is_fnc1 = characters[at] == SEPARATOR;
        let in_b = 1 + rest_in_b[at + 1].length;
        let in_c = if is_fnc1 {
            1 + rest_in_c[at + 1].length
        } else if is_pair(characters, at) {
            1 + rest_in_c[at + 2].length
        } else {
            IMPOSSIBLE
        };
        rest_in_b[at] = Rest { length: in_b.min(1 + in_c), switches: 1 + in_c < in_b };
        rest_in_c[at] = Rest { length: in_c.min(1 + in_b), switches: 1 + in_b < in_c };
    }
    let mut set =
        if rest_in_c[0].length <= rest_in_b[0].length && !rest_in_c[0].switches { CodeSet::C } else { CodeSet::B };
    let (mut steps, mut at) = (vec![Step::Set(set)], 0);
    while at < characters.len() {
        let rest = if set == CodeSet::B { rest_in_b[at] } else { rest_in_c[at] };
        if rest.switches {
            set = set.other();
            steps.push(Step::Set(set));
        }
        let (step, length) = match (characters[at], set) {
            (SEPARATOR, _) => (Step::Fnc1, 1),
            (character, CodeSet::B) => (Step::Character(character), 1),
            (tens, CodeSet::C) => (Step::Pair(tens, characters[at + 1]), 2),
        };
        steps.push(step);
        at += length;
    }
    steps
}

fn is_pair(characters: &[char], at: usize) -> bool {
    characters.get(at..at + 2).is_some_and(|pair| pair.iter().all(char::is_ascii_digit))
}

/// The steps in the notation of the library that knows the bars.
fn spelled(steps: &[Step]) -> String {
    let mut spelled = String::new();
    for step in steps {
        match step {
            Step::Set(CodeSet::B) => spelled.push('\u{181}'),
            Step::Set(CodeSet::C) => spelled.push('\u{106}'),
            Step::Fnc1 => spelled.push('\u{179}'),
            Step::Character(character) => spelled.push(*character),
            Step::Pair(tens, ones) => spelled.extend([tens, ones]),
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Widths of bar, space, bar ... from the tables of Code 128 for: start C, FNC1, 00, 09, 50, 60, 00, 13, 43, 50, 00, 02, the check
    /// character, stop. The check character is (105 + 1*102 + 2*0 + 3*9 + 4*50 + 5*60 + 6*0 + 7*13 + 8*43 + 9*50 + 10*0 + 11*2) mod 103
    /// = 1641 mod 103 = 96.
    const SSCC_WIDTHS: &str =
        "211232 411131 212222 221213 231131 314111 212222 122132 112331 231131 212222 222221 114311 2331112";

    fn gs1(text: &str) -> Bars {
        Bars::gs1_128(&ElementString::parse(text).expect("the text is right")).expect("it can be printed")
    }

    fn widths(bars: &Bars) -> String {
        bars.modules().chunk_by(|one, next| one == next).map(|run| run.len().to_string()).collect()
    }

    #[test]
    fn the_bars_of_an_sscc_are_those_of_the_tables() {
        let bars = gs1("(00)095060001343500002");
        assert_eq!(widths(&bars), SSCC_WIDTHS.replace(' ', ""));
        assert_eq!(bars.modules().len(), 156);
        assert!(bars.modules()[0], "the first module is dark");
        assert_eq!(bars.text(), "(00)095060001343500002");
    }

    #[test]
    fn a_symbol_is_as_short_as_it_can_be() {
        let cases = [
            ("(00)095060001343500002", ">;>800095060001343500002"),
            ("(02)09506000134352(37)48", ">;>802095060001343523748"),
            ("(02)09506000134352(37)5", ">;>8020950600013435237>65"),
            // Behind a value whose length is not fixed comes FNC1, in either code set.
            ("(37)48(10)AB", ">;>83748>810>6AB"),
            ("(17)271231(10)A1234B", ">;>81727123110>6A1234B"),
            ("(10)A123456B", ">;>810>6A>5123456>6B"),
            ("(10)A12345", ">;>810>6A1>52345"),
        ];
        for (text, expected) in cases {
            assert_eq!(gs1(text).zpl_data(), expected, "{text}");
        }
    }

    #[test]
    fn what_a_printer_takes_for_a_command_is_spelled_otherwise() {
        let bars = Bars::code_128("a>b^c~d").expect("it can be printed");
        assert_eq!(bars.zpl_data(), ">:a>0b><c>=d");
    }

    #[test]
    fn people_read_values_without_escapes() {
        assert_eq!(gs1("(10)A\\(B").text(), "(10)A(B");
    }

    #[test]
    fn what_is_no_symbol_is_refused_in_words() {
        assert_eq!(Bars::code_128(""), Err(Unprintable::Empty));
        assert_eq!(Bars::code_128("PT-\u{dc}"), Err(Unprintable::Character { character: '\u{dc}', offset: 3 }));
        assert!(Bars::code_128(&"x".repeat(CODE_128_CHARACTERS_MAX)).is_ok());
        let long = Bars::code_128(&"x".repeat(49)).expect_err("it is too long");
        assert!(long.to_string().contains("48 characters at most, and this text has 49"), "{long}");
    }

    #[test]
    fn every_printable_character_has_a_symbol() {
        for character in ' '..='~' {
            let bars = Bars::code_128(&character.to_string()).expect("it can be printed");
            assert_eq!(bars.modules().len(), 4 * 11 + 2, "{character:?}");
        }
    }
}
