//! The steps of which the life of a pallet is made.

use packtree::refusal::Reason;

/// One thing that is done about a pallet. Slots are places for units: slot 0 is the first in case 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The units begin to exist, rejects and replacements included.
    CommissionUnits,
    /// The cases begin to exist.
    CommissionCases,
    /// The pallet begins to exist.
    CommissionPallet,
    /// A unit is rejected on its way into a slot.
    Reject { slot: u32 },
    /// A case is filled.
    Pack { case: u32 },
    /// The request of a pack is sent again.
    Repeat { case: u32 },
    /// Something is sent, after a case was filled, that must be refused.
    Malformed { case: u32, what: Malformed },
    /// The unit in a slot is replaced.
    Replace { slot: u32 },
    /// The cases are closed.
    CloseCases,
    /// The cases go onto the pallet.
    PackPallet,
    /// The pallet is closed.
    ClosePallet,
    /// The pallet is taken apart.
    Break,
    /// A case is taken off the pallet.
    TakeOff { case: u32 },
    /// The pallet is counted, and perhaps a case is missing.
    Count { missing: Option<u32> },
    /// The unit in a slot is taken as a sample.
    Sample { slot: u32 },
    /// The pallet is put on hold.
    Hold,
    /// The pallet is released.
    Release,
}

/// Requests that no honest caller sends, each with the reason for which it must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// A unit is packed into the case that it is in.
    PackedTwice,
    /// A unit is packed that does not exist.
    Unknown,
    /// A unit is unpacked from a container that it is not in.
    WrongParent,
    /// A case is packed into itself.
    IntoItself,
    /// Nothing is packed.
    Nothing,
    /// A unit is commissioned that exists.
    CommissionedTwice,
    /// A unit is rejected, and nobody says why.
    WithoutReason,
    /// A request id is used again for another operation.
    OtherContent,
}

impl Malformed {
    pub(crate) const ALL: [Self; 8] = [
        Self::PackedTwice,
        Self::Unknown,
        Self::WrongParent,
        Self::IntoItself,
        Self::Nothing,
        Self::CommissionedTwice,
        Self::WithoutReason,
        Self::OtherContent,
    ];

    /// Why it must be refused.
    pub(crate) fn reason(self) -> Reason {
        match self {
            Self::PackedTwice => Reason::ChildAlreadyInParent,
            Self::Unknown => Reason::ObjectNotFound,
            Self::WrongParent => Reason::ChildNotInParent,
            Self::IntoItself => Reason::ContainerIntoItself,
            Self::Nothing => Reason::NothingNamed,
            Self::CommissionedTwice => Reason::ObjectAlreadyCommissioned,
            Self::WithoutReason => Reason::ReasonRequired,
            Self::OtherContent => Reason::RequestExistsWithDifferentContent,
        }
    }
}

/// The kinds by which waiting is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Commission,
    Pack,
    Close,
    Reject,
    Replace,
    Unpack,
    Reset,
    Sample,
    Hold,
    Release,
    Retry,
    Malformed,
    Query,
    /// Somebody signs in.
    SignIn,
    /// Somebody scans a label, and is shown its card.
    Scan,
    /// Somebody who is signed in does something about what they scanned.
    Act,
}

impl Kind {
    pub(crate) const ALL: [Self; 16] = [
        Self::Commission,
        Self::Pack,
        Self::Close,
        Self::Reject,
        Self::Replace,
        Self::Unpack,
        Self::Reset,
        Self::Sample,
        Self::Hold,
        Self::Release,
        Self::Retry,
        Self::Malformed,
        Self::Query,
        Self::SignIn,
        Self::Scan,
        Self::Act,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Commission => "commission",
            Self::Pack => "pack",
            Self::Close => "close",
            Self::Reject => "reject",
            Self::Replace => "replace",
            Self::Unpack => "unpack",
            Self::Reset => "reset",
            Self::Sample => "sample",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Retry => "retry",
            Self::Malformed => "malformed",
            Self::Query => "query",
            Self::SignIn => "sign_in",
            Self::Scan => "scan",
            Self::Act => "act",
        }
    }
}

impl Step {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::CommissionUnits | Self::CommissionCases | Self::CommissionPallet => Kind::Commission,
            Self::Reject { .. } => Kind::Reject,
            Self::Pack { .. } | Self::PackPallet => Kind::Pack,
            Self::Repeat { .. } => Kind::Retry,
            Self::Malformed { .. } => Kind::Malformed,
            Self::Replace { .. } => Kind::Replace,
            Self::CloseCases | Self::ClosePallet => Kind::Close,
            Self::Break | Self::TakeOff { .. } => Kind::Unpack,
            Self::Count { .. } => Kind::Reset,
            Self::Sample { .. } => Kind::Sample,
            Self::Hold => Kind::Hold,
            Self::Release => Kind::Release,
        }
    }

    /// Whether it gives out numbers, which is done ahead of the line.
    pub(crate) fn is_commission(self) -> bool {
        self.kind() == Kind::Commission
    }

    /// What it is called among the actions on the card of what is scanned for it; `None` for a step of the line.
    pub(crate) fn action(self) -> Option<&'static str> {
        match self {
            Self::Break => Some("break"),
            Self::TakeOff { .. } => Some("take_out"),
            Self::Count { .. } => Some("reconcile"),
            Self::Sample { .. } => Some("sample"),
            Self::Hold => Some("hold"),
            Self::Release => Some("release"),
            _ => None,
        }
    }

    /// Whether somebody in the warehouse does it.
    pub(crate) fn is_of_warehouse(self) -> bool {
        self.action().is_some()
    }
}
