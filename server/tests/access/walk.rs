//! Every route of the API, by those who may not have it.

use serde_json::{Value, json};

use crate::support::{Credentials, Server};

/// What everybody may have.
const OPEN: &[(&str, &str)] = &[("post", "/v1/session"), ("post", "/v1/setup")];

/// The methods and paths that the description of the API names.
fn routes(server: &Server, credentials: &Credentials) -> Vec<(String, String)> {
    let described = server.send("GET", "/openapi.json", &credentials.headers(), None).expect(200).json();
    let paths = described["paths"].as_object().expect("the description has paths").clone();
    let methods = |path: &str, item: &Value| -> Vec<(String, String)> {
        let methods = item.as_object().expect("a path has methods");
        methods.keys().map(|method| (method.clone(), path.to_owned())).collect()
    };
    paths.iter().flat_map(|(path, item)| methods(path, item)).collect()
}

/// A path with something in each of its places.
fn filled(path: &str) -> String {
    let filled = path.replace("{gtin}", "09521234543213").replace("{n}", "1").replace("{fact}", "1");
    let parts: Vec<&str> = filled.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
    parts.join("/")
}

#[test]
fn nothing_is_answered_without_credentials() {
    let server = Server::start();
    let everybody = server.everybody();
    let routes = routes(&server, &everybody["auditor"]);
    assert!(11 <= routes.len(), "{routes:?}");
    for (method, path) in routes {
        if OPEN.contains(&(&method, &path)) {
            continue;
        }
        let method = method.to_uppercase();
        let body = (method != "GET").then(|| json!({}));
        let answer = server.send(&method, &filled(&path), &[], body.as_ref());
        assert_eq!(answer.status, 401, "{method} {path}: {answer:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{method} {path}");
        let stale = [("Cookie", "__Host-packtree=0000"), ("X-Packtree-Csrf", "0000")];
        assert_eq!(server.send(&method, &filled(&path), &stale, body.as_ref()).status, 401, "{method} {path}");
    }
    for path in ["/metrics", "/v1", "/v1/nothing", "/v1/demo", "/%76%31/me", "//v1/me", "/nothing"] {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
}

/// Who may not have a route, beside those without credentials. What is not named here is for everybody who is signed in.
fn wrong_roles(method: &str, path: &str) -> &'static [&'static str] {
    const ALL: &[&str] = &["administrator", "auditor", "machine", "operator", "quality", "supervisor"];
    const ALL_BUT_ADMINISTRATORS: &[&str] = &["auditor", "machine", "operator", "quality", "supervisor"];
    match (method, path) {
        ("get", "/v1/users" | "/v1/keys") => &["machine", "operator", "quality", "supervisor"],
        ("post", "/v1/users" | "/v1/users/{user}/password" | "/v1/keys")
        | ("put", "/v1/users/{user}" | "/v1/keys/{id}" | "/v1/policy") => ALL_BUT_ADMINISTRATORS,
        ("post", "/v1/operations" | "/v1/operations/sequence" | "/v1/operations/preview") => {
            &["administrator", "auditor"]
        }
        ("post", "/v1/checkpoint") => &["auditor", "operator", "quality", "supervisor"],
        ("post", "/v1/import") => &["administrator", "auditor", "operator", "quality"],
        ("post", "/v1/facts/{number}/undo" | "/v1/labels/{label}/print") => &["administrator", "auditor", "quality"],
        // Nobody sets a password with a key, and nobody has the token of the first administrator twice.
        ("post", "/v1/me/password") => &["machine"],
        ("post", "/v1/setup") => ALL,
        // Each request of a batch has its own answer; asking is for everybody, and so is signing out.
        (
            "post",
            "/v1/operations/batch" | "/v1/inspect" | "/v1/objects/{id}/reconcile" | "/v1/scan" | "/v1/session",
        )
        | ("delete", "/v1/session")
        | ("get", _) => &[],
        _ => panic!("{method} {path} is new: say here who may not have it"),
    }
}

