//! What the standard leaves to others, kept in one form whichever format it came in.
//!
//! Sensor data, certification details and user extensions are trees: elements with attributes in XML, objects and
//! arrays in JSON. Both become one [`Value`], and that becomes JSON text with its members in order. Names carry their
//! namespace in braces, because a prefix means nothing outside its document. Attributes become members, repeated
//! elements a list, as the JSON binding of EPCIS 2.0 has them.

use std::fmt::Write;

use packtree_gs1::Gs1Date;

use crate::Limits;
use crate::time::WrittenTime;

/// A field that the standard does not define, or whose content is nobody's business here.
///
/// ```
/// use packtree_epcis::Extension;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/read_event.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = read_event(r#"{"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["urn:x:1"],
///     "eventTime": "2026-11-23T10:15:30Z", "eventTimeZoneOffset": "+01:00", "https://example.com/line": 3}"#)?;
/// let [Extension { name, json }] = &event.common().extensions[..] else { panic!("there is one") };
/// assert_eq!((&**name, &**json), ("https://example.com/line", "3"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its name: `{namespace}name`, or just `name` for a field of EPCIS such as `sensorElementList`.
    pub name: Box<str>,
    /// Its content as JSON, names within written the same way, members sorted.
    pub json: Box<str>,
}

/// A tree of values, in either format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A JSON number, true, false or null, as written.
    Literal(Box<str>),
    Text(Box<str>),
    List(Vec<Value>),
    Map(Vec<(Box<str>, Value)>),
}

/// How much more may be kept.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    left_bytes: usize,
    members: usize,
    exceeded: bool,
}

/// Memory that a value takes besides its text.
const VALUE_BYTES: usize = 64;

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { left_bytes: limits.kept_bytes, members: limits.members, exceeded: false }
    }

    /// Asks for room for one value; once there is none, there is none any more.
    pub(crate) fn take(&mut self, text_bytes: usize) -> bool {
        match self.left_bytes.checked_sub(VALUE_BYTES + text_bytes) {
            Some(left) if !self.exceeded => self.left_bytes = left,
            _ => self.exceeded = true,
        }
        !self.exceeded
    }

    pub(crate) fn is_exceeded(&self) -> bool {
        self.exceeded
    }

    /// Adds a member; a name that is there already makes a list of its values.
    pub(crate) fn put(&mut self, members: &mut Vec<(Box<str>, Value)>, name: &str, value: Value) {
        if self.exceeded {
            return;
        }
        let is_full = members.len() == self.members;
        match members.iter_mut().find(|(known, _)| **known == *name) {
            // Finding a name takes a look at each, so their number is bounded more tightly than their size.
            None if is_full => self.exceeded = true,
            None => members.push((name.into(), value)),
            Some((_, Value::List(values))) => values.push(value),
            Some((_, single)) => {
                let first = std::mem::replace(single, Value::List(Vec::new()));
                *single = Value::List(vec![first, value]);
            }
        }
    }
}

impl Value {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn into_text(self) -> Option<Box<str>> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The first member below whose name says that it is a date and whose text is none.
    pub(crate) fn bad_date(&self) -> Option<(&str, &str)> {
        match self {
            Self::Literal(_) | Self::Text(_) => None,
            Self::List(values) => values.iter().find_map(Self::bad_date),
            Self::Map(members) => members.iter().find_map(|(name, value)| match value {
                Self::Text(text) if name.ends_with("Date") && !is_date(text) => Some((&**name, &**text)),
                _ => value.bad_date(),
            }),
        }
    }

    /// Canonical JSON, of a value whose names have their namespaces already.
    pub(crate) fn to_json(&self) -> Box<str> {
        let mut json = String::new();
        self.write(&mut json, &mut |name| name.into());
        json.into()
    }

    /// Writes canonical JSON; `full` gives each name its namespace.
    pub(crate) fn write(&self, json: &mut String, full: &mut dyn FnMut(&str) -> Box<str>) {
        match self {
            Self::Literal(text) => json.push_str(text),
            Self::Text(text) => write_text(json, text),
            Self::List(values) => {
                json.push('[');
                for (index, value) in values.iter().enumerate() {
                    json.push_str(if index == 0 { "" } else { "," });
                    value.write(json, full);
                }
                json.push(']');
            }
            Self::Map(members) => {
                let mut members: Vec<_> = members.iter().map(|(name, value)| (full(name), value)).collect();
                members.sort_by(|(left, _), (right, _)| left.cmp(right));
                json.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    json.push_str(if index == 0 { "" } else { "," });
                    write_text(json, name);
                    json.push(':');
                    value.write(json, full);
                }
                json.push('}');
            }
        }
    }
}

fn is_date(text: &str) -> bool {
    Gs1Date::parse_iso(text).is_some() || WrittenTime::parse(text).is_ok()
}

pub(crate) fn write_text(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            control if control < ' ' => {
                write!(json, "\\u{:04x}", u32::from(control)).expect("writing to a String does not fail");
            }
            other => json.push(other),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_one_way() {
        let mut budget = Budget::new(&Limits::default());
        let mut members = Vec::new();
        budget.put(&mut members, "b", Value::Text("x \"y\"\n\u{1}".into()));
        budget.put(&mut members, "a", Value::Literal("26.0".into()));
        budget.put(&mut members, "a", Value::Text("27".into()));
        budget.put(&mut members, "a", Value::List(vec![]));
        let mut json = String::new();
        Value::Map(members).write(&mut json, &mut |name| format!("{{urn:x}}{name}").into());
        assert_eq!(json, r#"{"{urn:x}a":[26.0,"27",[]],"{urn:x}b":"x \"y\"\n\u0001"}"#);
    }
}
