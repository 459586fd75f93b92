//! `demo`: a small site, from EPCIS documents to a tree.

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use packtree::fact::Sequence;
use packtree::query::Moment;
use packtree::{Engine, Identifier, Policy};
use packtree_epcis::{Import as Importing, ImportSettings};

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

#[derive(clap::Args)]
pub(super) struct Demo {}

impl Demo {
    #[expect(clippy::unused_self, reason = "every verb is run in the same way")]
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let directory = directory(context.data.as_deref())?;
        let engine = opening::any(Some(&directory), Policy::partner_documents())?;
        writeln!(
            context.out,
            "A small site, built from {} EPCIS documents in {}\n",
            DOCUMENTS.len(),
            directory.display()
        )?;
        let before_rework = build(context.out, &engine)?;
        for pallet in [PALLET, SHIPPED] {
            writeln!(context.out)?;
            draw(context.out, &engine, pallet)?;
        }
        engine.close()?;
        try_next(context.out, &directory, before_rework)
    }
}

/// The directory that is named, or a new temporary one, which stays: what is shown next needs it.
fn directory(data: Option<&Path>) -> Result<PathBuf, Failure> {
    let Some(data) = data else {
        let made = tempfile::Builder::new().prefix("packtree-demo-").tempdir();
        return made.map(tempfile::TempDir::keep).map_err(|error| {
            Failure::cannot(format!("no temporary directory can be made: {error}")).remedy("name one with `--data DIR`")
        });
    };
    if opening::has_data(data) {
        return Err(Failure::cannot(format!("{} holds data already", data.display()))
            .remedy("name an empty directory, or none"));
    }
    Ok(data.to_owned())
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
        import::print(out, &report, false)?;
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
    writeln!(out, "To keep them elsewhere from the start: {program} demo --data DIR")?;
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
