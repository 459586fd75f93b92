//! `demo`: a small site, from EPCIS documents to a tree, and a server around it with lines that pack.

mod lines;
mod live;
mod stock;

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use packtree::fact::Sequence;
use packtree::query::Moment;
use packtree::{Engine, Identifier, Policy};
use packtree_epcis::{Import as Importing, ImportSettings};
use packtree_wire as wire;

use super::Context;
use super::draw::Drawing;
use super::import;
use crate::failure::Failure;
use crate::opening;
use crate::output::Output;

/// What the packaging line, the rework station and the gate of a site reported. The company does not exist: 952 is GS1's prefix for
/// examples.
const DOCUMENTS: &[(&str, &str)] = &[
    ("1-packaging-line.xml", include_str!("../../demo/1-packaging-line.xml")),
    ("2-rework.jsonld", include_str!("../../demo/2-rework.jsonld")),
    ("3-shipment.xml", include_str!("../../demo/3-shipment.xml")),
];

/// A pallet that was reworked, a case in it, the unit that left it, and a pallet that was shipped.
const PALLET: &str = "(00)095212345000001008";
const CASE: &str = "(00)095212345000000025";
const UNIT: &str = "(01)09521234543213(21)A0009";
const SHIPPED: &str = "(00)095212345000001015";

/// How long a demo runs that nobody sits before.
const UNATTENDED: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub(super) struct Demo {
    /// Show the site and what to try next on the command line, start no server, and end.
    #[arg(long)]
    once: bool,
    /// The port to listen at, on this machine only; 0 takes a free one.
    #[arg(long, default_value_t = 8480)]
    port: u16,
    /// Keep the data; else they are deleted in the end, where --data does not say where to keep them.
    #[arg(long)]
    keep: bool,
    /// End by itself after so long, such as 90s, 5m or 8h; 5s where standard input is no terminal, else at Ctrl-C.
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    for_time: Option<Duration>,
}

impl Demo {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let named = named_directory(context.data.as_deref())?;
        let temporary = named.is_none().then(temporary_directory).transpose()?;
        let directory =
            named.unwrap_or_else(|| temporary.as_ref().map(|made| made.path().to_owned()).unwrap_or_default());
        let directory = &*directory;
        let engine = opening::any(Some(directory), Policy::partner_documents())?;
        writeln!(
            context.out,
            "A small site, built from {} EPCIS documents in {}\n",
            DOCUMENTS.len(),
            directory.display()
        )?;
        let before_rework = build(context.out, &engine)?;
        if !self.once {
            let end = self.for_time.or((!io::stdin().is_terminal()).then_some(UNATTENDED));
            live::run(context, &engine, directory, live::Plan { port: self.port, end })?;
            if let Some(temporary) = temporary.filter(|_| self.keep) {
                writeln!(context.out, "The data stay in {}", temporary.keep().display())?;
            }
            return Ok(());
        }
        for pallet in [PALLET, SHIPPED] {
            writeln!(context.out)?;
            draw(context.out, &engine, pallet)?;
        }
        engine.close()?;
        // What is shown next needs the data.
        temporary.map(tempfile::TempDir::keep);
        try_next(context.out, directory, before_rework)
    }
}

/// The directory that is named, in which there must be nothing yet.
fn named_directory(data: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    match data {
        Some(data) if opening::has_data(data) => Err(Failure::cannot(format!("{} holds data already", data.display()))
            .remedy("name an empty directory, or none")),
        data => Ok(data.map(Path::to_owned)),
    }
}

fn temporary_directory() -> Result<tempfile::TempDir, Failure> {
    let made = tempfile::Builder::new().prefix("packtree-demo-").tempdir();
    made.map_err(|error| {
        Failure::cannot(format!("no temporary directory can be made: {error}")).remedy("name one with `--data DIR`")
    })
}

/// A time such as 90s, 5m or 8h.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text} is no time; allowed are seconds, minutes or hours, such as 90s, 5m or 8h");
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).map(Duration::from_secs).ok_or_else(wrong)
}

/// Imports the documents and tells the newest fact before the second.
fn build(out: &mut Output, engine: &Engine) -> Result<Sequence, Failure> {
    let mut before_rework = Sequence(0);
    for (name, document) in DOCUMENTS {
        if name.starts_with('2') {
            before_rework = engine.head().sequence;
        }
        let mut importing = Importing::new(engine, ImportSettings::new("demo").map_err(Failure::cannot)?);
        importing.read(*name, document.as_bytes())?;
        let report = importing.finish()?;
        write!(out, "  {name:<22}")?;
        import::print(out, &wire::Import::from(&report), false)?;
    }
    Ok(before_rework)
}

fn draw(out: &mut Output, engine: &Engine, id: &str) -> Result<(), Failure> {
    let id = Identifier::parse(id).expect("the identifiers of the demo are well formed");
    let tree = engine.tree(&id, Moment::Now, usize::MAX)?;
    let tree = tree.ok_or_else(|| Failure::cannot(format!("the documents of the demo do not make {id}")))?;
    let text = Drawing { style: out.style, all: false }.of(&tree);
    Ok(write!(out, "{text}")?)
}

fn try_next(out: &mut Output, directory: &Path, before_rework: Sequence) -> Result<(), Failure> {
    let program = program();
    let data = opening::quoted(directory.as_os_str());
    let style = out.style;
    let packtree = |verb: &str, rest: &str| format!("{program} {verb} --data {data}{rest}");
    let steps = [
        ("Where is a unit, and what happened to it?", packtree("history", &format!(" '{UNIT}'"))),
        (
            "What was in the pallet before the rework?",
            packtree("tree", &format!(" '{PALLET}' --at '#{before_rework}'")),
        ),
        ("What has changed since?", packtree("diff", &format!(" '{PALLET}' --from '#{before_rework}'"))),
        ("What would taking a case off the pallet do?", packtree("unpack", &format!(" '{CASE}' --dry-run"))),
        ("Do it.", packtree("unpack", &format!(" '{CASE}'"))),
        ("Is everything there, and unaltered?", packtree("verify", "")),
    ];
    writeln!(out, "\nTry next:")?;
    for (question, command) in steps {
        writeln!(out, "\n  {}\n  {}", style.faint(format!("# {question}")), style.strong(command))?;
    }
    let remove = style.faint(format!("rm -r {data}"));
    writeln!(out, "\nThe data stay in {} until you remove them: {remove}", directory.display())?;
    writeln!(out, "To keep them elsewhere from the start: {program} demo --once --data DIR")?;
    Ok(())
}

/// How this program is called from where the user is, so that a printed command can be copied.
fn program() -> String {
    let (Ok(program), Ok(here)) = (env::current_exe(), env::current_dir()) else { return "packtree".to_owned() };
    let on_path = env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| Some(folder.as_path()) == program.parent()));
    if on_path {
        return "packtree".to_owned();
    }
    let shown = program.strip_prefix(&here).unwrap_or(&program);
    opening::quoted(shown.as_os_str())
}
