//! The settings: what is read, what is refused, and how it is said.

use std::fs;
use std::path::Path;

use packtree_server::serve::Settings;
use packtree_server::serve::settings::{Arguments, LISTEN_DEFAULT, Metrics, Preset, Tls, VARIABLES};

/// What comes of a file and of variables.
fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packtree.toml");
    fs::write(&path, text).unwrap();
    let variable = |name: &str| {
        assert!(VARIABLES.iter().any(|(known, _)| *known == name), "{name} is not in the list");
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let read = Settings::read(Some(&path), &variable, Arguments::default());
    let place = format!("{}/", folder.path().display());
    read.map_err(|wrong| wrong.to_string().replace(&place, ""))
}

#[track_caller]
fn wrong(text: &str, expected: &str) {
    let said = read(text, &[]).unwrap_err();
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn an_empty_file_gives_the_defaults() {
    assert_eq!(read("", &[]), Ok(Settings::default()));
    assert_eq!(Settings::default().listen, LISTEN_DEFAULT);
}

#[test]
fn a_whole_file_is_read() {
    let text = r#"
        listen = "0.0.0.0:443"
        data = "data"
        tls = { certificate = "tls/chain.pem", key = "/etc/key.pem" }
        printers = ["labels.example.com:9100", "[2001:db8::1]:9100"]
        policy = "lenient_warehouse"

        [sessions]
        idle_minutes = 5
        hours = 8

        [limits]
        connections = 100
        disk_free_mebibytes = 4096
        stop_seconds = 5

        [log]
        format = "json"
        level = "debug"
    "#;
    let settings = read(text, &[]).unwrap();
    assert_eq!(settings.listen, "0.0.0.0:443".parse().unwrap());
    let Tls::Files { certificate, key } = &settings.tls else { panic!("{settings:?}") };
    assert!(certificate.ends_with("tls/chain.pem") && certificate.is_absolute(), "relative to the file");
    assert_eq!(key, Path::new("/etc/key.pem"));
    assert_eq!(settings.printers[1].as_str(), "[2001:db8::1]:9100");
    assert_eq!((settings.sessions.idle.as_secs(), settings.sessions.whole.as_secs()), (300, 28_800));
    assert_eq!((settings.limits.connections, settings.limits.disk_free_bytes_min), (100, 4 << 30));
    assert_eq!(settings.policy, Preset::LenientWarehouse);
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_what_is_allowed() {
    wrong(
        "\n\nlistn = \"127.0.0.1:1\"",
        "packtree.toml, line 3: unknown field \"listn\", expected one of \"listen\", ",
    );
    wrong("listen = 8480", "packtree.toml, line 1: invalid type: integer");
    wrong(
        "listen = \"localhost\"",
        "packtree.toml, line 1: \"localhost\" is no address and port; allowed are an IP address",
    );
    wrong("\ntls = \"on\"", "packtree.toml, line 2: \"on\" is not known; allowed are off, self-signed");
    wrong("tls = { certificate = \"a\" }", "packtree.toml, line 1: allowed are \"off\", \"self-signed\", or {");
    wrong("printers = [\n\"a:1\",\n\"b\"]", "packtree.toml, line 3: \"b\" is no printer; allowed is HOST:PORT");
    wrong("[sessions]\nidle_minutes = 0", "packtree.toml, line 2: 0 is out of range; allowed are 1 to 1440");
    wrong("[log]\nlevel = \"loud\"", "packtree.toml, line 2: \"loud\" is not known; allowed are \"error\", \"warn\"");
    wrong(
        "policy = \"x\"",
        "packtree.toml, line 1: \"x\" is not known; allowed are \"strict_line\", \"partner_documents\"",
    );
    wrong("[sessions]\nidle_minutes = 90\nhours = 1", "sessions: a session would end before it is idle");
    wrong("a = ", "packtree.toml, line 1: ");
}

#[test]
fn other_machines_are_not_served_without_encryption() {
    for address in ["0.0.0.0:8480", "192.0.2.1:8480", "[::]:8480"] {
        let said = read(&format!("\nlisten = \"{address}\""), &[]).unwrap_err();
        assert!(said.starts_with("packtree.toml, line 2: ") && said.contains("unencrypted"), "{said}");
        let encrypted = read(&format!("listen = \"{address}\"\ntls = \"self-signed\""), &[]).unwrap();
        assert_eq!(encrypted.tls, Tls::SelfSigned);
    }
    for address in ["127.0.0.1:1", "[::1]:1", "127.9.9.9:1"] {
        read(&format!("listen = \"{address}\""), &[]).unwrap();
    }
    let said = read("", &[("PACKTREE_LISTEN", "0.0.0.0:1")]).unwrap_err();
    assert!(said.starts_with("PACKTREE_LISTEN: "), "{said}");
    let said = read("listen = \"0.0.0.0:1\"\ntls = \"self-signed\"\nmetrics = \"open\"", &[]).unwrap_err();
    assert!(said.starts_with("metrics: "), "{said}");
}

#[test]
fn variables_go_before_the_file_and_arguments_before_both() {
    let variables = [("PACKTREE_LISTEN", "127.0.0.1:2"), ("PACKTREE_METRICS", "open"), ("PACKTREE_DATA", "")];
    let settings = read("listen = \"127.0.0.1:1\"\ndata = \"/here\"", &variables).unwrap();
    assert_eq!((settings.listen.port(), settings.metrics), (2, Metrics::Open));
    assert_eq!(settings.data.as_deref(), Some(Path::new("/here")), "an empty variable says nothing");
    let arguments = Arguments { listen: Some("127.0.0.1:3".parse().unwrap()), ..Arguments::default() };
    let settings = Settings::read(None, &|_| Some(String::new()), arguments).unwrap();
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(
        read("", &[("PACKTREE_CONNECTIONS", "many")]).unwrap_err(),
        "PACKTREE_CONNECTIONS: \"many\" is no number; allowed are digits"
    );
    let said = Settings::read(Some(Path::new("/nowhere/packtree.toml")), &|_| None, Arguments::default()).unwrap_err();
    assert!(said.to_string().starts_with("/nowhere/packtree.toml: the settings cannot be read"), "{said}");
}
