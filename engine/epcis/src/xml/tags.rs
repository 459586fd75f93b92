//! Tags and text, one at a time, with every bound that keeps a hostile document cheap.
//!
//! quick-xml finds the tags; this adds what it leaves to its user: a bound on the length of every token, on depth, on
//! attributes and on prefixes, the refusal of DTDs and entities, and that a document has exactly one root. The text of
//! an element is put together in one buffer that is used again for the next one.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::names::{Names, Owner, split};
use crate::Limits;
use crate::error::ReadProblem;
use crate::fault::{Notice, Warning};
use crate::input::Input;

/// A tag; its name, attributes and the text before it are fields of [`Tags`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Open,
    Close,
    /// The end of the document, after its root has been closed.
    End,
}

pub(super) struct Tags<R> {
    reader: Reader<Input<R>>,
    buffer: Vec<u8>,
    pub(super) names: Names,
    pub(super) limits: Limits,
    pub(super) depth: usize,
    /// Set when the root has been opened.
    rooted: bool,
    /// The name of the last tag that was opened, prefix and all.
    name: String,
    pub(super) owner: Owner,
    /// Its attributes except declarations of namespaces.
    attributes: Attributes,
    /// The text since the last tag.
    text: String,
    pub(super) notice: Option<Warning>,
}

impl<R: Read> Tags<R> {
    pub(super) fn new(input: Input<R>, limits: Limits) -> Self {
        let mut reader = Reader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.trim_text_start = true;
        Self {
            reader,
            buffer: Vec::new(),
            names: Names::default(),
            limits,
            depth: 0,
            rooted: false,
            name: String::new(),
            owner: Owner::Epcis,
            attributes: Attributes::default(),
            text: String::new(),
            notice: None,
        }
    }

    /// The line that reading has come to.
    pub(super) fn line(&mut self) -> u64 {
        self.reader.get_mut().line()
    }

    /// The text since the last tag, without the space around it.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The name of the last opened tag, without its prefix.
    pub(super) fn local(&self) -> &str {
        split(&self.name).1
    }

    /// The name of the last opened tag with its namespace in braces.
    pub(super) fn full_name(&self) -> Result<String, ReadProblem> {
        self.full(&self.name, true)
    }

    /// Gives a name its namespace; an attribute without a prefix has none.
    fn full(&self, name: &str, is_element: bool) -> Result<String, ReadProblem> {
        let (prefix, local) = split(name);
        let namespace = if prefix.is_empty() && !is_element { "" } else { self.names.namespace(prefix)? };
        // The trailing separator is a habit of JSON-LD; without it both formats agree.
        let namespace = namespace.trim_end_matches([':', '#']);
        let is_epcis = namespace.is_empty() || (is_element && self.names.owner(prefix)? == Owner::Epcis);
        Ok(if is_epcis { local.to_owned() } else { format!("{{{namespace}}}{local}") })
    }

    /// The value of an attribute of the last opened tag.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The attributes of the last opened tag with their full names.
    pub(super) fn full_attributes(&self) -> Result<Vec<(String, String)>, ReadProblem> {
        self.attributes.iter().map(|(name, value)| Ok((self.full(name, false)?, value.to_owned()))).collect()
    }

    /// Goes on to the next tag.
    pub(super) fn next(&mut self) -> Result<Tag, ReadProblem> {
        self.text.clear();
        loop {
            self.buffer.clear();
            self.reader.get_mut().allow(self.limits.token_bytes);
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(problem(self.reader.get_mut(), error)),
            };
            // Space at the start of an element's text means nothing; space after a reference does.
            match &event {
                Event::GeneralRef(_) | Event::CData(_) => self.reader.config_mut().trim_text_start = false,
                Event::Text(_) => {}
                _ => self.reader.config_mut().trim_text_start = true,
            }
            match event {
                Event::Text(text) => append(&mut self.text, &text, self.limits.token_bytes)?,
                Event::CData(text) => append(&mut self.text, &text, self.limits.token_bytes)?,
                Event::GeneralRef(reference) => {
                    let character = resolve(&reference)?;
                    append(&mut self.text, character.encode_utf8(&mut [0; 4]), self.limits.token_bytes)?;
                }
                Event::Start(start) => {
                    self.depth += 1;
                    let tag = Opening {
                        limits: &self.limits,
                        depth: self.depth,
                        names: &mut self.names,
                        attributes: &mut self.attributes,
                    };
                    self.owner = tag.open(&start)?;
                    self.name.clear();
                    self.name.push_str(start.name().as_ref());
                    return self.opened();
                }
                Event::End(_) => {
                    self.names.leave(self.depth);
                    self.depth -= 1;
                    return Ok(Tag::Close);
                }
                Event::Eof => return self.ended(),
                Event::DocType(content) => {
                    // A name alone declares nothing.
                    if content.contains(|character: char| character.is_whitespace() || character == '[') {
                        return Err(ReadProblem::Doctype);
                    }
                    let line = self.reader.get_mut().line();
                    self.notice = Some(Warning { line, notice: Notice::EmptyDoctype });
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Empty(_) => unreachable!("quick-xml expands empty elements"),
            }
        }
    }

    fn opened(&mut self) -> Result<Tag, ReadProblem> {
        if self.depth == 1 {
            if self.rooted {
                return Err(ReadProblem::not_well_formed("a second element after the end of the root"));
            }
            if !self.text().is_empty() {
                return Err(ReadProblem::not_well_formed("text before the root element"));
            }
            self.rooted = true;
        }
        Ok(Tag::Open)
    }

