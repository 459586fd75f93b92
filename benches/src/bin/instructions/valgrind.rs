//! Runs this program under callgrind and reads what it counted.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::paths;

/// Instructions of each path, for one repetition.
pub(crate) fn count() -> Result<Vec<(&'static str, u64)>> {
    let folder = tempfile::tempdir()?;
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--dump-instr=no", "--compress-strings=yes", "--separate-threads=no"])
        // Counts inside of `counted` only, and writes a file when `ended` returns: one for each path, in order.
        .args(["--toggle-collect=*paths::counted*", "--dump-after=*paths::ended*"])
        .arg(format!("--callgrind-out-file={}", folder.path().join("counts").display()))
        .arg(std::env::current_exe()?)
        .arg("--run")
        .output()
        .context("valgrind cannot be started; install it: apt-get install valgrind")?;
    ensure!(run.status.success(), "valgrind failed: {}", String::from_utf8_lossy(&run.stderr));
    (1_u32..)
        .zip(paths::PATHS)
        .map(|(number, path)| {
            let total = total(&folder.path().join(format!("counts.{number}")))?;
            ensure!(total != 0, "nothing was counted of {}", path.name);
            Ok((path.name, total / u64::from(path.repetitions)))
        })
        .collect()
}

fn total(file: &Path) -> Result<u64> {
    let text = fs::read_to_string(file).context("callgrind wrote fewer files than there are paths")?;
    let totals =
        text.lines().find_map(|line| line.strip_prefix("totals: ")).context("a file of callgrind has no totals")?;
    Ok(totals.trim().parse()?)
}
