//! Why reading a document ended before the document did.

use std::fmt::{self, Display};
use std::sync::Arc;

/// A document that cannot be read any further; the events that were handed out before stand.
///
/// ```
/// use packtree_epcis::{Limits, ReadError, ReadProblem, Reader};
///
/// let cut = "<EPCISDocument>\n<EPCISBody>";
/// let last = Reader::new("cut.xml", cut.as_bytes(), Limits::default()).last();
/// let Some(Err(ReadError { file, line, problem })) = last else { panic!("{last:?}") };
/// assert_eq!((&*file, line), ("cut.xml", 2));
/// assert!(matches!(problem, ReadProblem::Truncated { .. }));
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{file}, line {line}: {problem}")]
pub struct ReadError {
    /// The name of the document, as the caller gave it.
    pub file: Arc<str>,
    /// The line at which reading stopped, from 1.
    pub line: u64,
    /// What is wrong there.
    #[source]
    pub problem: ReadProblem,
}

/// What is wrong with a document as a whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadProblem {
    /// The source failed.
    #[error("cannot read: {0}")]
    Io(#[source] std::io::Error),
    /// An encoding that is not read here.
    #[error("the encoding {name} is not supported: save the document as UTF-8")]
    Encoding {
        /// As the document declares it.
        name: Box<str>,
    },
    /// Bytes that are no text in the encoding of the document.
    #[error("byte {offset} is not valid {encoding}: the document is damaged or in another encoding")]
    NotText {
        /// Of the encoding that was assumed.
        encoding: &'static str,
        /// Bytes from the start of the document.
        offset: u64,
    },
    /// A control character, which neither XML nor JSON allows.
    #[error("control character U+{code:04X} is not allowed")]
    ControlCharacter {
        /// The code point.
        code: u32,
    },
    /// The end comes too early.
    #[error("the document ends in the middle: {inside} is not complete")]
    Truncated {
        /// What is left open.
        inside: Box<str>,
    },
    /// Not well-formed XML, or not JSON.
    #[error("not well-formed: {why}")]
    NotWellFormed {
        /// What the grammar does not allow.
        why: Box<str>,
    },
    /// A document type definition; it could define entities or name files to load.
    #[error("a document type definition (DOCTYPE) is not accepted: remove it")]
    Doctype,
    /// A reference to an entity other than the five of XML.
    #[error("the entity &{name}; is not accepted: write the character itself")]
    Entity {
        /// Its name.
        name: Box<str>,
    },
    /// More than [`Limits`](crate::Limits) allows.
    #[error("more than {limit} {what}")]
    Limit {
        /// Of what there is too much.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
    },
    /// Some other document.
    #[error("not an EPCIS document: {found}")]
    NotEpcis {
        /// What was found instead.
        found: Box<str>,
    },
    /// An EPCIS document that carries no events: a query, a subscription, an exception.
    #[error("an EPCIS document without events: it carries {found}")]
    NotEvents {
        /// What it carries instead.
        found: Box<str>,
    },
}

impl ReadProblem {
    /// A stable name for the kind of problem, for reports that programs read.
    ///
    /// ```
    /// use packtree_epcis::ReadProblem;
    ///
    /// assert_eq!(ReadProblem::Doctype.code(), "doctype");
    /// ```
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "cannot_read",
            Self::Encoding { .. } => "encoding_not_supported",
            Self::NotText { .. } => "not_text",
            Self::ControlCharacter { .. } => "control_character",
            Self::Truncated { .. } => "truncated",
            Self::NotWellFormed { .. } => "not_well_formed",
            Self::Doctype => "doctype",
            Self::Entity { .. } => "entity",
            Self::Limit { .. } => "limit_exceeded",
            Self::NotEpcis { .. } => "not_epcis",
            Self::NotEvents { .. } => "no_events",
        }
    }

    pub(crate) fn not_well_formed(why: impl Display) -> Self {
        // Names from the document may hold anything, line breaks included.
        let why: Vec<_> = why.to_string().split_whitespace().map(str::to_owned).collect();
        let mut why = why.join(" ");
        why.truncate(why.floor_char_boundary(WHY_BYTES));
        Self::NotWellFormed { why: why.into() }
    }

    pub(crate) fn truncated(inside: impl Display) -> Self {
        Self::Truncated { inside: inside.to_string().into() }
    }

    pub(crate) fn not_epcis(found: impl Display) -> Self {
        Self::NotEpcis { found: found.to_string().into() }
    }
}

/// Bytes of a sentence of the XML parser that a message repeats.
const WHY_BYTES: usize = 200;

/// A value as messages repeat it: short, on one line, in quotes.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.floor_char_boundary(crate::limits::EXCERPT_BYTES);
        write!(f, "\"{}", self.0[..end].escape_debug())?;
        f.write_str(if end < self.0.len() { "...\"" } else { "\"" })
    }
}

/// The part of a faulty value that is kept for the message.
pub(crate) fn excerpt(text: &str) -> Box<str> {
    // One byte more than is shown, so that the message says that there is more.
    text[..text.floor_char_boundary(crate::limits::EXCERPT_BYTES + 1)].into()
}
