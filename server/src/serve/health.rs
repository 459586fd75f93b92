//! Whether the server lives, and whether it can take work.

use std::path::{Path, PathBuf};

use axum::Json;
use axum::extract::State;
use packtree::Engine;
use serde::Serialize;

use crate::http::{Code, Problem};

/// What health is asked of.
#[derive(Clone, Debug)]
pub(super) struct Health {
    pub(super) engine: Engine,
    pub(super) directory: PathBuf,
    pub(super) disk_free_bytes_min: u64,
}

/// That all is well.
#[derive(Serialize)]
pub(super) struct Well {
    status: &'static str,
}

/// The process answers.
pub(super) async fn alive() -> Json<Well> {
    Json(Well { status: "alive" })
}

/// The engine takes operations and there is room for them.
pub(super) async fn ready(State(health): State<Health>) -> Result<Json<Well>, Problem> {
    if let Some(error) = health.engine.stopped() {
        return Err(Problem::from(error));
    }
    if let Some(free) = disk_free_bytes(&health.directory)
        && free < health.disk_free_bytes_min
    {
        let (free, least) = (free >> 20, health.disk_free_bytes_min >> 20);
        let detail = format!("the disk of the data directory has {free} MiB left, and {least} MiB are wanted");
        let remedy = "make room on the disk, or lower limits.disk_free_mebibytes; when it is full the engine stops";
        return Err(Problem::new(Code::DiskLow, detail, remedy));
    }
    Ok(Json(Well { status: "ready" }))
}

/// Bytes that the server may still write to the disk that holds a directory.
pub(super) fn disk_free_bytes(directory: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(directory).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}
