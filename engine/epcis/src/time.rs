//! Times as documents write them.

use std::fmt::{self, Display};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// A time as it was written: `YYYY-MM-DDThh:mm:ss`, a fraction, a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrittenTime {
    local: DateTime,
    /// Minutes east of UTC, if a zone was written.
    pub(crate) zone_minutes: Option<i16>,
    /// The zone was written twice, as `Z+01:00`; the first one counts.
    pub(crate) zone_doubled: bool,
    /// The seconds, or the colon in the zone, were left out.
    pub(crate) abbreviated: bool,
}

impl WrittenTime {
    /// Reads an `xsd:dateTime`. Fractions finer than a microsecond are cut off.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let (date, rest) = text.split_once(['T', 't']).ok_or("the form is YYYY-MM-DDThh:mm:ss and a zone")?;
        let date = parse_date(date).ok_or("the date is not a day of the calendar, as YYYY-MM-DD")?;
        let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(zone_at);
        let (time, short_clock) = parse_clock(clock).ok_or("the time of day is not hh:mm:ss")?;
        let (zone_minutes, zone_doubled, short_zone) = parse_zones(zone).ok_or("the zone is neither Z nor +hh:mm")?;
        let local = match time {
            Clock::At(time) => date.to_datetime(time),
            // Midnight at the end of the day, which xsd:dateTime allows.
            Clock::EndOfDay => date.tomorrow().map_err(|_| "there is no day after this one")?.to_datetime(MIDNIGHT),
        };
        Ok(Self { local, zone_minutes, zone_doubled, abbreviated: short_clock || short_zone })
    }

    /// The instant, reading the clock in `zone_minutes` if no zone was written.
    pub(crate) fn micros(&self, zone_minutes: i16) -> Option<i64> {
        let minutes = self.zone_minutes.unwrap_or(zone_minutes);
        let offset = Offset::from_seconds(i32::from(minutes) * 60).ok()?;
        offset.to_timestamp(self.local).ok().map(Timestamp::as_microsecond)
    }
}

impl Display for WrittenTime {
    /// The date and the clock, as they stood there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.local.fmt(f)
    }
}

const MIDNIGHT: jiff::civil::Time = jiff::civil::Time::midnight();

enum Clock {
    At(jiff::civil::Time),
    EndOfDay,
}

/// Reads `+hh:mm`, also `Z` and `+hhmm`; at most 14 hours either way (EPCIS 2.0 section 7.3.1.1).
pub(crate) fn parse_offset(text: &str) -> Option<i16> {
    match parse_zones(text)? {
        (Some(minutes), false, _) => Some(minutes),
        _ => None,
    }
}

/// Reads a day: `YYYY-MM-DD`.
fn parse_date(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
    let year = digits(&[y1, y2, y3, y4])?;
    Date::new(year, i8::try_from(digits(&[m1, m2])?).ok()?, i8::try_from(digits(&[d1, d2])?).ok()?).ok()
}

fn parse_clock(text: &str) -> Option<(Clock, bool)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let (hour, minute, second, short) = match *whole.as_bytes() {
        [h1, h2, b':', m1, m2, b':', s1, s2] => (digits(&[h1, h2])?, digits(&[m1, m2])?, digits(&[s1, s2])?, false),
        [h1, h2, b':', m1, m2] if !text.contains('.') => (digits(&[h1, h2])?, digits(&[m1, m2])?, 0, true),
        _ => return None,
    };
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos = fraction.bytes().take(6).fold(0, |nanos, digit| nanos * 10 + i32::from(digit - b'0'));
    let missing = 9 - u32::try_from(fraction.len().min(6)).ok()?;
    let nanos = nanos * 10_i32.pow(missing);
    if (hour, minute, second, nanos) == (24, 0, 0, 0) {
        return Some((Clock::EndOfDay, short));
    }
    let small = |value: i16| i8::try_from(value).ok();
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, small(second)?, nanos).ok()?;
    Some((Clock::At(time), short))
}

