//! From a directory to an engine.

use std::env;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::ProgressBar;
use packtree::disk::{Disk, LockError, RealDisk};
use packtree::{Engine, OpenError, Options, Policy};

use crate::failure::Failure;

/// The variable that names the directory where `--data` does not.
const DATA_VARIABLE: &str = "PACKTREE_DATA";

/// The directory that `--data` or the environment names.
pub(crate) fn directory(data: Option<&Path>) -> Result<PathBuf, Failure> {
    let variable = || env::var_os(DATA_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    data.map(Path::to_owned).or_else(variable).ok_or_else(|| {
        Failure::cannot("no data directory is named").remedy(format!(
            "name it with `--data DIR` or in the variable {DATA_VARIABLE}; `packtree demo` makes one to look at"
        ))
    })
}

/// Opens a directory that has data.
pub(crate) fn existing(data: Option<&Path>, policy: Policy) -> Result<Engine, Failure> {
    let directory = directory(data)?;
    disk_of_existing(&directory)?;
    open(&directory, policy)
}

/// Opens a directory, which is made where it does not exist.
pub(crate) fn any(data: Option<&Path>, policy: Policy) -> Result<Engine, Failure> {
    let directory = directory(data)?;
    if let Ok(disk) = RealDisk::open(&directory) {
        let names = disk.list().map_err(|error| unreadable(&directory, &error))?;
        if !names.is_empty() && !names.iter().any(|name| is_ours(name) || is_of_a_start(name)) {
            return Err(Failure::cannot(format!("{} holds files that are not Packtree's", directory.display()))
                .remedy("name an empty directory, or one that does not exist yet"));
        }
    }
    open(&directory, policy)
}

/// The disk of a directory that has data; nothing in it is changed.
pub(crate) fn disk_of_existing(directory: &Path) -> Result<RealDisk, Failure> {
    let disk = match RealDisk::open(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(nothing_in(directory)),
        disk => disk.map_err(|error| unreadable(directory, &error))?,
    };
    let names = disk.list().map_err(|error| unreadable(directory, &error))?;
    if names.iter().any(|name| is_ours(name)) {
        return Ok(disk);
    }
    Err(nothing_in(directory))
}

fn nothing_in(directory: &Path) -> Failure {
    Failure::cannot(format!("there is no Packtree data in {}", directory.display()))
        .remedy("check the path; `packtree import` and `packtree commission` begin a new directory")
}

/// Whether data are there, so that looking at them does not begin a directory.
pub(crate) fn has_data(directory: &Path) -> bool {
    disk_of_existing(directory).is_ok()
}

fn open(directory: &Path, policy: Policy) -> Result<Engine, Failure> {
    let spinner = spinner("opening");
    let opened = Engine::open(directory, Options { policy, ..Options::default() });
    spinner.finish_and_clear();
    opened.map_err(|error| {
        let failure = Failure::cannot(&error);
        match error {
            OpenError::Lock(LockError::Held { .. }) => failure.remedy(
                "if that is a server, work through it: --server http://127.0.0.1:8480 or wherever it listens, with an API key in \
                 PACKTREE_KEY; else end it first",
            ),
            OpenError::Lock(LockError::Io { .. }) => {
                failure.remedy("whoever runs this must be able to write to the directory: give it to that user with chown, or name another one")
            }
            OpenError::Journal(_) => {
                failure.remedy(format!("packtree verify --data {}", quoted(directory.as_os_str())))
            }
            _ => failure,
        }
    })
}

/// Something that turns while work goes on; shown on a terminal only.
pub(crate) fn spinner(doing: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(doing.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

fn is_ours(name: &str) -> bool {
    let is_segment = Path::new(name).extension() == Some(OsStr::new("segment"));
    is_segment || name == "head"
}

/// What a start leaves that was interrupted before there was a journal.
fn is_of_a_start(name: &str) -> bool {
    name == "lock" || Path::new(name).extension() == Some(OsStr::new("preparing"))
}

fn unreadable(directory: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::cannot(format!("the directory {} cannot be read: {error}", directory.display()));
    failure.remedy("check the path and its permissions")
}

/// A text as a shell takes it for one word.
pub(crate) fn quoted(text: &OsStr) -> String {
    let text = text.to_string_lossy();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "/._-+:=@%,".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted(OsStr::new("/tmp/site-1")), "/tmp/site-1");
        assert_eq!(quoted(OsStr::new("(00)095212345000000018")), "'(00)095212345000000018'");
        assert_eq!(quoted(OsStr::new("it's")), r"'it'\''s'");
        assert_eq!(quoted(OsStr::new("")), "''");
    }
}
