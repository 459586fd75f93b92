//! The simulated site: its identifiers, its packaging, and the folder that it lives in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use packtree::Identifier;
use packtree_gs1::{Gtin, Serial, Sgtin, Sscc, check_digit};

/// Units in a case.
pub(crate) const CASE_UNITS: u64 = 48;

/// Cases on a pallet.
pub(crate) const PALLET_CASES: u64 = 40;

/// GS1's prefix for examples, with a product of it.
const GTIN: u64 = 9_521_234_543_213;
const SSCC_BODY: u64 = 9_521_234_500_000_000;
const PALLET_FLAG: u64 = 10_000_000_000_000_000;

/// The unit number `number`. Serials look random, as those of medicines do, and no two numbers share one.
pub(crate) fn unit(number: u64) -> Identifier {
    const SPACE: u64 = 10_000_000_000_000;
    // A multiplier without a factor in common with the space permutes it.
    let serial = u128::from(number) * 2_654_435_761_234_567 % u128::from(SPACE);
    let serial = Serial::parse(&format!("{serial:013}")).expect("13 digits are a serial");
    Identifier::Sgtin(Sgtin { gtin: Gtin::new(GTIN).expect("the check digit is right"), serial })
}

/// The case number `number`.
pub(crate) fn case(number: u64) -> Identifier {
    sscc(SSCC_BODY + number)
}

/// The pallet number `number`.
pub(crate) fn pallet(number: u64) -> Identifier {
    sscc(PALLET_FLAG + SSCC_BODY + number)
}

fn sscc(body: u64) -> Identifier {
    Identifier::Sscc(Sscc::new(body * 10 + u64::from(check_digit(body))).expect("the check digit was just computed"))
}

/// An empty folder; one that was made for the run is removed after it.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Folder {
    /// Takes the folder that the user named, or a temporary one in the working directory, whose disk is the one to measure.
    pub(crate) fn take(named: Option<PathBuf>) -> Result<Self> {
        if let Some(path) = named {
            if path.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
                bail!("{} is not empty; name an empty folder", path.display());
            }
            return Ok(Self { path, _temporary: None });
        }
        let temporary =
            tempfile::Builder::new().prefix("loadgen-").tempdir_in(".").context("no folder could be made here")?;
        Ok(Self { path: temporary.path().to_owned(), _temporary: Some(temporary) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
