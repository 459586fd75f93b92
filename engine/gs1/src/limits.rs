//! Every limit of this crate, in one place.
//!
//! A text that is longer than its limit is refused by its length, before a character of it is looked at.

/// Bytes of a text handed to a parser. A QR code, the roomiest carrier, holds 7,089 digits.
pub const INPUT_BYTES_MAX: usize = 8_192;

/// Bytes of a URI that is kept as it is, because it is none of the keys that this crate knows.
pub const OPAQUE_BYTES_MAX: usize = 2_048;

/// Digits of an SSCC, its check digit included (GS1 General Specifications, section 3.2.1).
pub const SSCC_DIGITS: usize = 18;

/// Digits of a GTIN in its canonical form, its check digit included (GS1 General Specifications, section 3.3.2).
pub const GTIN_DIGITS: usize = 14;

/// Digits of a GLN, its check digit included (GS1 General Specifications, section 3.5).
pub const GLN_DIGITS: usize = 13;

/// Digits of a returnable asset type: the leading zero, 12 digits and the check digit (section 3.9, AI 8003).
pub const ASSET_TYPE_DIGITS: usize = 14;

/// Characters of a [`Text20`](crate::Text20).
pub const TEXT_CHARACTERS_MAX: usize = 20;

/// Characters of a serial number, AI 21.
pub const SERIAL_CHARACTERS_MAX: usize = 20;

/// Characters of a lot number, AI 10.
pub const LOT_CHARACTERS_MAX: usize = 20;

/// Characters of the extension of a GLN, AI 254.
pub const GLN_EXTENSION_CHARACTERS_MAX: usize = 20;

/// Characters of the serial number of a returnable asset, the last part of AI 8003.
pub const ASSET_SERIAL_CHARACTERS_MAX: usize = 16;

/// Characters of a GIAI: the shortest company prefix that GS1 issues has 4 digits.
pub const GIAI_CHARACTERS_MIN: usize = 4;

/// Characters of a GIAI, AI 8004.
pub const GIAI_CHARACTERS_MAX: usize = 30;

/// Characters of the longest value that any application identifier has (AI 91 to AI 99).
pub const VALUE_CHARACTERS_MAX: usize = 90;

/// Application identifiers in one scan. The GS1 syntax engine stops there too.
pub const ELEMENTS_MAX: usize = 64;

/// Digits of a company prefix in an EPC URN (EPC Tag Data Standard, section 6.3).
pub const COMPANY_PREFIX_DIGITS_MIN: usize = 6;

/// Digits of a company prefix in an EPC URN (EPC Tag Data Standard, section 6.3).
pub const COMPANY_PREFIX_DIGITS_MAX: usize = 12;

const _: () = assert!(SERIAL_CHARACTERS_MAX <= TEXT_CHARACTERS_MAX);
const _: () = assert!(LOT_CHARACTERS_MAX <= TEXT_CHARACTERS_MAX);
const _: () = assert!(GLN_EXTENSION_CHARACTERS_MAX <= TEXT_CHARACTERS_MAX);
const _: () = assert!(ASSET_SERIAL_CHARACTERS_MAX <= TEXT_CHARACTERS_MAX);
const _: () = assert!(GIAI_CHARACTERS_MAX <= TEXT_CHARACTERS_MAX + 10);
const _: () = assert!(OPAQUE_BYTES_MAX <= INPUT_BYTES_MAX);
