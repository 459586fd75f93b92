//! Certificates: the company's, or one that the server makes for itself.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};

use super::settings::Tls;

/// Where the server keeps its own certificate, inside its folder.
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// What connections are encrypted with.
pub(super) struct Encryption {
    pub(super) config: RustlsConfig,
    /// The SHA-256 of the certificate, as browsers show it.
    pub(super) fingerprint: String,
    /// The file that clients may be told to trust, where the server made it.
    pub(super) own_certificate: Option<PathBuf>,
}

/// Why there is no certificate to work with.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{path}: {source}; the file must be PEM, and the server must be allowed to read it")]
    Unreadable { path: PathBuf, source: rustls::pki_types::pem::Error },
    #[error("{path}: there is no certificate in it; it must hold the chain as PEM, the server's own certificate first")]
    Empty { path: PathBuf },
    #[error("the certificate {certificate} and the key {key} cannot be used: {source}")]
    Unusable { certificate: PathBuf, key: PathBuf, source: rustls::Error },
    #[error("a certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("{path}: the certificate cannot be kept: {source}")]
    Keep { path: PathBuf, source: std::io::Error },
}

/// Gets what connections are encrypted with; none where they are not. `folder` is the server's own.
pub(super) fn encryption(tls: &Tls, folder: &Path, listen: SocketAddr) -> Result<Option<Encryption>, Error> {
    match tls {
        Tls::Off => Ok(None),
        Tls::SelfSigned => {
            let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
            if !certificate.exists() || !key.exists() {
                make(&certificate, &key, listen.ip())?;
            }
            let read = read(&certificate, &key)?;
            Ok(Some(Encryption { own_certificate: Some(certificate), ..read }))
        }
        Tls::Files { certificate, key } => Ok(Some(read(certificate, key)?)),
    }
}

/// Makes a certificate for the names by which this machine may be reached.
fn make(certificate_path: &Path, key_path: &Path, ip: IpAddr) -> Result<(), Error> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(hostname());
    if !ip.is_unspecified() && !ip.is_loopback() {
        names.push(ip.to_string());
    }
    let mut parameters = CertificateParams::new(names)?;
    parameters.distinguished_name.push(DnType::CommonName, "Packtree");
    let key = KeyPair::generate()?;
    let certificate = parameters.self_signed(&key)?;
    // The key first: a certificate without its key would be taken for a whole pair.
    keep(key_path, &key.serialize_pem())?;
    keep(certificate_path, &certificate.pem())
}

/// The name of this machine, where it has one that a certificate can say. A service may not see `/proc/sys`, so the system is asked.
fn hostname() -> Option<String> {
    let system = rustix::system::uname();
    let name = system.nodename().to_str().ok()?;
    let is_name = |character: char| character.is_ascii_alphanumeric() || ".-".contains(character);
    (!name.is_empty() && name.chars().all(is_name) && name != "localhost").then(|| name.to_owned())
}

fn keep(path: &Path, text: &str) -> Result<(), Error> {
    write_private(path, text).map_err(|source| Error::Keep { path: path.to_owned(), source })
}

/// Writes a file that nobody else may read.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn read(certificate: &Path, key: &Path) -> Result<Encryption, Error> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Unreadable { path, source }
    };
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect).map_err(unreadable(certificate))?;
    let Some(own) = chain.first() else { return Err(Error::Empty { path: certificate.to_owned() }) };
    let fingerprint = fingerprint(own);
    let private = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key))?;
    let unusable = |source| Error::Unusable { certificate: certificate.to_owned(), key: key.to_owned(), source };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Encryption { config: RustlsConfig::from_config(Arc::new(config)), fingerprint, own_certificate: None })
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let bytes = Sha256::digest(certificate.as_ref());
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}
