//! When a request is sent again.

use std::time::Duration;

use packtree::Entropy;

/// How often and when a request is sent again that got no answer, under the same request id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// Times that it is sent again; 0 for never.
    pub times_max: u32,
    /// The first wait; each is twice the one before.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Default for Retries {
    /// Six times within about six seconds: long enough for a restart of the network, short enough for somebody who waits.
    fn default() -> Self {
        Self { times_max: 6, first: Duration::from_millis(100), longest: Duration::from_secs(2) }
    }
}

impl Retries {
    /// Never again: for callers with a schedule of their own.
    pub const NONE: Self = Self { times_max: 0, first: Duration::ZERO, longest: Duration::ZERO };

    /// The wait before a request is sent again, when it was sent again `times` times already; `None` when it was often enough.
    ///
    /// Half of it is random, so that many clients of a server that comes back do not come at the same moment. A server that says
    /// when to come is believed, up to the longest wait.
    pub(crate) fn wait(&self, times: u32, told: Option<Duration>, entropy: &dyn Entropy) -> Option<Duration> {
        if self.times_max <= times {
            return None;
        }
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(times)).min(self.longest);
        let share = (entropy.next() >> 96) as u32;
        let random = doubled.mul_f64(f64::from(share) / f64::from(u32::MAX) / 2.0);
        Some((doubled / 2 + random).max(told.unwrap_or_default().min(self.longest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Always(u128);

    impl Entropy for Always {
        fn next(&self) -> u128 {
            self.0
        }
    }

    #[test]
    fn waits_grow_and_end() {
        let retries = Retries { times_max: 4, first: Duration::from_millis(100), longest: Duration::from_millis(300) };
        let waits = |entropy: u128| (0..6).map(|times| retries.wait(times, None, &Always(entropy))).collect::<Vec<_>>();
        let millis = |waits: [u64; 4]| {
            waits.into_iter().map(|wait| Some(Duration::from_millis(wait))).chain([None, None]).collect::<Vec<_>>()
        };
        assert_eq!(waits(0), millis([50, 100, 150, 150]));
        assert_eq!(waits(u128::MAX), millis([100, 200, 300, 300]));
    }

    #[test]
    fn a_server_that_says_when_is_believed_within_reason() {
        let retries = Retries::default();
        let wait = |told| retries.wait(0, Some(Duration::from_secs(told)), &Always(0));
        assert_eq!(wait(1), Some(Duration::from_secs(1)));
        assert_eq!(wait(86_400), Some(retries.longest));
        assert_eq!(Retries::NONE.wait(0, Some(Duration::from_secs(1)), &Always(0)), None);
    }
}
