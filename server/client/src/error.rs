//! Why there is no answer. A refusal is an answer, and is not in here.

use serde::Deserialize;

/// What the server says about a request that it does not answer as asked: problem details, RFC 9457.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// A stable name, to branch on.
    #[serde(default)]
    pub code: String,
    /// What is wrong, for people.
    #[serde(default)]
    pub detail: String,
    /// What to do about it.
    #[serde(default)]
    pub remedy: String,
    /// Which member of the request is meant, as a JSON pointer.
    #[serde(default)]
    pub pointer: Option<String>,
}

impl Problem {
    /// The problem in the body of an answer, or what can be said of an answer that has none.
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let read = serde_json::from_slice::<Self>(body).ok().filter(|problem| !problem.code.is_empty());
        read.map_or_else(|| Self::of_a_stranger(status, body), |problem| Self { status, ..problem })
    }

    /// Something answered that does not speak as a Packtree server does, such as a proxy in between.
    fn of_a_stranger(status: u16, body: &[u8]) -> Self {
        const SHOWN_CHARACTERS_MAX: usize = 200;
        let text: String = String::from_utf8_lossy(body).chars().take(SHOWN_CHARACTERS_MAX).collect();
        Self {
            status,
            code: "http_status".to_owned(),
            detail: format!("the answer has the status {status}: {}", text.trim()),
            remedy: "check that the address is that of a Packtree server, and what stands between".to_owned(),
            pointer: None,
        }
    }
}

impl From<packtree_wire::Problem> for Problem {
    fn from(problem: packtree_wire::Problem) -> Self {
        let packtree_wire::Problem { status, code, detail, remedy, pointer, .. } = problem;
        Self { status, code, detail, remedy, pointer }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)?;
        if let Some(pointer) = &self.pointer {
            write!(f, " (at {pointer})")?;
        }
        if self.remedy.is_empty() { Ok(()) } else { write!(f, "; {}", self.remedy) }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address, the key or the certificate cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The server could not be reached, or the connection was lost, and trying again did not help. What became of an operation is not
    /// known: send the same request again.
    #[error(
        "the server at {server} cannot be reached: {reason}; check the address and the network, and send the same request again"
    )]
    Unreachable {
        /// The address.
        server: String,
        /// What went wrong last.
        reason: String,
    },
    /// No answer came in time. What became of an operation is not known: send the same request again.
    #[error("the server at {server} did not answer in time; send the same request again, or allow more time")]
    Timeout {
        /// The address.
        server: String,
    },
    /// It has too much to do, and trying again did not help. Nothing was done.
    #[error("the server is busy: {0}")]
    Busy(Problem),
    /// It takes no more operations, because its disk failed or it is stopping; it may still answer questions.
    #[error("the server takes no operations: {0}")]
    Stopped(Problem),
    /// The key or the password is missing or wrong, or no longer valid; or the session has ended.
    #[error("the server does not know who is asking: {0}")]
    Unauthorized(Problem),
    /// Whoever asks may not do this.
    #[error("not allowed: {0}")]
    Forbidden(Problem),
    /// Somebody must sign for it.
    #[error("a signature is needed: {0}")]
    SignatureNeeded(Problem),
    /// There is no such thing.
    #[error("{0}")]
    NotFound(Problem),
    /// The request is not as it should be: a document that cannot be read, an id with another content, something that is too large.
    #[error("{0}")]
    Rejected(Problem),
    /// The server failed. What became of an operation is not known.
    #[error("the server failed: {0}")]
    Failed(Problem),
    /// What came back is no answer to the question.
    #[error(
        "the server at {server} answers what this release does not understand: {reason}; use releases that go together"
    )]
    Nonsense {
        /// The address.
        server: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// What an answer that is neither good nor a refusal says.
    pub(crate) fn of_problem(problem: Problem) -> Self {
        match problem.status {
            401 => Self::Unauthorized(problem),
            403 => Self::Forbidden(problem),
            404 => Self::NotFound(problem),
            428 => Self::SignatureNeeded(problem),
            503 if matches!(problem.code.as_str(), "poisoned" | "stopping" | "stopped") => Self::Stopped(problem),
            // It may have been done, which busy denies.
            503 if problem.code == "too_slow" => Self::Failed(problem),
            429 | 503 => Self::Busy(problem),
            500..=599 => Self::Failed(problem),
            _ => Self::Rejected(problem),
        }
    }

    /// Whether the same request may be answered when it is sent again, with nothing else changed.
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Timeout { .. } | Self::Busy(_))
    }

    /// What the server said, where it said something.
    pub const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Busy(problem)
            | Self::Stopped(problem)
            | Self::Unauthorized(problem)
            | Self::Forbidden(problem)
            | Self::SignatureNeeded(problem)
            | Self::NotFound(problem)
            | Self::Rejected(problem)
            | Self::Failed(problem) => Some(problem),
            Self::Settings(_) | Self::Unreachable { .. } | Self::Timeout { .. } | Self::Nonsense { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_read_and_shown_with_its_remedy() {
        let body = br#"{"type":"/docs/problems#malformed","title":"malformed","status":400,"detail":"no identifier","code":"malformed",
            "pointer":"/operation/parent","remedy":"scan again","number":7}"#;
        let problem = Problem::read(400, body);
        assert_eq!(problem.to_string(), "no identifier (at /operation/parent); scan again");
        assert!(matches!(Error::of_problem(problem), Error::Rejected(_)));
    }

    #[test]
    fn a_proxy_is_no_server() {
        for body in [&b"<html>Bad Gateway</html>"[..], b"{}", b"\xff"] {
            let problem = Problem::read(502, body);
            assert_eq!(problem.code, "http_status");
            assert!(problem.to_string().contains("the answer has the status 502"), "{problem}");
            assert!(matches!(Error::of_problem(problem), Error::Failed(_)));
        }
    }

    #[test]
    fn busy_and_stopped_are_told_apart() {
        let of = |status: u16, code: &str| {
            Error::of_problem(Problem { status, code: code.to_owned(), ..Problem::default() })
        };
        assert!(of(503, "busy").may_pass() && of(429, "too_many_requests").may_pass());
        assert!(matches!(of(503, "too_slow"), Error::Failed(_)), "it may have been done");
        for code in ["poisoned", "stopping", "stopped"] {
            assert!(matches!(of(503, code), Error::Stopped(_)) && !of(503, code).may_pass());
        }
    }
}
