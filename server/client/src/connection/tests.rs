//! What the other side may do to a connection: lose it, be busy, come back, or talk of something else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use packtree::fact::{EventTime, RequestId};
use packtree::operation::Ship;
use packtree::{Caller, Operation, Request};
use serde_json::{Value, json};
use ureq::http::Method;

use super::{Answered, segment};
use crate::{Client, Error, Retries};

/// What a listener does with the connections that come, one after the other.
enum Deed {
    /// Reads the request and closes.
    Drop,
    /// Answers.
    Say(&'static str),
    /// Reads the request and says nothing.
    Sleep,
}

/// Answers as it is told, each on a connection of its own, and gives the requests that came.
fn listen(deeds: Vec<Deed>) -> (Client, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let listening = thread::spawn(move || {
        let (mut requests, mut silent) = (Vec::new(), Vec::new());
        for deed in deeds {
            let (mut stream, _) = listener.accept().expect("somebody connects");
            requests.push(read_request(&stream));
            match deed {
                Deed::Drop => {}
                Deed::Say(answer) => stream.write_all(answer.as_bytes()).expect("somebody listens"),
                Deed::Sleep => silent.push(stream),
            }
        }
        requests
    });
    let retries = Retries { times_max: 3, first: Duration::from_millis(1), longest: Duration::from_millis(20) };
    let builder =
        Client::builder(&address).key("packtree_1_secret").timeout(Duration::from_millis(150)).retries(retries);
    (builder.build().expect("the address is right"), listening)
}

fn read_request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a request comes");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body comes");
    head + str::from_utf8(&body).expect("the body is text")
}

const GOOD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\n{\"a\":1}";
const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 26\r\nconnection: close\r\n\r\n{\"code\":\"busy\",\"detail\":1}";
const POISONED: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 37\r\nconnection: close\r\n\r\n{\"code\":\"poisoned\",\"detail\":\"a disk\"}";

fn post(client: &Client) -> Result<Value, Error> {
    let body = json!({"request_id": "one"});
    match client.connection.ask::<Value, Value>(&Method::POST, "/v1/operations", &body)? {
        Answered::Good(answer) => Ok(answer),
        Answered::Refused(refusal) => Ok(json!({ "refused": refusal })),
    }
}

#[test]
fn behind_what_a_server_is_too_busy_for_nothing_is_sent() {
    let (client, listening) = listen(vec![Deed::Say(BUSY), Deed::Say(BUSY), Deed::Say(BUSY), Deed::Say(BUSY)]);
    let caller = Caller::machine("line-1").expect("the name is short");
    let request = |number: u128| Request {
        id: RequestId(number),
        actor: caller.actor.clone(),
        role: caller.role,
        station: caller.station.clone(),
        event_time: EventTime::utc(0),
        entry: caller.entry,
        reason: None,
        note: None,
        signature: None,
        operation: Operation::Ship(Ship { roots: Vec::new() }),
    };
    // One more than travel together: the last has a batch of its own, which would be an operation before its time.
    let requests: Vec<Request> = (0..1_001).map(request).collect();
    let outcomes = client.submit_all(&requests).expect("each has its answer");
    assert_eq!(outcomes.len(), requests.len());
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(Error::Busy(_)))), "{:?}", outcomes[0]);
    assert_eq!(listening.join().expect("it listened").len(), 4, "the first batch, and three times again");
}

#[test]
fn a_lost_connection_is_tried_again_with_the_same_request() {
    let (client, listening) = listen(vec![Deed::Drop, Deed::Say(BUSY), Deed::Sleep, Deed::Say(GOOD)]);
    assert_eq!(post(&client).expect("the last try is answered"), json!({"a": 1}));
    let requests = listening.join().expect("it listened");
    assert_eq!(requests.len(), 4);
    for request in &requests {
        assert!(
            request.starts_with("POST /v1/operations HTTP/1.1") && request.ends_with("{\"request_id\":\"one\"}"),
            "{request}"
        );
        assert!(request.contains("authorization: Bearer packtree_1_secret"), "{request}");
    }
}

