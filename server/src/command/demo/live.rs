//! A server around the site of the demo, with people, stock, and lines that pack.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use packtree::Engine;
use packtree::fact::Role;
use serde::Serialize;

use super::lines::{LINES, Lines};
use super::stock::{self, Code};
use crate::command::Context;
use crate::command::serve::{options, runtime};
use crate::failure::Failure;
use crate::serve::{self, Banner, Running, Settings};
use crate::{access, words};

/// The people of the demo.
const PEOPLE: &[(&str, &str, Role)] = &[
    ("olga", "Olga", Role::Operator),
    ("sam", "Sam", Role::Supervisor),
    ("quinn", "Quinn", Role::Quality),
    ("ada", "Ada", Role::Administrator),
];

/// How the demo runs.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) port: u16,
    /// After so long; when somebody wants it to end, where there is none.
    pub(super) end: Option<Duration>,
}

/// What the page of the demo shows.
#[derive(Clone, Serialize)]
struct Page {
    codes: Vec<Code>,
}

/// Serves the site until it is to end.
pub(super) fn run(context: &mut Context<'_>, engine: &Engine, directory: &Path, plan: Plan) -> Result<(), Failure> {
    let codes = stock::build(engine)?;
    let page = Page { codes: codes.clone() };
    let further = Router::new().route("/v1/demo", get(async move || Json(page.clone())));
    let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), plan.port);
    let settings = Settings { listen, ..Settings::default() };
    let options = access::Options { demo: true, ..options(&settings) };
    runtime()?.block_on(async {
        let started = serve::start_with(engine.clone(), directory, &settings, options, further).await;
        let running = started.map_err(|error| Failure::cannot(error).remedy("choose another port with --port"))?;
        let people = people(&running).await?;
        let lines = Lines::start(engine)?;
        say(context, &running, directory, &people, &codes)?;
        match plan.end {
            Some(time) => {
                tokio::select! {
                    () = tokio::time::sleep(time) => {}
                    () = serve::wish_to_stop() => {}
                }
            }
            None => serve::wish_to_stop().await,
        }
        let packed = lines.packed();
        drop(lines);
        let head = running.stop().await?;
        let packed = words::count(packed, "unit");
        writeln!(context.out, "\nThe lines packed {packed}; the newest fact is #{}", head.sequence)?;
        Ok(())
    })
}

/// Makes the people, and gives their passwords.
async fn people(running: &Running) -> Result<Vec<(&'static str, Role, String)>, Failure> {
    let mut made = Vec::new();
    for (user, name, role) in PEOPLE {
        let password =
            running.access().seed(user, name, *role).await.map_err(|problem| Failure::cannot(problem.detail()))?;
        made.push((*user, *role, password));
    }
    Ok(made)
}

fn say(
    context: &mut Context<'_>,
    running: &Running,
    directory: &Path,
    people: &[(&str, Role, String)],
    codes: &[Code],
) -> Result<(), Failure> {
    let style = context.out.style;
    let url = running.url();
    let out = &mut *context.out;
    writeln!(out, "\n{LINES} lines pack 300 units a minute each. Look at them, and scan:\n")?;
    let link = format!("{url}/v1/demo/enter?token={}", running.access().make_link("sam"));
    writeln!(out, "  {}\n", style.strong(link))?;
    writeln!(out, "  This link signs in as the supervisor, once. Everybody, with their passwords:\n")?;
    for (user, role, password) in people {
        writeln!(out, "    {user:<8}{:<16}{password}", role.word())?;
    }
    writeln!(out, "\n  What to scan, also at {url}/#/demo:\n")?;
    let mut last = "";
    for code in codes {
        if code.what != last {
            writeln!(out, "    {}", style.faint(&code.what))?;
        }
        last = &code.what;
        writeln!(out, "      {}", code.text)?;
    }
    writeln!(out)?;
    Banner { running, directory, style }.write(out)?;
    Ok(out.finish()?)
}
