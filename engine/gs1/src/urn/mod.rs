//! EPC URNs, as EPCIS documents write identifiers.
//!
//! EPC Tag Data Standard, section 6.3. A URN leaves out the check digit, shows with a dot where the company prefix ends,
//! and moves the indicator or extension digit behind that dot: `urn:epc:id:sgtin:9506000.013435.S-0001` is
//! `(01)09506000134352(21)S-0001`.

mod write;

pub(crate) use write::EpcUrn;

use crate::{
    CompanyPrefix,
    error::{Error, Rule},
    identifier::Identifier,
    keys::{AssetSerial, AssetType, Giai, Gln, GlnExtension, Grai, Gtin, Lgtin, LotNumber, Serial, Sgln, Sgtin, Sscc},
    limits::{ASSET_TYPE_DIGITS, GIAI_CHARACTERS_MAX, GIAI_CHARACTERS_MIN, GLN_DIGITS, GTIN_DIGITS, SSCC_DIGITS},
    value::{Escapes, ROOM, Value},
};

/// What every EPC URN begins with.
const START: &[u8] = b"urn:epc:";

/// A scheme that names one of our keys.
#[derive(Clone, Copy)]
enum Scheme {
    Sgtin,
    Sscc,
    Lgtin,
    Sgln,
    Grai,
    Giai,
    SgtinClass,
    GraiClass,
}

/// How each scheme is written; the most frequent first.
const SCHEMES: [(&[u8], Scheme); 8] = [
    (b"id:sgtin:", Scheme::Sgtin),
    (b"id:sscc:", Scheme::Sscc),
    (b"class:lgtin:", Scheme::Lgtin),
    (b"id:sgln:", Scheme::Sgln),
    (b"id:grai:", Scheme::Grai),
    (b"id:giai:", Scheme::Giai),
    (b"idpat:sgtin:", Scheme::SgtinClass),
    (b"idpat:grai:", Scheme::GraiClass),
];

/// Reads an EPC URN and the company prefix that it shows, or `None` for a URN of another kind.
pub(crate) fn parse(text: &[u8]) -> Option<Result<(Identifier, CompanyPrefix), Error>> {
    let rest = strip(text, START)?;
    let (body, scheme) = SCHEMES.iter().find_map(|(name, scheme)| Some((strip(rest, name)?, *scheme)))?;
    let start = text.len() - body.len();
    if matches!(scheme, Scheme::SgtinClass | Scheme::GraiClass) && !leaves_open_which_one(body) {
        return None;
    }
    Some(read(body, scheme).map_err(|error| error.shifted(start)))
}

/// Whether a pattern leaves open its last part and nothing else. Only such a one names a class.
fn leaves_open_which_one(pattern: &[u8]) -> bool {
    let numbers = pattern.strip_suffix(b".*");
    numbers.is_some_and(|numbers| numbers.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'))
}

/// What follows `start` in `text`. The names in a URN are compared without regard to case (RFC 8141, section 3.1).
fn strip<'a>(text: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = text.split_at_checked(start.len())?;
    head.eq_ignore_ascii_case(start).then_some(rest)
}

