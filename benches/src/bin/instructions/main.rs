//! Counts the instructions of the hot paths, and fails when a path has grown by more than 5 % without its new figure being committed.
//!
//! Unlike times, instructions do not depend on how busy a machine is. The program runs itself under valgrind's callgrind, which
//! emulates one kind of processor, and compares what it finds with `benches/instructions.txt`:
//!
//! ```sh
//! cargo run --release -p packtree-benches --bin instructions                      # compare
//! cargo run --release -p packtree-benches --bin instructions -- --write "REASON"  # commit figures that have changed
//! ```
//!
//! Seeds are fixed and no path asks for the time or for randomness. What still depends on the machine: reading XML and checking frames
//! take other instructions where valgrind offers no AVX2 or no carry-less multiplication, which it does on every processor that has them.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

mod figures;
mod paths;
mod valgrind;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use figures::Figures;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if cfg!(debug_assertions) {
        bail!("instructions count with optimisation only: cargo run --release -p packtree-benches --bin instructions");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt");
    match arguments.as_slice() {
        ["--run"] => {
            paths::run_all();
            Ok(ExitCode::SUCCESS)
        }
        [] => {
            let found = Figures::read(&file)?.compare(&valgrind::count()?);
            print!("{found}");
            Ok(if found.is_agreed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        ["--write", reason] => {
            let known = if file.exists() { Figures::read(&file)? } else { Figures::default() };
            let counted = valgrind::count()?;
            let replaced = known.replaced(&counted, reason);
            replaced.write(&file)?;
            print!("{}", replaced.compare(&counted));
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("usage: instructions [--write REASON]"),
    }
}
