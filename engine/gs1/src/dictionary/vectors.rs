//! The dictionary compared with what GS1 publishes for machines, where that is at hand.
//!
//! `dictionary_linters.tsv` has 5,682 vectors for the routines that check the parts of a value. What is left out:
//!
//! | routines | vectors | why |
//! |---|---|---|
//! | country codes (3166, 3166-999, alpha-2), currency codes (4217) | 2,711 | lists that others keep and change: they say nothing about identity, and a label with a code newer than the program must not stop a pallet |
//! | types of packaging and of media | 548 | the same |
//! | coupons (two routines) | 468 | shop coupons of one country, never on anything that is packed |
//! | bank accounts | 26 | payment slips |
//! | dates of eight digits whose day may be 00 | 73 | no application identifier has one |
//! | company prefixes (two routines) | 15 | they read variables of the test program, or ask a service that we do not have; our own tests check the rule that the first four characters are digits |
//! | one of the check characters | 1 | a limit of that implementation, beyond the longest value that there is |

use super::*;
use crate::corpus;
use Content::{
    CheckCharacters, CheckDigit, Date, DateOrMonth, FullDate, Hour, HourAndMinute, Hyphen, ImporterIndex, Latitude,
    Longitude, Minute, NoLeadingZero, NonDigit, NonZero, PercentEncoded, PieceOfTotal, PositionOfCount, Sex, Winding,
    YesNo, Zero,
};

enum Routine {
    Characters(CharacterSet),
    Content(Content),
    LeftOut,
}

fn routine(name: &str) -> Routine {
    match name {
        "cset39" => Routine::Characters(CharacterSet::Set39),
        "cset64" => Routine::Characters(CharacterSet::Set64),
        "cset82" => Routine::Characters(CharacterSet::Set82),
        "csetnumeric" => Routine::Characters(CharacterSet::Digits),
        "csum" => Routine::Content(CheckDigit),
        "csumalpha" => Routine::Content(CheckCharacters),
        "hasnondigit" => Routine::Content(NonDigit),
        "hh" => Routine::Content(Hour),
        "hhmi" => Routine::Content(HourAndMinute),
        "hyphen" => Routine::Content(Hyphen),
        "importeridx" => Routine::Content(ImporterIndex),
        "iso5218" => Routine::Content(Sex),
        "latitude" => Routine::Content(Latitude),
        "longitude" => Routine::Content(Longitude),
        "mi" | "ss" => Routine::Content(Minute),
        "nonzero" => Routine::Content(NonZero),
        "nozeroprefix" => Routine::Content(NoLeadingZero),
        "pcenc" => Routine::Content(PercentEncoded),
        "pieceoftotal" => Routine::Content(PieceOfTotal),
        "posinseqslash" => Routine::Content(PositionOfCount),
        "winding" => Routine::Content(Winding),
        "yesno" => Routine::Content(YesNo),
        "yymmd0" => Routine::Content(DateOrMonth),
        "yymmdd" => Routine::Content(Date),
        "yyyymmdd" => Routine::Content(FullDate),
        "zero" => Routine::Content(Zero),
        _ => Routine::LeftOut,
    }
}

#[test]
fn the_routines_agree_with_the_published_vectors() {
    let Some(file) = corpus::read("gs1-syntax-engine-vectors/dictionary_linters.tsv") else { return };
    let (mut checked, mut left_out) = (0, 0);
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or("");
        let (place, macro_name, name, text, fault, marked) = (next(), next(), next(), next(), next(), next());
        let text = corpus::unescape(text);
        let result = match routine(name.trim_start_matches("gs1_lint_")) {
            _ if fault.ends_with("TOO_LONG_FOR_CHECK_PAIR_IMPLEMENTATION") => {
                left_out += 1;
                continue;
            }
            Routine::Characters(set) => set.check(&text, "it"),
            Routine::Content(content) => content.check(&text, "it"),
            Routine::LeftOut => {
                left_out += 1;
                continue;
            }
        };
        let expected = match macro_name {
            "UNIT_TEST_PASS" => None,
            _ => Some(corpus::marked_offset(&text, &corpus::unescape(marked))),
        };
        assert_eq!(result.err().map(|error| error.offset()), expected, "{place} {name} {text:?} {result:?}");
        checked += 1;
    }
    assert_eq!((checked, left_out), (1_840, 3_842));
}

/// The columns of one line of the published dictionary: identifiers, flags, format, attributes.
struct Published {
    first: String,
    last: String,
    flags: String,
    parts: Vec<String>,
    requires: Vec<Vec<String>>,
    excludes: Vec<String>,
}

impl Published {
    fn read(line: &str) -> Option<Self> {
        if !line.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let mut words = line.split('#').next()?.split_whitespace().peekable();
        let names = words.next()?;
        let (first, last) = names.split_once('-').unwrap_or((names, names));
        let flags = words.next_if(|word| !word.starts_with(|first: char| first.is_ascii_uppercase())).unwrap_or("");
        let mut published = Self {
            first: first.to_owned(),
            last: last.to_owned(),
            flags: flags.to_owned(),
            parts: Vec::new(),
            requires: Vec::new(),
            excludes: Vec::new(),
        };
        for word in words {
            if let Some(groups) = word.strip_prefix("req=") {
                published.requires =
                    groups.split(',').map(|group| group.split('+').map(str::to_owned).collect()).collect();
            } else if let Some(others) = word.strip_prefix("ex=") {
                published.excludes = others.split(',').map(str::to_owned).collect();
            } else if !word.starts_with("dlpkey") {
                published.parts.push(word.to_owned());
            }
        }
        Some(published)
    }
}

