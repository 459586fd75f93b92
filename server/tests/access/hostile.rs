//! What nobody sends by mistake: bodies and heads without end, half requests, and ten thousand wrong passwords.

use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Identifier, Operation, Outcome};
use packtree_server::serve::Settings;
use packtree_server::serve::settings::Limits;
use scopeguard::{defer, guard};
use serde_json::json;

use crate::support::{Answer, Server, request};

#[test]
fn a_body_of_a_gigabyte_is_refused_after_a_few_kilobytes() {
    let server = Server::start();
    let mut stream = server.connect();
    stream.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!(
        "POST /v1/session HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        server.address,
        1_u64 << 30
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reading = stream.try_clone().unwrap();
    let answered = thread::spawn(move || {
        let mut answer = vec![0; 4_096];
        let read = reading.read(&mut answer).unwrap();
        Answer::read(&answer[..read])
    });
    let part = vec![b' '; 64 * 1_024];
    let mut sent: u64 = 0;
    while sent < 1 << 30 && stream.write_all(&part).is_ok() {
        sent += part.len() as u64;
    }
    assert!(sent < 64 << 20, "{sent} bytes were taken");
    answered.join().unwrap().problem(413, "body_too_large");
    server.get("/healthz").expect(200);
}

/// So many headers.
fn header_lines(number: usize) -> String {
    let lines: Vec<String> = (0..number).map(|number| format!("X-{number}: {number}\r\n")).collect();
    lines.concat()
}

#[test]
fn a_million_headers_are_not_read() {
    let server = Server::start();
    let mut stream = server.connect();
    stream.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let lines = header_lines(1_000);
    let taken = (0..1_000).take_while(|_| stream.write_all(lines.as_bytes()).is_ok()).count();
    assert!(taken < 1_000, "the server read everything");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    if !answer.is_empty() {
        assert_eq!(Answer::read(&answer).status, 431);
    }
    let few = header_lines(70);
    let many = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{few}\r\n");
    assert_eq!(server.raw(many.as_bytes()).status, 431);
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(100_000));
    assert!(matches!(server.raw(long.as_bytes()).status, 414 | 431));
    server.get("/healthz").expect(200);
}

