//! The same packing work done by packtree and by others, on the same disk, with the same durability, in one run.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml -- [--units N] [--only a,b] [--markdown FILE] [--json FILE]`
//!
//! Every contender runs in a process of its own, one after the other, in an order that rotates from round to round. Its answers are
//! checked, so that nobody is fast by being wrong. Up to two million units there are three rounds, and one of more.

mod contender;
mod contenders;
mod figures;
mod machine;
mod measure;
mod names;
mod report;
mod workload;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::{Parser, ValueEnum};
use serde::{Deserialize, Serialize};

use contender::Absent;
use figures::Figures;
use names::{Name, Part};
use report::{Report, Row};
use workload::Size;

/// More units than this are measured once, because a round takes minutes then and the noise of the machine evens out.
const UNITS_FOR_ROUNDS: u64 = 2_000_000;
const ROUNDS: usize = 3;

/// Do the same packing work with packtree and with others, and print the table.
#[derive(Debug, Parser)]
struct Arguments {
    /// Units to pack, rounded up to whole pallets.
    #[arg(long, default_value_t = 960_000)]
    units: u64,
    /// Only these contenders.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Name>,
    /// Write the table to this file too.
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Write every round to this file too.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Do a part of the work of one contender in a folder, and print its figures; the program starts itself so.
    #[arg(long, hide = true, requires = "folder")]
    part: Option<Part>,
    #[arg(long, hide = true)]
    folder: Option<PathBuf>,
}

/// What a part of the work tells the process that started it.
#[derive(Debug, Serialize, Deserialize)]
enum Told {
    Figures(Figures),
    Absent(String),
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let size = Size::of_units(arguments.units)?;
    if let (Some(part), Some(folder), [name]) = (arguments.part, &arguments.folder, arguments.only.as_slice()) {
        let told = match name.run(part, folder, size) {
            Ok(figures) => Told::Figures(figures),
            Err(error) => Told::Absent(error.downcast::<Absent>()?.to_string()),
        };
        println!("{}", serde_json::to_string(&told)?);
        return Ok(());
    }
    let names = if arguments.only.is_empty() { Name::value_variants() } else { &arguments.only };
    let report = compare(names, size)?;
    let markdown = report.markdown();
    print!("{markdown}");
    if let Some(file) = arguments.markdown {
        fs::write(&file, markdown).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    if let Some(file) = arguments.json {
        fs::write(&file, report.json()?).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

fn compare(names: &[Name], size: Size) -> Result<Report> {
    let rounds = if size.units() <= UNITS_FOR_ROUNDS { ROUNDS } else { 1 };
    let machine = machine::description()?;
    let date = String::from_utf8(Command::new("date").arg("+%Y-%m-%d").output()?.stdout)?.trim().to_owned();
    let mut rows: Vec<Row> = names.iter().map(|name| Row { name: *name, rounds: Ok(Vec::new()) }).collect();
    for round in 0..rounds {
        for place in 0..rows.len() {
            let place = (place + round) % names.len();
            let row = &mut rows[place];
            let Ok(known) = &mut row.rounds else { continue };
            eprintln!("round {} of {rounds}: {}", round + 1, row.name.title());
            match one_round(row.name, size).with_context(|| format!("{} failed", row.name.title()))? {
                Told::Figures(figures) => known.push(figures),
                Told::Absent(why) => row.rounds = Err(why),
            }
        }
    }
    Ok(Report { machine, date, size, rounds, rows })
}

fn one_round(name: Name, size: Size) -> Result<Told> {
    // Beside the working directory, because the system's folder for temporary files is often memory.
    let folder = tempfile::Builder::new().prefix("peers-").tempdir_in(".")?;
    let mut figures = match part(name, Part::Measure, folder.path(), size)? {
        Told::Figures(figures) => figures,
        absent @ Told::Absent(_) => return Ok(absent),
    };
    match part(name, Part::Reopen, folder.path(), size)? {
        Told::Figures(reopened) => figures.of.extend(reopened.of),
        Told::Absent(why) => bail!("it ran before a restart and does not after it: {why}"),
    }
    Ok(Told::Figures(figures))
}

fn part(name: Name, part: Part, folder: &Path, size: Size) -> Result<Told> {
    let output = Command::new(std::env::current_exe()?)
        .args([
            "--units",
            &size.units().to_string(),
            "--only",
            &argument(&name),
            "--part",
            &argument(&part),
            "--folder",
        ])
        .arg(folder)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "its process ended with {}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The spelling of a value on the command line.
fn argument(value: &impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