fn read(body: &[u8], scheme: Scheme) -> Result<(Identifier, CompanyPrefix), Error> {
    let (prefix, identifier) = match scheme {
        Scheme::Sgtin => {
            let (numbers, gtin) = read_gtin(body)?;
            (numbers.prefix, Identifier::Sgtin(Sgtin { gtin, serial: last(body, numbers.end, Serial::from_bytes)? }))
        }
        Scheme::Lgtin => {
            let (numbers, gtin) = read_gtin(body)?;
            (numbers.prefix, Identifier::Lgtin(Lgtin { gtin, lot: last(body, numbers.end, LotNumber::from_bytes)? }))
        }
        Scheme::SgtinClass => {
            let (numbers, gtin) = read_gtin(body)?;
            (numbers.prefix, Identifier::Gtin(gtin))
        }
        Scheme::Sscc => {
            let numbers = Numbers::read(body, SSCC_DIGITS - 1, 2)?;
            let sscc = Sscc::from_body(numbers.body_with_first_digit_in_front(SSCC_DIGITS - 1));
            (numbers.prefix, Identifier::Sscc(sscc))
        }
        Scheme::Sgln => {
            let numbers = Numbers::read(body, GLN_DIGITS - 1, 3)?;
            let extension = last(body, numbers.end, GlnExtension::from_bytes)?;
            (numbers.prefix, Identifier::Sgln(Sgln::new(Gln::from_body(numbers.body()), Some(extension))))
        }
        Scheme::Grai | Scheme::GraiClass => {
            // The leading zero of AI 8003 is left out as well.
            let numbers = Numbers::read(body, ASSET_TYPE_DIGITS - 2, 3)?;
            let asset_type = AssetType::from_body(numbers.body());
            let serial = match scheme {
                Scheme::Grai => Some(last(body, numbers.end, AssetSerial::from_bytes)?),
                _ => None,
            };
            (numbers.prefix, Identifier::Grai(Grai { asset_type, serial }))
        }
        Scheme::Giai => return read_giai(body),
    };
    Ok((identifier, prefix))
}

/// Reads the two numbers that SGTIN and LGTIN begin with.
fn read_gtin(body: &[u8]) -> Result<(Numbers, Gtin), Error> {
    let numbers = Numbers::read(body, GTIN_DIGITS - 1, 3)?;
    let gtin = Gtin::from_body(numbers.body_with_first_digit_in_front(GTIN_DIGITS - 1));
    Ok((numbers, gtin))
}

/// The two numbers that every numeric key begins with.
struct Numbers {
    prefix: CompanyPrefix,
    reference: u64,
    reference_digits: usize,
    /// Where the second number ends.
    end: usize,
}

impl Numbers {
    /// Reads the company prefix and the reference, which have `total` digits together, at the start of a URN of `parts`
    /// parts.
    fn read(body: &[u8], total: usize, parts: u8) -> Result<Self, Error> {
        let missing = |at| Error::new(Rule::UrnParts { expected: parts }, at);
        let (prefix, dot) = digits(body, 0, "the company prefix")?;
        let company = CompanyPrefix::new(prefix, dot)?;
        if dot == body.len() {
            return Err(missing(dot));
        }
        let (reference, end) = digits(body, dot + 1, "the reference")?;
        let reference_digits = end - dot - 1;
        if dot + reference_digits != total {
            return Err(Error::new(Rule::UrnDigits { expected: total, found: dot + reference_digits }, dot + 1));
        }
        match (end == body.len(), parts) {
            (true, 3) | (false, 2) => Err(missing(end)),
            _ => Ok(Self { prefix: company, reference, reference_digits, end }),
        }
    }

    /// The prefix and the reference one after the other.
    fn body(&self) -> u64 {
        self.prefix.number() * 10_u64.pow(self.reference_digits as u32) + self.reference
    }

    /// The same, with the first digit of the reference moved to the front of `total` digits.
    fn body_with_first_digit_in_front(&self, total: usize) -> u64 {
        // The prefix has at most 12 of 13 or more digits, so the reference has at least one.
        let tail = 10_u64.pow(self.reference_digits as u32 - 1);
        let (first, rest) = (self.reference / tail, self.reference % tail);
        first * 10_u64.pow(total as u32 - 1) + self.prefix.number() * tail + rest
    }
}

/// Reads digits from `start` to the next dot or to the end, and returns where that is.
fn digits(body: &[u8], start: usize, part: &'static str) -> Result<(u64, usize), Error> {
    let mut number = 0_u64;
    for (at, byte) in body.iter().enumerate().skip(start) {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            // Too many digits are refused by their count.
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
        } else if *byte == b'.' {
            return Ok((number, at));
        } else {
            return Err(Error::new(Rule::Digit { part }, at));
        }
    }
    Ok((number, body.len()))
}

