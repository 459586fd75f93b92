//! The bodies of requests about access: small JSON documents, read only once it is known that whoever sends them may.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::http::{Problem, json, parsed};

/// A policy with every product of a site has some tens of KiB, and is the largest of them.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The bytes of a JSON document.
pub(super) struct Body(Bytes);

impl Body {
    /// The document, in this form.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        parsed(&self.0)
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        json(request, BODY_BYTES_MAX).await.map(Self)
    }
}
