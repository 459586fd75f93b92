//! What the report says of the machine, so that figures can be compared.

use std::fs;

use crate::report::run::Machine;

/// The machine, and how its processors were used from a moment on.
#[derive(Debug)]
pub(crate) struct Observed {
    machine: Machine,
    before: Option<Use>,
}

/// Processor time since the machine started, in ticks.
#[derive(Clone, Copy, Debug)]
struct Use {
    /// Of all processors together, idle or not.
    all: u64,
    /// Idle, or waiting for a disk.
    idle: u64,
    /// Of this process.
    own: u64,
}

impl Observed {
    /// Begins to watch the machine.
    pub(crate) fn begin() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let memory = after_colon(&read("/proc/meminfo"), "MemTotal");
        let kilobytes: u64 = memory.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let load = read("/proc/loadavg");
        let machine = Machine {
            processors: std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            model: after_colon(&read("/proc/cpuinfo"), "model name"),
            memory_bytes: kilobytes * 1_024,
            load: load.split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or(0.0),
            disturbed: 0.0,
            optimised: !cfg!(debug_assertions),
        };
        Self { machine, before: Use::read() }
    }

    /// The machine, and which share of its processor time has gone to others since; 0 where the system does not tell.
    pub(crate) fn end(self) -> Machine {
        let disturbed = match (self.before, Use::read()) {
            (Some(before), Some(after)) => after.disturbed_since(before),
            _ => 0.0,
        };
        Machine { disturbed, ..self.machine }
    }
}

impl Use {
    fn read() -> Option<Self> {
        let all = fs::read_to_string("/proc/stat").ok()?;
        let own = fs::read_to_string("/proc/self/stat").ok()?;
        Self::parse(&all, &own)
    }

    fn parse(all: &str, own: &str) -> Option<Self> {
        // user nice system idle iowait irq softirq steal; what guests use is in user already.
        let ticks: Vec<u64> =
            all.lines().next()?.split_whitespace().skip(1).take(8).map_while(|number| number.parse().ok()).collect();
        let [_, _, _, idle, waiting, ..] = ticks[..] else { return None };
        // The name of the program is in brackets and may hold anything; behind it, user and system time are the 12th and 13th.
        let (_, behind) = own.rsplit_once(')')?;
        let own =
            behind.split_whitespace().skip(11).take(2).map(|number| number.parse::<u64>().ok()).sum::<Option<u64>>()?;
        Some(Self { all: ticks.iter().sum(), idle: idle + waiting, own })
    }

    fn disturbed_since(self, before: Self) -> f64 {
        let passed = |now: u64, then: u64| now.saturating_sub(then);
        let all = passed(self.all, before.all);
        let others = all.saturating_sub(passed(self.idle, before.idle)).saturating_sub(passed(self.own, before.own));
        if all == 0 { 0.0 } else { others as f64 / all as f64 }
    }
}

fn after_colon(text: &str, key: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.split_once(':').map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
}

/// Bytes of memory that this process has in use; 0 where the system does not tell.
pub(crate) fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_use_is_what_is_neither_idle_nor_ours() {
        let stat = |user, idle, steal| format!("cpu  {user} 0 10 {idle} 5 0 0 {steal} 0 0\ncpu0 1 2 3\n");
        let own = |user| format!("7 (load) gen) S 1 1 1 0 -1 0 0 0 0 0 {user} 10 0 0 20\n");
        let before = Use::parse(&stat(100, 1_000, 0), &own(50)).unwrap();
        let after = Use::parse(&stat(180, 1_100, 20), &own(100)).unwrap();
        // 200 ticks passed: 100 idle, 50 ours, 30 of others and 20 stolen.
        assert!((after.disturbed_since(before) - 0.25).abs() < 1e-9);
        assert!(Use::parse("", "").is_none());
    }
}
