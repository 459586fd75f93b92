//! Bytes in, checked text out: encoding, line numbers, and how long one token may be.
//!
//! Both readers sit on this. It hands out blocks of valid UTF-8 without control characters, so that neither reader has
//! to think about encodings, and it counts lines a block at a time, so that a line number costs nothing until it is
//! asked for. A fault in the middle of a block is raised only when reading gets there: everything before it is read.

mod encoding;

use std::io::{self, BufRead, Read};

use self::encoding::Encoding;
use crate::error::ReadProblem;
use crate::limits::BLOCK_BYTES;

/// Enough of the start to see a byte order mark and an XML declaration.
const PROLOGUE_BYTES: usize = 256;

pub(crate) struct Input<R> {
    source: R,
    /// Known once the first block is in.
    encoding: Option<Encoding>,
    /// Bytes as they came; `raw[..raw_end]` waits to be decoded, usually the start of a character.
    raw: Vec<u8>,
    raw_end: usize,
    /// Bytes of the source before `raw`.
    offset: u64,
    /// Decoded and checked text; `block[at..]` is not read yet.
    block: Vec<u8>,
    at: usize,
    /// Lines that end before `block[counted]`.
    lines: u64,
    counted: usize,
    /// Bytes that may be read before the next call of [`Input::allow`].
    allowance: usize,
    allowed: usize,
    /// Found behind the text in `block`; raised when that text is used up.
    pending: Option<ReadProblem>,
    failure: Option<ReadProblem>,
    ended: bool,
}

impl<R: Read> Input<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            encoding: None,
            raw: vec![0; BLOCK_BYTES],
            raw_end: 0,
            offset: 0,
            block: Vec::with_capacity(BLOCK_BYTES),
            at: 0,
            lines: 0,
            counted: 0,
            allowance: usize::MAX,
            allowed: usize::MAX,
            pending: None,
            failure: None,
            ended: false,
        }
    }

    /// The line of the next byte, from 1.
    pub(crate) fn line(&mut self) -> u64 {
        self.lines += newlines(&self.block[self.counted..self.at]);
        self.counted = self.at;
        self.lines + 1
    }

    /// Starts a token: from here on at most `bytes` may be read before the next call.
    pub(crate) fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
        self.allowed = bytes;
    }

    /// The text that is at hand, empty only at the end of the document.
    pub(crate) fn chunk(&mut self) -> Result<&[u8], ReadProblem> {
        if self.at == self.block.len() {
            self.refill()?;
        }
        if self.allowance == 0 && self.at < self.block.len() {
            return Err(ReadProblem::Limit { what: "bytes in one text, tag or comment", limit: self.allowed });
        }
        let end = self.block.len().min(self.at.saturating_add(self.allowance));
        Ok(&self.block[self.at..end])
    }

    pub(crate) fn advance(&mut self, bytes: usize) {
        debug_assert!(bytes <= self.block.len() - self.at, "only what chunk() handed out is used up");
        self.at += bytes;
        self.allowance = self.allowance.saturating_sub(bytes);
    }

    /// What made [`BufRead::fill_buf`] fail; `io::Error` cannot carry it through other crates unharmed.
    pub(crate) fn take_failure(&mut self) -> Option<ReadProblem> {
        self.failure.take()
    }

    fn refill(&mut self) -> Result<(), ReadProblem> {
        self.line();
        self.block.clear();
        (self.at, self.counted) = (0, 0);
        while self.block.is_empty() {
            if let Some(problem) = self.pending.take() {
                // Stays: whoever asks again gets the end of the document, and has been told why.
                self.ended = true;
                self.raw_end = 0;
                return Err(problem);
            }
            if self.ended {
                return Ok(());
            }
            let encoding = match self.encoding {
                Some(encoding) => {
                    self.read_some()?;
                    encoding
                }
                None => self.detect()?,
            };
            self.decode(encoding);
        }
        Ok(())
    }

    fn read_some(&mut self) -> Result<(), ReadProblem> {
        loop {
            match self.source.read(&mut self.raw[self.raw_end..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.raw_end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(ReadProblem::Io(error)),
            }
            return Ok(());
        }
    }

    fn detect(&mut self) -> Result<Encoding, ReadProblem> {
        while self.raw_end < PROLOGUE_BYTES && !self.ended {
            self.read_some()?;
        }
        let (encoding, mark_bytes) = Encoding::detect(&self.raw[..self.raw_end.min(PROLOGUE_BYTES)])?;
        self.discard_raw(mark_bytes);
        self.encoding = Some(encoding);
        Ok(encoding)
    }

    fn decode(&mut self, encoding: Encoding) {
        let decoded = encoding.decode(&self.raw[..self.raw_end], &mut self.block);
        if decoded.faulty || (self.ended && decoded.used < self.raw_end) {
            let offset = self.offset + decoded.used as u64;
            self.pending = Some(ReadProblem::NotText { encoding: encoding.name(), offset });
        }
        self.discard_raw(decoded.used);
        if let Some(position) = first_control(&self.block) {
            self.pending = Some(ReadProblem::ControlCharacter { code: u32::from(self.block[position]) });
            self.block.truncate(position);
        }
    }

    fn discard_raw(&mut self, bytes: usize) {
        self.raw.copy_within(bytes..self.raw_end, 0);
        self.raw_end -= bytes;
        self.offset += bytes as u64;
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let bytes = from.len().min(into.len());
        into[..bytes].copy_from_slice(&from[..bytes]);
        self.consume(bytes);
        Ok(bytes)
    }
}

