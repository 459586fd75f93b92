//! Values that are one text in JSON: identifiers, times, words, dates, names.
//!
//! A text is parsed while the JSON is read, so that what was read cannot be wrong; what is written is the one canonical spelling.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use packtree::fact::{
    Decimal, Entry, EventTime, Level, Name, Note, ReasonText, Role, Seal, Standing, Status, Trust, Verb,
};
use packtree::{Identifier, Reason};
use packtree_gs1::{Gs1Date, Gtin, LotNumber};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// Something that is one text in JSON.
pub trait Spelled: Sized {
    /// The name in the `OpenAPI` document.
    const NAME: &'static str;

    /// What the text says, for the `OpenAPI` document.
    const ABOUT: &'static str;

    /// Texts that are right, for who reads the `OpenAPI` document and for who tries what it says.
    const EXAMPLES: &'static [&'static str] = &[];

    /// The words to choose from; none where any text may do.
    fn words() -> Vec<&'static str> {
        Vec::new()
    }

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    fn read(text: &str) -> Result<Self, String>;

    /// Spells it.
    fn spell(&self) -> Cow<'_, str>;
}

/// A value that is one text in JSON, parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<T>(pub T);

/// An identifier in JSON.
pub type Id = Text<Identifier>;

/// A time in JSON, with its offset.
pub type Time = Text<EventTime>;

/// A level in JSON.
pub type LevelWord = Text<Level>;

/// A status in JSON.
pub type StatusWord = Text<Status>;

/// A closure in JSON.
pub type SealWord = Text<Seal>;

/// A role in JSON.
pub type RoleWord = Text<Role>;

/// How something was entered in JSON.
pub type EntryWord = Text<Entry>;

/// Whether something was seen in JSON.
pub type TrustWord = Text<Trust>;

/// An operation in JSON.
pub type VerbWord = Text<Verb>;

/// What an operation came to in JSON.
pub type StandingWord = Text<Standing>;

/// A date in JSON.
pub type Date = Text<Gs1Date>;

/// A lot number in JSON.
pub type LotNumberText = Text<LotNumber>;

/// A product in JSON.
pub type GtinText = Text<Gtin>;

/// A name in JSON.
pub type NameText = Text<Name>;

/// A reason in JSON.
pub type Why = Text<ReasonText>;

/// A note in JSON.
pub type NoteText = Text<Note>;

/// A decimal number in JSON.
pub type DecimalText = Text<Decimal>;

/// A reason for refusal in JSON.
pub type Code = Text<Reason>;

impl<T> From<T> for Text<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for Text<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Spelled> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.spell())
    }
}

impl<T: Spelled> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.spell())
    }
}

impl<'de, T: Spelled> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading<T>(PhantomData<T>);
        impl<T: Spelled> Visitor<'_> for Reading<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text: ")?;
                f.write_str(T::ABOUT)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
                T::read(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Reading(PhantomData)).map(Self)
    }
}

impl<T: Spelled> PartialSchema for Text<T> {
    fn schema() -> RefOr<Schema> {
        let words = T::words();
        let object = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).description(Some(T::ABOUT));
        let object = if words.is_empty() { object } else { object.enum_values(Some(words)) };
        let object = if T::EXAMPLES.is_empty() { object } else { object.examples(T::EXAMPLES.iter().copied()) };
        RefOr::T(Schema::Object(object.build()))
    }
}

impl<T: Spelled> ToSchema for Text<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }
}

macro_rules! words {
    ($($type:ident $about:literal,)*) => {
        $(
            impl Spelled for $type {
                const NAME: &'static str = stringify!($type);
                const ABOUT: &'static str = $about;

                fn words() -> Vec<&'static str> {
                    Self::ALL.iter().map(|one| one.word()).collect()
                }

                fn read(text: &str) -> Result<Self, String> {
                    Self::from_word(text).ok_or_else(|| choose(text, &Self::words()))
                }

                fn spell(&self) -> Cow<'_, str> {
                    Cow::Borrowed(self.word())
                }
            }
        )*
    };
}

words! {
    Level "how far up in the hierarchy an object stands",
    Status "where an object stands in its life",
    Seal "the closure of a container",
    Role "a role",
    Entry "how an operation was entered",
    Trust "whether contents were seen (verified) or concluded (inferred)",
    Verb "an operation",
    Standing "what an operation came to",
}

/// That a word is none of those to choose from.
pub(crate) fn choose(text: &str, words: &[&str]) -> String {
    const SHOWN_MAX: usize = 40;
    let shown: String = text.chars().take(SHOWN_MAX).collect();
    format!("`{shown}` is none of {}", words.join(", "))
}

macro_rules! texts {
    ($($type:ty, $name:literal, $about:literal, $examples:expr, $read:expr;)*) => {
        $(
            impl Spelled for $type {
                const NAME: &'static str = $name;
                const ABOUT: &'static str = $about;
                const EXAMPLES: &'static [&'static str] = &$examples;

                fn read(text: &str) -> Result<Self, String> {
                    let read: fn(&str) -> Result<Self, String> = $read;
                    read(text)
                }

                fn spell(&self) -> Cow<'_, str> {
                    Cow::Owned(self.to_string())
                }
            }
        )*
    };
}

