//! People: the first administrator, signing in and out, sessions, passwords, roles.

use std::time::Duration;

use serde_json::json;

use crate::support::{PASSWORD, Person, Server};

#[test]
fn the_first_administrator_is_whoever_reads_the_terminal() {
    let server = Server::start();
    let access = server.running.as_ref().unwrap().access();
    let before = access.first_administrator().unwrap();
    let token = access.first_administrator().unwrap();
    let setup = |token: &str, password: &str| {
        server.post("/v1/setup", &json!({"token": token, "user": "ada", "password": password}))
    };
    setup("", PASSWORD).problem(403, "wrong_setup_token");
    setup(&before, PASSWORD).problem(403, "wrong_setup_token");
    setup(&token, "short").problem(400, "password_unfit");
    let ada = Person::of(&server, &setup(&token, PASSWORD).expect(200));
    let me = ada.get("/v1/me").expect(200).json();
    assert_eq!((&me["user"], &me["role"]), (&json!("ada"), &json!("administrator")));
    setup(&token, PASSWORD).problem(403, "wrong_setup_token");
    assert_eq!(access.first_administrator(), None, "there is one now");
}

#[test]
fn the_cookie_is_for_this_server_and_its_pages_only() {
    let server = Server::start();
    let ada = server.administrator();
    let answer = server.post("/v1/session", &json!({"user": "ada", "password": PASSWORD})).expect(200);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-packtree="), "{cookie}");
    let flags: Vec<&str> = cookie.split("; ").skip(1).collect();
    assert_eq!(flags, ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"]);
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    ada.send("DELETE", "/v1/session", None).expect(204);
    ada.get("/v1/me").problem(401, "credentials_required");
    Person::of(&server, &answer).get("/v1/me").expect(200);
}

#[test]
fn signing_in_again_makes_another_token_and_voids_the_one_before() {
    let server = Server::start();
    let before = server.administrator();
    let cookie = before.credentials.headers()[0];
    let body = json!({"user": "ada", "password": PASSWORD});
    let after = Person::of(&server, &server.send("POST", "/v1/session", &[cookie], Some(&body)).expect(200));
    assert_ne!(after.credentials.0, before.credentials.0);
    before.get("/v1/me").expect(401);
    after.get("/v1/me").expect(200);
}

#[test]
fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
    let server = Server::start();
    let ada = server.administrator();
    server.pass(Duration::from_mins(29));
    ada.get("/v1/me").expect(200);
    server.pass(Duration::from_mins(30));
    ada.get("/v1/me").expect(401);

    let ada = server.sign_in("ada");
    for _ in 0..24 {
        server.pass(Duration::from_mins(29));
        ada.get("/v1/me").expect(200);
    }
    server.pass(Duration::from_mins(25));
    ada.get("/v1/me").expect(401);
}

#[test]
fn a_change_by_cookie_needs_the_token_and_this_origin() {
    let server = Server::start();
    let ada = server.administrator();
    let body = json!({"user": "joe", "roles": ["operator"], "password": PASSWORD});
    let headers = ada.credentials.headers();
    let (cookie, csrf) = (headers[0], headers[1]);
    let send = |headers: &[(&str, &str)]| server.send("POST", "/v1/users", headers, Some(&body));
    send(&[cookie]).problem(403, "csrf");
    send(&[cookie, ("X-Packtree-Csrf", "wrong")]).problem(403, "csrf");
    send(&[cookie, csrf, ("Sec-Fetch-Site", "cross-site")]).problem(403, "other_origin");
    send(&[cookie, csrf, ("Sec-Fetch-Site", "same-site")]).problem(403, "other_origin");
    send(&[cookie, csrf, ("Origin", "https://evil.example")]).problem(403, "other_origin");
    send(&[cookie, csrf, ("Origin", "null")]).problem(403, "other_origin");
    let own = format!("http://{}", server.address);
    send(&[cookie, csrf, ("Origin", &own), ("Sec-Fetch-Site", "same-origin")]).expect(201);
    // Another site could sign a person in as somebody else.
    let sign_in = json!({"user": "ada", "password": PASSWORD});
    server
        .send("POST", "/v1/session", &[("Origin", "https://evil.example")], Some(&sign_in))
        .problem(403, "other_origin");
}

