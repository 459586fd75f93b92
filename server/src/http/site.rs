//! What every handler works with.

use std::sync::Arc;

use packtree::Engine;

/// An engine with what the server keeps beside it; cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    engine: Engine,
}

impl Site {
    /// A site on an engine, which may be in use by others in the same process.
    pub fn new(engine: Engine) -> Self {
        Self { inner: Arc::new(Inner { engine }) }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }
}
