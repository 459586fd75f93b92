//! What the engine takes from its surroundings: the time and randomness. Passed in, so that a seed reproduces a run.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::fact::Microseconds;

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> Microseconds;
}

/// The clock of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Microseconds {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => Microseconds::try_from(since.as_micros()).unwrap_or(Microseconds::MAX),
            // A clock before 1970 is wrong; the rules refuse event times that agree with it.
            Err(_) => 0,
        }
    }
}

/// Gives random numbers that nobody can guess.
pub trait Entropy: Send + Sync + fmt::Debug {
    /// 128 random bits.
    fn next(&self) -> u128;
}

/// The randomness of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn next(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system gives random numbers since it has started");
        u128::from_le_bytes(bytes)
    }
}
