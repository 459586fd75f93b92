//! Has the program built again when a file of the warehouse screen was changed, added or removed: the macro that embeds the folder does
//! not tell the compiler which files it read.
#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=screen");
}
