//! Why a command does not end with 0, said as what, why, and what to do.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::output::{Output, Style};

/// Why a command does not end with 0.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The answer is printed already, and it is a no: refused, not whole, not as counted. Exit code 1.
    Answered,
    /// What was asked for is not there, or not right. Exit code 1.
    No(Message),
    /// The command cannot run. Exit code 2.
    Cannot(Message),
    /// Whoever read the output has seen enough, such as `head`. Exit code 0.
    ClosedPipe,
}

/// What stands in the way, and what to do about it.
#[derive(Debug)]
pub(crate) struct Message {
    what: String,
    remedy: Option<String>,
}

#[expect(clippy::needless_pass_by_value, reason = "texts and errors are made where the failure is")]
impl Failure {
    pub(crate) fn cannot(what: impl ToString) -> Self {
        Self::Cannot(Message { what: what.to_string(), remedy: None })
    }

    pub(crate) fn no(what: impl ToString) -> Self {
        Self::No(Message { what: what.to_string(), remedy: None })
    }

    /// Adds what to do.
    pub(crate) fn remedy(mut self, remedy: impl ToString) -> Self {
        if let Self::No(message) | Self::Cannot(message) = &mut self {
            message.remedy = Some(remedy.to_string());
        }
        self
    }

    /// Says what there is left to say, on standard error, and gives the exit code.
    pub(crate) fn report(self, out: &mut Output) -> ExitCode {
        let flushed = out.finish();
        let (message, code) = match self {
            Self::ClosedPipe => return ExitCode::SUCCESS,
            Self::Answered if flushed.is_err() => return ExitCode::SUCCESS,
            Self::Answered => return ExitCode::from(1),
            Self::No(message) => (message, 1),
            Self::Cannot(message) => (message, 2),
        };
        let style = Style::of_errors();
        let mut text = format!("{} {}\n", style.bad("error:"), message.what);
        if let Some(remedy) = message.remedy {
            let _ = writeln!(text, "  {}   {remedy}", style.faint("do:"));
        }
        // There is nobody left to tell when standard error is closed too.
        let _ = io::stderr().write_all(text.as_bytes());
        ExitCode::from(code)
    }
}

impl From<io::Error> for Failure {
    /// Of writing the output.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Self::cannot(format!("the output cannot be written: {error}"))
    }
}

impl From<packtree::Error> for Failure {
    fn from(error: packtree::Error) -> Self {
        Self::cannot(error)
    }
}

impl From<serde_json::Error> for Failure {
    /// Of writing the output: what is written can always be spelled as JSON.
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}
