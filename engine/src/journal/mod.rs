//! Makes facts durable, in order, one flush for a group, each frame chained to the one before.
//!
//! The journal does not know what a fact means: to it a fact is a string of bytes with a sequence number. It reads no
//! clock, draws no random numbers and starts no threads; times, identities and threads are passed in. The layout of
//! its files, byte by byte, is in `engine/docs/journal.md`.
//!
//! - [`Journal::open`] checks what is on disk, shows each frame to a visitor once, cuts a torn tail and refuses
//!   everything else that it cannot vouch for.
//! - [`Journal::append`] makes a [`Group`] durable: one write, one `fdatasync`. After a failure it never writes again.
//! - [`Reader`] reads durable facts while the journal goes on appending.
//! - [`verify`] checks everything and changes nothing; [`salvage`] copies what can be vouched for elsewhere.
//! - [`backup`] copies a journal that may be in use.

mod backup;
mod error;
mod frame;
mod group;
mod head;
mod index;
mod open;
mod reader;
mod salvage;
mod scan;
mod segment;
mod spare;
mod survey;
mod verify;
mod walk;
mod writer;

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

pub use backup::{BackupReport, backup};
pub use error::{AppendError, BackupError, OpenError, ReadError, SalvageError, VerifyError, VisitError};
pub use frame::{Facts, Frame};
pub use group::{FactBytes, Group, Run, RunTooLarge};
pub use open::{Opening, Recovered, TornTail};
pub use reader::{Fact, Frames, OwnedFrame, Reader};
pub use salvage::{SalvageReport, salvage};
pub use spare::SegmentPreparer;
pub(crate) use verify::verify_each;
pub use verify::{Problem, Report, verify};
pub use writer::{Journal, Settings};

/// The number of a fact; the first is 1, and 0 stands for the time before it.
///
/// ```
/// use packtree::journal::Sequence;
///
/// assert_eq!(Sequence::FIRST.next(), Sequence(2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(pub u64);

impl Sequence {
    /// The number of the first fact of a journal.
    pub const FIRST: Self = Self(1);

    /// The number that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The SHA-256 of a frame (or of the header of the first segment), which contains the one before it, and so vouches
/// for everything up to there.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Chain(pub [u8; 32]);

impl Chain {
    /// The chain value of these bytes.
    fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain({self})")
    }
}

/// The newest fact of a journal and what vouches for all facts up to it.
///
/// Whoever keeps a head apart from the journal's directory can notice, on opening, that an older copy of the whole
/// directory was put back. As text it is the number, a colon, and 64 hexadecimal digits.
///
/// # Example
///
/// ```
/// use packtree::journal::{Chain, Head, Sequence};
///
/// let head = Head { sequence: Sequence(7), chain: Chain([0xab; 32]) };
/// assert_eq!(head.to_string().parse(), Ok(head));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    /// The newest fact, or 0 where there is none yet.
    pub sequence: Sequence,
    /// The chain value of the frame that ends with it; where there is none yet, that of the first segment's header.
    pub chain: Chain,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, self.chain)
    }
}

/// Why a text is not a [`Head`].
///
/// ```
/// use packtree::journal::{Head, ParseHeadError};
///
/// assert_eq!("7:3f".parse::<Head>(), Err(ParseHeadError));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a journal head is a fact number, a colon and 64 hexadecimal digits, for example `7:3f...`")]
pub struct ParseHeadError;

impl FromStr for Head {
    type Err = ParseHeadError;

    fn from_str(text: &str) -> Result<Self, ParseHeadError> {
        let (number, hex) = text.split_once(':').ok_or(ParseHeadError)?;
        let sequence = Sequence(number.parse().map_err(|_| ParseHeadError)?);
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseHeadError);
        }
        let mut chain = [0; 32];
        for (byte, digits) in chain.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let digits = str::from_utf8(digits).map_err(|_| ParseHeadError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| ParseHeadError)?;
        }
        Ok(Self { sequence, chain: Chain(chain) })
    }
}
