//! JSON, one value at a time (RFC 8259), in constant memory.

use std::io::Read;

use crate::Limits;
use crate::error::ReadProblem;
use crate::input::Input;

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Object,
    Array,
    Text,
    Number,
    /// `true`, `false` or `null`
    Word,
}

pub(super) struct Tokens<R> {
    input: Input<R>,
    pub(super) limits: Limits,
    /// The objects and arrays that are open.
    levels: Vec<Level>,
    /// The text, number or word that was read last.
    text: Vec<u8>,
    /// The name of the member that was read last.
    pub(super) key: String,
}

struct Level {
    is_object: bool,
    /// No member or entry has been read yet.
    is_new: bool,
}

impl<R: Read> Tokens<R> {
    pub(super) fn new(input: Input<R>, limits: Limits) -> Self {
        Self { input, limits, levels: Vec::new(), text: Vec::new(), key: String::new() }
    }

    pub(super) fn line(&mut self) -> u64 {
        self.input.line()
    }

    /// The kind of the next value, which is not read yet.
    pub(super) fn shape(&mut self) -> Result<Shape, ReadProblem> {
        match self.peek()? {
            Some(b'{') => Ok(Shape::Object),
            Some(b'[') => Ok(Shape::Array),
            Some(b'"') => Ok(Shape::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Shape::Number),
            Some(b't' | b'f' | b'n') => Ok(Shape::Word),
            other => Err(self.unexpected(other, "a value")),
        }
    }

    /// Enters the object or array that comes next.
    pub(super) fn enter(&mut self) -> Result<(), ReadProblem> {
        if self.levels.len() == self.limits.depth {
            let what = "objects and arrays within each other";
            return Err(ReadProblem::Limit { what, limit: self.limits.depth });
        }
        let is_object = self.peek()? == Some(b'{');
        self.input.advance(1);
        self.levels.push(Level { is_object, is_new: true });
        Ok(())
    }

    /// Goes to the next member of the innermost object and puts its name into `key`; false at the end of the object.
    pub(super) fn member(&mut self) -> Result<bool, ReadProblem> {
        if !self.separator(b'}')? {
            return Ok(false);
        }
        match self.peek()? {
            Some(b'"') => self.string(self.limits.name_bytes, "bytes in the name of a member")?,
            other => return Err(self.unexpected(other, "the name of a member")),
        }
        self.key.clear();
        let name = std::str::from_utf8(&self.text).map_err(ReadProblem::not_well_formed)?;
        self.key.push_str(name);
        match self.peek()? {
            Some(b':') => self.input.advance(1),
            other => return Err(self.unexpected(other, "a colon")),
        }
        Ok(true)
    }

    /// Goes to the next entry of the innermost array; false at its end.
    pub(super) fn entry(&mut self) -> Result<bool, ReadProblem> {
        self.separator(b']')
    }

    /// Reads the text, number or word that comes next.
    pub(super) fn scalar(&mut self) -> Result<&str, ReadProblem> {
        match self.shape()? {
            Shape::Text => self.string(self.limits.token_bytes, "bytes in one text")?,
            Shape::Number => self.number()?,
            Shape::Word => self.word()?,
            Shape::Object | Shape::Array => return Err(ReadProblem::not_well_formed("a structure for a text")),
        }
        self.text()
    }

    /// The text, number or word that was read last.
    pub(super) fn text(&self) -> Result<&str, ReadProblem> {
        std::str::from_utf8(&self.text).map_err(ReadProblem::not_well_formed)
    }

    /// Passes over the value that comes next.
    pub(super) fn skip(&mut self) -> Result<(), ReadProblem> {
        let outside = self.levels.len();
        loop {
            match self.shape()? {
                Shape::Object | Shape::Array => self.enter()?,
                _ => {
                    self.scalar()?;
                }
            }
            // Goes on to the next value inside, or out of everything that ends here.
            loop {
                let Some(level) = self.levels.last() else { return Ok(()) };
                if self.levels.len() == outside {
                    return Ok(());
                }
                let more = if level.is_object { self.member()? } else { self.entry()? };
                if more {
                    break;
                }
            }
        }
    }

    /// Makes sure that nothing follows the document.
    pub(super) fn end(&mut self) -> Result<(), ReadProblem> {
        match self.peek()? {
            None => Ok(()),
            other => Err(self.unexpected(other, "the end of the document")),
        }
    }

