//! States and refusals in words; those of facts are the ones of the wire.

use std::fmt::Write as _;

use packtree::fact::Status;
use packtree::{Reason, Refusal};

pub(crate) use packtree_wire::words::{count, grouped, list, lot, quantity, seal, waits};

use crate::output::Style;

/// What is unusual about an object; nothing for one that is active and free.
pub(crate) fn oddities(status: Status, away: bool, held: bool) -> Vec<&'static str> {
    let mut odd = Vec::new();
    if status != Status::Active {
        odd.push(status.word());
    }
    if away {
        odd.push("away");
    }
    if held {
        odd.push("on hold");
    }
    odd
}

/// A refusal: each object at fault, why, and what to do.
pub(crate) fn refusal(refusal: &Refusal, style: Style) -> String {
    const SHOWN_MAX: usize = 10;
    let mut text = String::new();
    for fault in refusal.faults.iter().take(SHOWN_MAX) {
        let object = fault.object.as_ref().map_or_else(String::new, |object| format!(" {}:", style.strong(object)));
        let other = fault.other.as_ref().map_or_else(String::new, |other| format!(": {other}"));
        let _ = write!(
            text,
            "{}{object} {}{other}\n  {}  {} ({})\n  {}    {}\n",
            style.bad("refused:"),
            fault.reason.sentence(),
            style.faint("code:"),
            fault.reason.code(),
            fault.reason.number(),
            style.faint("do:"),
            fault.reason.remedy(),
        );
        if let Some(hint) = hint(fault.reason) {
            let _ = writeln!(text, "         {hint}");
        }
    }
    if let more @ 1.. = refusal.faults.len().saturating_sub(SHOWN_MAX) {
        let _ = writeln!(text, "and {} more objects at fault; --json lists all", grouped(more as u64));
    }
    text
}

/// How the command line does what a remedy says.
const fn hint(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::ReasonRequired => Some("add --reason 'TEXT'"),
        Reason::RoleNotAllowed => Some(
            "add --role supervisor, quality or administrator, if that is your role; for a server, the key says which it is",
        ),
        Reason::ChildHasOtherParent => Some("packtree move CHILD --into PARENT"),
        Reason::ContainerIsClosed => Some("packtree reopen CONTAINER --reason 'TEXT'"),
        Reason::ObjectOnHold => Some("packtree release OBJECT --reason 'TEXT'"),
        Reason::LotOnHold => Some("packtree release '(01)...(10)...' --reason 'TEXT'"),
        _ => None,
    }
}
