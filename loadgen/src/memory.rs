//! How much memory the state alone takes: index, lot, links and status of every object, and nothing of what a process has beside it.

use anyhow::{Result, ensure};
use packtree::operation::Request;
use packtree::simulation::Site;
use packtree::{Caller, Entropy as _, Operation, Policy, SystemEntropy};

use crate::fill::{commissions, packs, pallets};
use crate::machine::{describe, resident_bytes, warn_if_unfit};
use crate::site::{CASE_UNITS, PALLET_CASES};

const NOW: i64 = 1_790_000_000_000_000;

/// Fills a site in memory, a pallet at a time, and prints what it takes.
pub(crate) fn run(units: u64) -> Result<()> {
    ensure!(0 < units, "name at least one unit");
    warn_if_unfit();
    println!("{}", describe());
    let caller = Caller::machine("line-1")?;
    let before = resident_bytes();
    let mut site = Site::new(Policy::default(), NOW);
    let cases = units.div_ceil(CASE_UNITS);
    for from in (0..cases).step_by(PALLET_CASES as usize) {
        let until = cases.min(from + PALLET_CASES);
        for operation in commissions(from, until).into_iter().chain(packs(from, until)).chain(pallets(from, until)) {
            site.submit(&request(&caller, operation)).map_err(|refusal| anyhow::anyhow!("refused: {refusal}"))?;
        }
    }
    let used = resident_bytes().saturating_sub(before);
    let (units, objects) = (cases * CASE_UNITS, site.objects());
    println!("{units} units, {objects} objects: {} MiB, {:.1} bytes a unit", used >> 20, used as f64 / units as f64);
    Ok(())
}

fn request(caller: &Caller, operation: Operation) -> Request {
    Request {
        id: packtree::RequestId(SystemEntropy.next()),
        actor: caller.actor.clone(),
        role: caller.role,
        station: caller.station.clone(),
        event_time: packtree::fact::EventTime::utc(NOW),
        entry: caller.entry,
        reason: None,
        note: None,
        operation,
    }
}
