//! Keys from the command line: whoever may write the directory of the data is its administrator.

use packtree::fact::{Name, Role};

use super::Access;
use super::records::Changer;
use super::users::name;
use super::wire::{Key, KeyChange, MadeKey, NewKey};
use crate::http::Problem;

/// A name that a key may have, checked before anything begins.
pub(crate) fn key_name(text: &str) -> Result<String, String> {
    name(text).map(|name| name.as_str().to_owned()).map_err(|problem| problem.detail().to_owned())
}

impl Access {
    /// Makes a key.
    pub(crate) async fn make_key(
        &self,
        by: Name,
        id: String,
        role: String,
        stations: Vec<String>,
    ) -> Result<MadeKey, Problem> {
        let new = NewKey { id: id.clone(), name: None, role: Some(role), scopes: stations };
        let (record, secret) = self.add_key(&administrator(by), new).await?;
        Ok(MadeKey { key: Key::of(id, record), secret })
    }

    /// All keys.
    pub(crate) fn list_keys(&self) -> Vec<Key> {
        self.keys().into_iter().map(|(id, record)| Key::of(id, record)).collect()
    }

    /// Disables a key.
    pub(crate) async fn disable_key(&self, by: Name, id: &str) -> Result<Key, Problem> {
        let change = KeyChange { disabled: Some(true), ..KeyChange::default() };
        let record = self.change_key(&administrator(by), id, change).await?;
        Ok(Key::of(id.to_owned(), record))
    }
}

fn administrator(actor: Name) -> Changer {
    Changer { actor, role: Role::Administrator }
}
