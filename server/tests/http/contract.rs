//! The description of the API, held against what is answered.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Answer;
use crate::world::{CASES, PALLET, World, in_path, unit};

/// A route of the description.
struct Route {
    method: String,
    path: String,
    of: Value,
}

fn routes(description: &Value) -> Vec<Route> {
    let paths = description["paths"].as_object().expect("there are paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("a path has methods").clone();
        let path = path.clone();
        methods.into_iter().map(move |(method, of)| Route { method: method.to_uppercase(), path: path.clone(), of })
    };
    paths.iter().flat_map(of_path).collect()
}

/// Says what an answer has that the description does not.
fn undocumented(route: &Route, answer: &Answer) -> Option<String> {
    let documented = &route.of["responses"][answer.status.to_string()];
    if documented.is_null() || 500 <= answer.status {
        return Some(format!("status {}", answer.status));
    }
    let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
    let kinds: Vec<&String> = documented["content"].as_object().into_iter().flat_map(|kinds| kinds.keys()).collect();
    let is_documented = if kind.is_empty() { kinds.is_empty() } else { kinds.iter().any(|known| **known == kind) };
    (!is_documented).then(|| format!("status {} as {kind:?} instead of {kinds:?}", answer.status))
}

/// What stands in the places of paths: what there is, what there is not, and what cannot be.
fn paths(path: &str) -> Vec<String> {
    let objects = [PALLET, CASES[0], &unit(1), "(00)095212345000000049", "nonsense", "%ff", "commands.svg", "%00"];
    let fillings: Vec<String> =
        objects.iter().map(|id| in_path(id)).chain(["1".into(), "0".into(), "-1".into()]).collect();
    if !path.contains('{') {
        return vec![path.to_owned()];
    }
    let fill = |filling: &String| {
        let parts: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { filling.as_str() } else { part }).collect();
        parts.join("/")
    };
    let lot = (path == "/v1/lots/{gtin}/{number}").then(|| "/v1/lots/09521234543213/L1".to_owned());
    fillings.iter().map(fill).chain(lot).collect()
}

const QUERIES: &[&str] = &[
    "",
    "?",
    "?nonsense=1",
    "?limit=0",
    "?limit=-1",
    "?cursor=x",
    "?at=%2399999",
    "?at=never",
    "?%ff=%ff",
    "?kind=x&text=y",
    "?kind=code_128&text=PT-CONFIRM",
    "?from=%231",
    "?seal=open",
    "?seal=x",
];

fn bodies() -> Vec<Value> {
    let operation = json!({"type": "unpack", "children": [unit(1)]});
    vec![
        json!({}),
        json!([]),
        json!(null),
        json!({"requests": []}),
        json!({"requests": [{"operation": operation}]}),
        json!({"operation": operation, "request_id": ""}),
        json!({"operation": {"type": "nonsense"}}),
        json!({"operation": {"type": "hold", "objects": ["nonsense"]}}),
        json!({"text": "", "entry": "scan"}),
        json!({"scanned": [PALLET, PALLET]}),
        json!({"objects": [PALLET, "(00)095212345000000049"]}),
        json!({"printer": "127.0.0.1:1"}),
        json!({"user": "x", "password": "x"}),
    ]
}

#[test]
fn every_answer_is_documented_and_none_is_a_failure() {
    let world = World::new();
    let description = world.get("/openapi.json").expect(200).json();
    let mut seen = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    let mut check = |route: &Route, path: &str, answer: &Answer| {
        seen.insert((route.method.clone(), route.path.clone(), answer.status));
        if let Some(what) = undocumented(route, answer) {
            wrong.insert(format!("{} {path}: {what}: {}", route.method, answer.body));
        }
    };
    let routes = routes(&description);
    for route in routes.iter().filter(|route| route.path != "/v1/feed") {
        for (number, path) in paths(&route.path).iter().enumerate() {
            let who = if route.method == "GET" { "auditor" } else { "supervisor" };
            let headers = world.everybody[who].headers();
            if route.method == "GET" {
                for query in QUERIES.iter().take(if number < 2 { QUERIES.len() } else { 1 }) {
                    let path = format!("{path}{query}");
                    check(route, &path, &world.server.send("GET", &path, &headers, None));
                }
                continue;
            }
            if route.path == "/v1/session" {
                continue;
            }
            check(route, path, &world.server.send(&route.method, path, &headers, None));
            for body in bodies().iter().take(if number < 2 { usize::MAX } else { 2 }) {
                check(route, path, &world.server.send(&route.method, path, &headers, Some(body)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let was_good = |route: &Route| {
        let is_of_route = |(method, path, status): &&(String, String, u16)| {
            *method == route.method && *path == route.path && *status < 300
        };
        seen.iter().any(|answer| is_of_route(&answer))
    };
    for route in routes.iter().filter(|route| route.method == "GET" && route.path != "/v1/feed") {
        assert!(was_good(route), "{} was never answered as asked", route.path);
    }
}

#[test]
fn a_wrong_method_is_a_problem_that_names_the_right_ones() {
    let world = World::new();
    let headers = world.everybody["supervisor"].headers();
    let answer =
        world.server.send("PUT", "/v1/operations", &headers, Some(&json!({}))).problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
}

#[test]
fn the_pages_that_explain_the_api_are_there_for_everybody() {
    let world = World::new();
    assert_eq!(world.server.get("/docs").header("location"), Some("/docs/"));
    let page = world.server.get("/docs/").expect(200);
    assert!(
        page.body.contains("swagger-ui-bundle.js") && !page.body.contains("http://") && !page.body.contains("https://")
    );
    let start = world.server.get("/docs/swagger-initializer.js").expect(200);
    assert!(
        start.body.contains("/openapi.json") && start.body.contains("\"validatorUrl\": \"none\""),
        "{}",
        start.body
    );
    world.server.get("/docs/nothing").problem(404, "not_found");

    let problems = world.server.get("/docs/problems").expect(200).body;
    let refused = world.operate("machine", &json!({"operation": {"type": "close", "containers": [unit(1)]}}));
    let kind = refused.json()["type"].as_str().unwrap().to_owned();
    let (page, place) = kind.split_once('#').unwrap();
    assert_eq!(page, "/docs/problems");
    assert!(problems.contains(&format!("<tr id=\"{place}\">")), "{place}");
    let malformed = world.operate("machine", &json!({})).json();
    assert_eq!(malformed["type"], "/docs/problems#malformed");
    assert!(problems.contains("<tr id=\"malformed\">"));
}
