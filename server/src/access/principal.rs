//! Somebody whose credentials were checked, and what their role allows.

use packtree::fact::{Name, Role, Verb};

/// A person or a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Signed in with a password; signs what needs a signature.
    Person,
    /// Came with an API key; signs nothing.
    Machine,
}

/// Somebody whose credentials were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The name under which facts are recorded.
    pub actor: Name,
    /// A person or a machine.
    pub kind: Kind,
    /// The role that counts.
    pub role: Role,
    /// The stations at which they may work; everywhere when there is none.
    pub stations: Vec<Name>,
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Asking: objects, lots, facts, the feed.
    Read,
    /// An operation.
    Operate(Verb),
    /// Closing as partial.
    ClosePartial,
    /// Documents from partners.
    Import,
    /// Labels, on paper.
    Print,
    /// Checkpoints, ahead of a restart.
    Checkpoint,
    /// Users, keys and the policy.
    Administer,
}

/// Why somebody may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role does not allow it.
    #[error("the role {} may not {what}", role.word())]
    Role {
        /// The role that they have.
        role: Role,
        /// What was asked for, as the end of a sentence.
        what: String,
    },
    /// They may work elsewhere only.
    #[error("{actor} may not work at {station}")]
    Station {
        /// Who.
        actor: Name,
        /// Where.
        station: Name,
    },
}

/// What people with this role may do; machines may do every operation.
const fn verbs(role: Role) -> &'static [Verb] {
    match role {
        Role::Operator => &[
            Verb::Commission,
            Verb::Pack,
            Verb::Unpack,
            Verb::Move,
            Verb::Replace,
            Verb::Swap,
            Verb::Relabel,
            Verb::Merge,
            Verb::Split,
            Verb::Reset,
            Verb::Close,
            Verb::Hold,
            Verb::Reject,
            Verb::Receive,
            Verb::Observe,
        ],
        Role::Quality => &[Verb::Hold, Verb::Release, Verb::Sample, Verb::Reject, Verb::Destroy, Verb::CorrectLot],
        Role::Supervisor | Role::Machine => Verb::ALL,
        Role::Administrator | Role::Auditor => &[],
    }
}

impl Principal {
    /// Whether they may do it.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn may(&self, permission: Permission) -> Result<(), Denied> {
        let is_allowed = match permission {
            Permission::Read => true,
            // A change of the settings is administration, whoever may do every operation.
            Permission::Operate(Verb::Configure) | Permission::Administer => self.role == Role::Administrator,
            Permission::Operate(verb) => verbs(self.role).contains(&verb),
            Permission::Print => matches!(self.role, Role::Operator | Role::Supervisor | Role::Machine),
            Permission::Checkpoint => matches!(self.role, Role::Administrator | Role::Machine),
            Permission::ClosePartial | Permission::Import => matches!(self.role, Role::Supervisor | Role::Machine),
        };
        if is_allowed {
            return Ok(());
        }
        Err(Denied::Role { role: self.role, what: permission.in_words() })
    }

    /// Whether they work with objects at all.
    pub(crate) const fn works(&self) -> bool {
        !verbs(self.role).is_empty()
    }

    /// Whether they may work at a station.
    ///
    /// # Errors
    /// That they may not.
    pub fn may_work_at(&self, station: &Name) -> Result<(), Denied> {
        if self.stations.is_empty() || self.stations.contains(station) {
            return Ok(());
        }
        Err(Denied::Station { actor: self.actor.clone(), station: station.clone() })
    }
}

impl Permission {
    /// The permission as the end of a sentence.
    fn in_words(self) -> String {
        match self {
            Self::Read => "look at this site".to_owned(),
            Self::Operate(verb) => verb.word().replace('_', " "),
            Self::ClosePartial => "close as partial".to_owned(),
            Self::Import => "import documents".to_owned(),
            Self::Print => "print labels".to_owned(),
            Self::Checkpoint => "write a checkpoint".to_owned(),
            Self::Administer => "change users, keys and the policy".to_owned(),
        }
    }
}
