//! What is made of a run: the check of its limits, its summary, its page, and the comparison of two.

mod file;
mod histogram;
mod run;
#[cfg(test)]
mod testing;
mod threshold;
