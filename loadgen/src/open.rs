//! Opens a filled site in a process of its own: how long that takes, and how much memory the state alone needs.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use packtree::{Engine, Options};

use crate::machine::{describe, resident_bytes, warn_if_unfit};

/// Opens, measures, closes.
pub(crate) fn run(folder: &Path) -> Result<()> {
    ensure!(folder.is_dir(), "{} is not a folder; fill one with `loadgen fill --data` first", folder.display());
    warn_if_unfit();
    println!("{}", describe());
    let before = resident_bytes();
    let start = Instant::now();
    let engine = Engine::open(folder, Options::default())?;
    let time = start.elapsed();
    let used = resident_bytes().saturating_sub(before);
    let objects = engine.stats().objects;
    println!(
        "opened {objects} objects in {:.2} s: {:.2} M objects/s",
        time.as_secs_f64(),
        f64::from(objects) / time.as_secs_f64() / 1e6
    );
    println!("memory {} MB: {:.1} bytes an object", used >> 20, used as f64 / f64::from(objects.max(1)));
    engine.close()?;
    Ok(())
}
