//! Shows a run while it goes on: a view on a terminal, elsewhere a plain line every few seconds; on standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::quantity::show_micros;
use crate::report::run::Second;

/// From one plain line to the next.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Shows a run while it goes on.
#[derive(Debug)]
pub(crate) struct Live {
    bar: Option<ProgressBar>,
    is_quiet: bool,
    said: Instant,
}

impl Live {
    /// On a terminal a view, elsewhere plain lines.
    pub(crate) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let style =
                ProgressStyle::with_template("{bar:40} {elapsed} of {prefix}\n{msg}").expect("the template is whole");
            ProgressBar::new(1).with_style(style)
        });
        Self { bar, is_quiet: false, said: Instant::now() }
    }

    /// Shows nothing.
    #[cfg(test)]
    pub(crate) fn quiet() -> Self {
        Self { bar: None, is_quiet: true, said: Instant::now() }
    }

    /// Shows what happened in the last `time`.
    pub(super) fn show(&mut self, second: &Second, p99_9_us: f64, time: Duration, played: Duration, length: Duration) {
        if self.is_quiet {
            return;
        }
        let per_minute = |number: u64| number as f64 * 60.0 / time.as_secs_f64().max(0.001);
        let words = format!(
            "{:>12.0} units/min  {:>9.0} cases/min  p50 {:>8}  p99 {:>8}  p99.9 {:>8}  max {:>8}  queue {}",
            per_minute(second.units),
            per_minute(second.cases),
            show_micros(second.p50_us),
            show_micros(second.p99_us),
            show_micros(p99_9_us),
            show_micros(second.max_us),
            second.queue,
        );
        match &self.bar {
            Some(bar) => {
                bar.set_length(length.as_millis() as u64);
                bar.set_position(played.as_millis() as u64);
                bar.set_prefix(format!("{} s", length.as_secs()));
                bar.set_message(words);
            }
            None if PLAIN_EVERY <= self.said.elapsed() => {
                self.said = Instant::now();
                self.say(&format!("{:>6.0} s  {words}", second.at));
            }
            None => {}
        }
    }

    /// Says something that is not part of the report.
    pub(crate) fn say(&self, words: &str) {
        if self.is_quiet {
            return;
        }
        match &self.bar {
            Some(bar) => bar.suspend(|| write_line(words)),
            None => write_line(words),
        }
    }

    /// Takes the view away.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn write_line(words: &str) {
    // Nobody reads standard error any more where it cannot be written.
    let _ = writeln!(io::stderr(), "{words}");
}
