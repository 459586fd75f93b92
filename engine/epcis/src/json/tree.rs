//! Values that are kept rather than read.

use std::io::Read;

use super::tokens::{Shape, Tokens};
use crate::error::ReadProblem;
use crate::kept::{Budget, Value};

impl<R: Read> Tokens<R> {
    /// Reads the value that comes next. What the budget has no room for is passed over.
    pub(super) fn tree(&mut self, budget: &mut Budget) -> Result<Value, ReadProblem> {
        match self.shape()? {
            Shape::Object => {
                let mut members = Vec::new();
                self.enter()?;
                while self.member()? {
                    let name = self.key.clone();
                    budget.take(name.len());
                    let value = self.tree(budget)?;
                    budget.put(&mut members, &name, value);
                }
                Ok(Value::Map(members))
            }
            Shape::Array => {
                let mut values = Vec::new();
                self.enter()?;
                while self.entry()? {
                    let value = self.tree(budget)?;
                    if budget.take(0) {
                        values.push(value);
                    }
                }
                Ok(Value::List(values))
            }
            Shape::Text => {
                let text = self.scalar()?;
                Ok(Value::Text(if budget.take(text.len()) { text.into() } else { Box::default() }))
            }
            Shape::Number | Shape::Word => Ok(Value::Literal(self.scalar()?.into())),
        }
    }
}
