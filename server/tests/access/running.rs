//! A server as it runs: health, metrics, headers, encryption, its end, and what it writes down.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Engine, Identifier, Operation, Outcome};
use packtree_gs1::Sscc;
use packtree_server::serve::Settings;
use packtree_server::serve::settings::{Limits, Metrics, Tls};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;

use crate::support::{Answer, PASSWORD, Server, request};

fn case(number: u64) -> Operation {
    let sscc = Sscc::complete(9_521_234_500_000_000 + number).expect("the number is short");
    let case = Identifier::parse(&format!("(00){sscc}")).expect("an SSCC is an identifier");
    Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case] })
}

#[test]
fn health_and_readiness_are_for_everybody() {
    let server = Server::start();
    assert_eq!(server.get("/healthz").expect(200).json(), json!({"status": "alive"}));
    assert_eq!(server.get("/readyz").expect(200).json(), json!({"status": "ready"}));
    server.engine.close().unwrap();
    server.get("/readyz").problem(503, "stopping");
    server.get("/healthz").expect(200);

    let limits = Limits { disk_free_bytes_min: u64::MAX, ..Limits::default() };
    let server = Server::start_with(Settings { limits, ..Settings::default() }, |_| {});
    let low = server.get("/readyz").problem(503, "disk_low");
    assert!(low.json()["detail"].as_str().unwrap().contains("MiB left"), "{low:?}");
}

#[test]
fn metrics_are_read_with_credentials_or_where_the_settings_open_them() {
    let server = Server::start();
    let ada = server.administrator();
    server.engine.perform(&Caller::machine("line-3").unwrap(), case(1)).unwrap();
    server.get("/metrics").problem(401, "credentials_required");
    let text = ada.get("/metrics").expect(200).body;
    for line in [
        "packtree_objects 1",
        "packtree_facts_total 2",
        "packtree_refusals_total 0",
        "packtree_queue_waiting 0",
        "packtree_poisoned 0",
        "packtree_sessions 1",
        "packtree_commit_seconds_count 2",
        "packtree_group_operations_sum 2.0",
        "packtree_group_operations_bucket{le=\"+Inf\"} 2",
        "# EOF",
    ] {
        assert!(text.lines().any(|found| found == line), "`{line}` is missing in:\n{text}");
    }
    let has = |start: &str| text.lines().any(|line| line.starts_with(start));
    assert!(has("packtree_journal_bytes ") && has("packtree_disk_free_bytes "), "{text}");
    let setup = "packtree_http_request_seconds_count{method=\"POST\",route=\"/v1/setup\",status=\"200\"} 1";
    assert!(text.lines().any(|line| line == setup), "{text}");

    let open = Settings { metrics: Metrics::Open, ..Settings::default() };
    let server = Server::start_with(open, |options| options.open_metrics = true);
    server.get("/metrics").expect(200);
    server.get("/v1/me").expect(401);
}

#[test]
fn every_answer_keeps_browsers_safe() {
    let server = Server::start();
    for path in ["/", "/robots.txt", "/v1/me", "/nothing", "/healthz"] {
        let answer = server.get(path);
        let policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        assert_eq!(answer.header("content-security-policy"), Some(policy), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}: there is no TLS here");
        assert_eq!(answer.header("cache-control") == Some("no-store"), path.starts_with("/v1"), "{path}");
        assert_eq!(answer.header("x-request-id").map(str::len), Some(16), "{path}");
    }
}

#[test]
fn files_of_the_screen_have_types_and_tags() {
    let server = Server::start();
    let robots = server.get("/robots.txt").expect(200);
    assert_eq!(robots.header("content-type"), Some("text/plain; charset=utf-8"));
    let tag = robots.header("etag").unwrap();
    let again = server.send("GET", "/robots.txt", &[("If-None-Match", tag)], None).expect(304);
    assert_eq!(again.body, "");
    let ada = server.administrator();
    ada.get("/tsconfig.json").problem(404, "not_found");
    ada.get("/../Cargo.toml").problem(404, "not_found");
    ada.post("/robots.txt", &json!({})).problem(405, "method_not_allowed");
}