    fn ended(&mut self) -> Result<Tag, ReadProblem> {
        if self.depth > 0 || !self.rooted {
            let inside = if self.rooted { format!("the element {}", self.name) } else { "the root element".into() };
            return Err(ReadProblem::truncated(inside));
        }
        if !self.text().is_empty() {
            return Err(ReadProblem::not_well_formed("text after the end of the root element"));
        }
        Ok(Tag::End)
    }

    /// Passes over what is left of the element that was opened last, or that is `levels` above it.
    pub(super) fn skip(&mut self) -> Result<(), ReadProblem> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Reads on to the end of an element that holds text alone; false if there were elements in it.
    pub(super) fn leaf(&mut self) -> Result<bool, ReadProblem> {
        if self.next()? == Tag::Close {
            return Ok(true);
        }
        let outside = self.depth - 2;
        while self.depth > outside {
            self.next()?;
        }
        Ok(false)
    }
}

/// What opening a tag changes.
struct Opening<'a> {
    limits: &'a Limits,
    depth: usize,
    names: &'a mut Names,
    attributes: &'a mut Attributes,
}

/// Names and values behind each other in one text, so that no number of tags makes them pile up.
#[derive(Default)]
struct Attributes {
    text: String,
    /// Where each name ends, and where its value ends.
    ends: Vec<(usize, usize)>,
}

impl Attributes {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn push(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        let name_end = self.text.len();
        self.text.push_str(value);
        self.ends.push((name_end, self.text.len()));
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |(name_end, value_end)| {
            let pair = (&self.text[start..*name_end], &self.text[*name_end..*value_end]);
            start = *value_end;
            pair
        })
    }
}

impl Opening<'_> {
    fn open(mut self, start: &BytesStart<'_>) -> Result<Owner, ReadProblem> {
        let name = start.name();
        let name: &str = name.as_ref();
        if self.depth > self.limits.depth {
            return Err(ReadProblem::Limit { what: "elements within each other", limit: self.limits.depth });
        }
        if name.len() > self.limits.name_bytes {
            return Err(ReadProblem::Limit { what: "bytes in the name of an element", limit: self.limits.name_bytes });
        }
        if name.is_empty() {
            return Err(ReadProblem::not_well_formed("a tag without a name"));
        }
        self.attributes.clear();
        if !start.attributes_raw().is_empty() {
            for (index, attribute) in start.attributes().enumerate() {
                if index == self.limits.attributes {
                    return Err(ReadProblem::Limit { what: "attributes of one element", limit: index });
                }
                let attribute = attribute.map_err(ReadProblem::not_well_formed)?;
                self.attribute(attribute.key.as_ref(), &attribute.value)?;
            }
        }
        self.names.owner(split(name).0)
    }

    fn attribute(&mut self, key: &str, raw: &str) -> Result<(), ReadProblem> {
        if key.len() > self.limits.name_bytes {
            let what = "bytes in the name of an attribute";
            return Err(ReadProblem::Limit { what, limit: self.limits.name_bytes });
        }
        let value = quick_xml::escape::unescape(raw).map_err(|_| reference_problem(raw))?;
        match key.strip_prefix("xmlns") {
            Some("") => self.names.declare(self.limits, self.depth, "", &value),
            Some(prefix) if prefix.starts_with(':') => {
                self.names.declare(self.limits, self.depth, &prefix[1..], &value)
            }
            _ => {
                self.attributes.push(key, &value);
                Ok(())
            }
        }
    }
}

fn append(text: &mut String, more: &str, limit: usize) -> Result<(), ReadProblem> {
    if text.len() + more.len() > limit {
        return Err(ReadProblem::Limit { what: "bytes in one text, tag or comment", limit });
    }
    text.push_str(more);
    Ok(())
}

/// The character that a reference stands for. Entities that a document defines itself are not accepted at all.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, ReadProblem> {
    if reference.is_char_ref() {
        let character = reference.resolve_char_ref().map_err(ReadProblem::not_well_formed)?;
        let allowed = |character: &char| !character.is_control() || matches!(character, '\t' | '\n' | '\r');
        return character
            .filter(allowed)
            .ok_or_else(|| ReadProblem::not_well_formed("a reference to a character that is not allowed"));
    }
    let name: &str = reference;
    match name {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(ReadProblem::Entity { name: crate::error::excerpt(name) }),
    }
}

/// What is wrong with an attribute's value that holds a reference which cannot be resolved.
fn reference_problem(value: &str) -> ReadProblem {
    match value.split_once('&').and_then(|(_, rest)| rest.split_once(';')) {
        Some((name, _)) if !name.starts_with('#') => ReadProblem::Entity { name: crate::error::excerpt(name) },
        _ => ReadProblem::not_well_formed("a reference in an attribute that cannot be resolved"),
    }
}

fn problem<R: Read>(input: &mut Input<R>, error: quick_xml::Error) -> ReadProblem {
    if let Some(problem) = input.take_failure() {
        return problem;
    }
    match error {
        quick_xml::Error::Syntax(error) => ReadProblem::truncated(error),
        quick_xml::Error::IllFormed(error) => ReadProblem::not_well_formed(error),
        other => ReadProblem::not_well_formed(other),
    }
}
