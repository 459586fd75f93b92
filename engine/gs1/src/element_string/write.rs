//! Element strings as text.

use super::{ElementString, SEPARATOR};
use crate::Characters;
use std::fmt::{self, Write};

impl ElementString<'_> {
    /// Prints the elements for people: each identifier in brackets.
    ///
    /// An opening bracket inside a value is written with a backslash before it, as the GS1 syntax engine does.
    ///
    /// ```
    /// use packtree_gs1::ElementString;
    ///
    /// let label = ElementString::parse("010950600013435210LOT-7\u{1d}21S-0001")?;
    /// assert_eq!(label.bracketed().to_string(), "(01)09506000134352(10)LOT-7(21)S-0001");
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn bracketed(&self) -> impl fmt::Display {
        Bracketed(self)
    }

    /// Prints the elements as a symbol holds them: without brackets, and with a separator (character 29) behind each
    /// value but the last whose length is not fixed.
    ///
    /// ```
    /// use packtree_gs1::ElementString;
    ///
    /// let label = ElementString::parse("(01)09506000134352(10)LOT-7(21)S-0001")?;
    /// assert_eq!(label.raw().to_string(), "010950600013435210LOT-7\u{1d}21S-0001");
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    pub fn raw(&self) -> impl fmt::Display {
        Raw(self)
    }
}

struct Bracketed<'a>(&'a ElementString<'a>);

impl fmt::Display for Bracketed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for element in self.0.elements() {
            write!(f, "{}", element.ai)?;
            write_bracketed(f, element.value.bytes())?;
        }
        Ok(())
    }
}

/// Prints a text as a value in a bracketed element string.
pub(crate) struct InBrackets(pub(crate) Characters);

impl fmt::Display for InBrackets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains('(') { write_bracketed(f, self.0.bytes()) } else { f.write_str(&self.0) }
    }
}

/// Writes a value in a bracketed element string.
fn write_bracketed(f: &mut fmt::Formatter<'_>, value: impl Iterator<Item = u8>) -> fmt::Result {
    for byte in value {
        if byte == b'(' {
            f.write_char('\\')?;
        }
        f.write_char(byte as char)?;
    }
    Ok(())
}

struct Raw<'a>(&'a ElementString<'a>);

impl fmt::Display for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut needs_separator = false;
        for element in self.0.elements() {
            if needs_separator {
                f.write_char(SEPARATOR as char)?;
            }
            needs_separator = element.ai.needs_separator();
            write!(f, "{}{}", element.ai.name(), element.value)?;
        }
        Ok(())
    }
}
