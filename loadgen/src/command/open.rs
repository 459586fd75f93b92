//! `loadgen open`: opens a filled site in a process of its own: how long that takes, and how much memory the state alone needs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Args;
use packtree::{Engine, Options};

use super::{Status, print_machine};
use crate::machine::resident_bytes;

/// Open a site that was filled before, and say how long it took and how much memory it needs.
#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    /// The folder of the site.
    data: PathBuf,
}

impl OpenArguments {
    pub(crate) fn run(&self, output: &mut impl Write) -> Result<Status> {
        open(&self.data, output)?;
        Ok(Status::Good)
    }
}

/// Opens, measures, closes.
fn open(folder: &Path, output: &mut impl Write) -> Result<()> {
    ensure!(
        folder.is_dir(),
        "{} is not a folder; fill one with `loadgen run --target embedded:DIR` first",
        folder.display()
    );
    print_machine(output)?;
    let before = resident_bytes();
    let start = Instant::now();
    let engine = Engine::open(folder, Options::default())?;
    let time = start.elapsed();
    let used = resident_bytes().saturating_sub(before);
    let objects = engine.stats().objects;
    writeln!(
        output,
        "opened {objects} objects in {:.2} s: {:.2} M objects/s",
        time.as_secs_f64(),
        f64::from(objects) / time.as_secs_f64() / 1e6
    )?;
    writeln!(output, "memory {} MB: {:.1} bytes an object", used >> 20, used as f64 / f64::from(objects.max(1)))?;
    engine.close()?;
    Ok(())
}
