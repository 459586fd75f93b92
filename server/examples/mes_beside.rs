//! An application that packs on its own engine and serves the same engine over HTTP: what one side does, the other sees.
//!
//!     cargo run -p packtree-server --example mes_beside

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use packtree::fact::Level;
use packtree::operation::Commission;
use packtree::{Caller, Engine, Identifier, Operation, Options, Outcome};
use packtree_client::Client;
use packtree_server::access;
use packtree_server::serve::{self, Settings};

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?; // yours: a directory on a disk of the line's computer
    let engine = Engine::open(directory.path(), Options::default())?;

    // The server runs on threads of its own, and the application goes on using the engine.
    let runtime = tokio::runtime::Runtime::new()?;
    let mut settings = Settings::default();
    settings.listen.set_port(0); // any free one; yours stays the same
    let options = access::Options::default();
    let running = runtime.block_on(serve::start(engine.clone(), directory.path(), &settings, options))?;
    let key = runtime.block_on(running.access().key_for("handheld-7"));
    let key = key.map_err(|problem| problem.detail().to_owned())?;
    println!("serving at {}", running.url());

    // The line packs, without HTTP in between.
    let line = Caller::machine("line-3")?;
    let case = Identifier::parse("(00)095212345000000018")?;
    let units = ["(01)09521234543213(21)A001", "(01)09521234543213(21)A002"].map(Identifier::parse);
    let units = units.into_iter().collect::<Result<Vec<_>, _>>()?;
    let commission = |level, objects| Operation::Commission(Commission { lot: None, level, objects });
    for operation in [
        commission(Level::Case, vec![case.clone()]),
        commission(Level::Unit, units.clone()),
        Operation::pack(case.clone(), units.clone()),
    ] {
        engine.perform(&line, operation)?.receipt()?;
    }

    // The warehouse sees it at once, and takes a unit out.
    let warehouse = Client::builder(&running.url()).key(key).build()?;
    let seen = warehouse.inspect(&units[0])?.ok_or("the line has packed it")?;
    assert_eq!(seen.parent, Some(case.clone()));
    println!("the warehouse sees {} in {case}", units[0]);
    let taken = warehouse.perform(&Operation::unpack(vec![units[0].clone()]))?.receipt()?;

    // The application sees that, with who did it; the feed tells it of each fact without being asked.
    assert_eq!(engine.children(&case), Some(vec![units[1].clone()]));
    let mut feed = engine.subscribe(taken.first);
    let fact = feed.try_next()?.ok_or("what was answered is durable")?;
    assert_eq!(fact.header.actor.as_str(), "handheld-7");
    println!("the application sees fact {}: {} by {}", fact.sequence, fact.verb, fact.header.actor);

    // The rules are the same on both sides.
    let refused = warehouse.perform(&Operation::pack(units[1].clone(), vec![units[0].clone()]))?;
    let Outcome::Refused(refusal) = refused else { return Err("a unit holds nothing".into()) };
    println!("refused: {}", refusal.reason().sentence());

    // Finishes what runs, and closes the engine.
    let head = runtime.block_on(running.stop())?;
    println!("stopped behind fact {}", head.sequence);
    Ok(())
}