#[test]
fn ten_wrong_passwords_lock_a_user_for_a_while() {
    let server = Server::start();
    server.administrator();
    let sign_in = |user: &str, password: &str| server.post("/v1/session", &json!({"user": user, "password": password}));
    for _ in 0..10 {
        sign_in("ada", "a wrong password").problem(401, "wrong_credentials");
    }
    let locked = sign_in("ada", PASSWORD).problem(429, "too_many_failures");
    let seconds: u64 = locked.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    server.pass(Duration::from_secs(31));
    sign_in("ada", PASSWORD).expect(200);
}

#[test]
fn an_unknown_user_gets_the_same_answer_and_is_locked_too() {
    let server = Server::start();
    let ada = server.administrator();
    ada.add_user("gone", &["operator"]);
    ada.put("/v1/users/gone", &json!({"disabled": true})).expect(200);
    let sign_in = |user: &str, password: &str| server.post("/v1/session", &json!({"user": user, "password": password}));
    let known = sign_in("ada", "a wrong password").problem(401, "wrong_credentials");
    let unknown = sign_in("nobody", "a wrong password").problem(401, "wrong_credentials");
    let disabled = sign_in("gone", PASSWORD).problem(401, "wrong_credentials");
    assert_eq!(known.json(), unknown.json());
    assert_eq!(known.json(), disabled.json());
    for _ in 0..9 {
        sign_in("nobody", "a wrong password").expect(401);
    }
    sign_in("nobody", "a wrong password").problem(429, "too_many_failures");
}

#[test]
fn a_new_password_ends_all_sessions() {
    let server = Server::start();
    let ada = server.administrator();
    ada.add_user("joe", &["operator"]);
    let (here, there) = (server.sign_in("joe"), server.sign_in("joe"));
    here.post("/v1/me/password", &json!({"old": "wrong words here", "new": "other good words"}))
        .problem(403, "password_wrong");
    let changed = here.post("/v1/me/password", &json!({"old": PASSWORD, "new": "other good words"})).expect(200);
    there.get("/v1/me").expect(401);
    here.get("/v1/me").expect(401);
    Person::of(&server, &changed).get("/v1/me").expect(200);
    server.post("/v1/session", &json!({"user": "joe", "password": PASSWORD})).expect(401);

    ada.post("/v1/users/joe/password", &json!({"password": PASSWORD})).expect(204);
    Person::of(&server, &changed).get("/v1/me").expect(401);
    server.sign_in("joe");
    ada.post("/v1/users/nobody/password", &json!({"password": PASSWORD})).problem(404, "not_found");
}

#[test]
fn who_loses_a_role_or_is_disabled_is_out_with_the_next_request() {
    let server = Server::start();
    let ada = server.administrator();
    ada.add_user("joe", &["operator", "supervisor"]);
    let joe = server.sign_in("joe");
    assert_eq!(joe.get("/v1/me").expect(200).json()["role"], "operator");
    let body = json!({"user": "joe", "password": PASSWORD, "role": "supervisor"});
    let as_supervisor = Person::of(&server, &server.post("/v1/session", &body).expect(200));
    assert_eq!(as_supervisor.get("/v1/me").expect(200).json()["role"], "supervisor");
    let body = json!({"user": "joe", "password": PASSWORD, "role": "quality"});
    server.post("/v1/session", &body).problem(403, "role_not_allowed");

    ada.put("/v1/users/joe", &json!({"roles": ["operator"]})).expect(200);
    as_supervisor.get("/v1/me").expect(401);
    joe.get("/v1/me").expect(200);
    ada.put("/v1/users/joe", &json!({"disabled": true})).expect(200);
    joe.get("/v1/me").expect(401);
}

