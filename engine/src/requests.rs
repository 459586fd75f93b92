//! Remembers which requests were accepted, so that a retry is answered and not done again.

use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};

use crate::fact::{RequestId, Sequence};
use crate::limits::REQUESTS_REMEMBERED;
use crate::operation::Operation;

/// What is known of an accepted request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The digest of its content.
    pub(crate) content: u64,
    /// The fact that it made true.
    pub(crate) sequence: Sequence,
    /// Whether it was only recorded, because a newer event was known.
    pub(crate) is_late: bool,
}

/// The newest accepted requests, up to [`REQUESTS_REMEMBERED`].
#[derive(Debug, Default)]
pub(crate) struct Requests {
    known: HashMap<RequestId, Accepted, foldhash::fast::RandomState>,
    order: VecDeque<RequestId>,
}

impl Requests {
    pub(crate) fn get(&self, id: RequestId) -> Option<Accepted> {
        self.known.get(&id).copied()
    }

    pub(crate) fn remember(&mut self, id: RequestId, accepted: Accepted) {
        if self.known.insert(id, accepted).is_none() {
            self.order.push_back(id);
        }
        if REQUESTS_REMEMBERED < self.order.len() {
            let oldest = self.order.pop_front().expect("it holds more than one");
            self.known.remove(&oldest);
        }
    }

    /// The accepted requests, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (RequestId, Accepted)> + '_ {
        self.order.iter().map(|id| (*id, self.known[id]))
    }
}

/// A digest of what an operation says: equal operations have equal digests, in every run of every build.
///
/// The request id, the time and the actor do not count, so that a retry that stamps them anew is still a retry.
pub(crate) fn content_digest(operation: &Operation) -> u64 {
    let mut digest = StableHasher(0x9e37_79b9_7f4a_7c15);
    operation.hash(&mut digest);
    digest.finish()
}

/// The standard hashers may change from release to release; this one is written to disk, so it may not.
struct StableHasher(u64);

impl StableHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9fb2_1c65_1e98_df25_u128;
        self.0 = (product as u64) ^ ((product >> 64) as u64) ^ word.rotate_left(29);
    }
}

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
        self.mix(bytes.len() as u64);
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_u128(&mut self, number: u128) {
        self.mix(number as u64);
        self.mix((number >> 64) as u64);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.mix(number.cast_unsigned() as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use packtree_gs1::Identifier;

    use super::*;

    fn sscc(text: &str) -> Identifier {
        Identifier::parse(text).unwrap()
    }

    #[test]
    fn the_digest_depends_on_every_object_and_on_nothing_else() {
        let (a, b) = (sscc("(00)095212345000000018"), sscc("(00)095212345000000025"));
        let pack = Operation::pack(a.clone(), vec![b.clone()]);
        assert_eq!(content_digest(&pack), content_digest(&pack.clone()));
        assert_ne!(content_digest(&pack), content_digest(&Operation::pack(b.clone(), vec![a.clone()])));
        assert_ne!(content_digest(&pack), content_digest(&Operation::pack(a, vec![])));
        assert_eq!(
            content_digest(&Operation::unpack_all(b)),
            PINNED,
            "the digest is written to disk and must not change"
        );
    }

    const PINNED: u64 = 5_266_586_014_328_032_194;

    #[test]
    fn the_oldest_request_is_forgotten_first() {
        let mut requests = Requests::default();
        let accepted = Accepted { content: 1, sequence: Sequence(1), is_late: false };
        for id in 0..=REQUESTS_REMEMBERED as u128 {
            requests.remember(RequestId(id), accepted);
        }
        assert_eq!(requests.get(RequestId(0)), None);
        assert_eq!(requests.get(RequestId(1)), Some(accepted));
        assert_eq!(requests.iter().count(), REQUESTS_REMEMBERED);
    }
}