    /// Reads the comma or the closing bracket; the bracket ends the level.
    fn separator(&mut self, closing: u8) -> Result<bool, ReadProblem> {
        let next = self.peek()?;
        let Some(level) = self.levels.last_mut() else {
            debug_assert!(false, "members and entries are asked for inside something");
            return Ok(false);
        };
        debug_assert_eq!(level.is_object, closing == b'}', "objects have members, arrays have entries");
        let was_new = std::mem::replace(&mut level.is_new, false);
        match next {
            Some(byte) if byte == closing => {
                self.input.advance(1);
                self.levels.pop();
                Ok(false)
            }
            Some(b',') if !was_new => {
                self.input.advance(1);
                match self.peek()? {
                    Some(byte) if byte == closing => Err(self.unexpected(Some(byte), "a value after the comma")),
                    _ => Ok(true),
                }
            }
            _ if was_new => Ok(true),
            other => Err(self.unexpected(other, "a comma or a closing bracket")),
        }
    }

    /// The next byte that is not space.
    fn peek(&mut self) -> Result<Option<u8>, ReadProblem> {
        loop {
            let chunk = self.input.chunk()?;
            let spaces = chunk.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
            match (spaces, chunk.len()) {
                (Some(0), _) => return Ok(chunk.first().copied()),
                (Some(spaces), _) => self.input.advance(spaces),
                (None, 0) => return Ok(None),
                (None, all) => self.input.advance(all),
            }
        }
    }

    fn string(&mut self, limit: usize, what: &'static str) -> Result<(), ReadProblem> {
        self.input.advance(1);
        self.text.clear();
        loop {
            let chunk = self.input.chunk()?;
            if chunk.is_empty() {
                return Err(ReadProblem::truncated("a text"));
            }
            let stop = chunk.iter().position(|byte| matches!(byte, b'"' | b'\\') || *byte < b' ');
            let length = stop.unwrap_or(chunk.len());
            if self.text.len() + length > limit {
                return Err(ReadProblem::Limit { what, limit });
            }
            self.text.extend_from_slice(&chunk[..length]);
            let found = stop.map(|stop| chunk[stop]);
            self.input.advance(length + usize::from(found.is_some()));
            match found {
                None => {}
                Some(b'"') => return Ok(()),
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(ReadProblem::not_well_formed("a line break or a tab inside a text")),
            }
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<(), ReadProblem> {
        let character = match self.byte()? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return Err(ReadProblem::not_well_formed("an unknown escape in a text")),
        };
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, ReadProblem> {
        let first = self.hex()?;
        let mut units = [first, 0];
        let is_pair = (0xD800..0xDC00).contains(&first);
        if is_pair {
            if self.byte()? != b'\\' || self.byte()? != b'u' {
                return Err(ReadProblem::not_well_formed("half of a surrogate pair in a text"));
            }
            units[1] = self.hex()?;
        }
        let units = &units[..=usize::from(is_pair)];
        match char::decode_utf16(units.iter().copied()).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(ReadProblem::not_well_formed("half of a surrogate pair in a text")),
        }
    }

    fn hex(&mut self) -> Result<u16, ReadProblem> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = char::from(self.byte()?).to_digit(16);
            let digit = digit.ok_or_else(|| ReadProblem::not_well_formed("\\u without four hexadecimal digits"))?;
            value = value << 4 | u16::try_from(digit).expect("a hexadecimal digit is below 16");
        }
        Ok(value)
    }

    fn byte(&mut self) -> Result<u8, ReadProblem> {
        let byte = self.input.chunk()?.first().copied().ok_or_else(|| ReadProblem::truncated("a text"))?;
        self.input.advance(1);
        Ok(byte)
    }

    fn number(&mut self) -> Result<(), ReadProblem> {
        self.take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))?;
        if is_number(&self.text) { Ok(()) } else { Err(ReadProblem::not_well_formed("a malformed number")) }
    }

    fn word(&mut self) -> Result<(), ReadProblem> {
        self.take_while(|byte| byte.is_ascii_alphanumeric())?;
        match self.text.as_slice() {
            b"true" | b"false" | b"null" => Ok(()),
            _ => Err(ReadProblem::not_well_formed("a word that is not true, false or null")),
        }
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> Result<(), ReadProblem> {
        self.text.clear();
        loop {
            let chunk = self.input.chunk()?;
            let length = chunk.iter().position(|byte| !belongs(*byte)).unwrap_or(chunk.len());
            if self.text.len() + length > self.limits.name_bytes {
                return Err(ReadProblem::Limit {
                    what: "characters in a number or word",
                    limit: self.limits.name_bytes,
                });
            }
            self.text.extend_from_slice(&chunk[..length]);
            let is_end = length < chunk.len() || chunk.is_empty();
            self.input.advance(length);
            if is_end {
                return Ok(());
            }
        }
    }

    fn unexpected(&self, found: Option<u8>, wanted: &str) -> ReadProblem {
        match found {
            None if self.levels.is_empty() => ReadProblem::truncated("the document"),
            None => ReadProblem::truncated("an object or array"),
            Some(byte) if byte.is_ascii_graphic() => {
                ReadProblem::not_well_formed(format_args!("{} where {wanted} should be", char::from(byte)))
            }
            Some(_) => ReadProblem::not_well_formed(format_args!("something else where {wanted} should be")),
        }
    }
}