#[test]
fn it_is_not_tried_for_ever() {
    let begun = Instant::now();
    let (client, listening) = listen(vec![Deed::Drop, Deed::Drop, Deed::Drop, Deed::Drop]);
    let error = post(&client).expect_err("nobody answers");
    assert!(matches!(error, Error::Unreachable { .. }) && error.may_pass(), "{error}");
    assert_eq!(listening.join().expect("it listened").len(), 4);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_server_that_has_stopped_is_not_asked_again() {
    let (client, listening) = listen(vec![Deed::Say(POISONED)]);
    let error = post(&client).expect_err("it has stopped");
    assert!(matches!(&error, Error::Stopped(problem) if problem.detail == "a disk"), "{error}");
    assert_eq!(listening.join().expect("it listened").len(), 1);
}

#[test]
fn a_refusal_is_an_answer() {
    let refused = "HTTP/1.1 409 Conflict\r\ncontent-length: 7\r\nconnection: close\r\n\r\n{\"a\":2}";
    let (client, listening) = listen(vec![Deed::Say(refused)]);
    assert_eq!(post(&client).expect("it is an answer"), json!({"refused": {"a": 2}}));
    assert_eq!(listening.join().expect("it listened").len(), 1);
}

#[test]
fn the_key_goes_nowhere_else() {
    let elsewhere = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (client, listening) = listen(vec![Deed::Say(elsewhere)]);
    let error = post(&client).expect_err("it is no answer");
    assert!(error.to_string().contains("it sends elsewhere"), "{error}");
    assert_eq!(listening.join().expect("it listened").len(), 1);
}

#[test]
fn an_answer_without_sense_is_said_so() {
    let (client, listening) =
        listen(vec![Deed::Say("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nhi!")]);
    let error = post(&client).expect_err("it is no JSON");
    assert!(matches!(error, Error::Nonsense { .. }), "{error}");
    listening.join().expect("it listened");
}

#[test]
fn identifiers_are_one_segment_of_a_path() {
    assert_eq!(segment("(01)09521234543213(21)A/1%"), "%2801%2909521234543213%2821%29A%2F1%25");
    assert_eq!(segment("a-b._~"), "a-b._~");
}

/// A fact as the feed sends it.
fn event(number: u64) -> String {
    let time = "2026-11-28T06:00:00+00:00";
    let fact = json!({
        "fact": number, "time": time, "recorded_at": time, "operation": "pack", "actor": "line-1", "role": "machine",
        "station": "line-1", "entry": "machine", "request": "one", "reason": null, "note": null, "changes": [], "sentences": [],
    });
    format!("id: {number}\nevent: fact\ndata: {fact}\n\n")
}

#[test]
fn a_feed_that_is_cut_goes_on_behind_the_last_fact() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let second = event(2);
    let cut = format!("{HEAD}: hello\n\n{}{}", event(1), &second[..second.len() / 2]);
    let whole = format!("{HEAD}{second}{}", event(3));
    let gap = format!("{HEAD}{}", event(5));
    let say = |text: String| Deed::Say(text.leak());
    let (client, listening) = listen(vec![say(cut), Deed::Drop, say(whole), say(gap)]);
    let mut feed = client.feed(packtree::Sequence(0));
    for number in 1..=3 {
        assert_eq!(feed.next().expect("it never ends").expect("it is a fact").fact, number);
    }
    let error = feed.next().expect("it never ends").expect_err("a fact is missing");
    assert!(error.to_string().contains("fact 5 comes behind fact 3"), "{error}");
    assert_eq!(feed.position(), packtree::Sequence(3));
    let asked: Vec<bool> = listening
        .join()
        .expect("it listened")
        .iter()
        .zip(["0", "1", "1", "3"])
        .map(|(request, last)| request.contains(&format!("last-event-id: {last}\r\n")))
        .collect();
    assert_eq!(asked, [true; 4]);
}
