//! How many times as fast one run is as another, and how sure that is.
//!
//! A run is one sample of seconds that depend on their neighbours: a checkpoint slows several in a row. So whole blocks of
//! neighbouring seconds are drawn again and again (moving block bootstrap; H. R. Kuensch, The Jackknife and the Bootstrap for
//! General Stationary Observations, Annals of Statistics 17, 1989), of both runs, and the spread of the ratio of their means
//! gives the interval. It is widened by Student's t, because a short run knows little of its own spread.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

/// How many times as much one has as the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratio {
    pub(crate) value: f64,
    /// The ends of the interval that holds the true ratio in 95 of 100 comparisons.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Ratio {
    /// Whether the interval leaves out that both are the same.
    pub(crate) fn is_told_from_noise(&self) -> bool {
        !(self.from..=self.to).contains(&1.0)
    }

    /// Half the length of the interval, which is what stands behind the plus-minus sign.
    pub(crate) fn spread(&self) -> f64 {
        (self.to - self.from) / 2.0
    }

    /// The same comparison the other way round.
    pub(crate) fn inverse(&self) -> Self {
        Self { value: 1.0 / self.value, from: 1.0 / self.to, to: 1.0 / self.from }
    }
}

/// Seconds that each run must have at least: with fewer blocks no spread can be told.
pub(crate) const SECONDS_MIN: usize = 5;

/// Samples that are used at most; longer runs are averaged down to them, which keeps the cost the same.
const SAMPLES_MAX: usize = 500;

const RESAMPLES: usize = 2_000;

/// The figures of a run decide the interval, not a die: the same two runs always give the same sentence.
const SEED: u64 = 0x5eed_0f72_a710;

/// The ratio of the means of `one` to that of `other`, each a series over time; `None` when one is too short or has no mean.
pub(crate) fn ratio(one: &[f64], other: &[f64]) -> Option<Ratio> {
    if one.len().min(other.len()) < SECONDS_MIN {
        return None;
    }
    let (one, other) = (thinned(one), thinned(other));
    let value = mean(&one) / mean(&other);
    if !(value.is_finite() && 0.0 < value) {
        return None;
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let drawn: Vec<f64> = (0..RESAMPLES)
        .map(|_| (resampled_mean(&one, &mut random) / resampled_mean(&other, &mut random)).ln())
        .filter(|logarithm| logarithm.is_finite())
        .collect();
    // A run that often stands still has no ratio that anybody could rely on.
    if drawn.len() < RESAMPLES {
        return None;
    }
    let centre = mean(&drawn);
    let variance = drawn.iter().map(|logarithm| (logarithm - centre).powi(2)).sum::<f64>() / (RESAMPLES - 1) as f64;
    let blocks = one.len().min(other.len()) / block_length(one.len().min(other.len()));
    let reach = variance.sqrt() * student(blocks.saturating_sub(1)) * small_sample(blocks);
    Some(Ratio { value, from: value * (-reach).exp(), to: value * reach.exp() })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// At most [`SAMPLES_MAX`] means of neighbours.
fn thinned(values: &[f64]) -> Vec<f64> {
    values.chunks(values.len().div_ceil(SAMPLES_MAX)).map(mean).collect()
}

/// Neighbours that are drawn together: the cube root of their number, as is usual where nothing is known of how they depend.
fn block_length(values: usize) -> usize {
    (1..=SAMPLES_MAX).find(|length| values <= length * length * length).unwrap_or(1)
}

/// The mean of as many values, drawn in blocks that may begin anywhere and go on at the beginning.
fn resampled_mean(values: &[f64], random: &mut Xoshiro256PlusPlus) -> f64 {
    let length = block_length(values.len());
    let (mut sum, mut count) = (0.0, 0);
    while count < values.len() {
        let start = random.random_range(0..values.len());
        for offset in 0..length.min(values.len() - count) {
            sum += values[(start + offset) % values.len()];
            count += 1;
        }
    }
    sum / count as f64
}

/// Drawing from few blocks shows too little of their spread.
fn small_sample(blocks: usize) -> f64 {
    let blocks = blocks.max(2) as f64;
    (blocks / (blocks - 1.0)).sqrt()
}

/// The two-sided 95 % point of Student's t (the series in 1/n around the normal one, Abramowitz and Stegun 26.7.5).
fn student(freedom: usize) -> f64 {
    const NORMAL: f64 = 1.959_964;
    let n = freedom.max(2) as f64;
    let x = NORMAL;
    let first = (x.powi(3) + x) / 4.0;
    let second = (5.0 * x.powi(5) + 16.0 * x.powi(3) + 3.0 * x) / 96.0;
    let third = (3.0 * x.powi(7) + 19.0 * x.powi(5) + 17.0 * x.powi(3) - 15.0 * x) / 384.0;
    x + first / n + second / n.powi(2) + third / n.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series around a mean in which each value leans to the one before.
    fn series(random: &mut Xoshiro256PlusPlus, length: usize, mean: f64, scatter: f64) -> Vec<f64> {
        let mut deviation = 0.0;
        (0..length)
            .map(|_| {
                let shock: f64 = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
                deviation = 0.3 * deviation + scatter * shock;
                mean * (1.0 + deviation)
            })
            .collect()
    }

    #[test]
    fn equal_runs_are_seldom_told_apart() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        for length in [10, 20, 60] {
            let told = (0..300)
                .filter(|_| {
                    let one = series(&mut random, length, 3e6, 0.05);
                    let other = series(&mut random, length, 3e6, 0.05);
                    ratio(&one, &other).unwrap().is_told_from_noise()
                })
                .count();
            // Five in a hundred are meant. Neighbours that depend cost a few more.
            assert!(told <= 30, "{told} of 300 at {length} seconds");
        }
    }

    #[test]
    fn a_difference_is_found_with_its_size() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
        let slow = series(&mut random, 60, 2.5e6, 0.03);
        let fast = series(&mut random, 60, 3.3e6, 0.03);
        let found = ratio(&fast, &slow).unwrap();
        assert!((found.value - 1.32).abs() < 0.03, "{found:?}");
        assert!(found.is_told_from_noise() && 0.005 < found.spread() && found.spread() < 0.05, "{found:?}");
        assert!(found.from < 1.32 && 1.32 < found.to, "{found:?}");
        let back = ratio(&slow, &fast).unwrap();
        assert!((back.value - found.inverse().value).abs() < 1e-9);
        assert_eq!(ratio(&fast, &slow), Some(found));
    }

    #[test]
    fn what_cannot_be_compared_has_no_ratio() {
        assert_eq!(ratio(&[1.0; 4], &[1.0; 60]), None);
        assert_eq!(ratio(&[1.0; 60], &[]), None);
        assert_eq!(ratio(&[0.0; 60], &[1.0; 60]), None);
        assert_eq!(ratio(&[1.0; 60], &[0.0; 60]), None);
        let mut once = vec![0.0; 60];
        once[7] = 1.0;
        assert_eq!(ratio(&once, &[1.0; 60]), None);
    }

    #[test]
    fn two_runs_without_any_spread_differ_or_do_not() {
        assert!(!ratio(&[5.0; 60], &[5.0; 60]).unwrap().is_told_from_noise());
        assert!(ratio(&[5.1; 60], &[5.0; 60]).unwrap().is_told_from_noise());
    }

    #[test]
    fn the_points_of_students_t_are_right() {
        for (freedom, expected) in [(4, 2.776), (9, 2.262), (19, 2.093), (59, 2.001), (1_000, 1.962)] {
            assert!((student(freedom) - expected).abs() < 0.02, "{freedom}: {}", student(freedom));
        }
    }
}
