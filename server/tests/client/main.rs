//! The client of the library against real servers: each of its functions with a good answer, and with a bad one where there is one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../client/examples/line.rs"]
#[expect(dead_code, reason = "by itself it takes the address from the environment")]
mod line;
#[path = "../../examples/mes_beside.rs"]
mod mes_beside;
#[path = "../access/support.rs"]
#[expect(dead_code, reason = "it serves the tests of access as well")]
mod support;
#[path = "../http/world.rs"]
#[expect(dead_code, reason = "it serves the tests of the API as well")]
mod world;

mod busy;
mod examples;
mod operations;
mod questions;
mod reaching;
mod sessions;

use packtree::fact::{EventTime, RequestId};
use packtree::{Caller, Entropy, Identifier, Operation, Request, SystemEntropy};
use packtree::{Clock, SystemClock};
use packtree_client::{Builder, Client, Retries};

use crate::world::World;

/// How somebody of the world reaches its server, once.
fn reach(world: &World, who: &str) -> Builder {
    let key = world.everybody[who].0[0].1.strip_prefix("Bearer ").expect("it is a machine");
    Client::builder(&format!("http://{}", world.server.address)).key(key).retries(Retries::NONE)
}

fn machine(world: &World) -> Client {
    reach(world, "machine").build().unwrap()
}

fn id(text: &str) -> Identifier {
    Identifier::parse(text).unwrap()
}

/// A request as an embedded engine takes it, as of now.
fn request(operation: Operation) -> Request {
    let Caller { actor, role, station, entry } = Caller::machine("line-3").unwrap();
    Request {
        id: RequestId(SystemEntropy.next()),
        actor,
        role,
        station,
        event_time: EventTime::utc(SystemClock.now()),
        entry,
        reason: None,
        note: None,
        signature: None,
        operation,
    }
}
