//! The binary `packtree`.

use std::process::ExitCode;

fn main() -> ExitCode {
    packtree_server::command_line()
}
