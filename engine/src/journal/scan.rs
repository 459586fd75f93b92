//! Reads a segment frame by frame and checks each against the one before.

use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::frame::{self, Fault, Frame, HEADER_BYTES, Header, Kind, MAGIC};
use super::index::{Mark, add_mark};
use super::segment::{self, Sealed, Segment};
use super::{Chain, Sequence};
use crate::disk::DiskFile;

/// How much is read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// A window on a file that moves forward.
#[derive(Debug)]
pub(super) struct Window {
    file: Arc<dyn DiskFile>,
    /// Where reading stops; the file may go on.
    end: u64,
    /// The file's bytes from `start` on.
    buffer: Vec<u8>,
    start: u64,
    filled: usize,
}

impl Window {
    pub(super) fn new(file: Arc<dyn DiskFile>, end: u64) -> Self {
        Self { file, end, buffer: Vec::new(), start: 0, filled: 0 }
    }

    /// Lets the window see up to here.
    pub(super) fn extend_to(&mut self, end: u64) {
        self.end = end;
    }

    /// The bytes from `at` on, `wanted` of them, or fewer at the end.
    pub(super) fn view(&mut self, at: u64, wanted: usize) -> io::Result<&[u8]> {
        let wanted = wanted.min(self.end.saturating_sub(at) as usize);
        if at < self.start || at + wanted as u64 > self.start + self.filled as u64 {
            self.load(at, wanted)?;
        }
        let skip = (at - self.start) as usize;
        Ok(&self.buffer[skip..self.filled.min(skip + wanted)])
    }

    fn load(&mut self, at: u64, wanted: usize) -> io::Result<()> {
        let chunk = wanted.max(CHUNK_BYTES.min((self.end - at) as usize));
        let kept = if at >= self.start { self.filled.saturating_sub((at - self.start) as usize) } else { 0 };
        self.buffer.copy_within(self.filled - kept..self.filled, 0);
        if self.buffer.len() < chunk {
            self.buffer.resize(chunk, 0);
        }
        self.start = at;
        self.filled = kept;
        if kept < chunk {
            self.filled += self.file.read_at(at + kept as u64, &mut self.buffer[kept..chunk])?;
        }
        Ok(())
    }
}

/// What comes next in a segment.
#[derive(Debug)]
pub(super) enum Step<'a> {
    Facts(Frame<'a>),
    /// The last frame of a full segment, at the end of its file.
    Seal,
    /// Zeros, or the end of the file. Whether nothing but zeros follows is for the caller to find out.
    End,
    /// Something else.
    Bad(Fault),
}

/// Walks over the frames of one segment from its first.
#[derive(Debug)]
pub(super) struct Scan {
    window: Window,
    checksum: frame::Checksum,
    length: u64,
    /// Where the next frame begins.
    pub(super) offset: u64,
    /// The number of the next frame, counted from 1.
    pub(super) frame: u64,
    pub(super) next: Sequence,
    /// The chain value that the next frame must name.
    pub(super) link: Chain,
    pub(super) recorded_at_us: i64,
    group_first: Sequence,
    /// What the last step read.
    header: Option<Header>,
    pub(super) marks: Vec<Mark>,
    /// Where the last frame of facts ends, and its chain value.
    pub(super) facts_end: u64,
    pub(super) facts_chain: Option<Chain>,
    pub(super) sealed: Option<Sealed>,
}

impl Scan {
    pub(super) fn new(segment: &Segment) -> Self {
        Self {
            window: Window::new(Arc::clone(&segment.file), segment.length),
            checksum: segment.checksum.clone(),
            length: segment.length,
            offset: segment::HEADER_BYTES as u64,
            frame: 1,
            next: segment.header.first,
            link: segment.header_chain,
            recorded_at_us: i64::MIN,
            group_first: Sequence(0),
            header: None,
            marks: Vec::new(),
            facts_end: segment::HEADER_BYTES as u64,
            facts_chain: None,
            sealed: None,
        }
    }

    /// Goes on with a frame behind something bad, taking what it says of the frame before it for granted.
    pub(super) fn resume(&mut self, offset: u64, header: &Header) {
        self.offset = offset;
        self.frame += 1;
        self.next = header.first;
        self.link = header.previous;
        self.recorded_at_us = header.recorded_at_us;
        self.group_first = Sequence(0);
    }

