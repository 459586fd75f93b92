//! The parts of keys that are texts, each with a length of its own.

use crate::{
    error::Error,
    limits::{ASSET_SERIAL_CHARACTERS_MAX, GLN_EXTENSION_CHARACTERS_MAX, LOT_CHARACTERS_MAX, SERIAL_CHARACTERS_MAX},
    text82::{Characters, Text20},
};
use std::fmt;

/// Defines a text of 1 to `$max` characters, called `$part` in an error.
macro_rules! text_part {
    ($(#[$doc:meta])* $name:ident, $part:literal, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Text20);

        impl $name {
            /// Packs `text`.
            ///
            /// # Errors
            ///
            /// [`Rule::Length`](crate::Rule::Length) for an empty or too long text,
            /// [`Rule::Character`](crate::Rule::Character) for a character outside the set.
            pub fn parse(text: &str) -> Result<Self, Error> {
                Self::from_bytes(text.as_bytes())
            }

            pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
                Text20::from_bytes(bytes, $part, 1, $max).map(Self)
            }

            /// The one that has this number, see [`Text20::value`].
            pub fn from_value(value: u128) -> Option<Self> {
                Text20::from_value(value).and_then(Self::from_text)
            }

            /// The number of this text, see [`Text20::value`].
            pub const fn value(self) -> u128 {
                self.0.value()
            }

            /// Takes a text of the right length.
            pub fn from_text(text: Text20) -> Option<Self> {
                (1..=$max).contains(&text.len()).then_some(Self(text))
            }

            /// The text.
            pub const fn packed(self) -> Text20 {
                self.0
            }

            /// Its characters, on the stack.
            pub fn text(self) -> Characters {
                self.0.text()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

text_part! {
    /// A serial number: 1 to 20 characters (AI 21).
    ///
    /// ```
    /// use packtree_gs1::{Serial, Text20};
    ///
    /// let serial = Serial::parse("S-0001")?;
    /// assert_eq!((&*serial.text(), serial.packed()), ("S-0001", Text20::parse("S-0001")?));
    /// assert_eq!(Serial::from_text(serial.packed()), Some(serial));
    /// assert_eq!(Serial::from_text(Text20::EMPTY), None);
    /// # Ok::<(), packtree_gs1::Error>(())
    /// ```
    Serial, "the serial number", SERIAL_CHARACTERS_MAX
}

text_part! {
    /// A batch or lot number: 1 to 20 characters (AI 10).
    LotNumber, "the lot number", LOT_CHARACTERS_MAX
}

text_part! {
    /// The extension of a GLN, which names a place inside the location: 1 to 20 characters (AI 254).
    GlnExtension, "the extension of the GLN", GLN_EXTENSION_CHARACTERS_MAX
}

text_part! {
    /// The serial number of a returnable asset: 1 to 16 characters (the last part of AI 8003).
    AssetSerial, "the serial number of the asset", ASSET_SERIAL_CHARACTERS_MAX
}
