//! What the report says of the machine, so that figures can be compared.

use std::fs;

/// One line: processors, memory and load.
pub(crate) fn describe() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let after_colon = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once(':').map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let processors = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let model = after_colon(&read("/proc/cpuinfo"), "model name");
    let memory = after_colon(&read("/proc/meminfo"), "MemTotal");
    let load = read("/proc/loadavg");
    format!("{processors} x {model}, {memory}, load {}", load.split_whitespace().next().unwrap_or("unknown"))
}

/// Bytes of memory that this process has in use; 0 where the system does not tell.
pub(crate) fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Warns of what makes figures worthless.
pub(crate) fn warn_if_unfit() {
    if cfg!(debug_assertions) {
        println!(
            "warning: built without optimisation; figures mean nothing. Use `cargo run --release -p packtree-loadgen`."
        );
    }
}
