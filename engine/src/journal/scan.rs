//! Reads a segment frame by frame and checks each against the one before.

use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::frame::{Checksum, Fault, Frame, HEADER_BYTES, Header, Kind, MAGIC};
use super::index::{Mark, add_mark};
use super::segment::{self, Sealed, Segment};
use super::{Chain, Sequence};
use crate::disk::DiskFile;

/// How much is read at once where a whole segment is read.
pub(super) const CHUNK_BYTES: usize = 1 << 20;

/// A window on a file that moves forward.
#[derive(Debug)]
pub(super) struct Window {
    file: Arc<dyn DiskFile>,
    /// Where reading stops; the file may go on.
    end: u64,
    /// How much is read at once.
    chunk: usize,
    /// The file's bytes from `start` on.
    buffer: Vec<u8>,
    start: u64,
    filled: usize,
}

impl Window {
    pub(super) fn new(file: Arc<dyn DiskFile>, end: u64, chunk: usize) -> Self {
        Self { file, end, chunk, buffer: Vec::new(), start: 0, filled: 0 }
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
        let chunk = wanted.max(self.chunk.min(self.end.saturating_sub(at) as usize));
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
    pub(super) window: Window,
    checksum: Checksum,
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
    /// Frames were left out, so the seal can tell more than was seen.
    resumed: bool,
    /// What the last step read.
    header: Option<Header>,
    pub(super) marks: Vec<Mark>,
    /// Where the last frame of facts ends, and its chain value.
    pub(super) facts_end: u64,
    pub(super) facts_chain: Option<Chain>,
    pub(super) sealed: Option<Sealed>,
}

impl Scan {
    pub(super) fn new(segment: &Segment, file: &Arc<dyn DiskFile>) -> Self {
        Self {
            window: Window::new(Arc::clone(file), segment.length, CHUNK_BYTES),
            checksum: segment.checksum.clone(),
            length: segment.length,
            offset: segment::HEADER_BYTES as u64,
            frame: 1,
            next: segment.header.first,
            link: segment.header_chain,
            recorded_at_us: i64::MIN,
            group_first: Sequence(0),
            resumed: false,
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
        self.resumed = true;
    }

    /// Where the bytes behind the last good frame end that are not zero.
    pub(super) fn end_of_data(&mut self) -> io::Result<u64> {
        end_of_data(&mut self.window, self.offset)
    }

    /// Finds the first frame header behind what is bad here.
    pub(super) fn find_later(&mut self) -> io::Result<Option<(u64, Header)>> {
        find_header(&mut self.window, self.offset + 1, &self.checksum)
    }

    /// Whether what is bad here can be the remains of a group that was never acknowledged, as far as the segment tells.
    ///
    /// A group is written only when the one before is durable. So what is followed by a frame of a later group was
    /// durable once, and so was what has a good header that does not belong here.
    pub(super) fn can_be_torn(&mut self, fault: Fault) -> io::Result<bool> {
        if !fault.can_be_torn() {
            return Ok(false);
        }
        let mut at = self.offset;
        while let Some((offset, header)) = find_header(&mut self.window, at, &self.checksum)? {
            if header.group_first > self.next {
                return Ok(false);
            }
            at = offset + 1;
        }
        Ok(true)
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
            let Some(sealed) = sealed.filter(|sealed| self.resumed || sealed.marks == self.marks) else {
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
pub(super) fn find_header(window: &mut Window, from: u64, checksum: &Checksum) -> io::Result<Option<(u64, Header)>> {
    let mut at = from;
    loop {
        let bytes = window.view(at, CHUNK_BYTES)?;
        let Some(last) = bytes.len().checked_sub(HEADER_BYTES) else { return Ok(None) };
        for (index, magic) in bytes[..last + MAGIC.len()].windows(MAGIC.len()).enumerate() {
            if magic == MAGIC
                && let Ok(header) = Header::read(&bytes[index..index + HEADER_BYTES], checksum)
            {
                return Ok(Some((at + index as u64, header)));
            }
        }
        at += last as u64 + 1;
    }
}

/// Where the last byte that is not zero ends, from `from` on; `from` where there is none.
pub(super) fn end_of_data(window: &mut Window, from: u64) -> io::Result<u64> {
    let (mut at, mut end) = (from, from);
    loop {
        let bytes = window.view(at, CHUNK_BYTES)?;
        if bytes.is_empty() {
            return Ok(end);
        }
        // Whole pieces first: comparing them is many times faster than looking at each byte.
        let rest = bytes.rchunks(ZEROS.len()).enumerate().find(|(_, piece)| **piece != ZEROS[..piece.len()]);
        if let Some((pieces, piece)) = rest {
            let zeros = piece.iter().rev().take_while(|byte| **byte == 0).count();
            end = at + (bytes.len() - pieces * ZEROS.len() - zeros) as u64;
        }
        at += bytes.len() as u64;
    }
}

const ZEROS: [u8; 4096] = [0; 4096];
