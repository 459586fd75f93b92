//! API keys of machines.

use serde_json::json;

use crate::support::{Credentials, Server};

#[test]
fn a_key_works_until_it_is_disabled_and_its_secret_is_shown_once() {
    let server = Server::start();
    let ada = server.administrator();
    let made =
        ada.post("/v1/keys", &json!({"id": "line-3", "name": "Line 3", "scopes": ["line-3"]})).expect(201).json();
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("packtree_line-3_") && secret.len() == "packtree_line-3_".len() + 64, "{secret}");
    let with = |key: &str| server.send("GET", "/v1/me", &Credentials::key(key).headers(), None);
    let me = with(secret).expect(200).json();
    assert_eq!((&me["user"], &me["role"], &me["scopes"]), (&json!("line-3"), &json!("machine"), &json!(["line-3"])));
    assert!(me.get("csrf").is_none(), "a machine needs none: {me}");

    let listed = ada.get("/v1/keys").expect(200);
    let random = secret.rsplit('_').next().unwrap();
    assert!(listed.body.contains("Line 3") && !listed.body.contains(random) && !listed.body.contains("secret"));

    for wrong in ["", "packtree_line-3_", "packtree_line-3", "packtree__", &secret[..secret.len() - 1], &secret[9..]] {
        with(wrong).problem(401, "wrong_credentials");
    }
    ada.put("/v1/keys/line-3", &json!({"disabled": true})).expect(200);
    with(secret).problem(401, "wrong_credentials");
    ada.put("/v1/keys/line-3", &json!({"disabled": false})).expect(200);
    with(secret).expect(200);
}

#[test]
fn a_wrong_key_is_not_overlooked_for_a_cookie() {
    let server = Server::start();
    let ada = server.administrator();
    let mut headers = ada.credentials.headers();
    headers.push(("Authorization", "Bearer packtree_line-3_00"));
    server.send("GET", "/v1/me", &headers, None).problem(401, "wrong_credentials");
    headers.pop();
    headers.push(("Authorization", "Basic YWRhOmFkYQ=="));
    server.send("GET", "/v1/me", &headers, None).problem(401, "wrong_credentials");
}

#[test]
fn keys_and_users_share_their_names_because_facts_do() {
    let server = Server::start();
    let ada = server.administrator();
    ada.post("/v1/keys", &json!({"id": "ada"})).problem(409, "name_taken");
    ada.post("/v1/keys", &json!({"id": "line-3", "role": "auditor"})).expect(201);
    ada.post("/v1/keys", &json!({"id": "line-3"})).problem(409, "name_taken");
    ada.post("/v1/keys", &json!({"id": "line_3"})).problem(400, "malformed");
    ada.post("/v1/keys", &json!({"id": "line-4", "role": "supervisor"})).problem(400, "malformed");
    let user = json!({"user": "line-3", "roles": ["operator"], "password": "many good words"});
    ada.post("/v1/users", &user).problem(409, "name_taken");
    ada.put("/v1/keys/line-9", &json!({"disabled": true})).problem(404, "not_found");
}