#[test]
fn the_last_administrator_stays() {
    let server = Server::start();
    let ada = server.administrator();
    for change in [json!({"disabled": true}), json!({"roles": ["auditor"]})] {
        ada.put("/v1/users/ada", &change).problem(409, "last_administrator");
    }
    ada.add_user("bob", &["administrator"]);
    ada.put("/v1/users/ada", &json!({"roles": ["auditor"]})).expect(200);
    ada.get("/v1/me").expect(401);
}

#[test]
fn users_are_checked_before_they_are_made() {
    let server = Server::start();
    let ada = server.administrator();
    let make = |user: &str, roles: &[&str], password: &str| {
        ada.post("/v1/users", &json!({"user": user, "roles": roles, "password": password}))
    };
    for name in ["", "Jane", "jane/..", "9lives", "packtree", &"x".repeat(41), "j\u{e9}r\u{f4}me"] {
        make(name, &["operator"], PASSWORD).problem(400, "malformed");
    }
    make("jane", &[], PASSWORD).problem(400, "malformed");
    make("jane", &["machine"], PASSWORD).problem(400, "malformed");
    make("jane", &["operator", "operator"], PASSWORD).problem(400, "malformed");
    make("jane", &["operator"], "short").problem(400, "password_unfit");
    make("jane", &["operator"], &"x".repeat(1_000)).problem(400, "password_unfit");
    make("ada", &["operator"], PASSWORD).problem(409, "name_taken");
    ada.post("/v1/users", &json!({"user": "jane", "roles": ["operator"], "password": PASSWORD, "admin": true}))
        .problem(400, "malformed");
    make("jane", &["operator"], PASSWORD).expect(201);
    let users = ada.get("/v1/users").expect(200);
    assert!(!users.body.contains("argon2"), "{}", users.body);
    let names: Vec<_> = users.json()["users"].as_array().unwrap().iter().map(|user| user["user"].clone()).collect();
    assert_eq!(names, ["ada", "jane"]);
}

#[test]
fn what_people_may_do_follows_their_role() {
    let server = Server::start();
    for (role, credentials) in server.everybody() {
        let me = server.send("GET", "/v1/me", &credentials.headers(), None).expect(200).json();
        assert_eq!(me["role"], role);
        let may: Vec<&str> = me["may"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        assert!(may.contains(&"read"), "{role}: {may:?}");
        assert_eq!(may.contains(&"pack"), ["operator", "supervisor", "machine"].contains(&role), "{role}: {may:?}");
        assert_eq!(may.contains(&"release"), ["quality", "supervisor", "machine"].contains(&role), "{role}: {may:?}");
        assert_eq!(may.contains(&"administer"), role == "administrator", "{role}: {may:?}");
        assert_eq!(may.contains(&"configure"), role == "administrator", "{role}: {may:?}");
    }
}

#[test]
fn users_and_policy_outlive_a_restart() {
    let server = Server::start();
    let ada = server.administrator();
    let mut policy = ada.get("/v1/policy").expect(200).json();
    assert_eq!(policy["child_with_parent"], "refuse");
    policy["child_with_parent"] = json!("move");
    assert_eq!(ada.put("/v1/policy", &policy).expect(200).json(), policy);
    policy["child_with_parent"] = json!("perhaps");
    ada.put("/v1/policy", &policy).problem(400, "malformed");
    let directory = server.stop();

    let engine = packtree::Engine::open(directory.path(), packtree::Options::default()).unwrap();
    let access = packtree_server::access::Access::new(engine.clone(), packtree_server::access::Options::default());
    assert_eq!(engine.policy().child_with_parent, packtree::policy::ChildWithParent::Move);
    assert_eq!(access.first_administrator(), None);
    engine.close().unwrap();
}
