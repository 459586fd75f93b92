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
    for path in ["/metrics", "/openapi.json", "/v1", "/v1/nothing", "/v1/demo", "/%76%31/me", "//v1/me", "/nothing"] {
        assert_eq!(server.get(path).status, 401, "{path}");
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
