//! API keys of machines: `packtree_<id>_<secret>`.

use packtree::fact::{Name, Role};

use super::records::{Changer, KeyRecord, SERVER};
use super::secret::{Digest, Secret};
use super::users::{check_shown, name, no_such, station_names, stations};
use super::wire::{KeyChange, NewKey};
use super::{Access, Kind, Principal};
use crate::http::{Code, Problem, malformed};

/// How every key begins, so that it is found where it should not be.
const PREFIX: &str = "packtree_";

impl Access {
    /// Makes a key, and gives the whole of it, which is never to be seen again.
    pub(super) async fn add_key(&self, by: &Changer, new: NewKey) -> Result<(KeyRecord, String), Problem> {
        let _alone = self.inner.changing.lock().await;
        name(&new.id)?;
        if self.user(&new.id).is_some() || self.key(&new.id).is_some() {
            let detail = format!("there is a user or a key {} already, and facts name both", new.id);
            return Err(Problem::new(Code::NameTaken, detail, "choose another name"));
        }
        let NewKey { id, name, role, scopes } = new;
        let role = match role.as_deref() {
            None | Some("machine") => Role::Machine,
            Some("auditor") => Role::Auditor,
            Some(other) => {
                return Err(malformed(&format!(
                    "{other} is no role of a key; there are machine, and auditor for reading only"
                )));
            }
        };
        let secret = Secret::random();
        let record = KeyRecord {
            name: name.unwrap_or_else(|| id.clone()),
            role,
            scopes: stations(scopes)?,
            disabled: false,
            secret: Digest::of(secret.reveal()).text(),
            made: self.now(),
        };
        check_shown(&record.name)?;
        self.put_key(by, &id, &record).await?;
        tracing::info!(key = id, by = by.actor.as_str(), "a key was made");
        Ok((record, format!("{PREFIX}{id}_{}", secret.reveal())))
    }

    /// Makes a key for a machine, and gives the whole of it, which is never to be seen again: for an application that serves its own engine,
    /// and so administers it.
    ///
    /// # Errors
    /// When there is such a name already, or it is none.
    pub async fn key_for(&self, machine: &str) -> Result<String, Problem> {
        let actor = Name::new(SERVER).map_err(|error| malformed(&error.to_string()))?;
        let new = NewKey { id: machine.to_owned(), name: None, role: None, scopes: Vec::new() };
        Ok(self.add_key(&Changer { actor, role: Role::Administrator }, new).await?.1)
    }

    /// Changes what a key may do; a disabled key does nothing from the next request on.
    pub(super) async fn change_key(&self, by: &Changer, id: &str, change: KeyChange) -> Result<KeyRecord, Problem> {
        let _alone = self.inner.changing.lock().await;
        let mut record = self.key(id).ok_or_else(|| no_such("key", id))?;
        let KeyChange { name, scopes, disabled } = change;
        record.name = name.unwrap_or(record.name);
        check_shown(&record.name)?;
        record.scopes = scopes.map_or(Ok(record.scopes), stations)?;
        record.disabled = disabled.unwrap_or(record.disabled);
        self.put_key(by, id, &record).await?;
        tracing::info!(key = id, by = by.actor.as_str(), "a key was changed");
        Ok(record)
    }

    /// Whose key this is.
    pub(super) fn machine(&self, key: &str) -> Option<Principal> {
        let (id, secret) = key.strip_prefix(PREFIX)?.rsplit_once('_')?;
        let record = self.key(id)?;
        // The comparison takes its time before it is asked whether the key is disabled.
        let is_right = Digest::read(&record.secret).is_some_and(|kept| kept.is_of(secret));
        if !is_right || record.disabled {
            return None;
        }
        let actor = Name::new(id).ok()?;
        Some(Principal { actor, kind: Kind::Machine, role: record.role, stations: station_names(&record.scopes) })
    }
}
