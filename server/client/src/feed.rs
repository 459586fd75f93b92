//! The feed: every fact, in order, as it becomes durable.

use std::thread;

use packtree::Sequence;
use packtree_wire::FactJson;
use ureq::BodyReader;

use crate::client::Client;
use crate::connection::Events;
use crate::error::Error;

/// Facts in order, without a gap; it never ends by itself. A lost connection is made again, and goes on behind the last fact.
///
/// An error ends nothing: the next call tries again from the same place.
pub struct Feed {
    client: Client,
    /// The newest fact that was given.
    last: u64,
    stream: Option<Events<BodyReader<'static>>>,
    /// How often there was no fact in a row.
    failures: u32,
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("last", &self.last).finish_non_exhaustive()
    }
}

impl Client {
    /// The facts behind one that was seen already; behind 0 for all of them.
    ///
    /// Each part of the feed must come within the client's timeout. The server says something every 15 seconds: allow more than that.
    pub fn feed(&self, behind: Sequence) -> Feed {
        Feed { client: self.clone(), last: behind.0, stream: None, failures: 0 }
    }
}

impl Feed {
    /// The newest fact that was given: begin behind it the next time.
    pub fn position(&self) -> Sequence {
        Sequence(self.last)
    }

    /// The next fact of the stream that is open, or of a new one; `None` when the stream has ended.
    fn read(&mut self) -> Result<Option<FactJson>, Error> {
        let connection = &self.client.connection;
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let last = self.last.to_string();
                let body = connection.open("/v1/feed", &[("accept", "text/event-stream"), ("last-event-id", &last)])?;
                none.insert(Events::new(body.into_with_config().limit(u64::MAX).reader()))
            }
        };
        loop {
            let Some(event) = stream.next().map_err(|error| connection.failed(&ureq::Error::Io(error)))? else {
                return Ok(None);
            };
            if event.name != "fact" {
                continue;
            }
            let fact: FactJson =
                serde_json::from_str(&event.data).map_err(|error| connection.nonsense(error.to_string()))?;
            if fact.fact <= self.last {
                continue;
            }
            if fact.fact != self.last + 1 {
                return Err(connection.nonsense(format!("fact {} comes behind fact {}", fact.fact, self.last)));
            }
            return Ok(Some(fact));
        }
    }
}

impl Iterator for Feed {
    type Item = Result<FactJson, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let error = match self.read() {
                Ok(Some(fact)) => {
                    (self.last, self.failures) = (fact.fact, 0);
                    return Some(Ok(fact));
                }
                Ok(None) => None,
                Err(error) => Some(error),
            };
            self.stream = None;
            let wait = self.client.connection.wait(self.failures, None);
            let may_pass = error.as_ref().is_none_or(Error::may_pass);
            match (wait, error) {
                (Some(wait), _) if may_pass => thread::sleep(wait),
                (_, error) => {
                    self.failures = 0;
                    let server = self.client.connection.address.clone();
                    let ended = || Error::Unreachable { server, reason: "the feed ended".to_owned() };
                    return Some(Err(error.unwrap_or_else(ended)));
                }
            }
            self.failures += 1;
        }
    }
}
