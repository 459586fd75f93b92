//! The rules that wake somebody.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use super::{metrics, metrics_of_a_server, read, whole};

#[test]
fn the_alerts_watch_what_a_server_tells() {
    let told = metrics_of_a_server();
    let rules = read("alerts.yaml");
    let expressions = rules.lines().filter(|line| !line.starts_with('#') && !line.contains("node_systemd_"));
    let watched: Vec<String> = expressions.flat_map(metrics).collect();
    assert!(watched.contains(&"packtree_poisoned".to_owned()), "{watched:?}");
    for name in watched {
        assert!(told.contains(whole(&name)), "there is no metric {name}");
    }
}

/// `alerts.yaml` beside this file says when each of them fires.
#[test]
fn prometheus_fires_each_alert_and_none_without_cause() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/running/alerts.yaml");
    let tested = match Command::new("promtool").args(["test", "rules"]).arg(cases).output() {
        // A machine without Prometheus wakes nobody either; the other test still reads the rules.
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        result => result.expect("promtool runs"),
    };
    let [said, complained] = [&tested.stdout, &tested.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(tested.status.success(), "{said}{complained}");
}
