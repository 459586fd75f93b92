//! Standard output, with colours on a terminal only.

use std::env;
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

use crate::failure::Failure;

/// Where answers go.
pub(crate) struct Output {
    writer: BufWriter<Box<dyn Write>>,
    pub(crate) style: Style,
}

impl Output {
    pub(crate) fn standard() -> Self {
        let stdout = io::stdout();
        let style = Style { coloured: wants_colour(&stdout) };
        Self { writer: BufWriter::new(Box::new(stdout)), style }
    }

    /// Prints one JSON value and a line feed.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.writer, value)?;
        Ok(self.writer.write_all(b"\n")?)
    }

    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn wants_colour(stream: &impl IsTerminal) -> bool {
    // https://no-color.org: present and not empty.
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && stream.is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// How words stand out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    coloured: bool,
}

impl Style {
    pub(crate) fn of_errors() -> Self {
        Self { coloured: wants_colour(&io::stderr()) }
    }

    /// An identifier that the answer is about.
    pub(crate) fn strong(self, text: impl Display) -> String {
        self.paint("1", text)
    }

    /// What is beside the point.
    pub(crate) fn faint(self, text: impl Display) -> String {
        self.paint("2", text)
    }

    pub(crate) fn good(self, text: impl Display) -> String {
        self.paint("32", text)
    }

    /// What wants attention.
    pub(crate) fn odd(self, text: impl Display) -> String {
        self.paint("33", text)
    }

    pub(crate) fn bad(self, text: impl Display) -> String {
        self.paint("1;31", text)
    }

    fn paint(self, code: &str, text: impl Display) -> String {
        if self.coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}
