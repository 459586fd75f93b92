//! The histogram of one kind of operation, as `run.json` keeps it.

use std::fmt::Display;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;

/// How long the operations of one kind waited.
#[derive(Debug)]
pub(crate) struct Waits(Histogram<u64>);

impl Waits {
    /// Decodes a histogram in V2 with DEFLATE, in base 64, of nanoseconds; an empty text is an empty histogram.
    pub(crate) fn decode(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Histogram::new(3).map(Self).map_err(|why| why.to_string());
        }
        let cannot = |what: &str, why: &dyn Display| format!("it is not {what}: {why}");
        let bytes = STANDARD.decode(text).map_err(|why| cannot("base 64", &why))?;
        let decoded = Deserializer::new().deserialize(&mut bytes.as_slice());
        decoded.map(Self).map_err(|why| cannot("in the format HdrHistogram V2 with DEFLATE", &why))
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// Microseconds within which the share `quantile` of the operations was answered.
    pub(crate) fn micros_at(&self, quantile: f64) -> f64 {
        self.0.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::encode;
    use super::*;

    #[test]
    fn a_histogram_comes_back() {
        let waits = Waits::decode(&encode(&(1..=1_000).map(|micros| micros * 1_000).collect::<Vec<_>>())).unwrap();
        assert_eq!(waits.count(), 1_000);
        let check = |quantile, expected: f64| {
            let micros = waits.micros_at(quantile);
            assert!((micros - expected).abs() / expected < 0.002, "{quantile}: {micros}");
        };
        check(0.5, 500.0);
        check(0.99, 990.0);
        check(1.0, 1_000.0);
    }

    #[test]
    fn what_is_no_histogram_is_refused() {
        assert_eq!(Waits::decode("").unwrap().count(), 0);
        assert!(Waits::decode("!").unwrap_err().contains("base 64"));
        assert!(Waits::decode("AAAA").unwrap_err().contains("HdrHistogram V2"));
        let whole = encode(&[1_000]);
        let cut = whole.len() / 2 / 4 * 4;
        assert!(Waits::decode(&whole[..cut]).unwrap_err().contains("HdrHistogram V2"));
    }
}