/// Reads the last part, behind the dot at `dot`.
fn last<T>(body: &[u8], dot: usize, pack: fn(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
    Value::new(&body[dot + 1..], dot + 1, Escapes::Percent).read(pack)
}

/// Reads a GIAI. Its digits do not add up to anything: the company prefix simply stands in front of the reference.
fn read_giai(body: &[u8]) -> Result<(Identifier, CompanyPrefix), Error> {
    let (prefix, dot) = digits(body, 0, "the company prefix")?;
    let prefix = CompanyPrefix::new(prefix, dot)?;
    if dot + 1 >= body.len() {
        return Err(Error::new(Rule::UrnParts { expected: 2 }, body.len()));
    }
    let giai = Value::new(&body[dot + 1..], dot + 1, Escapes::Percent).read(|reference| {
        let length = dot + reference.len();
        let mut whole = ROOM;
        let Some(room) = whole.get_mut(..length) else {
            let rule = Rule::length("the GIAI", GIAI_CHARACTERS_MIN, GIAI_CHARACTERS_MAX, length);
            return Err(Error::new(rule, GIAI_CHARACTERS_MAX - dot));
        };
        room[..dot].copy_from_slice(&body[..dot]);
        room[dot..].copy_from_slice(reference);
        // The digits before the dot are right, so what is wrong is behind it.
        Giai::from_bytes(room).map_err(|error| Error::new(error.rule(), error.offset() - dot))
    })?;
    Ok((Identifier::Giai(giai), prefix))
}

#[cfg(test)]
mod tests {
    use crate::{Identifier, Rule};

    #[track_caller]
    fn check(urn: &str, expected: &str) {
        assert_eq!(Identifier::parse(urn).unwrap().to_string(), expected);
    }

    #[track_caller]
    fn check_refused(urn: &str, rule: Rule, offset: usize) {
        let error = Identifier::parse(urn).unwrap_err();
        assert_eq!((error.rule(), error.offset()), (rule, offset), "{error}");
    }

    #[test]
    fn reads_every_scheme_of_a_known_key() {
        check("urn:epc:id:sgtin:9506000.013435.S-0001", "(01)09506000134352(21)S-0001");
        check("urn:epc:id:sgtin:950600013435.1.S", "(01)19506000134359(21)S");
        check("urn:epc:id:sscc:9506000.0134350000", "(00)095060001343500002");
        check("urn:epc:class:lgtin:9506000.013435.LOT%2F7", "(01)09506000134352(10)LOT/7");
        check("urn:epc:id:sgln:9506000.00001.0", "(414)9506000000015");
        check("urn:epc:id:sgln:950600000001..DOCK-4", "(414)9506000000015(254)DOCK-4");
        check("urn:epc:id:grai:9506000.00002.T1", "(8003)09506000000022T1");
        check("urn:epc:id:giai:9506000.TRAILER%2F7", "(8004)9506000TRAILER/7");
        check("urn:epc:idpat:sgtin:9506000.013435.*", "(01)09506000134352");
        check("urn:epc:idpat:grai:9506000.00002.*", "(8003)09506000000022");
        check("URN:EPC:ID:SSCC:9506000.0134350000", "(00)095060001343500002");
    }

    #[test]
    fn keeps_what_is_no_known_key() {
        for urn in [
            "urn:epc:id:gdti:9506000.00001.A",
            "urn:epc:idpat:sgtin:9506000.*.*",
            "urn:epc:idpat:sgtin:9506000.013435.X",
            "urn:jaif:id:obj:37SUN321456A2",
        ] {
            check(urn, urn);
        }
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        check_refused("urn:epc:id:sgtin:95060.01343500.1", Rule::CompanyPrefixLength { found: 5 }, 17);
        check_refused("urn:epc:id:sgtin:9506000.13435.1", Rule::UrnDigits { expected: 13, found: 12 }, 25);
        check_refused("urn:epc:id:sgtin:9506000.013435", Rule::UrnParts { expected: 3 }, 31);
        check_refused("urn:epc:id:sscc:9506000.0134350000.1", Rule::UrnParts { expected: 2 }, 34);
        check_refused("urn:epc:id:sscc:95O6000.0134350000", Rule::Digit { part: "the company prefix" }, 18);
        let part = "the serial number";
        let too_long = Rule::Length { part, min: 1, max: 20, found: 21 };
        check_refused("urn:epc:id:sgtin:9506000.013435.%2F20xxxxxxxxxxxxxxxxxx", too_long, 54);
    }
}