#[test]
fn half_requests_end_and_their_places_are_free_again() {
    let limits = Limits { connections: 8, head: Duration::from_secs(1), ..Limits::default() };
    let server = Server::start_with(Settings { limits, ..Settings::default() }, |_| {});
    let half: Vec<_> = (0..8)
        .map(|number| {
            let mut stream = server.connect();
            // Nothing at all, a part of the first line, and headers without an end.
            let said = [&b""[..], b"GET /heal", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"][number % 3];
            stream.write_all(said).unwrap();
            stream
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    let mut ninth = server.connect();
    let _ = ninth.write_all(request(server.address, "GET", "/healthz", &[], None).as_bytes());
    let mut answer = Vec::new();
    let _ = ninth.read_to_end(&mut answer);
    assert!(answer.is_empty(), "there is no place left: {}", String::from_utf8_lossy(&answer));

    let begun = Instant::now();
    for mut stream in half {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "they were cut");
    thread::sleep(Duration::from_millis(100));
    server.get("/healthz").expect(200);
}

#[test]
fn a_connection_that_asks_nothing_more_ends() {
    let limits = Limits { head: Duration::from_secs(1), ..Limits::default() };
    let server = Server::start_with(Settings { limits, ..Settings::default() }, |_| {});
    let mut stream = server.connect();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let begun = Instant::now();
    let _ = stream.read_to_end(&mut answer);
    assert!(begun.elapsed() < Duration::from_secs(10));
    Answer::read(&answer).expect(200);
}

#[test]
fn deep_and_broken_json_is_malformed() {
    let server = Server::start();
    let ada = server.administrator();
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let deepest = format!("{}1{}", "{\"user\":".repeat(5_000), "}".repeat(5_000));
    let headers: Vec<String> = ada
        .credentials
        .headers()
        .iter()
        .map(|(name, value)| {
            format!(
                "{name}: {value}
"
            )
        })
        .collect();
    let headers = headers.concat();
    let send = |kind: &str, body: &[u8]| {
        let mut bytes = format!(
            "POST /v1/users HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}{kind}Content-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        server.raw(&bytes)
    };
    let json = "Content-Type: application/json\r\n";
    for body in [&b""[..], b"{", b"nul", b"\xff\xfe", b"{}{}", deep.as_bytes(), deepest.as_bytes()] {
        send(json, body).problem(400, "malformed");
    }
    send("Content-Type: text/plain\r\n", b"{}").problem(415, "media_type");
    send("", b"{}").problem(415, "media_type");
}

/// A case an operation, durably, until it is told to stop; says when it has made enough, and gives the times that the calls took.
fn line(server: &Server, first: u64, stop: &AtomicBool, is_done: &AtomicBool) -> Vec<Duration> {
    let caller = Caller::machine("line-3").unwrap();
    let mut times = Vec::new();
    defer!(is_done.store(true, Ordering::Relaxed));
    while !stop.load(Ordering::Relaxed) {
        is_done.store(LINE_CALLS_MIN <= times.len(), Ordering::Relaxed);
        let number = first + times.len() as u64;
        let sscc = packtree_gs1::Sscc::complete(9_521_234_500_000_000 + number).unwrap();
        let objects = vec![Identifier::parse(&format!("(00){sscc}")).unwrap()];
        let begun = Instant::now();
        let commission = Operation::Commission(Commission { lot: None, level: Level::Case, objects });
        let outcome = server.engine.perform(&caller, commission).unwrap();
        times.push(begun.elapsed());
        assert!(matches!(outcome, Outcome::Done(_)));
        // Three hundred units a minute are one each 200 ms; this line is a hundred times as fast.
        thread::sleep(Duration::from_millis(2));
    }
    times
}

/// Calls that a line makes at least while it is looked at.
const LINE_CALLS_MIN: usize = 200;

fn percentile(mut times: Vec<Duration>, share: usize) -> Duration {
    times.sort_unstable();
    times[times.len() * share / 100]
}

/// The times of a line while so many requests are sent, eight at a time, and more until the line has made enough calls.
fn times_beside(server: &Server, first: u64, requests: usize, send: &(dyn Fn(usize) + Sync)) -> Vec<Duration> {
    let (stop, is_done, next) = (AtomicBool::new(false), AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let sending = guard((), |()| stop.store(true, Ordering::Relaxed));
        let line = scope.spawn(|| line(server, first, &stop, &is_done));
        let senders: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if requests <= number && is_done.load(Ordering::Relaxed) {
                            return;
                        }
                        send(number);
                    }
                })
            })
            .collect();
        for sender in senders {
            sender.join().unwrap();
        }
        drop(sending);
        line.join().unwrap()
    })
}

#[test]
fn ten_thousand_wrong_passwords_do_not_slow_the_line() {
    const ATTEMPTS: usize = 10_000;
    // Whatever else the machine does may come between once, and not every time.
    const ROUNDS: u64 = 3;
    let server = Server::start();
    server.administrator();
    let mut measured = Vec::new();
    for round in 0..ROUNDS {
        let looked_at = AtomicUsize::new(0);
        // As many requests that ask for nothing: what the connections themselves cost the line.
        let harmless = |_: usize| drop(server.get("/healthz").expect(200));
        let beside_questions = times_beside(&server, round << 30, ATTEMPTS, &harmless);
        let guess = |number: usize| {
            let body = json!({"user": format!("user-{round}-{number}"), "password": "a wrong password"});
            let answer = server.post("/v1/session", &body);
            assert!(matches!(answer.status, 401 | 429), "{answer:?}");
            looked_at.fetch_add(usize::from(answer.status == 401), Ordering::Relaxed);
        };
        let beside_guesses = times_beside(&server, (round << 30) + (1 << 29), ATTEMPTS, &guess);
        let looked_at = looked_at.into_inner();
        assert!(looked_at <= 60 && (round != 0 || 0 < looked_at), "{looked_at} passwords were looked at");
        let (questions, guesses) = (percentile(beside_questions, 99), percentile(beside_guesses, 99));
        if guesses <= (questions * 2).max(Duration::from_millis(25)) {
            return;
        }
        measured.push((questions, guesses));
    }
    panic!("p99 of the line beside questions and beside guesses, in every round: {measured:?}");
}
