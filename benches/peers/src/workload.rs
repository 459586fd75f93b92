//! The work that every contender does: one product, one lot, cases of 48, pallets of 40 cases, serials that look random.

use std::ops::Range;

use anyhow::{Result, ensure};
use packtree_gs1::{Gtin, Identifier, Serial, Sgtin, Sscc};

pub(crate) const CASE_UNITS: u64 = 48;
pub(crate) const PALLET_CASES: u64 = 40;
pub(crate) const PALLET_UNITS: u64 = CASE_UNITS * PALLET_CASES;

/// Everything below a pallet.
pub(crate) const PALLET_OBJECTS: u64 = PALLET_UNITS + PALLET_CASES;

/// Objects in one transaction of a contender: as many as packtree makes durable with one flush at most.
pub(crate) const GROUP_OBJECTS: usize = packtree::limits::GROUP_OBJECTS_MAX;

/// The lot of all units.
pub(crate) const LOT: &str = "LOT-1";

pub(crate) const GTIN: u64 = 9_521_234_543_213;

/// How far up in the hierarchy an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Unit,
    Case,
    Pallet,
}

/// An object, by its place in the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) level: Level,
    pub(crate) number: u64,
}

impl Object {
    pub(crate) const fn unit(number: u64) -> Self {
        Self { level: Level::Unit, number }
    }

    pub(crate) const fn case(number: u64) -> Self {
        Self { level: Level::Case, number }
    }

    pub(crate) const fn pallet(number: u64) -> Self {
        Self { level: Level::Pallet, number }
    }

    /// What is printed on it.
    pub(crate) fn identifier(self) -> Identifier {
        let sscc = |body| Identifier::Sscc(Sscc::complete(body).expect("the body has 17 digits at most"));
        match self.level {
            Level::Unit => {
                let serial = u128::from(self.number) * 2_654_435_761_234_567 % 10_000_000_000_000;
                let serial = Serial::parse(&format!("{serial:013}")).expect("13 digits are a serial");
                Identifier::Sgtin(Sgtin { gtin: Gtin::new(GTIN).expect("the check digit is right"), serial })
            }
            Level::Case => sscc(9_521_234_500_000_000 + self.number),
            Level::Pallet => sscc(19_521_234_500_000_000 + self.number),
        }
    }

    /// The identifier as an expert stores it: a byte for its kind, then numbers in order of their size, then the serial.
    pub(crate) fn bytes(self) -> Vec<u8> {
        match self.identifier() {
            Identifier::Sgtin(sgtin) => {
                let mut bytes = vec![1];
                bytes.extend_from_slice(&sgtin.gtin.value().to_be_bytes());
                bytes.extend_from_slice(sgtin.serial.text().as_bytes());
                bytes
            }
            Identifier::Sscc(sscc) => [&[0][..], &sscc.value().to_be_bytes()].concat(),
            other => unreachable!("no object is called {other}"),
        }
    }

    /// Consecutive numbers for all objects of a site, which no scanner sends.
    pub(crate) const fn consecutive(self, size: Size) -> u64 {
        match self.level {
            Level::Unit => self.number,
            Level::Case => size.units() + self.number,
            Level::Pallet => size.units() + size.cases() + self.number,
        }
    }
}

/// A container and what goes into it.
pub(crate) struct Pack<Key> {
    pub(crate) parent: Key,
    pub(crate) children: Vec<Key>,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pallets: u64,
}

impl Size {
    /// Whole pallets, of at least as many units.
    pub(crate) fn of_units(units: u64) -> Result<Self> {
        let pallets = units.div_ceil(PALLET_UNITS);
        ensure!(
            (2..=100_000).contains(&pallets),
            "between 2 and 100,000 pallets of {PALLET_UNITS} units can be compared"
        );
        Ok(Self { pallets })
    }

    pub(crate) const fn units(self) -> u64 {
        self.pallets * PALLET_UNITS
    }

    pub(crate) const fn cases(self) -> u64 {
        self.pallets * PALLET_CASES
    }

    pub(crate) const fn pallets(self) -> u64 {
        self.pallets
    }

    pub(crate) const fn objects(self) -> u64 {
        self.units() + self.cases() + self.pallets
    }

    /// Units in an order that looks random and is the same for every contender.
    pub(crate) fn random_units(self) -> impl Iterator<Item = u64> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % self.units()
        })
    }
}

/// The units of a case.
pub(crate) fn units_of(case: u64) -> impl Iterator<Item = Object> {
    (case * CASE_UNITS..(case + 1) * CASE_UNITS).map(Object::unit)
}

/// The cases of a pallet.
pub(crate) fn cases_of(pallet: u64) -> impl Iterator<Item = Object> {
    (pallet * PALLET_CASES..(pallet + 1) * PALLET_CASES).map(Object::case)
}

/// The pallet that a unit ends up on.
pub(crate) const fn pallet_of(unit: u64) -> Object {
    Object::pallet(unit / PALLET_UNITS)
}

/// Cuts numbers into runs of at most `length`.
pub(crate) fn runs(numbers: Range<u64>, length: u64) -> impl Iterator<Item = Range<u64>> {
    let end = numbers.end;
    numbers.step_by(length as usize).map(move |from| from..end.min(from + length))
}
