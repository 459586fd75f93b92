//! Counts, shares and times, as people write and read them: `1M`, `0.3%`, `5ms`.

/// A text that is not the quantity it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub(crate) struct QuantityError {
    text: String,
    expected: &'static str,
}

const COUNT: &str = "a number such as 250, 64K, 3M or 1.5G";
const WHOLE: &str = "a whole number such as 250, 64K or 3M";
const SHARE: &str = "a share from 0% to 100%, such as 0.3%";
const TIME: &str = "a time such as 250us, 5ms or 1.5s";

/// Reads a number with an optional K, M or G (thousand, million, thousand million).
pub(crate) fn parse_count(text: &str) -> Result<f64, QuantityError> {
    scaled(text, &[("K", 1e3), ("M", 1e6), ("G", 1e9), ("", 1.0)]).ok_or_else(|| error(text, COUNT))
}

/// Reads a number of things that cannot be divided, with an optional K, M or G.
pub(crate) fn parse_whole(text: &str) -> Result<u64, QuantityError> {
    // Above this a floating-point number no longer tells neighbours apart.
    const EXACT_MAX: f64 = 9e15;
    let count = parse_count(text).map_err(|_| error(text, WHOLE))?;
    let is_whole = count.fract() == 0.0 && count <= EXACT_MAX;
    #[expect(clippy::cast_sign_loss, reason = "a count is not negative")]
    is_whole.then_some(count as u64).ok_or_else(|| error(text, WHOLE))
}

/// Reads a share in percent, and returns it from 0 to 1.
pub(crate) fn parse_share(text: &str) -> Result<f64, QuantityError> {
    scaled(text, &[("%", 0.01)]).filter(|share| *share <= 1.0).ok_or_else(|| error(text, SHARE))
}

/// Reads a time in us, ms or s, and returns microseconds.
pub(crate) fn parse_micros(text: &str) -> Result<f64, QuantityError> {
    scaled(text, &[("us", 1.0), ("ms", 1e3), ("s", 1e6)]).ok_or_else(|| error(text, TIME))
}

/// The number in front of the first unit that fits, in that unit.
fn scaled(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let (_, scale) = units.iter().find(|(unit, _)| *unit == &text[digits.len()..])?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = is_plain.then(|| digits.parse().ok()).flatten()?;
    Some(number * scale).filter(|value| value.is_finite())
}

fn error(text: &str, expected: &'static str) -> QuantityError {
    QuantityError { text: text.chars().take(40).collect(), expected }
}

/// Three digits and the unit that suits: `870 ns`, `12.3 us`, `4.56 ms`, `1.20 s`.
pub(crate) fn show_micros(micros: f64) -> String {
    match micros.abs() {
        0.0 => "0 us".to_owned(),
        ..1.0 => format!("{} ns", three_digits(micros * 1e3)),
        ..999.5 => format!("{} us", three_digits(micros)),
        ..999.5e3 => format!("{} ms", three_digits(micros / 1e3)),
        _ => format!("{} s", three_digits(micros / 1e6)),
    }
}

/// Three digits and the letter that suits: `250`, `64.0 K`, `3.21 M`.
pub(crate) fn show_count(count: f64) -> String {
    match count.abs() {
        ..999.5 if count.fract() == 0.0 => format!("{count:.0}"),
        ..999.5 => three_digits(count),
        ..999.5e3 => format!("{} K", three_digits(count / 1e3)),
        ..999.5e6 => format!("{} M", three_digits(count / 1e6)),
        _ => format!("{} G", three_digits(count / 1e9)),
    }
}

/// A share from 0 to 1 in percent: `0.30%`.
pub(crate) fn show_share(share: f64) -> String {
    format!("{}%", three_digits(share * 100.0))
}

fn three_digits(value: f64) -> String {
    match value.abs() {
        ..9.995 => format!("{value:.2}"),
        ..99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read() {
        let check = |read: Result<f64, QuantityError>, expected: Option<f64>| match expected {
            Some(value) => assert!((read.clone().unwrap() - value).abs() < 1e-9 * value.max(1.0), "{read:?}"),
            None => assert!(read.is_err(), "{read:?}"),
        };
        check(parse_count("250"), Some(250.0));
        check(parse_count("1.5M"), Some(1_500_000.0));
        check(parse_count("64K"), Some(64_000.0));
        check(parse_count("2G"), Some(2e9));
        check(parse_count("1m"), None);
        check(parse_count("-1"), None);
        check(parse_count("1e3"), None);
        check(parse_count("M"), None);
        check(parse_count(""), None);
        check(parse_count("1.2.3"), None);
        check(parse_count(&"9".repeat(400)), None);
        check(parse_share("0.3%"), Some(0.003));
        check(parse_share("100%"), Some(1.0));
        check(parse_share("101%"), None);
        check(parse_share("0.3"), None);
        check(parse_micros("250us"), Some(250.0));
        check(parse_micros("1.5s"), Some(1_500_000.0));
        check(parse_micros("5"), None);
        check(parse_micros("5min"), None);
        check(parse_micros("NaNs"), None);
        check(parse_micros("\u{b5}s"), None);
    }

    #[test]
    fn things_that_cannot_be_divided_are_whole() {
        assert_eq!(parse_whole("1.5K"), Ok(1_500));
        assert_eq!(parse_whole("48"), Ok(48));
        assert_eq!(parse_whole("1.5").unwrap_err().to_string(), "`1.5` is not a whole number such as 250, 64K or 3M");
        assert!(parse_whole("99999999999G").is_err());
    }

    #[test]
    fn quantities_are_shown_with_three_digits() {
        let check = |shown: String, expected: &str| assert_eq!(shown, expected);
        check(show_micros(0.0), "0 us");
        check(show_micros(0.87), "870 ns");
        check(show_micros(12.34), "12.3 us");
        check(show_micros(999.7), "1.00 ms");
        check(show_micros(4_560.0), "4.56 ms");
        check(show_micros(61_000_000.0), "61.0 s");
        check(show_count(0.0), "0");
        check(show_count(48.0), "48");
        check(show_count(56.27), "56.3");
        check(show_count(3_210_000.0), "3.21 M");
        check(show_share(0.003), "0.30%");
        check(show_share(1.0), "100%");
    }
}
