//! A packaging line that works through a server: it commissions units, packs them into a case, closes the case, and does each of it once,
//! however often it has to ask.
//!
//!     PACKTREE_SERVER=http://127.0.0.1:8480 PACKTREE_KEY=packtree_... cargo run -p packtree-client --example line

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::thread;
use std::time::Duration;

use packtree::fact::Level;
use packtree::operation::{Close, Commission, serial_range};
use packtree::{Identifier, Operation, Outcome, Receipt};
use packtree_client::{Client, wire};
use packtree_gs1::Sscc;

const CASES: u64 = 3;
const UNITS: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("set the variable {name}"));
    let client = Client::builder(&variable("PACKTREE_SERVER")?).key(variable("PACKTREE_KEY")?).build()?;
    pack(&client, "order 4711")
}

/// Packs the cases of an order.
pub(crate) fn pack(client: &Client, order: &str) -> Result<(), Box<dyn Error>> {
    for number in 1..=CASES {
        let case = Identifier::Sscc(Sscc::complete(9_521_234_700_000_000 + number).ok_or("the number is too long")?);
        let Identifier::Sgtin(first) = Identifier::parse(&format!("(01)09521234543213(21)L{number}001"))? else {
            return Err("a unit has a GTIN and a serial number".into());
        };
        let units = serial_range(first, UNITS).ok_or("the serial numbers have run out")?;

        // Each step has a name that is chosen when it happens on the line and stays with it until there is an answer.
        let step = |what: &str, operation| once(client, &format!("{order}, case {number}, {what}"), &operation);
        let commission = |level, objects| Operation::Commission(Commission { lot: None, level, objects });
        step("its units", commission(Level::Unit, units.clone()))?;
        step("its label", commission(Level::Case, vec![case.clone()]))?;
        step("full", Operation::pack(case.clone(), units))?;
        let close = || Operation::Close(Close { containers: vec![case.clone()], partial: false });
        let closed = step("closed", close())?;
        println!("{case} is closed, durable as fact {}", closed.last);

        // As if the answer had been lost: the same step again is the same fact, and nothing is done twice.
        let again = step("closed", close())?;
        assert_eq!((again.last, again.repeated), (closed.last, true));
    }
    Ok(())
}

/// Does a step once. What became of a request without an answer is not known, so it is sent again as it was until there is one.
fn once(client: &Client, name: &str, operation: &Operation) -> Result<Receipt, Box<dyn Error>> {
    let operation = wire::Operation::of(operation).ok_or("a line changes no settings")?;
    let request = wire::Request { request_id: Some(name.to_owned()), ..wire::Request::new(operation) };
    loop {
        match client.submit_wire(&request) {
            Ok(Outcome::Done(receipt)) => return Ok(receipt),
            // The rules say no, and will say so again: the line stops, and somebody looks.
            Ok(Outcome::Refused(refusal)) => return Err(refusal.into()),
            Err(error) if error.may_pass() => {
                println!("no answer yet: {error}");
                thread::sleep(Duration::from_secs(1));
            }
            Err(error) => return Err(error.into()),
        }
    }
}
