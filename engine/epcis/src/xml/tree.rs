//! Elements that are kept rather than read.

use std::io::Read;

use super::tags::{Tag, Tags};
use crate::error::ReadProblem;
use crate::kept::{Budget, Value};

/// Attributes of this namespace say how a validator reads the element, not what is in it.
const SCHEMA_INSTANCE: &str = "{http://www.w3.org/2001/XMLSchema-instance}";

impl<R: Read> Tags<R> {
    /// Reads the element that was opened last, to its end. What the budget has no room for is passed over.
    pub(super) fn tree(&mut self, budget: &mut Budget) -> Result<Value, ReadProblem> {
        let mut members = Vec::new();
        for (name, value) in self.full_attributes()? {
            if !name.starts_with(SCHEMA_INSTANCE) && budget.take(name.len() + value.len()) {
                budget.put(&mut members, &name, Value::Text(value.into()));
            }
        }
        let mut text = String::new();
        while self.next()? == Tag::Open {
            if budget.take(self.text().len()) {
                text.push_str(self.text());
            }
            let name = self.full_name()?;
            budget.take(name.len());
            let value = self.tree(budget)?;
            budget.put(&mut members, &name, value);
        }
        if budget.take(self.text().len()) {
            text.push_str(self.text());
        }
        if members.is_empty() {
            return Ok(Value::Text(text.into()));
        }
        if !text.is_empty() {
            budget.put(&mut members, "#text", Value::Text(text.into()));
        }
        Ok(Value::Map(members))
    }
}
