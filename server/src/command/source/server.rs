//! Data behind a server, which decides by its own policy and goes by the key.

use std::env;
use std::fs;
use std::time::Duration;

use packtree::fact::Name;
use packtree::query::Moment;
use packtree::{Identifier, Outcome, Receipt, Refusal, Sequence};
use packtree_client::{Client, Retries};
use packtree_wire as wire;

use super::{Documents, History, Purpose, Source};
use crate::command::write::Writing;
use crate::failure::Failure;
use crate::http::DOCUMENT_BYTES_MAX;

/// The variable that holds the API key.
const KEY_VARIABLE: &str = "PACKTREE_KEY";

/// The variable that names the file with the certificates to trust.
const CERTIFICATE_VARIABLE: &str = "PACKTREE_CERTIFICATE";

/// Somebody waits: a server that cannot be reached is given up within a second or so.
const RETRIES: Retries =
    Retries { times_max: 3, first: Duration::from_millis(100), longest: Duration::from_millis(400) };

/// Entries of a history that are asked for at a time, which is as many as a server gives.
const ENTRIES_MAX: usize = 1_000;

/// A server.
pub(super) struct Server {
    client: Client,
}

impl Server {
    pub(super) fn reach(address: &str, purpose: &Purpose) -> Result<Self, Failure> {
        if !purpose.options.is_empty() {
            let options = purpose.options.join(", ");
            return Err(Failure::cannot(format!("a server does not take {options}: it decides by its own policy, and the key says who asks and in which role"))
                .remedy(format!("leave {options} out; another key is another actor, and an administrator changes the policy")));
        }
        let mut builder = Client::builder(address).retries(RETRIES);
        if let Some(key) = env::var(KEY_VARIABLE).ok().filter(|key| !key.is_empty()) {
            builder = builder.key(key);
        }
        if let Some(path) = env::var_os(CERTIFICATE_VARIABLE).filter(|path| !path.is_empty()) {
            let pem = fs::read(&path).map_err(|error| {
                let path = path.display();
                Failure::cannot(format!("the certificate {path} cannot be read: {error}"))
                    .remedy(format!("name a PEM file in the variable {CERTIFICATE_VARIABLE}"))
            })?;
            builder = builder.certificate(pem);
        }
        let client = builder.build().map_err(|error| {
            Failure::cannot(error).remedy(format!(
                "correct --server; the key is taken from the variable {KEY_VARIABLE}, and whom to trust from the file that {CERTIFICATE_VARIABLE} names"
            ))
        })?;
        Ok(Self { client })
    }
}

impl Source for Server {
    fn submit(&self, writing: &Writing) -> Result<Result<(wire::FactJson, Receipt), Refusal>, Failure> {
        let receipt = match self.client.submit_wire(&writing.for_server())? {
            Outcome::Done(receipt) => receipt,
            Outcome::Refused(refusal) => return Ok(Err(refusal)),
        };
        let fact = self.client.fact(receipt.first)?;
        let fact = fact.ok_or_else(|| Failure::cannot("the fact that was just written is not there"))?;
        Ok(Ok((fact, receipt)))
    }

    fn preview(&self, writing: &Writing) -> Result<Result<Vec<wire::Outlook>, Refusal>, Failure> {
        Ok(self.client.preview_wire(&wire::Requests { requests: vec![writing.for_server()] })?)
    }

    fn import(&self, documents: Documents<'_>, _: Option<&Name>, is_dry_run: bool) -> Result<wire::Import, Failure> {
        if is_dry_run && 1 < documents.len() {
            let what = "a server shows what one document would do, and a later one may build on an earlier one";
            return Err(Failure::cannot(what).remedy("name one document, or leave --dry-run out"));
        }
        let mut all = wire::Import::default();
        for mut document in documents {
            all.add(self.client.import(&document.name, &mut document.content, is_dry_run)?);
        }
        Ok(all)
    }

    fn document_bytes_max(&self) -> u64 {
        DOCUMENT_BYTES_MAX
    }

    fn inspect(&self, id: &Identifier) -> Result<Option<wire::Inspection>, Failure> {
        Ok(self.client.inspect_wire(id)?)
    }

    fn tree(&self, id: &Identifier, at: Moment, depth: Option<usize>) -> Result<Option<wire::Tree>, Failure> {
        Ok(self.client.tree(id, at, depth)?)
    }

    fn dot(&self, id: &Identifier) -> Result<Option<String>, Failure> {
        Ok(self.client.dot(id)?)
    }

    fn history(&self, id: &Identifier, limit: usize) -> Result<Option<History<'_>>, Failure> {
        let Some(first) = self.client.history(id, limit.clamp(1, ENTRIES_MAX), None)? else { return Ok(None) };
        let id = id.clone();
        let (mut page, mut next) = (first.entries.into_iter(), first.next);
        let mut entry = move || -> Result<Option<wire::HistoryEntry>, Failure> {
            loop {
                if let Some(entry) = page.next() {
                    return Ok(Some(entry));
                }
                let Some(before) = next.take() else { return Ok(None) };
                let Some(further) = self.client.history(&id, ENTRIES_MAX, Some(Sequence(before)))? else {
                    return Ok(None);
                };
                (page, next) = (further.entries.into_iter(), further.next);
            }
        };
        Ok(Some(Box::new(std::iter::from_fn(move || entry().transpose()).take(limit))))
    }

    fn parked(&self) -> Result<Vec<wire::Parked>, Failure> {
        Ok(self.client.parked()?)
    }

    fn difference(&self, id: &Identifier, from: Moment, to: Moment) -> Result<Option<wire::Difference>, Failure> {
        Ok(self.client.difference(id, from, to)?)
    }

    fn reconcile(&self, id: &Identifier, scanned: &[Identifier]) -> Result<Option<wire::Reconciliation>, Failure> {
        Ok(self.client.reconcile(id, scanned)?)
    }

    fn checkpoint(&self) -> Result<u64, Failure> {
        Ok(self.client.checkpoint()?.0)
    }

    fn newest(&self) -> Result<u64, Failure> {
        Ok(self.client.statistics()?.facts)
    }

    fn close(&self) -> Result<(), Failure> {
        Ok(())
    }
}
