//! Remembers which requests were accepted, so that a retry is answered and not done again.

use std::collections::{HashMap, VecDeque};

use crate::fact::{RequestId, Sequence, Standing};
use crate::limits::REQUESTS_REMEMBERED;

/// What is known of an accepted request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The digest of its content.
    pub(crate) content: u64,
    /// The fact that it made true.
    pub(crate) sequence: Sequence,
    /// What it came to then.
    pub(crate) standing: Standing,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_request_is_forgotten_first() {
        let mut requests = Requests::default();
        let accepted = Accepted { content: 1, sequence: Sequence(1), standing: Standing::Done };
        for id in 0..=REQUESTS_REMEMBERED as u128 {
            requests.remember(RequestId(id), accepted);
        }
        assert_eq!(requests.get(RequestId(0)), None);
        assert_eq!(requests.get(RequestId(1)), Some(accepted));
        assert_eq!(requests.iter().count(), REQUESTS_REMEMBERED);
    }
}
