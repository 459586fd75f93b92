//! The simulated site: its identifiers, and the folder that it lives in.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use packtree::Identifier;
use packtree_gs1::{Gtin, Serial, Sgtin, Sscc, check_digit};

/// Lines that a site may have; each has its share of the numbers.
pub(crate) const LINES_MAX: u64 = 1_000;

/// The product: GS1's prefix for examples, with a trade item of it.
pub(crate) static PRODUCT: LazyLock<Gtin> =
    LazyLock::new(|| Gtin::new(9_521_234_543_213).expect("the check digit is right"));

/// Serials have 13 digits, SSCCs nine behind the company prefix.
const SERIALS: u64 = 10_000_000_000_000;
const SSCCS: u64 = 1_000_000_000;

/// The company prefix 9521234 behind the extension digit 0, and the extension digit of pallets.
const SSCC_BODY: u64 = 9_521_234_000_000_000;
const PALLET_FLAG: u64 = 10_000_000_000_000_000;

/// The numbers of one line: no two lines share one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    line: u64,
    lines: u64,
}

impl Numbers {
    pub(crate) fn of_line(line: u64, lines: u64) -> Self {
        Self { line, lines }
    }

    /// How many pallets can be numbered, with so many units and cases each.
    pub(crate) fn pallets(self, units: u64, cases: u64) -> u64 {
        (SERIALS / self.lines / units).min(SSCCS / self.lines / cases)
    }

    /// The unit `number` of the line. Serials look random, as those of medicines do, and no two numbers share one.
    pub(crate) fn unit(self, number: u64) -> Identifier {
        let number = self.line * (SERIALS / self.lines) + number;
        // A multiplier without a factor in common with the number of serials permutes them.
        let serial = (u128::from(number) * 2_654_435_761_234_567 % u128::from(SERIALS)) as u64;
        Identifier::Sgtin(Sgtin { gtin: *PRODUCT, serial: serial_of(serial) })
    }

    /// The case `number` of the line.
    pub(crate) fn case(self, number: u64) -> Identifier {
        sscc(SSCC_BODY + self.line * (SSCCS / self.lines) + number)
    }

    /// The pallet `number` of the line.
    pub(crate) fn pallet(self, number: u64) -> Identifier {
        sscc(PALLET_FLAG + SSCC_BODY + self.line * (SSCCS / self.lines) + number)
    }
}

/// Characters of the set that serials are numbered by.
const CHARACTERS: u128 = 82;

/// The serial of 13 zeros.
static ZEROS: LazyLock<u128> =
    LazyLock::new(|| Serial::parse(&"0".repeat(13)).expect("13 digits are a serial").value());

/// The serial that is written as a number of 13 digits. Digits follow each other in the set, so it is computed without writing it.
fn serial_of(mut number: u64) -> Serial {
    let (mut value, mut weight) = (*ZEROS, 1_u128);
    while 0 < number {
        value += u128::from(number % 10) * weight;
        number /= 10;
        weight *= CHARACTERS;
    }
    Serial::from_value(value).expect("13 digits are a serial")
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_serial_is_its_digits() {
        for number in [0, 7, 10, 8_210_099, 9_999_999_999_999, 1_234_567_890_123] {
            assert_eq!(serial_of(number), Serial::parse(&format!("{number:013}")).unwrap());
        }
    }

    #[test]
    fn no_two_objects_share_an_identifier() {
        let mut seen = HashSet::new();
        for line in 0..3 {
            let numbers = Numbers::of_line(line, 3);
            let last = numbers.pallets(1, 1) - 1;
            for number in (0..1_000).chain([last - 1, last]) {
                assert!(seen.insert(numbers.unit(number)));
                assert!(seen.insert(numbers.case(number)));
                assert!(seen.insert(numbers.pallet(number)));
            }
        }
    }
}
