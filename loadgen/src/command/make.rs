//! `loadgen make`: writes an EPCIS document that was made up.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;

use super::Status;
use crate::make::{Format, Made, Plan, Quirk, write};
use crate::quantity::{parse_share, parse_whole, show_count};

/// Bytes that are written at a time.
const BUFFER_BYTES: usize = 1 << 20;

/// Write an EPCIS document of any size, with the habits of partners and with faults if wanted, to test importers with. The same
/// options give the same bytes.
#[derive(Debug, Args)]
pub(crate) struct Make {
    /// Units to pack, such as 1M.
    #[arg(long, default_value = "1M", value_parser = parse_whole)]
    units: u64,
    /// Units in a case.
    #[arg(long, default_value_t = 48)]
    case: u64,
    /// Cases on a pallet.
    #[arg(long, default_value_t = 40)]
    pallet: u64,
    /// Lots, one after the other.
    #[arg(long, default_value_t = 3)]
    lots: u64,
    #[arg(long, value_enum, default_value_t = Format::Xml12)]
    format: Format,
    /// The share of units that are taken out of their case again, ended, and replaced by new ones.
    #[arg(long, default_value = "0.3%", value_parser = parse_share)]
    rework: f64,
    /// Ship the pallets.
    #[arg(long)]
    ship: bool,
    /// What partners do that is allowed, or at least happens; several with commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    quirks: Vec<Quirk>,
    /// How many events with a fault are planted, as a share of the others.
    #[arg(long, default_value = "0%", value_parser = parse_share)]
    faults: f64,
    /// Decides everything that is left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write the document; `-` for the standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Where to write what an importer must say about each fault, a line of JSON for each.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

impl Make {
    /// Writes the document, and says on `notes` what was written.
    pub(crate) fn run(&self, notes: &mut impl Write) -> Result<Status> {
        let plan = self.plan();
        plan.check()?;
        ensure!(
            self.answers.as_ref() != Some(&self.output),
            "the document and the answers cannot go into one file: name another one with --answers"
        );
        let mut answers = self.answers.as_deref().map(create).transpose()?;
        let start = Instant::now();
        let to = answers.as_mut().map(|answers| answers as &mut dyn Write);
        let made = if self.output.as_os_str() == "-" {
            write(&plan, &mut BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock()), to)
                .context("the standard output cannot be written")?
        } else {
            write(&plan, &mut create(&self.output)?, to)
                .with_context(|| format!("{} cannot be written", self.output.display()))?
        };
        if let Some(mut answers) = answers {
            answers.flush().context("the answers cannot be written")?;
        }
        let seconds = start.elapsed().as_secs_f64();
        writeln!(notes, "{}", describe(&made, seconds))?;
        Ok(Status::Good)
    }

    fn plan(&self) -> Plan {
        Plan {
            units: self.units,
            case: self.case,
            pallet: self.pallet,
            lots: self.lots,
            format: self.format,
            rework: self.rework,
            ship: self.ship,
            quirks: self.quirks.clone(),
            faults: self.faults,
            seed: self.seed,
        }
    }
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(BufWriter::with_capacity(BUFFER_BYTES, file))
}

fn describe(made: &Made, seconds: f64) -> String {
    let Made { units, cases, pallets, replaced, events, faults, bytes } = made;
    let rate = show_count(*bytes as f64 / seconds.max(1e-9));
    format!(
        "{units} units in {cases} cases on {pallets} pallets, {replaced} replaced; {events} events, {faults} of them with a fault; \
         {bytes} bytes in {seconds:.2} s ({rate}B/s)"
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        make: Make,
    }

    #[test]
    fn a_document_and_its_answers_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (document, answers) = (path("site.json"), path("answers.jsonl"));
        let all = "make --units 2K --format json-2.0 --faults 20% --rework 1% --ship --quirks repeats,no-steps";
        let all = all.split(' ').chain(["-o", &document, "--answers", &answers]);
        let line = Line::try_parse_from(all).unwrap();
        let mut notes = Vec::new();
        assert_eq!(line.make.run(&mut notes).unwrap(), Status::Good);
        let notes = String::from_utf8(notes).unwrap();
        assert!(notes.starts_with("2000 units in 42 cases on 2 pallets, "), "{notes}");
        let json: serde_json::Value = serde_json::from_slice(&fs::read(&document).unwrap()).unwrap();
        let events = json["epcisBody"]["eventList"].as_array().unwrap();
        for line in fs::read_to_string(&answers).unwrap().lines() {
            let answer: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(answer["index"].as_u64().unwrap() < events.len() as u64);
        }
    }

    #[test]
    fn what_cannot_be_made_is_said() {
        let check = |arguments: &[&str], expected: &str| {
            let line = Line::try_parse_from(["make"].iter().chain(arguments)).unwrap();
            let error = format!("{:#}", line.make.run(&mut Vec::new()).unwrap_err());
            assert!(error.contains(expected), "{error}");
        };
        check(&["--units", "0"], "at least one unit");
        check(&["--quirks", "digital-links"], "EPCIS 1.2 has no Digital Links");
        check(&["-o", "/no/such/folder/site.xml"], "/no/such/folder/site.xml cannot be written");
        check(&["-o", "x", "--answers", "x"], "cannot go into one file");
        for bad in ["--units=1.5", "--faults=2", "--quirks=rude", "--format=xml-3.0", "--rework=200%"] {
            assert!(Line::try_parse_from(["make", bad]).is_err(), "{bad}");
        }
    }
}
