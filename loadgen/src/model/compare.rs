//! Whether an object is as it must be, and in words how it is not.

use std::fmt::Display;

use packtree::Identifier;

use crate::target::Seen;

/// What is wrong with an object; `None` when it is as it must be.
pub(super) fn difference(id: &Identifier, expected: Option<&Seen>, found: Option<&Seen>) -> Option<String> {
    match (expected, found) {
        (None, None) => None,
        (Some(_), None) => Some(format!("{id} was acknowledged, and is not there")),
        (None, Some(_)) => Some(format!("{id} is there, and was never acknowledged")),
        (Some(expected), Some(found)) if expected == found => None,
        (Some(expected), Some(found)) => Some(format!("{id}: {}", fields(expected, found))),
    }
}

fn fields(expected: &Seen, found: &Seen) -> String {
    let mut words = Vec::new();
    let mut compare = |what: &str, expected: &dyn Display, found: &dyn Display| {
        let (expected, found) = (expected.to_string(), found.to_string());
        if expected != found {
            words.push(format!("its {what} must be {expected}, and is {found}"));
        }
    };
    compare("level", &expected.level, &found.level);
    compare("status", &expected.status, &found.status);
    compare("seal", &expected.seal, &found.seal);
    compare("hold", &or_none(expected.held_by.as_ref()), &or_none(found.held_by.as_ref()));
    compare("lot's hold", &expected.lot_on_hold, &found.lot_on_hold);
    compare("being away", &expected.away, &found.away);
    compare("lot", &or_none(expected.lot.as_ref()), &or_none(found.lot.as_ref()));
    compare("parent", &or_none(expected.parent.as_ref()), &or_none(found.parent.as_ref()));
    compare("number of children", &expected.children, &found.children);
    compare("number of units", &expected.units, &found.units);
    words.join("; ")
}

fn or_none(value: Option<&impl Display>) -> String {
    value.map_or_else(|| "none".to_owned(), ToString::to_string)
}
