//! Packtree over HTTP, with the operations and the types of the embedded engine.