texts! {
    Identifier, "Identifier",
    "a GS1 identifier in any spelling (element string, EPC URN, Digital Link); answers spell it as a bracketed element string", ["(00)095212345000000018", "(01)09521234543213(21)A0001"],
    |text| Self::parse(text).map_err(|error| not_that("an identifier", text, &error));
    EventTime, "Time", "a time with its offset, RFC 3339, for instance 2026-11-23T08:14:02+01:00", ["2026-11-23T08:14:02+01:00"], event_time;
    Gs1Date, "Date", "a date as 2028-02-29, or 2028-02 where the day is open", ["2028-02-29"],
    |text| Self::parse_iso(text).ok_or_else(|| "write a date as 2028-02-29, or 2028-02 where the day is open".to_owned());
    LotNumber, "LotNumber", "a lot number, AI (10)", ["L2503A"],
    |text| Self::parse(text).map_err(|error| not_that("a lot number", text, &error));
    Gtin, "Gtin", "a GTIN of 8, 12, 13 or 14 digits", ["09521234543213"],
    |text| Self::parse(text).map_err(|error| not_that("a GTIN", text, &error));
    Name, "Name", "a name of 1 to 64 characters", ["line-3"],
    |text| Self::new(text).map_err(|error| error.to_string());
    ReasonText, "ReasonText", "why it is done", ["damaged by a fork lift"],
    |text| Self::new(text).map_err(|error| error.to_string());
    Decimal, "Decimal", "a decimal number as text, for instance \"12.5\"", ["12.5"],
    |text| Self::parse(text).ok_or_else(|| "write a decimal number as 12.5, with at most nine digits behind the point".to_owned());
}

impl Spelled for Note {
    const NAME: &'static str = "Note";
    const ABOUT: &'static str = "what is to be kept with it";

    fn read(text: &str) -> Result<Self, String> {
        Self::new(text).map_err(|error| error.to_string())
    }

    fn spell(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl Spelled for Reason {
    const NAME: &'static str = "Code";
    const ABOUT: &'static str = "why the rules say no, a stable name";

    fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|one| one.code()).collect()
    }

    fn read(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied().find(|reason| reason.code() == text);
        known.ok_or_else(|| "it is no code that this release knows".to_owned())
    }

    fn spell(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.code())
    }
}

fn not_that(what: &str, text: &str, error: &dyn fmt::Display) -> String {
    const SHOWN_MAX: usize = 100;
    let shown: String = text.chars().take(SHOWN_MAX).collect();
    format!("`{shown}` is not {what}: {error}")
}

/// A time with its offset, such as `2026-11-23T08:14:02+01:00`.
///
/// # Errors
/// How to write one.
pub fn event_time(text: &str) -> Result<EventTime, String> {
    const FORM: &str = "write a time with its offset, as 2026-11-23T08:14:02+01:00";
    let at: Timestamp = text.parse().map_err(|_| FORM.to_owned())?;
    let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
    let offset_minutes = offset.map_or(0, |offset| (offset.seconds() / 60) as i16);
    Ok(EventTime { at: at.as_microsecond(), offset_minutes })
}

/// A time of the engine's clock.
pub(crate) fn utc(microseconds: i64) -> Time {
    Text(EventTime::utc(microseconds))
}

/// Many identifiers as they are written.
pub(crate) fn spelled(ids: &[Identifier]) -> Vec<Id> {
    ids.iter().cloned().map(Text).collect()
}

/// Many identifiers as the engine takes them.
pub(crate) fn plain(ids: Vec<Id>) -> Vec<Identifier> {
    ids.into_iter().map(|id| id.0).collect()
}

/// Where a value may be missing, but not empty.
pub(crate) fn some<T: Clone>(value: Option<&T>) -> Option<Text<T>> {
    value.cloned().map(Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_in_any_spelling_and_written_in_one() {
        let id: Id = serde_json::from_str("\"urn:epc:id:sscc:9521234.0500000001\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"(00)095212345000000018\"");
        let time: Time = serde_json::from_str("\"2026-11-23T08:14:02.5-05:30\"").unwrap();
        assert_eq!(time.offset_minutes, -330);
        assert_eq!(time.to_string(), "2026-11-23T08:14:02.5-05:30");
        let level: Text<Level> = serde_json::from_str("\"case\"").unwrap();
        assert_eq!(level.0, Level::Case);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |json| serde_json::from_str::<Text<Level>>(json).unwrap_err().to_string();
        assert!(wrong("\"box\"").contains("`box` is none of unknown, unit"), "{}", wrong("\"box\""));
        assert!(wrong("7").contains("expected a text: how far up"), "{}", wrong("7"));
        let wrong = serde_json::from_str::<Id>("\"(00)095212345000000019\"").unwrap_err().to_string();
        assert!(wrong.contains("is not an identifier"), "{wrong}");
        assert!(serde_json::from_str::<Time>("\"2026-11-23T08:14:02\"").is_err());
    }
}
