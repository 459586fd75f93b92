//! Somebody's live feed, open as on the screen while they work, and read by a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use packtree_client::Feed;
use parking_lot::Mutex;

/// How long the feed may lag behind when everything is over.
const LAG_MAX: Duration = Duration::from_secs(10);

/// A live feed that is listened to.
#[derive(Debug)]
pub(super) struct Listener {
    heard: Arc<Heard>,
}

#[derive(Debug)]
struct Heard {
    newest: AtomicU64,
    failure: Mutex<Option<String>>,
    is_over: AtomicBool,
}

impl Listener {
    /// Listens to a feed from behind a fact on.
    pub(super) fn new(feed: Feed, behind: u64) -> Self {
        let (newest, is_over) = (AtomicU64::new(behind), AtomicBool::new(false));
        let heard = Arc::new(Heard { newest, failure: Mutex::default(), is_over });
        let own = Arc::clone(&heard);
        // It waits for the next fact whenever that comes, so nobody waits for it: it ends with what it hears next, or with the server.
        thread::spawn(move || own.listen(feed));
        Self { heard }
    }

    /// Waits until the feed has come to a fact; what is wrong with it, as the end of a sentence.
    pub(super) fn finish(self, fact: u64) -> Option<String> {
        let begun = Instant::now();
        let heard = &self.heard;
        while heard.newest.load(Ordering::Acquire) < fact && heard.failure.lock().is_none() && begun.elapsed() < LAG_MAX
        {
            thread::sleep(Duration::from_millis(5));
        }
        heard.is_over.store(true, Ordering::Release);
        let newest = heard.newest.load(Ordering::Acquire);
        let lags = (newest < fact).then(|| format!("stands at fact {newest}, and there are {fact}"));
        heard.failure.lock().take().map(|failure| format!("ended: {failure}")).or(lags)
    }
}

impl Heard {
    /// The client sees to it that no fact is missing.
    fn listen(&self, feed: Feed) {
        for fact in feed {
            match fact {
                Ok(fact) => self.newest.store(fact.fact, Ordering::Release),
                Err(error) => {
                    *self.failure.lock() = Some(error.to_string());
                    return;
                }
            }
            if self.is_over.load(Ordering::Acquire) {
                return;
            }
        }
    }
}
