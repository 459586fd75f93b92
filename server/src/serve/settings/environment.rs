//! Variables that say what the file of the settings says too; a variable goes before the file.

use super::{Choice, Settings, Wrong, connections, idle_minutes, listen, session_hours};

/// The variables, and what each of them says.
pub const VARIABLES: &[(&str, &str)] = &[
    ("PACKTREE_LISTEN", "the address and port to listen at"),
    ("PACKTREE_DATA", "the data directory"),
    ("PACKTREE_TLS", "off, self-signed, or CERTIFICATE,KEY"),
    ("PACKTREE_METRICS", "closed or open"),
    ("PACKTREE_PRINTERS", "label printers, HOST:PORT, with commas between them"),
    ("PACKTREE_IDLE_MINUTES", "minutes after which an idle session ends"),
    ("PACKTREE_SESSION_HOURS", "hours after which every session ends"),
    ("PACKTREE_CONNECTIONS", "connections at a time"),
    ("PACKTREE_LOG_FORMAT", "auto, text or json"),
    ("PACKTREE_LOG_LEVEL", "error, warn, info or debug"),
    ("PACKTREE_POLICY", "strict_line, partner_documents or lenient_warehouse"),
];

/// Puts what the environment says over the settings; says whether it names an address to listen at. An empty variable says nothing.
pub(super) fn read(variable: &dyn Fn(&str) -> Option<String>, into: &mut Settings) -> Result<bool, Wrong> {
    let mut names_listen = false;
    for (name, _) in VARIABLES {
        let Some(value) = variable(name).filter(|value| !value.is_empty()) else { continue };
        names_listen |= *name == "PACKTREE_LISTEN";
        put(name, &value, into).map_err(|what| Wrong::new(*name, what))?;
    }
    Ok(names_listen)
}

fn put(name: &str, value: &str, into: &mut Settings) -> Result<(), String> {
    match name {
        "PACKTREE_LISTEN" => into.listen = listen(value)?,
        "PACKTREE_DATA" => into.data = Some(value.into()),
        "PACKTREE_TLS" => into.tls = value.parse()?,
        "PACKTREE_METRICS" => into.metrics = Choice::from_word(value)?,
        "PACKTREE_PRINTERS" => {
            into.printers = value.split(',').map(|printer| printer.trim().parse()).collect::<Result<_, _>>()?;
        }
        "PACKTREE_IDLE_MINUTES" => into.sessions.idle = idle_minutes(number(value)?)?,
        "PACKTREE_SESSION_HOURS" => into.sessions.whole = session_hours(number(value)?)?,
        "PACKTREE_CONNECTIONS" => into.limits.connections = connections(number(value)?)?,
        "PACKTREE_LOG_FORMAT" => into.log.format = Choice::from_word(value)?,
        "PACKTREE_LOG_LEVEL" => into.log.level = Choice::from_word(value)?,
        "PACKTREE_POLICY" => into.policy = Choice::from_word(value)?,
        _ => unreachable!("every variable of the list is read"),
    }
    Ok(())
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("\"{text}\" is no number; allowed are digits"))
}
