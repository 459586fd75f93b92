//! The machine that the figures are of.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// What is resident of this process.
pub(crate) fn resident_bytes() -> Result<u64> {
    kibibytes(&fs::read_to_string("/proc/self/status")?, "VmRSS:")
}

/// What a process has for itself, and its share of what it shares with others.
pub(crate) fn proportional_bytes(process: &str) -> Result<u64> {
    kibibytes(&fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?, "Pss:")
}

/// What each database may cache: a quarter of the machine's memory, as administrators are told.
pub(crate) fn cache_bytes() -> Result<u64> {
    Ok(kibibytes(&fs::read_to_string("/proc/meminfo")?, "MemTotal:")? / 4)
}

/// What the files in a folder take on the disk.
pub(crate) fn allocated_bytes(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { allocated_bytes(&entry.path())? } else { metadata.blocks() * 512 };
    }
    Ok(bytes)
}

/// The median time of a bare write of as many bytes as a small fact takes, with an fdatasync.
pub(crate) fn bare_write(folder: &Path) -> Result<Duration> {
    const BYTES: usize = 224;
    let path = folder.join("bare");
    let file = OpenOptions::new().create_new(true).write(true).open(&path)?;
    file.write_all_at(&vec![0; 1 << 20], 0)?;
    file.sync_all()?;
    let mut times = Vec::new();
    for round in 0..200 {
        let start = Instant::now();
        file.write_all_at(&[0x5a; BYTES], round * BYTES as u64)?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    fs::remove_file(path)?;
    times.sort();
    Ok(times[times.len() / 2])
}

/// What a reader must know of the machine, in one line.
pub(crate) fn description() -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let model = fs::read_to_string("/proc/cpuinfo")?;
    let model = model.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown processor");
    let memory = kibibytes(&fs::read_to_string("/proc/meminfo")?, "MemTotal:")? >> 30;
    let load = fs::read_to_string("/proc/loadavg")?;
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    Ok(format!(
        "{cores} cores of {}, {memory} GiB, load {load} at the start",
        model.trim_start_matches([' ', '\t', ':']).trim()
    ))
}

fn kibibytes(text: &str, name: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name} is told"))?;
    let number = line.trim().trim_end_matches("kB").trim();
    Ok(number.parse::<u64>()? << 10)
}
