//! Users, keys and the policy as the journal keeps them: named documents, of which every version stays.

use std::sync::Arc;

use packtree::fact::{Entry, Name, Role, SettingText, Signature};
use packtree::operation::Configure;
use packtree::{Caller, Operation, Outcome};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Access;
use crate::http::{Code, Problem, malformed};

/// How the names of users begin.
const USER: &str = "user/";

/// How the names of keys begin.
const KEY: &str = "key/";

/// The name of the policy.
pub(super) const POLICY: &str = "policy";

/// The station of what is done to users, keys and the policy.
const STATION: &str = "server";

/// In whose name the server does what nobody asked for: it vouches for people who change their own password.
pub(super) const SERVER: &str = "packtree";

/// A user.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct UserRecord {
    /// The name that is shown.
    pub(super) name: String,
    /// The roles, the one that counts unless another is asked for first.
    #[serde(with = "role_words")]
    pub(super) roles: Vec<Role>,
    /// The stations at which they may work; everywhere when there is none.
    pub(super) scopes: Vec<String>,
    pub(super) disabled: bool,
    /// The hash, as a PHC string.
    pub(super) password: Arc<str>,
}

/// An API key.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyRecord {
    /// What it is for.
    pub(super) name: String,
    #[serde(with = "role_words::one")]
    pub(super) role: Role,
    /// The stations at which it may work; everywhere when there is none.
    pub(super) scopes: Vec<String>,
    pub(super) disabled: bool,
    /// The SHA-256 of the secret.
    pub(super) secret: String,
    /// When it was made, in microseconds since 1970.
    pub(super) made: i64,
}

/// Roles by their words.
pub(super) mod role_words {
    use packtree::fact::Role;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(in crate::access) fn serialize<S: Serializer>(roles: &[Role], serializer: S) -> Result<S::Ok, S::Error> {
        roles.iter().map(|role| role.word()).collect::<Vec<_>>().serialize(serializer)
    }

    pub(in crate::access) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Role>, D::Error> {
        Vec::<String>::deserialize(deserializer)?.iter().map(|word| read(word)).collect()
    }

    fn read<E: serde::de::Error>(word: &str) -> Result<Role, E> {
        Role::from_word(word).ok_or_else(|| E::custom(format!("{word} is no role")))
    }

    /// One role by its word.
    pub(in crate::access) mod one {
        use super::{Deserializer, Role, Serializer};
        use serde::Deserialize as _;

        #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it serializes by reference")]
        pub(in crate::access) fn serialize<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(role.word())
        }

        pub(in crate::access) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
            super::read(&String::deserialize(deserializer)?)
        }
    }
}

/// In whose name a record is changed.
#[derive(Clone, Debug)]
pub(super) struct Changer {
    pub(super) actor: Name,
    pub(super) role: Role,
}

impl Access {
    pub(super) fn user(&self, user: &str) -> Option<UserRecord> {
        self.record(&format!("{USER}{user}"))
    }

    pub(super) fn users(&self) -> Vec<(String, UserRecord)> {
        self.records(USER)
    }

    pub(super) fn key(&self, id: &str) -> Option<KeyRecord> {
        self.record(&format!("{KEY}{id}"))
    }

    pub(super) fn keys(&self) -> Vec<(String, KeyRecord)> {
        self.records(KEY)
    }

    pub(super) async fn put_user(&self, by: &Changer, user: &str, record: &UserRecord) -> Result<(), Problem> {
        self.put(by, &format!("{USER}{user}"), record).await
    }

    pub(super) async fn put_key(&self, by: &Changer, id: &str, record: &KeyRecord) -> Result<(), Problem> {
        self.put(by, &format!("{KEY}{id}"), record).await
    }

    /// A document; none when it does not exist or was written by a release that said it differently.
    pub(super) fn record<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let setting = self.inner.engine.setting(name)?;
        let read = serde_json::from_str(setting.value.as_str());
        read.inspect_err(|error| tracing::error!(name, %error, "a setting cannot be read and counts as missing")).ok()
    }

    fn records<T: DeserializeOwned>(&self, prefix: &str) -> Vec<(String, T)> {
        let settings = self.inner.engine.settings(prefix);
        let named = settings.iter().map(|setting| setting.name.as_str()[prefix.len()..].to_owned());
        named
            .filter_map(|name| Some((self.record(&format!("{prefix}{name}"))?, name)))
            .map(|(record, name)| (name, record))
            .collect()
    }

    /// Writes a document and waits until it is durable.
    pub(super) async fn put(&self, by: &Changer, name: &str, record: &impl Serialize) -> Result<(), Problem> {
        let value = serde_json::to_string(record).map_err(|error| defect(&error))?;
        let value = SettingText::new(&value).map_err(|error| malformed(&error.to_string()))?;
        let name = Name::new(name).map_err(|error| malformed(&error.to_string()))?;
        let station = Name::new(STATION).expect("the name is short");
        let caller = Caller { actor: by.actor.clone(), role: by.role, station, entry: Entry::Typed };
        let configure = Operation::Configure(Configure { name, value: Some(value) });
        let mut request = self.inner.engine.request(&caller, configure);
        if by.role != Role::Administrator {
            let by = Name::new(SERVER).expect("the name is short");
            request.signature = Some(Signature { by, role: Role::Administrator });
        }
        let engine = self.inner.engine.clone();
        let submitted = tokio::task::spawn_blocking(move || engine.submit(request)).await;
        match submitted.map_err(|error| defect(&error))? {
            Ok(Outcome::Done(_)) => Ok(()),
            Ok(Outcome::Refused(refusal)) => Err(Problem::from(&refusal)),
            Err(error) => Err(Problem::from(error)),
        }
    }
}

fn defect(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a defect");
    let detail = "the server could not do what it should be able to";
    Problem::new(Code::Defect, detail, "report what the log says")
}