#[test]
fn a_client_that_trusts_the_certificate_is_served_and_nobody_in_plain() {
    let settings = Settings { tls: Tls::SelfSigned, ..Settings::default() };
    let server = Server::start_with(settings, |_| {});
    let running = server.running.as_ref().unwrap();
    assert!(running.url().starts_with("https://"), "{}", running.url());
    let certificate = CertificateDer::from_pem_file(running.own_certificate().unwrap()).unwrap();
    let ask = |roots: RootCertStore| -> std::io::Result<Answer> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(server.address)?);
        stream.write_all(request(server.address, "GET", "/healthz", &[], None).as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(Answer::read(&answer))
    };
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let answer = ask(roots).unwrap().expect(200);
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    ask(RootCertStore::empty()).expect_err("who does not trust the certificate leaves");
    let mut plain = server.connect();
    plain.write_all(request(server.address, "GET", "/healthz", &[], None).as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));

    let key = server.directory.path().join("server/key.pem");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(key).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "nobody else reads the key");
}

#[test]
fn a_server_that_stops_finishes_what_runs_and_loses_nothing() {
    let server = Server::start();
    let engine = server.engine.clone();
    let packing = thread::spawn(move || {
        let line = Caller::machine("line-3").unwrap();
        let mut acknowledged = 0;
        for number in 0.. {
            match engine.perform(&line, case(number)) {
                Ok(Outcome::Done(_)) => acknowledged = number + 1,
                Ok(Outcome::Refused(refusal)) => panic!("{refusal}"),
                Err(_) => break,
            }
        }
        acknowledged
    });
    let mut asked = server.connect();
    asked.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    let directory = server.stop();
    assert!(begun.elapsed() < Duration::from_secs(10), "an idle connection does not hold it up");
    let acknowledged = packing.join().unwrap();
    assert!(0 < acknowledged);
    let mut answer = Vec::new();
    asked.read_to_end(&mut answer).unwrap();
    Answer::read(&answer).expect(200);
    let engine = Engine::open(directory.path(), packtree::Options::default()).unwrap();
    assert!(acknowledged <= u64::from(engine.stats().objects));
    engine.close().unwrap();
}

/// The binary itself, with a terminal nobody looks at.
#[test]
fn no_secret_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("site");
    let mut child = Command::new(env!("CARGO_BIN_EXE_packtree"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .arg(&data)
        .env("PACKTREE_LOG_LEVEL", "debug")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    while !printed.contains("first-administrator") {
        assert_ne!(said.read_line(&mut printed).unwrap(), 0, "{printed}");
    }
    let address = printed.split("http://").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let token = std::fs::read_to_string(data.join("server/first-administrator")).unwrap().trim().to_owned();
    assert!(!printed.contains(&token), "what is printed may be kept in a log");
    let send = |method: &str, path: &str, headers: &[(&str, &str)], body: Option<&serde_json::Value>| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request(address, method, path, headers, body).as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Answer::read(&answer)
    };
    let setup = json!({"token": token, "user": "ada", "password": PASSWORD});
    let answer = send("POST", "/v1/setup", &[], Some(&setup)).expect(200);
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let csrf = answer.json()["csrf"].as_str().unwrap().to_owned();
    let headers = [("Cookie", cookie.as_str()), ("X-Packtree-Csrf", csrf.as_str())];
    let key = json!({"id": "line-3"});
    let key = send("POST", "/v1/keys", &headers, Some(&key)).expect(201).json();
    let key = key["secret"].as_str().unwrap().to_owned();
    let wrong = json!({"user": "a password in the wrong field", "password": PASSWORD});
    send("POST", "/v1/session", &[], Some(&wrong)).expect(401);
    send("GET", "/v1/me?key=query-secret", &[("Authorization", &format!("Bearer {key}"))], None).expect(200);

    let stopped = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert!(child.wait().unwrap().success(), "SIGTERM ends it in order");
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    said.read_to_string(&mut printed).unwrap();
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
    for expected in ["a wrong password", "signed in", "a key was made", "\"path\":\"/v1/me\"", "stopped"] {
        assert!(log.contains(expected), "{expected} is missing in {log}");
    }
    let secret_of = |text: &str| text.rsplit(['_', '=']).next().unwrap().to_owned();
    for secret in
        [&token, PASSWORD, &secret_of(&cookie), &csrf, &secret_of(&key), "argon2", "wrong field", "query-secret"]
    {
        assert!(!log.contains(secret) && !printed.contains(secret), "{secret} is in {log}{printed}");
    }
}
