//! Why something cannot be printed.

use super::code128::CODE_128_CHARACTERS_MAX;

/// Why a text cannot be printed as a symbol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unprintable {
    /// There is nothing to print.
    #[error("the text is empty; name what the symbol should say")]
    Empty,
    /// Code 128 has no such character.
    #[error(
        "the character {character:?} at offset {offset} is not in Code 128, which has the ASCII characters from space to tilde; \
         write the text without it, or print a DataMatrix"
    )]
    Character {
        /// The character.
        character: char,
        /// Bytes before it.
        offset: usize,
    },
    /// It would be wider than a scanner reads.
    #[error(
        "a linear symbol has {CODE_128_CHARACTERS_MAX} characters at most, and this text has {characters}; \
         leave something out, or print a DataMatrix"
    )]
    TooLong {
        /// Characters of the text.
        characters: usize,
    },
    /// It does not fit into the largest DataMatrix.
    #[error("the text has {characters} characters, more than the largest DataMatrix holds; leave something out")]
    TooMuch {
        /// Characters of the text.
        characters: usize,
    },
    /// A GS1 symbol holds element strings only.
    #[error("a GS1 symbol holds an element string: {0}")]
    ElementString(#[from] packtree_gs1::Error),
}
