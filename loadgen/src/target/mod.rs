//! What a run is played against: something that takes requests, answers later, and can be asked.

mod embedded;
mod http;
mod staff;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use packtree::fact::{Level, LotName, Seal, Status};
use packtree::operation::Request;
use packtree::{Identifier, Reason};
use packtree_gs1::LotNumber;

pub(crate) use embedded::Embedded;
pub(crate) use http::Http;
pub(crate) use staff::{Person, User};

/// Something that keeps packaging hierarchies: the engine in this process, or a server.
pub(crate) trait Target: Send + Sync {
    /// An answer that is still to come.
    type Pending: Pending;

    /// Sends a request and returns at once. Requests that are sent one after the other are answered in this order.
    fn send(&self, request: &Request) -> Result<Self::Pending, Failure>;

    /// What is known of each object; `None` for one that is not known.
    fn inspect(&self, objects: &[Identifier]) -> Result<Vec<Option<Seen>>, Failure>;

    /// Everything under an object, on every level; `None` if it is not known.
    fn contents(&self, object: &Identifier) -> Result<Option<Vec<Identifier>>, Failure>;

    /// How many objects of a lot are in use, rejected, and packed; `None` if it is not known.
    fn lot(&self, lot: &LotName) -> Result<Option<LotSeen>, Failure>;

    /// Those who sign in and do the work of the warehouse; nobody where there is no signing in.
    fn staff(&self) -> &[User] {
        &[]
    }

    /// Numbers about the target as a whole.
    fn statistics(&self) -> Result<Statistics, Failure>;
}

/// An answer that is still to come.
pub(crate) trait Pending: Send {
    /// The answer, once it is there; `None` if it is not there after `time`.
    fn wait(&self, time: Duration) -> Option<Result<Answer, Failure>>;
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is durable.
    Done {
        /// The fact that it made true.
        fact: u64,
        /// It had been accepted before, and was not done again.
        repeated: bool,
        /// It was recorded as older than what is known, and changed nothing.
        late: bool,
    },
    /// The rules said no.
    Refused {
        reason: Reason,
        /// Every object at fault, in words.
        sentence: String,
    },
}

/// Why the target did not answer as one that works.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// It has too much to do. Nothing was done; the same request is sent again.
    #[error("the target is busy")]
    Busy,
    /// It takes no more operations, for instance because its disk is full; it may still answer questions.
    #[error("the target has stopped: {0}")]
    Stopped(String),
    /// It cannot be reached.
    #[error("the target is down: {0}")]
    Down(String),
    /// It said something that is no answer.
    #[error("the target answers nonsense: {0}")]
    Nonsense(String),
}

/// What is known of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) level: Level,
    pub(crate) status: Status,
    pub(crate) seal: Seal,
    /// What it is on hold with.
    pub(crate) held_by: Option<Identifier>,
    pub(crate) lot_on_hold: bool,
    pub(crate) away: bool,
    pub(crate) lot: Option<LotNumber>,
    pub(crate) parent: Option<Identifier>,
    /// How many objects sit in it, one level down.
    pub(crate) children: u32,
    /// How many units are in it, on any level.
    pub(crate) units: u64,
}

/// How many objects of a lot are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LotSeen {
    pub(crate) active: u32,
    pub(crate) rejected: u32,
    pub(crate) packed: u32,
}

/// Numbers about a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statistics {
    /// Objects that it holds, those out of use included.
    pub(crate) objects: u64,
    /// Memory that it takes; `None` where it does not tell.
    pub(crate) bytes: Option<u64>,
    /// Operations that it was too busy for after they were on their way, and that were sent again.
    pub(crate) busy: u64,
}

/// How a target is named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TargetName {
    /// The engine in this process, in a folder.
    Embedded(PathBuf),
    /// A server at an address.
    Server(String),
}

impl FromStr for TargetName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("embedded", "")) => Err("name a folder: embedded:DIR".to_owned()),
            Some(("embedded", folder)) => Ok(Self::Embedded(PathBuf::from(folder))),
            Some(("http" | "https", _)) => Ok(Self::Server(text.to_owned())),
            _ => Err(
                "write embedded:DIR for the engine in this process, which keeps its data in the folder DIR, or the \
                      address of a server, such as http://127.0.0.1:8480"
                    .to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_targets() {
        assert_eq!("embedded:/a:b".parse(), Ok(TargetName::Embedded("/a:b".into())));
        assert_eq!("https://a:1".parse(), Ok(TargetName::Server("https://a:1".to_owned())));
        for wrong in ["embedded:", "embedded", "/a", "ftp:/a", ""] {
            assert!(wrong.parse::<TargetName>().unwrap_err().contains("embedded:DIR"));
        }
    }
}
