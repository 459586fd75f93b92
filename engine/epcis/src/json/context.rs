//! The prefixes that `@context` defines.

use crate::Limits;
use crate::error::ReadProblem;

/// Prefixes in force, innermost last.
#[derive(Default)]
pub(super) struct Context {
    prefixes: Vec<(Box<str>, Box<str>)>,
    /// Whether the document has one at all.
    pub(super) is_given: bool,
}

/// What the contexts of EPCIS 2.0 define.
const STANDARD: &[(&str, &str)] = &[
    ("cbv", "https://ref.gs1.org/cbv/"),
    ("cbvmda", "urn:epcglobal:cbv:mda:"),
    ("epcis", "https://ref.gs1.org/epcis/"),
    ("gs1", "https://gs1.org/voc/"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("dcterms", "http://purl.org/dc/terms/"),
];

impl Context {
    pub(super) fn define(&mut self, limits: &Limits, prefix: &str, namespace: &str) -> Result<(), ReadProblem> {
        if self.prefixes.len() == limits.namespaces {
            return Err(ReadProblem::Limit { what: "namespace prefixes in force", limit: limits.namespaces });
        }
        if namespace.len() > limits.name_bytes {
            return Err(ReadProblem::Limit { what: "bytes in the name of a namespace", limit: limits.name_bytes });
        }
        self.prefixes.push((prefix.into(), namespace.into()));
        Ok(())
    }

    /// How many prefixes are in force, to come back to with [`Context::leave`].
    pub(super) fn len(&self) -> usize {
        self.prefixes.len()
    }

    /// Ends the scope of an event.
    pub(super) fn leave(&mut self, len: usize) {
        self.prefixes.truncate(len);
    }

    /// Gives a name its namespace: `{namespace}name`. A name without prefix, and a full URI, stay as they are.
    pub(super) fn full_name(&self, name: &str) -> Option<Box<str>> {
        let Some((prefix, local)) = name.split_once(':') else { return Some(name.into()) };
        let defined =
            self.prefixes.iter().rev().find(|(known, _)| **known == *prefix).map(|(_, namespace)| &**namespace);
        let standard = || STANDARD.iter().find(|(known, _)| *known == prefix).map(|(_, namespace)| *namespace);
        match defined.or_else(standard) {
            Some(namespace) => Some(format!("{{{}}}{local}", namespace.trim_end_matches([':', '#'])).into()),
            None if local.starts_with("//") || prefix == "urn" => Some(name.into()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_their_namespaces() {
        let mut context = Context::default();
        let limits = Limits::default();
        context.define(&limits, "ext", "http://example.com/ext/").unwrap();
        let outer = context.len();
        context.define(&limits, "ext", "http://example.com/inner#").unwrap();
        let check = |context: &Context, name: &str, expected: Option<&str>| {
            assert_eq!(context.full_name(name).as_deref(), expected, "{name}");
        };
        check(&context, "ext:a", Some("{http://example.com/inner}a"));
        context.leave(outer);
        check(&context, "ext:a", Some("{http://example.com/ext/}a"));
        check(&context, "cbvmda:lotNumber", Some("{urn:epcglobal:cbv:mda}lotNumber"));
        check(&context, "plain", Some("plain"));
        check(&context, "https://example.com/x", Some("https://example.com/x"));
        check(&context, "nobody:a", None);
    }
}
