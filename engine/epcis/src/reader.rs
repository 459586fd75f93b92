//! The one way in: bytes to items, whatever the format.

use std::io::Read;
use std::sync::Arc;

use packtree_gs1::CompanyPrefixes;

use crate::Limits;
use crate::assemble::Assembly;
use crate::document::Item;
use crate::error::{ReadError, ReadProblem};
use crate::input::Input;
use crate::json::JsonDocument;
use crate::xml::XmlDocument;

/// Reads one EPCIS document as a stream of [`Item`]s, in memory that does not grow with its length.
///
/// The format is told by the content: EPCIS 1.0 to 2.0 in XML, 2.0 in JSON-LD; documents, query results, master data,
/// and bare events or lists of them; UTF-8, UTF-16 and ISO-8859-1. An event that breaks a rule is an [`Item::Invalid`],
/// and reading goes on; a [`ReadError`] is the last thing that comes.
///
/// ```
/// use packtree_epcis::{Event, Item, Limits, Reader};
///
/// let document = r#"{"type": "AggregationEvent", "action": "ADD", "@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00",
///     "parentID": "urn:epc:id:sscc:0614141.1234567890", "childEPCs": ["urn:epc:id:sgtin:0614141.107346.2017"]}"#;
///
/// let mut children = Vec::new();
/// for item in Reader::new("packing.json", document.as_bytes(), Limits::default()) {
///     match item? {
///         Item::Event(event, place, warnings) => match *event {
///             Event::Aggregation(event) => children.extend(event.children),
///             other => println!("{place:?}: {:?}, {warnings:?}", other.kind()),
///         },
///         Item::Invalid(place, faults) => println!("{place:?}: {faults:?}"),
///         _ => {}
///     }
/// }
/// assert_eq!(children[0].to_string(), "(01)10614141073464(21)2017");
/// # Ok::<(), packtree_epcis::ReadError>(())
/// ```
pub struct Reader<R> {
    file: Arc<str>,
    state: State<R>,
    /// What the document showed, once it has been read.
    prefixes: CompanyPrefixes,
}

enum State<R> {
    /// Nothing has been read. Holds what the document's reader is made from.
    New(Box<(Input<R>, Limits)>),
    Xml(Box<XmlDocument<R>>),
    Json(Box<JsonDocument<R>>),
    Done,
}

impl<R: Read> Reader<R> {
    /// Makes a reader for the document that `source` holds; `file` is what messages call it. Reads nothing yet.
    ///
    /// The source is read in blocks of 64 KiB, so it needs no buffer of its own.
    pub fn new(file: impl Into<Arc<str>>, source: R, limits: Limits) -> Self {
        let state = State::New(Box::new((Input::new(source), limits)));
        Self { file: file.into(), state, prefixes: CompanyPrefixes::new() }
    }

    /// The company prefixes that the EPC URNs read so far have shown.
    ///
    /// Writing an EPC URN takes the length of the company prefix, and no other spelling of an identifier has it.
    ///
    /// ```
    /// use packtree_epcis::{Limits, Reader};
    /// use packtree_gs1::Identifier;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let document = r#"[{"type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-11-23T10:15:30Z",
    ///     "eventTimeZoneOffset": "+01:00", "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"]}]"#;
    /// let mut reader = Reader::new("seen.json", document.as_bytes(), Limits::default());
    /// for item in &mut reader {
    ///     item?;
    /// }
    ///
    /// // Another object of the same company can be written as a URN now.
    /// let case = Identifier::parse("(00)106141412345678908")?;
    /// assert_eq!(case.urn(reader.company_prefixes())?.to_string(), "urn:epc:id:sscc:0614141.1234567890");
    /// # Ok(())
    /// # }
    /// ```
    pub fn company_prefixes(&self) -> &CompanyPrefixes {
        match &self.state {
            State::Xml(document) => document.prefixes(),
            State::Json(document) => document.prefixes(),
            State::New(_) | State::Done => &self.prefixes,
        }
    }

    fn end(&mut self) {
        self.prefixes = self.company_prefixes().clone();
        self.state = State::Done;
    }

    fn start(&mut self, mut input: Input<R>, limits: Limits) -> Result<(), (u64, ReadProblem)> {
        let first = loop {
            let chunk = match input.chunk() {
                Ok(chunk) => chunk,
                Err(problem) => return Err((input.line(), problem)),
            };
            let spaces = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match chunk.get(spaces) {
                Some(first) => break Some(*first),
                None if spaces == 0 => break None,
                None => input.advance(spaces),
            }
        };
        let assembly = Assembly::new(Arc::clone(&self.file));
        self.state = match first {
            Some(b'<') => State::Xml(Box::new(XmlDocument::new(input, limits, assembly))),
            Some(b'{' | b'[') => State::Json(Box::new(JsonDocument::new(input, limits, assembly))),
            Some(_) => {
                let problem = ReadProblem::not_epcis("it begins neither like XML nor like JSON");
                return Err((input.line(), problem));
            }
            None => return Err((input.line(), ReadProblem::not_epcis("it is empty"))),
        };
        Ok(())
    }

    fn read(&mut self) -> Result<Option<Item>, (u64, ReadProblem)> {
        match &mut self.state {
            State::New(_) => {
                let State::New(parts) = std::mem::replace(&mut self.state, State::Done) else { return Ok(None) };
                let (input, limits) = *parts;
                self.start(input, limits)?;
                self.read()
            }
            State::Xml(document) => document.next().map_err(|problem| (document.line(), problem)),
            State::Json(document) => document.next().map_err(|problem| (document.line(), problem)),
            State::Done => Ok(None),
        }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Item, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read() {
            Ok(Some(item)) => Some(Ok(item)),
            Ok(None) => {
                self.end();
                None
            }
            Err((line, problem)) => {
                self.end();
                Some(Err(ReadError { file: Arc::clone(&self.file), line, problem }))
            }
        }
    }
}
