//! The files that run a server elsewhere: that others can read them, and that they say what the server offers.

mod alerts;
#[path = "../access/support.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "it serves the tests of access as well")]
mod support;
mod units;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::Server;

/// Every metric that a server tells. Histograms are asked for by their parts, and counters by their total.
fn metrics_of_a_server() -> BTreeSet<String> {
    let server = Server::start();
    let auditor = server.everybody()["auditor"].clone();
    let told = server.send("GET", "/metrics", &auditor.headers(), None).expect(200).body;
    let of_line = |line: &str| {
        let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
        Some(if kind == "counter" { format!("{name}_total") } else { name.to_owned() })
    };
    told.lines().filter_map(of_line).collect()
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("running").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn dashboard() -> Value {
    serde_json::from_str(&read("grafana.json")).expect("the dashboard is JSON")
}

/// The expressions of every panel, with its title.
fn expressions(dashboard: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for panel in dashboard["panels"].as_array().expect("there are panels") {
        let title = panel["title"].as_str().expect("a panel has a title");
        for target in panel["targets"].as_array().expect("a panel has targets") {
            found.push((title.to_owned(), target["expr"].as_str().expect("a target has an expression").to_owned()));
        }
    }
    found
}

/// The names in an expression that begin with the product's.
fn metrics(expression: &str) -> BTreeSet<String> {
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    expression
        .split(|character| !is_of_name(character))
        .filter(|name| name.starts_with("packtree_"))
        .map(str::to_owned)
        .collect()
}

/// The metric that a name asks for, where it asks for a part of a histogram.
fn whole(name: &str) -> &str {
    ["_bucket", "_sum", "_count"].iter().find_map(|part| name.strip_suffix(part)).unwrap_or(name)
}

#[test]
fn the_dashboard_shows_every_metric_and_no_other() {
    let dashboard = dashboard();
    let (told, mut shown) = (metrics_of_a_server(), BTreeSet::new());
    for (title, expression) in expressions(&dashboard) {
        let names = metrics(&expression);
        assert!(!names.is_empty(), "{title}: no metric in {expression}");
        for name in names {
            assert!(told.contains(whole(&name)), "{title}: there is no metric {name}");
            shown.insert(whole(&name).to_owned());
        }
    }
    assert_eq!(shown, told);
}

#[test]
fn the_settings_to_begin_with_are_right() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("running/packtree.toml");
    let checked = Command::new(env!("CARGO_BIN_EXE_packtree")).arg("check-config").arg(file).output();
    let checked = checked.expect("the program runs");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn the_panels_of_the_dashboard_lie_side_by_side() {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().expect("there are panels");
    let place =
        |panel: &Value| ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().expect("a panel has a place"));
    let mut ids = BTreeSet::new();
    for panel in panels {
        let [x, y, w, h] = place(panel);
        assert!(x + w <= 24, "{} is wider than the page", panel["title"]);
        assert!(ids.insert(panel["id"].as_u64()), "{} has the number of another", panel["title"]);
        let meets = |other: &&Value| {
            let [left, top, width, height] = place(other);
            left < x + w && x < left + width && top < y + h && y < top + height
        };
        assert_eq!(panels.iter().filter(meets).count(), 1, "{} lies over another", panel["title"]);
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "the data source is chosen, not built in");
    }
}

#[test]
fn brackets_of_expressions_are_closed() {
    for (title, expression) in expressions(&dashboard()) {
        let count = |bracket: char| expression.matches(bracket).count();
        for (open, close) in [('(', ')'), ('{', '}'), ('[', ']')] {
            assert_eq!(count(open), count(close), "{title}: {expression}");
        }
    }
}

#[test]
fn the_container_runs_as_nobody_in_particular() {
    let file = read("Containerfile");
    let instructions: Vec<&str> =
        file.lines().filter(|line| !line.starts_with('#') && !line.starts_with(' ')).collect();
    assert_eq!(instructions.iter().filter(|line| line.starts_with("FROM ")).count(), 2, "build and run are apart");
    let user = instructions.iter().find_map(|line| line.strip_prefix("USER ")).expect("it names a user");
    assert!(!user.starts_with('0') && user != "root");
    let last = instructions.iter().rposition(|line| line.starts_with("FROM ")).expect("there is one");
    let of_run = &instructions[last..];
    assert!(of_run.iter().any(|line| line.starts_with("COPY --from=build ")), "only what was built is in it");
    assert!(of_run.iter().any(|line| line.contains("PACKTREE_TLS=self-signed")), "it listens beyond its machine");
}