/// The format of a part as the published dictionary writes it, without what is left out here.
fn format_of(part: &Part) -> String {
    let kind = match part.set {
        CharacterSet::Digits => 'N',
        CharacterSet::Set82 => 'X',
        CharacterSet::Set39 => 'Y',
        CharacterSet::Set64 => 'Z',
    };
    let length = if part.min == part.max { part.max.to_string() } else { format!("..{}", part.max) };
    let format = if part.is_optional { format!("[{kind}{length}]") } else { format!("{kind}{length}") };
    part.content.iter().fold(format, |format, content| format!("{format},{}", published_name(*content)))
}

fn published_name(content: Content) -> &'static str {
    match content {
        CheckDigit => "csum",
        CheckCharacters => "csumalpha",
        Content::CompanyPrefix(0) => "gcppos1",
        Content::CompanyPrefix(_) => "gcppos2",
        FullDate => "yyyymmdd",
        Date => "yymmdd",
        DateOrMonth => "yymmd0",
        Hour => "hh",
        // One rule here, two names there.
        Minute => "mi",
        HourAndMinute => "hhmi",
        Zero => "zero",
        NonZero => "nonzero",
        NoLeadingZero => "nozeroprefix",
        YesNo => "yesno",
        Winding => "winding",
        Sex => "iso5218",
        Hyphen => "hyphen",
        NonDigit => "hasnondigit",
        PercentEncoded => "pcenc",
        PieceOfTotal => "pieceoftotal",
        PositionOfCount => "posinseqslash",
        ImporterIndex => "importeridx",
        Latitude => "latitude",
        Longitude => "longitude",
    }
}

/// Whether a pattern of the published dictionary, such as `31nn`, is this family.
fn is_pattern(family: Family, pattern: &str) -> bool {
    let number = |digit: &str| pattern.replace('n', digit).parse::<u16>().unwrap();
    family == Family { first: Ai::of(number("0"), pattern.len() as u8), last: number("9") }
}

#[test]
fn the_table_agrees_with_the_published_dictionary() {
    let Some(file) = corpus::read("gs1-syntax-dictionary/gs1-syntax-dictionary.txt") else { return };
    let mut count = 0;
    for published in file.lines().filter_map(Published::read) {
        let digits = published.first.len();
        for number in published.first.parse::<u16>().unwrap()..=published.last.parse().unwrap() {
            let name = format!("{number:0digits$}");
            let (ai, entry) = Entry::named(name.as_bytes()).unwrap_or_else(|_| panic!("{name} is missing"));
            assert_eq!(entry.needs_separator, !published.flags.contains('*'), "{name}");
            assert_eq!(entry.is_attribute, published.flags.contains('?'), "{name}");
            let expected: Vec<_> = published.parts.iter().map(|part| without_left_out(part)).collect();
            assert_eq!(entry.parts.iter().map(format_of).collect::<Vec<_>>(), expected, "{name}");
            check_requires(entry, &published, &name);
            check_excludes(ai, entry, &published);
            count += 1;
        }
    }
    let known = (0..10_000_u16)
        .flat_map(|number| [2, 3, 4].map(|digits| Ai::of(number, digits)))
        .filter(|ai| ai.number < 10_u16.pow(u32::from(ai.digits)) && Entry::of(*ai).is_some())
        .count();
    assert_eq!(count, known, "the table has identifiers that the dictionary does not");
    assert!(count > 500, "{count}");
}

/// A format without the routines that are left out here.
fn without_left_out(part: &str) -> String {
    let left_out = [
        ",iso3166alpha2",
        ",iso3166999",
        ",iso3166",
        ",iso4217",
        ",packagetype",
        ",mediatype",
        ",iban",
        ",couponcode",
        ",couponposoffer",
    ];
    let part = left_out.iter().fold(part.to_owned(), |part, name| part.replace(name, ""));
    part.replace(",ss", ",mi")
}

fn check_requires(entry: &Entry, published: &Published, name: &str) {
    let is_group = |(families, patterns): (&&[Family], &Vec<String>)| {
        families.len() == patterns.len()
            && families.iter().zip(patterns).all(|(family, pattern)| is_pattern(*family, pattern))
    };
    assert_eq!(entry.requires.len(), published.requires.len(), "{name}");
    assert!(entry.requires.iter().zip(&published.requires).all(is_group), "{name}");
}

fn check_excludes(ai: Ai, entry: &Entry, published: &Published) {
    let own_ten = format!("{}n", ai.number / 10);
    let others: Vec<_> =
        published.excludes.iter().filter(|other| !(entry.excludes_own_ten && **other == own_ten)).collect();
    assert_eq!(entry.excludes.len(), others.len(), "{ai}");
    assert!(entry.excludes.iter().zip(others).all(|(family, pattern)| is_pattern(*family, pattern)), "{ai}");
    assert_eq!(entry.excludes_own_ten, published.excludes.contains(&own_ten) && entry.title == "the measure", "{ai}");
}