impl<R: Read> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.chunk() {
            Ok(_) => {}
            Err(problem) => {
                self.failure = Some(problem);
                return Err(io::Error::other("see Input::take_failure"));
            }
        }
        let end = self.block.len().min(self.at.saturating_add(self.allowance));
        Ok(&self.block[self.at..end])
    }

    fn consume(&mut self, bytes: usize) {
        self.advance(bytes);
    }
}

/// Counts in bytes first: the compiler turns that into vector instructions, and 255 of them fit a byte.
fn newlines(bytes: &[u8]) -> u64 {
    bytes.chunks(255).map(|chunk| u64::from(chunk.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>())).sum()
}

/// XML 1.0 section 2.2 and RFC 8259 section 2 allow tab, line feed and carriage return below U+0020, nothing else.
fn first_control(block: &[u8]) -> Option<usize> {
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    block
        .chunks(4096)
        // Looking at a whole chunk without stopping is several times as fast as stopping at the first.
        .position(|chunk| chunk.iter().fold(false, |found, byte| found | control(byte)))
        .and_then(|chunk| block[chunk * 4096..].iter().position(control).map(|within| chunk * 4096 + within))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that gives `step` bytes at a time.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let bytes = self.1.min(self.0.len()).min(into.len());
            into[..bytes].copy_from_slice(&self.0[..bytes]);
            self.0 = &self.0[bytes..];
            Ok(bytes)
        }
    }

    fn read_all(bytes: &[u8], step: usize) -> (String, u64, Option<ReadProblem>) {
        let mut input = Input::new(Dribble(bytes, step));
        let mut text = Vec::new();
        let problem = loop {
            match input.chunk() {
                Ok([]) => break None,
                Ok(chunk) => {
                    let used = chunk.len();
                    text.extend_from_slice(chunk);
                    input.advance(used);
                }
                Err(problem) => break Some(problem),
            }
        };
        (String::from_utf8(text).unwrap(), input.line(), problem)
    }

    #[test]
    fn text_is_the_same_however_it_arrives() {
        let text = "<a>\nZ\u{fc}rich, \u{6771}\u{4eac}, \u{1F4E6}\n</a>\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let spellings = [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [b"\xFF\xFE", utf16.as_slice()].concat(),
            [b"\xFE\xFF", utf16_be.as_slice()].concat(),
            utf16,
            utf16_be,
        ];
        for bytes in spellings {
            for step in [1, 2, 3, 7, 1000] {
                let (read, line, problem) = read_all(&bytes, step);
                assert!(problem.is_none(), "{problem:?}");
                assert_eq!((read.as_str(), line), (text, 4));
            }
        }
    }

    #[test]
    fn a_declared_encoding_is_followed_or_named() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>Z\xFCrich</a>";
        assert!(read_all(latin, 5).0.ends_with("<a>Z\u{fc}rich</a>"));

        let (_, _, problem) = read_all(b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a/>", 9);
        assert_eq!(
            problem.unwrap().to_string(),
            "the encoding \"windows-1252\" is not supported: save the document as UTF-8"
        );
    }

    #[test]
    fn what_is_before_a_fault_is_read() {
        for step in [1, 4, 1000] {
            let (text, line, problem) = read_all(b"one\ntwo\x00three", step);
            assert_eq!((text.as_str(), line), ("one\ntwo", 2));
            assert_eq!(problem.unwrap().to_string(), "control character U+0000 is not allowed");

            let (text, _, problem) = read_all(b"one\ntwo\xFFthree", step);
            assert_eq!(text, "one\ntwo");
            assert!(problem.unwrap().to_string().starts_with("byte 7 is not valid UTF-8"));

            let (text, _, problem) = read_all("one\ntw\u{f6}".as_bytes().split_last().unwrap().1, step);
            assert_eq!(text, "one\ntw");
            assert!(problem.unwrap().to_string().starts_with("byte 6 is not valid UTF-8"));
        }
    }

    #[test]
    fn a_token_has_an_end() {
        let mut input = Input::new(io::repeat(b'x'));
        input.allow(1 << 20);
        let mut read = 0;
        let problem = loop {
            match input.chunk().map(<[u8]>::len) {
                Ok(bytes) => {
                    read += bytes;
                    input.advance(bytes);
                }
                Err(problem) => break problem,
            }
        };
        assert_eq!(read, 1 << 20);
        assert_eq!(problem.to_string(), "more than 1048576 bytes in one text, tag or comment");
    }
}
