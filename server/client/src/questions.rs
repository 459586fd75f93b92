//! Questions: what is, what was, how it came to be.

use std::fmt;
use std::io::{BufRead, BufReader, Lines, Read};
use std::time::Duration;

use packtree::fact::{EventTime, LotName, Seal};
use packtree::query::{Inspection, Moment};
use packtree::{Identifier, Sequence};
use packtree_wire as wire;
use serde::de::DeserializeOwned;
use ureq::BodyReader;

use crate::client::Client;
use crate::connection::segment;
use crate::error::Error;

/// How long a checkpoint may take: that of a hundred million objects takes half of it.
const CHECKPOINT_MAX: Duration = Duration::from_mins(10);

impl Client {
    /// Everything that is known of an object; `None` for one that is not known.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn inspect(&self, id: &Identifier) -> Result<Option<Inspection>, Error> {
        Ok(self.inspect_wire(id)?.map(|found| Inspection::from(&found)))
    }

    /// Everything that is known of an object, with the containers around it, as the wire has it.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn inspect_wire(&self, id: &Identifier) -> Result<Option<wire::Inspection>, Error> {
        self.known(&object(id, ""))
    }

    /// Everything that is known of each of several objects, at most a thousand, at one moment.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn inspect_all(&self, ids: &[Identifier]) -> Result<Vec<Option<Inspection>>, Error> {
        let list = wire::ObjectList { objects: ids.iter().cloned().map(wire::Text).collect() };
        let found: wire::Inspections = self.connection.post("/v1/inspect", &list)?;
        Ok(found.objects.iter().map(|found| found.as_ref().map(Inspection::from)).collect())
    }

    /// What is in an object to a depth, as of a moment.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn tree(&self, id: &Identifier, moment: Moment, depth: Option<usize>) -> Result<Option<wire::Tree>, Error> {
        let at = moment_word(moment).map(|at| format!("at={}", segment(&at)));
        let depth = depth.map(|depth| format!("depth={depth}"));
        self.known(&object(id, &format!("/tree{}", query([at, depth]))))
    }

    /// The tree under an object now, in the DOT language of Graphviz.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn dot(&self, id: &Identifier) -> Result<Option<String>, Error> {
        let dot = none_if_unknown(self.connection.bytes(&object(id, "/dot")))?;
        dot.map(|dot| String::from_utf8(dot).map_err(|error| self.connection.nonsense(error.to_string()))).transpose()
    }

    /// Everything in an object to a depth, read while it comes; `None` for an object that is not known.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn contents(&self, id: &Identifier, depth: Option<usize>) -> Result<Option<Contents>, Error> {
        let path = object(id, &format!("/contents{}", query([depth.map(|depth| format!("depth={depth}"))])));
        match self.connection.open(&path, &[("accept", "application/x-ndjson")]) {
            Ok(body) => {
                let lines = BufReader::new(body.into_with_config().limit(u64::MAX).reader()).lines();
                Ok(Some(Contents { client: self.clone(), lines }))
            }
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What happened to an object, the newest first, before a fact.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn history(
        &self,
        id: &Identifier,
        limit: usize,
        before: Option<Sequence>,
    ) -> Result<Option<wire::HistoryPage>, Error> {
        let before = before.map(|fact| format!("before={}", fact.0));
        self.known(&object(id, &format!("/history{}", query([Some(format!("limit={limit}")), before]))))
    }

    /// What changed under an object between two moments.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn difference(&self, id: &Identifier, from: Moment, to: Moment) -> Result<Option<wire::Difference>, Error> {
        let word = |name: &str, moment| moment_word(moment).map(|word| format!("{name}={}", segment(&word)));
        self.known(&object(id, &format!("/difference{}", query([word("from", from), word("to", to)]))))
    }

    /// Compares what was scanned in a container with what is recorded.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn reconcile(&self, id: &Identifier, scanned: &[Identifier]) -> Result<Option<wire::Reconciliation>, Error> {
        let scanned = wire::ScannedList { scanned: scanned.iter().cloned().map(wire::Text).collect() };
        none_if_unknown(self.connection.post(&object(id, "/reconcile"), &scanned))
    }

    /// A lot and how many of its objects are where.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn lot(&self, lot: &LotName) -> Result<Option<wire::LotStatus>, Error> {
        self.known(&format!("/v1/lots/{}/{}", lot.gtin, segment(&lot.number.to_string())))
    }

    /// A part of the list of lots.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn lots(&self, cursor: Option<&str>) -> Result<wire::LotPage, Error> {
        self.connection.get(&format!("/v1/lots{}", query([cursor.map(|cursor| format!("cursor={}", segment(cursor)))])))
    }

    /// A part of the list of containers with a seal.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn containers(&self, seal: Seal, cursor: Option<u32>) -> Result<wire::ObjectPage, Error> {
        let cursor = cursor.map(|cursor| format!("cursor={cursor}"));
        self.connection.get(&format!("/v1/containers{}", query([Some(format!("seal={seal}")), cursor])))
    }

    /// A part of the list of units in no container.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn orphans(&self, cursor: Option<u32>) -> Result<wire::ObjectPage, Error> {
        self.connection.get(&format!("/v1/orphans{}", query([cursor.map(|cursor| format!("cursor={cursor}"))])))
    }

    /// What came before an event that it builds on, and waits for it.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn parked(&self) -> Result<Vec<wire::Parked>, Error> {
        self.connection.get("/v1/parked")
    }

    /// What a scanner sent, or somebody typed: what it is, what is known of it, and what can be done with it next.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn scan(&self, text: &str) -> Result<wire::ScanAnswer, Error> {
        self.connection.post("/v1/scan", &wire::ScanRequest { text: text.to_owned(), entry: None })
    }

    /// A fact; `None` for one that is still to come.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn fact(&self, fact: Sequence) -> Result<Option<wire::FactJson>, Error> {
        self.known(&format!("/v1/facts/{}", fact.0))
    }

    /// Numbers about the engine.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn statistics(&self) -> Result<wire::Statistics, Error> {
        self.connection.get("/v1/statistics")
    }

    /// Writes a checkpoint of everything acknowledged so far, and waits until it is valid: up to ten minutes, whatever the client's timeout
    /// is. It is asked for once.
    ///
    /// # Errors
    /// [`Error::Busy`] where two are waited for already; [`Error::Failed`] where the store of checkpoints has failed.
    pub fn checkpoint(&self) -> Result<Sequence, Error> {
        let written: wire::Checkpoint = self.connection.patiently("/v1/checkpoint", CHECKPOINT_MAX)?;
        Ok(Sequence(written.checkpoint))
    }

    /// Imports a document, which is read while it is sent; the name is what the answer calls it. It is sent once; importing it again does
    /// nothing twice. A server ends the connection where a document has more than 64 MiB.
    ///
    /// # Errors
    /// When the document cannot be read, or there is no answer.
    pub fn import(&self, name: &str, document: &mut dyn Read, is_dry_run: bool) -> Result<wire::Import, Error> {
        let name = format!("name={}", segment(name));
        let path = format!("/v1/import{}", query([Some(name), is_dry_run.then(|| "dry_run=true".to_owned())]));
        // The server finds out whether it is XML or JSON.
        self.connection.upload(&path, "application/octet-stream", document)
    }

    fn known<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Error> {
        none_if_unknown(self.connection.get(path))
    }
}

/// The contents of an object, one by one.
pub struct Contents {
    client: Client,
    lines: Lines<BufReader<BodyReader<'static>>>,
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contents").field("client", &self.client).finish_non_exhaustive()
    }
}

impl Iterator for Contents {
    type Item = Result<wire::ContentLine, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let connection = &self.client.connection;
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(connection.failed(&ureq::Error::Io(error)))),
        };
        Some(serde_json::from_str(&line).map_err(|error| connection.nonsense(error.to_string())))
    }
}

pub(crate) fn none_if_unknown<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(Error::NotFound(_)) => Ok(None),
        answer => answer.map(Some),
    }
}

fn object(id: &Identifier, below: &str) -> String {
    format!("/v1/objects/{}{below}", segment(&id.to_string()))
}

/// A moment as a question says it; now is not said.
fn moment_word(moment: Moment) -> Option<String> {
    match moment {
        Moment::Now => None,
        Moment::Fact(fact) => Some(format!("#{}", fact.0)),
        Moment::Time(at) => Some(wire::Text(EventTime::utc(at)).to_string()),
    }
}

/// The parts of a query that are there.
pub(crate) fn query<const N: usize>(parts: [Option<String>; N]) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}
