//! What a run says of itself in a sentence: whether it can be believed, and whether its figures can.

use super::run::{Machine, Run};
use crate::quantity::show_share;

/// Share of processor time that others may take before figures are in doubt.
const DISTURBED_MAX: f64 = 0.05;

/// Share of the processors that may be busy before a run begins.
const LOAD_SHARE_MAX: f64 = 0.5;

/// Whether the target holds what it should, in a sentence.
pub(crate) fn verdict(run: &Run) -> &'static str {
    if run.verified {
        "Verified: everything that was acknowledged is there, and nothing else is."
    } else {
        "Not verified: the target does not hold what it acknowledged, or that could not be found out."
    }
}

/// What makes the figures of a machine doubtful.
pub(crate) fn doubts(machine: &Machine) -> Vec<String> {
    let mut doubts = Vec::new();
    if !machine.optimised {
        doubts.push("the load generator was built without optimisation, so the figures mean nothing".to_owned());
    }
    if DISTURBED_MAX < machine.disturbed {
        doubts.push(format!(
            "other processes or the host took {} of the processor time while it ran",
            show_share(machine.disturbed)
        ));
    }
    if machine.processors as f64 * LOAD_SHARE_MAX < machine.load {
        doubts
            .push(format!("the load was {:.1} before it began, with {} processors", machine.load, machine.processors));
    }
    doubts
}

/// The machine in one line.
pub(crate) fn describe(machine: &Machine) -> String {
    format!(
        "{} x {}, {:.1} GiB, load {:.2} before the run, {} of its time taken by others",
        machine.processors,
        machine.model,
        machine.memory_bytes as f64 / f64::from(1 << 30),
        machine.load,
        show_share(machine.disturbed)
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::run;
    use super::*;

    #[test]
    fn a_quiet_machine_leaves_no_doubt() {
        let machine = run().machine;
        assert_eq!(doubts(&machine), [""; 0]);
        let check = |machine: Machine, expected: &str| {
            let doubts = doubts(&machine);
            assert!(doubts.len() == 1 && doubts[0].contains(expected), "{doubts:?}");
        };
        check(Machine { optimised: false, ..machine.clone() }, "without optimisation");
        check(Machine { disturbed: 0.07, ..machine.clone() }, "took 7.00% of the processor time");
        check(Machine { load: 1.1, ..machine.clone() }, "the load was 1.1 before it began, with 2 processors");
        assert_eq!(doubts(&Machine { load: 1.0, disturbed: 0.05, ..machine }), [""; 0]);
    }
}
