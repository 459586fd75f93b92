//! `loadgen memory`: how much memory the state alone takes: index, lot, links and status of every object, and nothing of what a process
//! has beside it.

use std::io::Write;

use anyhow::{Result, anyhow, ensure};
use clap::Args;
use packtree::Policy;
use packtree::fact::EventTime;
use packtree::simulation::Site;

use super::{Status, print_machine};
use crate::machine::resident_bytes;
use crate::profile::Profile;
use crate::workload::{Maker, Stream};

const NOW: i64 = 1_790_000_000_000_000;

/// Fill a site in memory alone, and say what its state takes.
#[derive(Debug, Args)]
pub(crate) struct MemoryArguments {
    /// Units to pack.
    #[arg(long, default_value_t = 20_000_000)]
    units: u64,
}

impl MemoryArguments {
    pub(crate) fn run(&self, output: &mut impl Write) -> Result<Status> {
        fill(self.units, output)?;
        Ok(Status::Good)
    }
}

/// Fills a site in memory with whole pallets of a plain line, and prints what it takes.
fn fill(units: u64, output: &mut impl Write) -> Result<()> {
    ensure!(0 < units, "name at least one unit");
    print_machine(output)?;
    let before = resident_bytes();
    let mut site = Site::new(Policy::default(), NOW);
    let profile = Profile::default();
    let maker = Maker::new(&profile, 0, 0);
    let mut stream = Stream::new(&profile, 0, 0, 0);
    let pallets = units.div_ceil(u64::from(profile.pallet_units()));
    for _ in 0..pallets {
        let block = stream.next_block();
        let units = maker.units(block.script.pallet);
        for planned in &block.planned {
            let mut request = maker.request(&block.script, planned.index, &units, &[]);
            request.event_time = EventTime::utc(NOW);
            site.submit(&request).map_err(|refusal| anyhow!("refused: {refusal}"))?;
        }
    }
    let used = resident_bytes().saturating_sub(before);
    let (units, objects) = (pallets * u64::from(profile.pallet_units()), site.objects());
    writeln!(
        output,
        "{units} units, {objects} objects: {} MiB, {:.1} bytes a unit",
        used >> 20,
        used as f64 / units as f64
    )?;
    Ok(())
}
