//! The file of the settings, in TOML.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{Choice, Settings, Tls, Wrong, connections, idle_minutes, listen, session_hours, within};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<Spanned<String>>,
    data: Option<PathBuf>,
    tls: Option<Spanned<Encryption>>,
    metrics: Option<Spanned<String>>,
    #[serde(default)]
    printers: Vec<Spanned<String>>,
    #[serde(default)]
    sessions: OfSessions,
    #[serde(default)]
    limits: OfLimits,
    #[serde(default)]
    log: OfLog,
    policy: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "allowed are \"off\", \"self-signed\", or { certificate = \"FILE\", key = \"FILE\" }")]
enum Encryption {
    Word(String),
    Files(Files),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfSessions {
    idle_minutes: Option<Spanned<u64>>,
    hours: Option<Spanned<u64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLimits {
    connections: Option<Spanned<u64>>,
    disk_free_mebibytes: Option<Spanned<u64>>,
    stop_seconds: Option<Spanned<u64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLog {
    format: Option<Spanned<String>>,
    level: Option<Spanned<String>>,
}

/// The text of a file and its name, for messages.
struct Source<'t> {
    text: &'t str,
    name: &'t str,
}

impl Source<'_> {
    fn place(&self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        format!("{}, line {}", self.name, before.matches('\n').count() + 1)
    }

    /// Puts what a setting says into its place.
    fn put<T, U>(
        &self,
        said: Option<Spanned<T>>,
        read: impl FnOnce(T) -> Result<U, String>,
        place: &mut U,
    ) -> Result<(), Wrong> {
        if let Some(said) = said {
            let span = said.span();
            *place = read(said.into_inner()).map_err(|what| Wrong::new(self.place(&span), what))?;
        }
        Ok(())
    }
}

/// Reads the file into the settings; says where it names an address to listen at. Paths are relative to the file's folder.
pub(super) fn read(text: &str, name: &str, folder: &Path, into: &mut Settings) -> Result<Option<String>, Wrong> {
    let source = Source { text, name };
    let file: File = toml::from_str(text).map_err(|error| {
        let place = error.span().map_or_else(|| name.to_owned(), |span| source.place(&span));
        Wrong::new(place, error.message().replace('`', "\""))
    })?;
    let listen_place = file.listen.as_ref().map(|listen| source.place(&listen.span()));
    source.put(file.listen, |text| listen(&text), &mut into.listen)?;
    into.data = file.data.map(|data| folder.join(data));
    source.put(file.tls, |tls| encryption(tls, folder), &mut into.tls)?;
    source.put(file.metrics, |word| Choice::from_word(&word), &mut into.metrics)?;
    for printer in file.printers {
        let span = printer.span();
        let printer = printer.into_inner().parse().map_err(|what: String| Wrong::new(source.place(&span), what))?;
        into.printers.push(printer);
    }
    source.put(file.sessions.idle_minutes, idle_minutes, &mut into.sessions.idle)?;
    source.put(file.sessions.hours, session_hours, &mut into.sessions.whole)?;
    source.put(file.limits.connections, connections, &mut into.limits.connections)?;
    let bytes = |mebibytes| Ok(within(mebibytes, 16, 1 << 20)? << 20);
    source.put(file.limits.disk_free_mebibytes, bytes, &mut into.limits.disk_free_bytes_min)?;
    let stop = |seconds| Ok(Duration::from_secs(within(seconds, 1, 600)?));
    source.put(file.limits.stop_seconds, stop, &mut into.limits.stop)?;
    source.put(file.log.format, |word| Choice::from_word(&word), &mut into.log.format)?;
    source.put(file.log.level, |word| Choice::from_word(&word), &mut into.log.level)?;
    source.put(file.policy, |word| Choice::from_word(&word), &mut into.policy)?;
    Ok(listen_place)
}

fn encryption(said: Encryption, folder: &Path) -> Result<Tls, String> {
    match said {
        Encryption::Word(word) if !word.contains(',') => word.parse(),
        Encryption::Word(word) => {
            Err(format!("\"{word}\" is not known; name files as {{ certificate = \"FILE\", key = \"FILE\" }}"))
        }
        Encryption::Files(Files { certificate, key }) => {
            Ok(Tls::Files { certificate: folder.join(certificate), key: folder.join(key) })
        }
    }
}
