//! The live feed: facts as they become durable, as server-sent events that resume where a connection was cut.

use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use packtree::{Engine, Sequence};
use packtree_wire::FactJson;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::asking::FeedQuery;
use super::body::malformed;
use super::part::Query;
use super::{Problem, Site};

/// Facts that wait for a listener who is slow; reading stops until it has taken some.
const AHEAD_MAX: usize = 64;

/// How often a listener who hears nothing is looked after.
const LOOK: Duration = Duration::from_secs(1);

/// How often a connection on which nothing happens gets a sign of life.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Facts as they become durable. The id of an event is the number of its fact; `Last-Event-ID` goes on behind it without loss.
#[utoipa::path(get, path = "/v1/feed", tag = "facts", params(FeedQuery), responses(
    (status = 200, body = FactJson, content_type = "text/event-stream")))]
pub(super) async fn feed(
    State(site): State<Site>,
    Query(query): Query<FeedQuery>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, axum::Error>>>, Problem> {
    let last = headers.get("last-event-id").map(|id| {
        let number = id.to_str().ok().and_then(|id| id.parse::<u64>().ok());
        number.ok_or_else(|| malformed("Last-Event-ID is the number of a fact"))
    });
    let behind = match last.transpose()? {
        Some(last) => last,
        None => query.from.map_or_else(|| site.engine().head().sequence.0, |from| from.saturating_sub(1)),
    };
    let place = site.listen()?;
    let engine = site.engine().clone();
    let (sender, receiver) = channel(AHEAD_MAX);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        follow(&engine, Sequence(behind.saturating_add(1)), &sender);
    });
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// Sends facts until the listener is gone or there will be no more.
fn follow(engine: &Engine, from: Sequence, listener: &Sender<Result<Event, axum::Error>>) {
    let mut feed = engine.subscribe(from);
    while !listener.is_closed() {
        match feed.next_for(LOOK) {
            Ok(Some(fact)) => {
                let event = Event::default().event("fact").id(fact.sequence.to_string());
                if listener.blocking_send(event.json_data(FactJson::from(&fact))).is_err() {
                    return;
                }
            }
            Ok(None) if engine.stopped().is_some() => return,
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the feed cannot be read");
                return;
            }
        }
    }
}
