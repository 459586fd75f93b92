//! The client.

use std::sync::Arc;

use crate::builder::Builder;
use crate::connection::Connection;

/// A server to send operations to and to ask.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) connection: Arc<Connection>,
}

impl Client {
    /// A client for the server at an address, such as `https://packtree.example` or `http://127.0.0.1:8480`.
    pub fn builder(address: &str) -> Builder {
        Builder::new(address)
    }

    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection: Arc::new(connection) }
    }
}
