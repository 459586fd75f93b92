//! Namespace prefixes and what they stand for where.

use crate::Limits;
use crate::error::ReadProblem;

/// Whose name an element has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// EPCIS itself: no namespace, or one of the standard's.
    Epcis,
    /// The business document header.
    Header,
    /// Anybody else.
    Other,
}

/// The bindings in force, innermost last.
#[derive(Default)]
pub(super) struct Names {
    bindings: Vec<Binding>,
}

struct Binding {
    /// How deep the element is that declares it.
    depth: usize,
    /// Empty for the default namespace.
    prefix: Box<str>,
    namespace: Box<str>,
    owner: Owner,
}

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

impl Names {
    pub(super) fn declare(
        &mut self,
        limits: &Limits,
        depth: usize,
        prefix: &str,
        namespace: &str,
    ) -> Result<(), ReadProblem> {
        if self.bindings.len() == limits.namespaces {
            return Err(ReadProblem::Limit { what: "namespace prefixes in force", limit: limits.namespaces });
        }
        if namespace.len() > limits.name_bytes {
            return Err(ReadProblem::Limit { what: "bytes in the name of a namespace", limit: limits.name_bytes });
        }
        let owner = owner_of(namespace);
        self.bindings.push(Binding { depth, prefix: prefix.into(), namespace: namespace.into(), owner });
        Ok(())
    }

    /// Ends the scope of an element.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|binding| binding.depth >= depth) {
            self.bindings.pop();
        }
    }

    /// Whose an element without, or with, a prefix is.
    pub(super) fn owner(&self, prefix: &str) -> Result<Owner, ReadProblem> {
        match self.find(prefix) {
            Some(binding) => Ok(binding.owner),
            None if prefix.is_empty() => Ok(Owner::Epcis),
            None if prefix == "xml" => Ok(Owner::Other),
            None => Err(ReadProblem::not_well_formed(format_args!("the prefix {prefix} is not declared"))),
        }
    }

    /// The namespace of a prefix; empty for none.
    pub(super) fn namespace(&self, prefix: &str) -> Result<&str, ReadProblem> {
        match self.find(prefix) {
            Some(binding) => Ok(&binding.namespace),
            None if prefix.is_empty() => Ok(""),
            None if prefix == "xml" => Ok(XML_NAMESPACE),
            None => Err(ReadProblem::not_well_formed(format_args!("the prefix {prefix} is not declared"))),
        }
    }

    fn find(&self, prefix: &str) -> Option<&Binding> {
        self.bindings.iter().rev().find(|binding| *binding.prefix == *prefix)
    }
}

fn owner_of(namespace: &str) -> Owner {
    if namespace.is_empty() || namespace.starts_with("urn:epcglobal:epcis") {
        Owner::Epcis
    } else if namespace.ends_with("/StandardBusinessDocumentHeader") {
        Owner::Header
    } else {
        Owner::Other
    }
}

/// Splits a name at its colon: prefix and local part.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_declarations_win_until_their_element_ends() {
        let limits = Limits::default();
        let mut names = Names::default();
        names.declare(&limits, 1, "a", "urn:epcglobal:epcis:xsd:1").unwrap();
        names.declare(&limits, 2, "a", "http://example.com/").unwrap();
        names.declare(&limits, 2, "", "http://example.com/default").unwrap();
        assert_eq!(names.owner("a").unwrap(), Owner::Other);
        assert_eq!(names.owner("").unwrap(), Owner::Other);
        names.leave(2);
        assert_eq!(names.owner("a").unwrap(), Owner::Epcis);
        assert_eq!(names.owner("").unwrap(), Owner::Epcis);
        assert_eq!(names.namespace("a").unwrap(), "urn:epcglobal:epcis:xsd:1");
        names.leave(1);
        assert_eq!(names.owner("a").unwrap_err().to_string(), "not well-formed: the prefix a is not declared");
    }

    #[test]
    fn prefixes_are_not_piled_up_for_ever() {
        let limits = Limits { namespaces: 2, ..Limits::default() };
        let mut names = Names::default();
        names.declare(&limits, 1, "a", "urn:a").unwrap();
        names.declare(&limits, 1, "b", "urn:b").unwrap();
        let problem = names.declare(&limits, 2, "c", "urn:c").unwrap_err();
        assert_eq!(problem.to_string(), "more than 2 namespace prefixes in force");
    }
}
