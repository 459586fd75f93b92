//! What is said when a server has started: where the data are, where to look, who may come in.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;

use super::{FOLDER, Running, tls};
use crate::output::Style;

/// What the first administrator shows is kept in this file where nobody looks at a terminal.
const FIRST: &str = "first-administrator";

/// What is said when a server has started.
pub(crate) struct Banner<'r> {
    pub(crate) running: &'r Running,
    pub(crate) directory: &'r Path,
    pub(crate) style: Style,
}

impl Banner<'_> {
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Self { running, directory, style } = self;
        let url = running.url();
        let mut row = |name: &str, value: &str| writeln!(out, "  {}{value}", style.faint(format!("{name:<13}")));
        row("screen", &style.strong(&url))?;
        if running.address().ip().is_unspecified() {
            row("", "from another machine by the name of this one in place of localhost")?;
        }
        row("API", &format!("{url}/docs/"))?;
        row("health", &format!("{url}/healthz, {url}/readyz, {url}/metrics"))?;
        row("data", &directory.display().to_string())?;
        if let Some((fingerprint, own)) = &running.certificate {
            row("certificate", &format!("SHA-256 {fingerprint}"))?;
            if let Some(own) = own {
                row("", &format!("made by this server; clients may be told to trust {}", own.display()))?;
            }
        }
        row("stop", "Ctrl-C")
    }
}

/// Says how the first administrator is made, if there is none: on the terminal, or else in a file that only the server's user may read.
pub(crate) fn first_administrator(running: &Running, directory: &Path, out: &mut impl Write) -> io::Result<()> {
    let file = directory.join(FOLDER).join(FIRST);
    let Some(token) = running.access.first_administrator() else {
        // One that was used, or never will be.
        return match std::fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    let url = running.url();
    if io::stdout().is_terminal() {
        return writeln!(out, "\nThere is no administrator yet. Make one, once, at\n\n  {url}/#setup={token}\n");
    }
    tls::write_private(&file, &format!("{token}\n"))?;
    writeln!(out, "\nThere is no administrator yet. Make one at {url}/#setup with what is in {}", file.display())
}
