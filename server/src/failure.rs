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
        let mut text = format!("{} {}\n", style.bad("error:"), wrapped(&message.what, "error: ".len(), "  "));
        if let Some(remedy) = message.remedy {
            let _ = writeln!(text, "  {}   {}", style.faint("do:"), wrapped(&remedy, "  do:   ".len(), "        "));
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

impl From<packtree_client::Error> for Failure {
    /// Of a server. What whoever asks may not do is refused to them; everything else cannot be done.
    fn from(error: packtree_client::Error) -> Self {
        use packtree_client::Error as E;
        match &error {
            E::Forbidden(problem) | E::SignatureNeeded(problem) => Self::no(&problem.detail).remedy(&problem.remedy),
            E::Unauthorized(problem) => Self::cannot(&problem.detail)
                .remedy("put an API key of that server, packtree_..., into the variable PACKTREE_KEY"),
            _ => match error.problem() {
                Some(problem) => Self::cannot(&problem.detail).remedy(&problem.remedy),
                None => Self::cannot(error),
            },
        }
    }
}

impl From<serde_json::Error> for Failure {
    /// Of writing the output: what is written can always be spelled as JSON.
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

/// A text in lines of at most 100 columns, the first of which begins behind `used` columns. Lines that are longer than that in one
/// word, and those that are indented, stay as they are.
fn wrapped(text: &str, used: usize, indentation: &str) -> String {
    const COLUMNS_MAX: usize = 100;
    let mut wrapped = String::with_capacity(text.len());
    let mut column = used;
    for (index, line) in text.lines().enumerate() {
        if 0 < index {
            wrapped.push('\n');
            column = 0;
        }
        if line.starts_with(' ') {
            wrapped.push_str(line);
            continue;
        }
        for (position, word) in line.split(' ').enumerate() {
            let length = word.chars().count();
            if 0 < position && COLUMNS_MAX < column + 1 + length {
                wrapped.push('\n');
                wrapped.push_str(indentation);
                column = indentation.len();
            } else if 0 < position {
                wrapped.push(' ');
                column += 1;
            }
            wrapped.push_str(word);
            column += length;
        }
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_wrapped() {
        let words = "word ".repeat(40);
        let text = wrapped(words.trim(), 7, "  ");
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        assert_eq!(text.lines().count(), 3);
        assert_eq!(text.split_whitespace().count(), 40);
        let path = "x".repeat(200);
        assert_eq!(wrapped(&format!("cannot read {path}"), 7, "  "), format!("cannot read\n  {path}"));
        let shown = format!("wrong\n  {path}\n  ^");
        assert_eq!(wrapped(&shown, 7, "  "), shown);
    }
}