/// The first zone in `text`, whether there are several, and whether a colon is missing.
fn parse_zones(text: &str) -> Option<(Option<i16>, bool, bool)> {
    let mut zones = text;
    let (mut first, mut count, mut short) = (None, 0, false);
    while !zones.is_empty() {
        let (minutes, used) = match *zones.as_bytes() {
            [b'Z' | b'z', ..] => (0, 1),
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2, ..] => (zone_minutes(sign, [h1, h2, m1, m2])?, 6),
            [sign @ (b'+' | b'-'), h1, h2, m1, m2, ..] => {
                short = true;
                (zone_minutes(sign, [h1, h2, m1, m2])?, 5)
            }
            _ => return None,
        };
        first = first.or(Some(minutes));
        count += 1;
        zones = zones.get(used..)?;
    }
    (count <= 2).then_some((first, count == 2, short))
}

fn zone_minutes(sign: u8, [h1, h2, m1, m2]: [u8; 4]) -> Option<i16> {
    let (hours, minutes) = (digits(&[h1, h2])?, digits(&[m1, m2])?);
    let total = hours * 60 + minutes;
    let allowed = minutes < 60 && total <= 14 * 60;
    allowed.then_some(if sign == b'-' { -total } else { total })
}

fn digits(bytes: &[u8]) -> Option<i16> {
    bytes.iter().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i16::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use packtree::fact::EventTime;

    use super::*;

    #[test]
    fn times_are_read_to_the_microsecond() {
        let check = |text: &str, expected: Option<&str>| {
            let read = WrittenTime::parse(text).ok().map(|time| {
                let offset_minutes = time.zone_minutes.unwrap_or(60);
                EventTime { at: time.micros(60).unwrap(), offset_minutes }.to_string()
            });
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("2023-03-27T06:45:16Z", Some("2023-03-27T06:45:16+00:00"));
        check("2023-03-27T06:45:16.5-05:00", Some("2023-03-27T06:45:16.5-05:00"));
        check("2022-04-13T12:35:29.017069617Z", Some("2022-04-13T12:35:29.017069+00:00"));
        check("2019-10-21T14:58:56.000000+02:00", Some("2019-10-21T14:58:56+02:00"));
        check("2023-03-27T06:45:16", Some("2023-03-27T06:45:16+01:00"));
        check("2023-03-27T06:45:16Z+01:00", Some("2023-03-27T06:45:16+00:00"));
        check("2023-03-27T06:45+0100", Some("2023-03-27T06:45:00+01:00"));
        check("2023-12-31T24:00:00Z", Some("2024-01-01T00:00:00+00:00"));
        check("2024-02-29T00:00:00Z", Some("2024-02-29T00:00:00+00:00"));
        check("2023-02-29T00:00:00Z", None);
        check("22-07-2026", None);
        check("2023-03-27", None);
        check("2023-03-27T25:00:00Z", None);
        check("2023-03-27T24:00:01Z", None);
        check("2023-03-27T06:45:60Z", None);
        check("2023-03-27T06:45:16.Z", None);
        check("2023-03-27T06:45:16+15:00", None);
        check("2023-03-27T06:45:16+01:60", None);
        check("2023-03-27T06:45:16ZZZ", None);
        check("2016\u{2010}03\u{2010}13T10:11:12Z", None);
        check("", None);
        check("T", None);
    }

    #[test]
    fn offsets_reach_fourteen_hours() {
        let check = |text, expected| assert_eq!(parse_offset(text), expected, "{text}");
        check("+00:00", Some(0));
        check("-05:00", Some(-300));
        check("+14:00", Some(840));
        check("+05:45", Some(345));
        check("Z", Some(0));
        check("+14:01", None);
        check("05:00", None);
        check("+5:00", None);
        check("+01:00+01:00", None);
        check("\u{2010}05:00", None);
        check("", None);
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_read_back(at in 0_i64..4_000_000_000_000_000, offset_minutes in -840_i16..=840) {
            let time = EventTime { at, offset_minutes };
            let read = WrittenTime::parse(&time.to_string()).unwrap();
            proptest::prop_assert_eq!(read.micros(0), Some(at));
            proptest::prop_assert_eq!(read.zone_minutes, Some(offset_minutes));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[0-9TZ:.+-]{0,40}") {
            let _ = WrittenTime::parse(&text).map(|time| time.micros(0));
            let _ = parse_offset(&text);
        }
    }
}