/// RFC 8259 section 6.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    let mut rest = &text[whole..];
    if whole == 0 || (whole > 1 && text[0] == b'0') {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or(rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Tokens<&[u8]> {
        Tokens::new(Input::new(text.as_bytes()), Limits::default())
    }

    #[test]
    fn texts_are_unescaped() {
        let check = |json: &str, expected: &str| {
            let mut tokens = tokens(json);
            let read = tokens.scalar().map_or_else(|problem| problem.to_string(), ToOwned::to_owned);
            assert_eq!(read, expected, "{json}");
        };
        check(r#""plain""#, "plain");
        check(r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t");
        check(r#""\u00fc \uD83D\uDCE6""#, "\u{fc} \u{1F4E6}");
        check(r#""\uD83D""#, "not well-formed: half of a surrogate pair in a text");
        check(r#""\uD83D\u0041""#, "not well-formed: half of a surrogate pair in a text");
        check(r#""\uDCE6""#, "not well-formed: half of a surrogate pair in a text");
        check(r#""\u12x4""#, "not well-formed: \\u without four hexadecimal digits");
        check(r#""\x""#, "not well-formed: an unknown escape in a text");
        check("\"a\nb\"", "not well-formed: a line break or a tab inside a text");
        check("\"open", "the document ends in the middle: a text is not complete");
        check("-12.5e+3", "-12.5e+3");
        check("0", "0");
        check("012", "not well-formed: a malformed number");
        check("1.", "not well-formed: a malformed number");
        check("1e", "not well-formed: a malformed number");
        check("-", "not well-formed: a malformed number");
        check("true", "true");
        check("nulls", "not well-formed: a word that is not true, false or null");
        check("?", "not well-formed: ? where a value should be");
        check("", "the document ends in the middle: the document is not complete");
    }

    #[test]
    fn what_is_skipped_must_be_json_too() {
        let check = |json: &str, expected: &str| {
            let mut tokens = tokens(json);
            let read = tokens.skip().and_then(|()| tokens.end());
            assert_eq!(read.map_or_else(|problem| problem.to_string(), |()| "fine".to_owned()), expected, "{json}");
        };
        check(r#" {"a": [1, {"b": null}, []], "c": {}} "#, "fine");
        check("[[[]],[]]", "fine");
        check("[1 2]", "not well-formed: 2 where a comma or a closing bracket should be");
        check("[1,]", "not well-formed: ] where a value after the comma should be");
        check("[,1]", "not well-formed: , where a value should be");
        check(r#"{"a" 1}"#, "not well-formed: 1 where a colon should be");
        check(r#"{"a":1,}"#, "not well-formed: } where a value after the comma should be");
        check("{a:1}", "not well-formed: a where the name of a member should be");
        check("[1}", "not well-formed: } where a comma or a closing bracket should be");
        check("[1] x", "not well-formed: x where the end of the document should be");
        check("[1", "the document ends in the middle: an object or array is not complete");
        check(&"[".repeat(100), "more than 64 objects and arrays within each other");
    }
}
