//! The examples run to their end.

use packtree::fact::{Level, Seal};
use packtree_client::Client;

use crate::world::World;
use crate::{id, line, machine, mes_beside};

#[test]
fn a_line_packs_through_a_server_and_a_second_run_does_nothing_twice() {
    let world = World::new();
    let client: Client = machine(&world);
    line::pack(&client, "order 4711").unwrap();
    let case = client.inspect(&id("(00)095212347000000012")).unwrap().expect("the line has packed it");
    assert_eq!((case.level, case.seal, case.units), (Level::Case, Seal::Closed, 6));
    let head = world.server.engine.head();
    line::pack(&client, "order 4711").unwrap();
    assert_eq!(world.server.engine.head(), head);
}

#[test]
fn an_application_serves_the_engine_that_it_packs_on() {
    mes_beside::main().unwrap();
}