    /// Reads the next frame and moves behind it, if it is good.
    pub(super) fn step(&mut self) -> io::Result<Step<'_>> {
        let offset = self.offset;
        if self.sealed.is_some() {
            return Ok(if offset == self.length { Step::End } else { Step::Bad(Fault::Seal) });
        }
        let bytes = self.window.view(offset, HEADER_BYTES)?;
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(Step::End);
        }
        if bytes.len() < HEADER_BYTES {
            return Ok(Step::Bad(Fault::PastEnd));
        }
        let header = match Header::read(bytes, &self.checksum) {
            Ok(header) => header,
            Err(fault) => return Ok(Step::Bad(fault)),
        };
        if let Some(fault) = self.fault_of(&header) {
            return Ok(Step::Bad(fault));
        }
        let bytes = self.window.view(offset, header.frame_bytes() as usize)?;
        if (bytes.len() as u64) < header.frame_bytes() {
            return Ok(Step::Bad(Fault::PastEnd));
        }
        if let Err(fault) = header.check_payload(&bytes[HEADER_BYTES..], &self.checksum) {
            return Ok(Step::Bad(fault));
        }
        let chain = Chain(Sha256::digest(bytes).into());
        self.accept(header, chain)
    }

    /// What is wrong with a header that checks, seen from the frames before it.
    fn fault_of(&self, header: &Header) -> Option<Fault> {
        if header.first != self.next {
            return Some(Fault::WrongSequence { expected: self.next.0, found: header.first.0 });
        }
        if header.previous != self.link {
            return Some(Fault::WrongChain);
        }
        if header.group_first < self.group_first {
            return Some(Fault::WrongGroup);
        }
        if header.recorded_at_us < self.recorded_at_us {
            return Some(Fault::WrongTime);
        }
        if header.frame_bytes() > self.length - self.offset {
            return Some(Fault::PastEnd);
        }
        None
    }

    fn accept(&mut self, header: Header, chain: Chain) -> io::Result<Step<'_>> {
        let start = self.offset;
        let bytes = header.frame_bytes() as usize;
        let payload = &self.window.view(start, bytes)?[HEADER_BYTES..];
        if header.kind == Kind::Seal {
            let sealed = Sealed::new(header, payload, start, &self.checksum);
            let Some(sealed) = sealed.filter(|sealed| sealed.marks == self.marks) else {
                return Ok(Step::Bad(Fault::Seal));
            };
            self.recorded_at_us = sealed.frame.recorded_at_us;
            self.sealed = Some(sealed);
        } else {
            add_mark(
                &mut self.marks,
                Mark { first: header.first, offset: start, recorded_at_us: header.recorded_at_us },
            );
            self.next = header.last().next();
            self.group_first = header.group_first;
            self.recorded_at_us = header.recorded_at_us;
            self.facts_end = start + bytes as u64;
            self.facts_chain = Some(chain);
            self.header = Some(header);
        }
        self.offset = start + bytes as u64;
        self.frame += 1;
        self.link = chain;
        if self.sealed.is_some() {
            return Ok(Step::Seal);
        }
        let header = self.header.as_ref().expect("a frame of facts was just accepted");
        Ok(Step::Facts(Frame { header, payload, chain }))
    }
}

/// Finds the first frame header at or after `from` that checks.
pub(super) fn find_header(segment: &Segment, from: u64) -> io::Result<Option<(u64, Header)>> {
    let mut window = Window::new(Arc::clone(&segment.file), segment.length);
    let mut at = from;
    loop {
        let bytes = window.view(at, CHUNK_BYTES)?;
        if bytes.len() < HEADER_BYTES {
            return Ok(None);
        }
        let last = bytes.len() - HEADER_BYTES;
        for (index, magic) in bytes[..last + MAGIC.len()].windows(MAGIC.len()).enumerate() {
            if magic == MAGIC
                && let Ok(header) = Header::read(&bytes[index..index + HEADER_BYTES], &segment.checksum)
            {
                return Ok(Some((at + index as u64, header)));
            }
        }
        at += last as u64 + 1;
    }
}

/// Where the last byte that is not zero ends, from `from` on; `from` where there is none.
pub(super) fn end_of_data(segment: &Segment, from: u64) -> io::Result<u64> {
    let mut window = Window::new(Arc::clone(&segment.file), segment.length);
    let (mut at, mut end) = (from, from);
    while at < segment.length {
        let bytes = window.view(at, CHUNK_BYTES)?;
        if bytes.is_empty() {
            break;
        }
        if let Some(index) = bytes.iter().rposition(|byte| *byte != 0) {
            end = at + index as u64 + 1;
        }
        at += bytes.len() as u64;
    }
    Ok(end)
}
