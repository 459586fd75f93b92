//! `key`: API keys of machines, in a directory that no server has open.

use std::io::{self, Write as _};

use clap::Subcommand;
use packtree::Policy;
use packtree::fact::Name;

use super::serve::runtime;
use super::{Context, write};
use crate::access::{self, Access, Key, MadeKey};
use crate::failure::Failure;
use crate::http::Problem;
use crate::opening;
use crate::output::Style;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Make a key and print it, this once; it is all that standard output gets: KEY=$(packtree key make line-1).
    Make(Make),
    /// List the keys, without their secrets.
    List,
    /// Disable a key, for good unless an administrator enables it again.
    Disable(Disable),
}

#[derive(clap::Args)]
pub(super) struct Make {
    /// Whose key it is: small letters, digits, dots and hyphens; facts name it as who did something.
    #[arg(value_name = "NAME", value_parser = access::key_name)]
    name: String,
    /// machine, or auditor, which only reads.
    #[arg(long, value_name = "ROLE", default_value = "machine")]
    role: String,
    /// A station at which it may work; may be given several times; everywhere where it is left out.
    #[arg(long = "station", value_name = "NAME")]
    stations: Vec<String>,
    #[command(flatten)]
    who: Who,
}

#[derive(clap::Args)]
pub(super) struct Disable {
    /// Whose key it is.
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    who: Who,
}

/// Whoever may write the data acts as an administrator, under their own name.
#[derive(clap::Args)]
struct Who {
    /// Who does it; the name of the system's user where it is left out.
    #[arg(long, value_name = "NAME", value_parser = Name::new)]
    actor: Option<Name>,
}

impl Who {
    fn name(self) -> Result<Name, Failure> {
        self.actor.map_or_else(write::user, Ok)
    }
}

impl Verb {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<(), Failure> {
        let data = context.data.as_deref();
        let engine = match self {
            // A machine may have its key before there is anything else.
            Self::Make(_) => opening::any(data, Policy::default()),
            Self::List | Self::Disable(_) => opening::existing(data, Policy::default()),
        }?;
        let access = Access::new(engine.clone(), access::Options::default());
        match self {
            Self::Make(Make { name, role, stations, who }) => {
                let made = runtime()?.block_on(access.make_key(who.name()?, name, role, stations));
                let made = made.map_err(|problem| failure(&problem))?;
                engine.close()?;
                print_made(context, &made)
            }
            Self::List => print_all(context, &access.list_keys()),
            Self::Disable(Disable { name, who }) => {
                let key =
                    runtime()?.block_on(access.disable_key(who.name()?, &name)).map_err(|problem| failure(&problem))?;
                engine.close()?;
                if context.json {
                    return context.out.json(&key);
                }
                let style = context.out.style;
                Ok(writeln!(context.out, "{} {} opens nothing any more", style.good("disabled:"), key.id)?)
            }
        }
    }
}

fn print_made(context: &mut Context<'_>, made: &MadeKey) -> Result<(), Failure> {
    if context.json {
        return context.out.json(made);
    }
    let style = Style::of_errors();
    let MadeKey { key, secret } = made;
    let said = format!("{} {}, {}, works {}", style.good("made:"), key.id, key.role, places(key));
    // The key must be printed even where nobody reads what is said about it.
    let _ = writeln!(io::stderr(), "{said}\n  it is shown this once; send it as Authorization: Bearer");
    Ok(writeln!(context.out, "{secret}")?)
}

fn print_all(context: &mut Context<'_>, keys: &[Key]) -> Result<(), Failure> {
    if context.json {
        return context.out.json(&keys);
    }
    if keys.is_empty() {
        return Ok(writeln!(context.out, "there are no keys")?);
    }
    let style = context.out.style;
    for key in keys {
        let state = if key.disabled { format!("  {}", style.odd("disabled")) } else { String::new() };
        let made = style.faint(format!("made {}", key.made_at));
        writeln!(context.out, "{}  {}, {}  {made}{state}", style.strong(&key.id), key.role, places(key))?;
    }
    Ok(())
}

/// Where a key works.
fn places(key: &Key) -> String {
    if key.scopes.is_empty() { "everywhere".to_owned() } else { format!("at {}", key.scopes.join(", ")) }
}

/// A name that is taken or not there is a no; anything else cannot be done.
fn failure(problem: &Problem) -> Failure {
    let is_no = matches!(problem.status().as_u16(), 404 | 409);
    let failure = if is_no { Failure::no(problem.detail()) } else { Failure::cannot(problem.detail()) };
    failure.remedy(problem.remedy())
}
