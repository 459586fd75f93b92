//! Digital Link URIs and EPC URNs compared with the test vectors of the `OpenEPCIS` translator, where those are at hand.
//!
//! `vectors.tsv` has 422 rows. In 75 of them an EPC URN and a Digital Link URI of a key that is known here stand for the
//! same thing, and all of those are exercised, both ways. That translator does not look at check digits: where one is
//! wrong, the test asserts that it is refused at its place, and goes on with the right one. In 2 rows the serial number
//! ends with a slash that is not escaped, which cannot be told from the slash that web servers append; there the test
//! asserts that it is dropped. In 1 row the GIAI has 31 characters, one more than a GIAI has; there the test asserts that
//! both are refused.
//!
//! Another 124 rows are about keys that are not known here (CPID, GCN, GDTI, GINC, GSIN, GSRN, ITIP, PGLN, UPUI): the test
//! asserts that both URIs are kept as they are. What is left out:
//!
//! | rows | count | why |
//! |---|---|---|
//! | words of the Core Business Vocabulary and their spellings | 194 | no identifiers; the reader of EPCIS documents translates them |
//! | short names of URIs | 17 | the prefixes of JSON-LD documents, which are that reader's too |
//! | that program's own tables and messages, rows cut in two or with one URI only | 12 | their texts are no identifiers, or lack the other half |

use crate::{CompanyPrefixes, Identifier, Rule, corpus};

#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    same: usize,
    same_but_check_digit: usize,
    slash_dropped: usize,
    too_long: usize,
    kept: usize,
    left_out: usize,
}

#[test]
fn urns_and_links_agree_with_the_published_vectors() {
    let Some(file) = corpus::read("openepcis-digitallink-translator/vectors.tsv") else { return };
    let mut count = Count::default();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        let texts: Vec<_> =
            columns.iter().skip(3).map(|text| String::from_utf8(corpus::unescape(text)).unwrap()).collect();
        let urn = texts.iter().find(|text| text.starts_with("urn:epc:"));
        let link = texts.iter().find(|text| text.starts_with("https://"));
        match (columns[0].trim_end_matches("Test.java"), urn, link) {
            ("SGTIN" | "LGTIN" | "SSCC" | "SGLN" | "GRAI" | "GIAI", Some(urn), Some(link)) => {
                check(urn, link, &mut count);
            }
            (
                "CPI" | "GCN" | "GDTI" | "GINC" | "GSIN" | "GSRN" | "GSRNP" | "ITIP" | "PGLN" | "UPUI",
                Some(urn),
                Some(link),
            ) => {
                check_kept(urn);
                check_kept(link);
                count.kept += 1;
            }
            _ => count.left_out += 1,
        }
    }
    assert_eq!(
        count,
        Count { same: 64, same_but_check_digit: 10, slash_dropped: 2, too_long: 1, kept: 124, left_out: 223 }
    );
}

#[track_caller]
fn check_kept(uri: &str) {
    match Identifier::parse(uri) {
        Ok(identifier) => assert_eq!(identifier.to_string(), uri),
        // A UPUI begins with a GTIN, which is looked at all the same.
        Err(error) => assert!(matches!(error.rule(), Rule::CheckDigit { .. }), "{uri}: {error}"),
    }
}

fn check(urn: &str, link: &str, count: &mut Count) {
    let mut prefixes = CompanyPrefixes::new();
    let identifier = match prefixes.read(urn).map_err(|error| error.rule()) {
        Ok(identifier) => identifier,
        Err(rule) => {
            let of_link = Identifier::parse(link).unwrap_err().rule();
            assert!([rule, of_link].iter().all(|rule| matches!(rule, Rule::Length { found: 31, .. })), "{urn} {link}");
            count.too_long += 1;
            return;
        }
    };
    let mut link = link.to_owned();
    match Identifier::parse(&link) {
        Ok(_) => count.same += 1,
        Err(error) => {
            let Rule::CheckDigit { expected, .. } = error.rule() else { panic!("{link}: {error}") };
            link.replace_range(error.offset()..=error.offset(), &expected.to_string());
            count.same_but_check_digit += 1;
        }
    }
    if link.ends_with('/') {
        let shortened = Identifier::parse(&link).unwrap().to_string();
        assert_eq!(format!("{shortened}/"), identifier.to_string());
        count.slash_dropped += 1;
        return;
    }
    assert_eq!(Identifier::parse(&link).as_ref(), Ok(&identifier), "{link} {urn}");
    let written = identifier.urn(&prefixes).unwrap().to_string();
    assert_eq!(Identifier::parse(&written).as_ref(), Ok(&identifier), "{written}");
    // Where nothing has to be escaped, what is written is the same to the letter.
    if urn.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":.-*".contains(&byte)) {
        assert_eq!(written, urn);
        let path = link.match_indices('/').nth(2).map_or("", |(at, _)| &link[at..]);
        assert!(path.ends_with(identifier.digital_link_at("").to_string().as_str()), "{link} {urn}");
    }
}
