//! How a server is reached.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use packtree::{Entropy, SystemEntropy};
use rustls::crypto::CryptoProvider;
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::client::Client;
use crate::connection::{Connection, Credentials};
use crate::error::Error;
use crate::retry::Retries;

static CRYPTOGRAPHY: LazyLock<Arc<CryptoProvider>> =
    LazyLock::new(|| Arc::new(rustls::crypto::ring::default_provider()));

/// Connections that are kept for the next request: of each thread that asks, one.
const IDLE_CONNECTIONS_MAX: usize = 64;

/// How a server is reached; made by [`Client::builder`].
#[derive(Clone)]
pub struct Builder {
    address: String,
    key: Option<String>,
    certificates: Vec<u8>,
    timeout: Duration,
    retries: Retries,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Builder {
    /// Without the key, which is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &self.address)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

impl Builder {
    pub(crate) fn new(address: &str) -> Self {
        Self {
            address: address.trim_end_matches('/').to_owned(),
            key: None,
            certificates: Vec::new(),
            timeout: Duration::from_secs(30),
            retries: Retries::default(),
            entropy: Arc::new(SystemEntropy),
        }
    }

    /// The API key, `packtree_...`. It says who asks and what they may do. People have none: they sign in ([`Client::sign_in`]).
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Whom to trust, as PEM: the certificate that the server made for itself, the company's own authority, or the bundle of the system.
    #[must_use]
    pub fn certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates = pem.into();
        self
    }

    /// How long one try may take; half a minute unless told otherwise. Reading the feed, contents and documents is limited otherwise: each
    /// part must come within this time.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// When a request that got no answer is sent again.
    #[must_use]
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// Where request ids and the random part of waits come from.
    #[must_use]
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Settings`].
    pub fn build(self) -> Result<Client, Error> {
        let wrong = |what: String| Error::Settings(what);
        let address: Uri = self.address.parse().map_err(|_| wrong(no_address(&self.address)))?;
        let (Some(scheme), Some(host)) = (address.scheme_str(), address.host()) else {
            return Err(wrong(no_address(&self.address)));
        };
        if address.path() != "/" && !address.path().is_empty() || address.query().is_some() {
            return Err(wrong(format!("{}: write the address of the server without a path behind it", self.address)));
        }
        let certificates = certificates(&self.certificates)?;
        match scheme {
            "https" if certificates.is_empty() => {
                return Err(wrong(format!(
                    "{}: say which certificates to trust: the one that the server made for itself, or the bundle of the system, \
                     such as /etc/ssl/certs/ca-certificates.crt",
                    self.address
                )));
            }
            "http" if !is_loopback(host) => {
                return Err(wrong(format!(
                    "{}: keys and passwords would cross the network in the open; use https, which the server offers with --tls",
                    self.address
                )));
            }
            "http" | "https" => {}
            _ => return Err(wrong(no_address(&self.address))),
        }
        let key = self.key.as_deref().map(header).transpose()?;
        let credentials = key.map_or(Credentials::Nobody, Credentials::Key);
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(certificates)))
            .unversioned_rustls_crypto_provider(Arc::clone(&CRYPTOGRAPHY))
            .build();
        let agent = ureq::Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            // A redirection would take the key to somebody else.
            .max_redirects(0)
            .timeout_connect(Some(self.timeout.min(Duration::from_secs(10))))
            .timeout_global(Some(self.timeout))
            // As many threads as use the client at the same time keep their connections.
            .max_idle_connections(IDLE_CONNECTIONS_MAX)
            .max_idle_connections_per_host(IDLE_CONNECTIONS_MAX)
            .user_agent(concat!("packtree-client/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let Self { address, timeout, retries, entropy, .. } = self;
        Ok(Client::new(Connection { agent, address, credentials, timeout, retries, entropy }))
    }
}

fn no_address(text: &str) -> String {
    format!("{text:?} is no address of a server; write it as http://127.0.0.1:8480 or https://packtree.example")
}

/// The header that carries a key.
fn header(key: &str) -> Result<String, Error> {
    let is_sendable = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_sendable {
        return Ok(format!("Bearer {key}"));
    }
    Err(Error::Settings("the key has characters that no key has; copy it again, from packtree_ to its end".to_owned()))
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Error> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            // Whatever else is in the file is not for us.
            Ok(_) => {}
            Err(error) => return Err(Error::Settings(format!("the certificates cannot be read: {error}"))),
        }
    }
    if !pem.is_empty() && certificates.is_empty() {
        return Err(Error::Settings("there is no certificate in what was given as one; it must be PEM".to_owned()));
    }
    Ok(certificates)
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(builder: Builder) -> String {
        builder.build().map_or_else(|error| error.to_string(), |_| "built".to_owned())
    }

    #[test]
    fn addresses_are_checked() {
        for good in ["http://127.0.0.1:8480", "http://localhost:8480/", "http://[::1]:8480"] {
            assert_eq!(said(Builder::new(good)), "built", "{good}");
        }
        for wrong in ["", "127.0.0.1:8480", "ftp://127.0.0.1", "not an address"] {
            assert!(said(Builder::new(wrong)).contains("is no address of a server"), "{wrong}");
        }
        assert!(said(Builder::new("http://127.0.0.1/v1")).contains("without a path"));
        assert!(said(Builder::new("http://192.0.2.1:8480")).contains("in the open"));
        assert!(said(Builder::new("https://192.0.2.1:8480")).contains("which certificates to trust"));
    }

    #[test]
    fn keys_and_certificates_are_checked() {
        let local = || Builder::new("http://127.0.0.1:8480");
        assert!(said(local().key("packtree_1_a b")).contains("copy it again"));
        assert!(said(local().key("")).contains("copy it again"));
        assert!(said(local().certificate("no PEM")).contains("must be PEM"));
        let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
        assert!(said(local().certificate(broken)).contains("cannot be read"));
    }

    #[test]
    fn the_key_is_not_shown() {
        let builder = Builder::new("http://127.0.0.1:8480").key("packtree_1_secret");
        assert!(!format!("{builder:?}").contains("secret"));
        assert!(!format!("{:?}", builder.build().expect("it is right")).contains("secret"));
    }
}
