//! What is made of a run: the check of its limits, its summary, its page, and the comparison of two.

pub(crate) mod comparison;
pub(crate) mod file;
mod histogram;
pub(crate) mod page;
pub(crate) mod run;
pub(crate) mod summary;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod threshold;
mod timeline;
pub(crate) mod verdict;
