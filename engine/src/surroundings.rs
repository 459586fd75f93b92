//! What the engine takes from its surroundings: the time and randomness. Passed in, so that a seed reproduces a run.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::fact::Microseconds;

/// Tells the time.
///
/// ```
/// use packtree::disk::SimulatedDisk;
/// use packtree::fact::Microseconds;
/// use packtree::{Caller, Clock, Engine, Identifier, Operation, Options};
/// use std::sync::Arc;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// Stands still, for a test.
/// #[derive(Debug)]
/// struct Stopped(Microseconds);
///
/// impl Clock for Stopped {
///     fn now(&self) -> Microseconds {
///         self.0
///     }
/// }
///
/// let options = Options { clock: Arc::new(Stopped(1_795_392_000_000_000)), ..Options::default() };
/// let engine = Engine::open_on(Arc::new(SimulatedDisk::new()), options)?;
/// let unpack = Operation::unpack_all(Identifier::parse("(00)095212345000000018")?);
/// let request = engine.request(&Caller::machine("line-3")?, unpack);
/// assert_eq!(request.event_time.to_string(), "2026-11-23T00:00:00+00:00");
/// # Ok(())
/// # }
/// ```
pub trait Clock: Send + Sync + fmt::Debug {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> Microseconds;
}

/// The clock of the system.
///
/// ```
/// use packtree::{Clock, SystemClock};
///
/// assert!(1_700_000_000_000_000 < SystemClock.now());
/// ```
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
///
/// ```
/// use packtree::disk::SimulatedDisk;
/// use packtree::{Caller, Engine, Entropy, Identifier, Operation, Options, RequestId};
/// use std::sync::Arc;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// Always the same, so that a test can be repeated.
/// #[derive(Debug)]
/// struct Seven;
///
/// impl Entropy for Seven {
///     fn next(&self) -> u128 {
///         7
///     }
/// }
///
/// let options = Options { entropy: Arc::new(Seven), ..Options::default() };
/// let engine = Engine::open_on(Arc::new(SimulatedDisk::new()), options)?;
/// let unpack = Operation::unpack_all(Identifier::parse("(00)095212345000000018")?);
/// assert_eq!(engine.request(&Caller::machine("line-3")?, unpack).id, RequestId(7));
/// # Ok(())
/// # }
/// ```
pub trait Entropy: Send + Sync + fmt::Debug {
    /// 128 random bits.
    fn next(&self) -> u128;
}

/// The randomness of the system.
///
/// ```
/// use packtree::{Entropy, SystemEntropy};
///
/// assert_ne!(SystemEntropy.next(), SystemEntropy.next());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn next(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system gives random numbers since it has started");
        u128::from_le_bytes(bytes)
    }
}