/// A body that is right, so that only who sends it can be wrong.
fn right(path: &str) -> Value {
    let request = json!({"reason": "a test", "operation": {"type": "hold", "objects": ["(00)095212345000000018"]}});
    match path {
        "/v1/operations" => request,
        "/v1/operations/sequence" | "/v1/operations/preview" => json!({ "requests": [request] }),
        "/v1/me/password" => json!({"old": "many good words", "new": "more good words"}),
        "/v1/setup" => json!({"token": "x", "user": "eve", "name": "Eve", "password": "many good words"}),
        "/v1/facts/{number}/undo" => json!({"reason": "a test"}),
        _ => json!({}),
    }
}

#[test]
fn nothing_is_answered_to_the_wrong_role() {
    let server = Server::start();
    let everybody = server.everybody();
    let pallet = json!({"operation": {"type": "commission", "objects": ["(00)095212345000000018"], "level": "pallet"}});
    let case = json!({"operation": {"type": "commission", "objects": ["(00)095212345000000025"], "level": "case"}});
    let machine = |body: &Value| server.send("POST", "/v1/operations", &everybody["machine"].headers(), Some(body));
    machine(&pallet).expect(200);
    machine(&case).expect(200);
    let pack = json!({"operation": {"type": "pack", "parent": "(00)095212345000000018", "children": ["(00)095212345000000025"]}});
    let packed = machine(&pack).expect(200).json()["fact"].clone();
    let before = server.engine.head().sequence;
    for (method, path) in routes(&server, &everybody["auditor"]) {
        for role in wrong_roles(&method, &path) {
            let place = path.replace("{number}", &packed.to_string()).replace("{label}", "(00)095212345000000018");
            let body = (method != "get").then(|| right(&path));
            let headers = everybody[role].headers();
            let answer = server.send(&method.to_uppercase(), &filled(&place), &headers, body.as_ref());
            assert_eq!(answer.status, 403, "{role} {method} {path}: {answer:?}");
        }
    }
    assert_eq!(server.engine.head().sequence, before, "nothing was changed");
}

#[test]
fn no_secret_is_told_by_facts_or_settings() {
    let server = Server::start();
    let everybody = server.everybody();
    let headers = everybody["auditor"].headers();
    let settings = server.engine.settings("");
    let hidden: Vec<&str> = settings.iter().map(|setting| setting.value.as_str()).collect();
    assert!(hidden.iter().any(|value| value.contains("$argon2id$")), "passwords are kept as hashes");
    for fact in 1..=server.engine.head().sequence.0 {
        let told = server.send("GET", &format!("/v1/facts/{fact}"), &headers, None).expect(200).body;
        assert!(!told.contains("argon2") && !told.contains("hash") && !told.contains("password\":"), "{told}");
    }
    for path in ["/v1/users", "/v1/keys", "/v1/policy", "/v1/actions", "/v1/statistics", "/metrics", "/v1/me"] {
        let told = server.send("GET", path, &headers, None).expect(200).body;
        assert!(!told.contains("argon2") && !told.contains("\"hash"), "{path}: {told}");
    }
}

#[test]
fn users_keys_and_policy_are_for_administrators() {
    let server = Server::start();
    let everybody = server.everybody();
    let policy = server.send("GET", "/v1/policy", &everybody["auditor"].headers(), None).expect(200).json();
    let changes = [
        ("POST", "/v1/users", json!({"user": "eve", "roles": ["administrator"], "password": "many good words"})),
        ("PUT", "/v1/users/operator", json!({"roles": ["administrator"]})),
        ("POST", "/v1/users/ada/password", json!({"password": "many good words"})),
        ("POST", "/v1/keys", json!({"id": "eve"})),
        ("PUT", "/v1/keys/line-3", json!({"disabled": false})),
        ("PUT", "/v1/policy", policy),
    ];
    let before = server.engine.head().sequence;
    for (role, credentials) in &everybody {
        let send =
            |method: &str, path: &str, body: Option<&Value>| server.send(method, path, &credentials.headers(), body);
        let is_administrator = *role == "administrator";
        for (method, path, body) in &changes {
            if !is_administrator {
                send(method, path, Some(body)).problem(403, "role_not_allowed");
            }
        }
        let sees = is_administrator || *role == "auditor";
        for path in ["/v1/users", "/v1/keys"] {
            assert_eq!(send("GET", path, None).status, if sees { 200 } else { 403 }, "{role} {path}");
        }
        send("GET", "/v1/policy", None).expect(200);
    }
    assert_eq!(server.engine.head().sequence, before, "nothing was changed");
}
