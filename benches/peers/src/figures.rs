//! What is measured of a contender, and the median of several rounds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Measure {
    CommissionedPerSecond,
    PackedPerSecond,
    OntoPalletsPerSecond,
    CallP50Us,
    CallP99Us,
    RecursiveUnpackMs,
    HoldLotUs,
    WhereIsUs,
    ContentsUs,
    OpenMs,
    MemoryBytes,
    DiskBytes,
}

impl Measure {
    pub(crate) const ALL: [Self; 12] = [
        Self::CommissionedPerSecond,
        Self::PackedPerSecond,
        Self::OntoPalletsPerSecond,
        Self::CallP50Us,
        Self::CallP99Us,
        Self::RecursiveUnpackMs,
        Self::HoldLotUs,
        Self::WhereIsUs,
        Self::ContentsUs,
        Self::OpenMs,
        Self::MemoryBytes,
        Self::DiskBytes,
    ];

    /// The head of its column, with the unit.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::CommissionedPerSecond => "commission, M objects/s",
            Self::PackedPerSecond => "pack cases of 48, M units/s",
            Self::OntoPalletsPerSecond => "pack pallets of 40, k cases/s",
            Self::CallP50Us => "pack or unpack one unit, durable call, p50 us",
            Self::CallP99Us => "the same, p99 us",
            Self::RecursiveUnpackMs => "recursive unpack of a pallet, ms",
            Self::HoldLotUs => "hold the lot of all units, us",
            Self::WhereIsUs => "root of a random unit, us",
            Self::ContentsUs => "contents of a pallet, us",
            Self::OpenMs => "open, until the first answer, ms",
            Self::MemoryBytes => "memory, bytes/object",
            Self::DiskBytes => "disk, bytes/object",
        }
    }

    /// What a figure is divided by to be shown in the unit of the title.
    pub(crate) const fn shown_in(self) -> f64 {
        match self {
            Self::CommissionedPerSecond | Self::PackedPerSecond => 1e6,
            Self::OntoPalletsPerSecond => 1e3,
            _ => 1.0,
        }
    }

    pub(crate) const fn more_is_better(self) -> bool {
        matches!(self, Self::CommissionedPerSecond | Self::PackedPerSecond | Self::OntoPalletsPerSecond)
    }
}

/// What one round found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Figures {
    pub(crate) of: BTreeMap<Measure, f64>,
    /// The median of a bare write and fdatasync on the same disk, just before.
    pub(crate) bare_write_us: f64,
}

/// A figure of several rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Summary {
    /// Of the rounds that have the figure; none if none has.
    pub(crate) fn of(rounds: impl Iterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = rounds.collect();
        values.sort_by(f64::total_cmp);
        Some(Self { median: *values.get(values.len() / 2)?, least: *values.first()?, most: *values.last()? })
    }

    /// Half of the distance from the least to the most, as a share of the median.
    pub(crate) fn spread(self) -> f64 {
        (self.most - self.least) / 2.0 / self.median
    }
}
