//! How often somebody may be wrong: by the name that they try, and by the address that they come from.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use packtree::fact::Microseconds;
use parking_lot::Mutex;

/// So many failures in a row lock a name.
const FAILURES_MAX: u32 = 10;

/// For how long at first; each further failure doubles it.
const LOCK_FIRST: Duration = Duration::from_secs(30);

/// For how long at most: who has forgotten a password is not locked out for a shift.
const LOCK_MAX: Duration = Duration::from_mins(15);

/// Failures are forgotten after so long without one.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);

/// An address may be wrong so often at once: a whole shift signs in through one address.
const ADDRESS_TOKENS_MAX: u64 = 30;

/// And once more each time that this has passed.
const ADDRESS_TOKEN_EVERY: Duration = Duration::from_secs(2);

/// Names and addresses that are remembered; beyond that the ones that were quiet longest are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// How long to wait before the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait(pub(crate) Duration);

#[derive(Debug, Default)]
pub(crate) struct Throttle {
    names: Mutex<HashMap<String, Failures>>,
    addresses: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    number: u32,
    locked_until: Microseconds,
    last: Microseconds,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: u64,
    filled: Microseconds,
}

impl Throttle {
    /// Counts a try as a failure until it turns out to be none, so that a thousand at the same time do not slip through.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) fn begin(&self, name: &str, address: Option<IpAddr>, now: Microseconds) -> Result<(), Wait> {
        self.locked(name, now)?;
        if let Some(address) = address {
            self.take_token(network(address), now)?;
        }
        let mut names = self.names.lock();
        make_room(&mut names, |failures| failures.last);
        let failures = names.entry(key(name)).or_insert(Failures { number: 0, locked_until: 0, last: now });
        if micros(FORGOTTEN_AFTER) < now.saturating_sub(failures.last) {
            failures.number = 0;
        }
        failures.number += 1;
        failures.last = now;
        if FAILURES_MAX <= failures.number {
            let doublings = (failures.number - FAILURES_MAX).min(16);
            failures.locked_until = now + micros(LOCK_FIRST.saturating_mul(1 << doublings).min(LOCK_MAX));
        }
        Ok(())
    }

    /// The try was right: the name's failures are forgotten, and the address has its token back.
    pub(crate) fn right(&self, name: &str, address: Option<IpAddr>) {
        self.names.lock().remove(&key(name));
        if let Some(address) = address
            && let Some(bucket) = self.addresses.lock().get_mut(&network(address))
        {
            bucket.tokens = (bucket.tokens + 1).min(ADDRESS_TOKENS_MAX);
        }
    }

    fn locked(&self, name: &str, now: Microseconds) -> Result<(), Wait> {
        match self.names.lock().get(&key(name)) {
            Some(failures) if now < failures.locked_until => {
                Err(Wait(Duration::from_micros((failures.locked_until - now).cast_unsigned())))
            }
            _ => Ok(()),
        }
    }

    fn take_token(&self, address: IpAddr, now: Microseconds) -> Result<(), Wait> {
        let mut addresses = self.addresses.lock();
        make_room(&mut addresses, |bucket| bucket.filled);
        let bucket = addresses.entry(address).or_insert(Bucket { tokens: ADDRESS_TOKENS_MAX, filled: now });
        let grown = now.saturating_sub(bucket.filled).max(0) / micros(ADDRESS_TOKEN_EVERY);
        bucket.tokens = bucket.tokens.saturating_add(grown.cast_unsigned()).min(ADDRESS_TOKENS_MAX);
        bucket.filled += grown * micros(ADDRESS_TOKEN_EVERY);
        if bucket.tokens == 0 {
            return Err(Wait(ADDRESS_TOKEN_EVERY));
        }
        bucket.tokens -= 1;
        Ok(())
    }
}

/// Names are compared without regard to case, so that other spellings are no further tries. Long ones are none of ours.
fn key(name: &str) -> String {
    name.chars().take(64).collect::<String>().to_lowercase()
}

/// The part of an address that one customer of a network has: all of IPv4, and 64 bits of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let segments = address.segments();
            IpAddr::V6(Ipv6Addr::new(segments[0], segments[1], segments[2], segments[3], 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

fn micros(time: Duration) -> Microseconds {
    Microseconds::try_from(time.as_micros()).unwrap_or(Microseconds::MAX)
}

/// Forgets the older half when there are too many.
fn make_room<K: Clone + Eq + Hash, V>(map: &mut HashMap<K, V>, last: impl Fn(&V) -> Microseconds) {
    if map.len() < REMEMBERED_MAX {
        return;
    }
    let mut times: Vec<Microseconds> = map.values().map(&last).collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    map.retain(|_, value| median < last(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Microseconds = 1_000_000;

    #[test]
    fn ten_failures_lock_a_name_for_longer_and_longer() {
        let throttle = Throttle::default();
        let mut now = SECOND;
        for _ in 0..FAILURES_MAX {
            assert_eq!(throttle.begin("jane", None, now), Ok(()));
        }
        let mut expected = LOCK_FIRST;
        for _ in 0..8 {
            assert_eq!(throttle.begin("JANE", None, now), Err(Wait(expected)));
            assert_eq!(throttle.begin("joe", None, now), Ok(()), "others are not locked");
            throttle.right("joe", None);
            now += micros(expected);
            assert_eq!(throttle.begin("jane", None, now), Ok(()));
            expected = (expected * 2).min(LOCK_MAX);
        }
        now += micros(expected);
        assert_eq!(throttle.begin("jane", None, now), Ok(()));
        throttle.right("jane", None);
        assert_eq!(throttle.begin("jane", None, now), Ok(()), "the right password forgets the failures");
    }

    #[test]
    fn failures_are_forgotten_after_a_day() {
        let throttle = Throttle::default();
        for _ in 0..FAILURES_MAX - 1 {
            throttle.begin("jane", None, SECOND).unwrap();
        }
        let next_day = SECOND + micros(FORGOTTEN_AFTER) + 1;
        throttle.begin("jane", None, next_day).unwrap();
        assert_eq!(throttle.begin("jane", None, next_day), Ok(()));
    }

    #[test]
    fn an_address_runs_out_of_tries_and_gets_them_back_slowly() {
        let throttle = Throttle::default();
        let address: IpAddr = "192.0.2.7".parse().unwrap();
        let mut now = SECOND;
        for number in 0..ADDRESS_TOKENS_MAX {
            assert_eq!(throttle.begin(&format!("user-{number}"), Some(address), now), Ok(()));
        }
        assert_eq!(throttle.begin("other", Some(address), now), Err(Wait(ADDRESS_TOKEN_EVERY)));
        assert_eq!(throttle.begin("other", Some("192.0.2.8".parse().unwrap()), now), Ok(()));
        now += micros(ADDRESS_TOKEN_EVERY);
        assert_eq!(throttle.begin("one", Some(address), now), Ok(()));
        assert_eq!(throttle.begin("two", Some(address), now), Err(Wait(ADDRESS_TOKEN_EVERY)));
        throttle.right("one", Some(address));
        assert_eq!(throttle.begin("two", Some(address), now), Ok(()), "a right try costs nothing");
    }

    #[test]
    fn addresses_of_one_network_share_their_tries() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::default();
        for number in (0..).take(REMEMBERED_MAX * 2) {
            throttle.begin(&number.to_string(), None, number).unwrap();
        }
        assert!(throttle.names.lock().len() <= REMEMBERED_MAX);
        assert!(throttle.names.lock().contains_key(&(REMEMBERED_MAX * 2 - 1).to_string()));
    }
}
