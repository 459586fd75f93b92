//! Documents that mean harm: each is refused with a place and a reason, in bounded memory and without a panic.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::{self, Read};

use common::{Outcome, read, read_within};
use packtree_epcis::Limits;

const OPENING: &str = "<e:EPCISDocument xmlns:e='urn:epcglobal:epcis:xsd:1' schemaVersion='1.2' creationDate='2026-01-01T00:00:00Z'><EPCISBody><EventList>";
const CLOSING: &str = "</EventList></EPCISBody></e:EPCISDocument>";
const PACK: &str = "<AggregationEvent><eventTime>2026-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><parentID>urn:epc:id:sscc:0614141.1234567890</parentID><childEPCs>";
const PACKED: &str = "</childEPCs><action>ADD</action></AggregationEvent>";
const CHILD: &str = "<epc>urn:epc:id:sgtin:0614141.107346.2017</epc>";

/// A document of any length that is never in memory: a beginning, a middle many times over, an end.
struct Endless<'a> {
    start: &'a str,
    middle: &'a str,
    times: u64,
    end: &'a str,
    at: u64,
}

impl<'a> Endless<'a> {
    fn new(start: &'a str, middle: &'a str, times: u64, end: &'a str) -> Self {
        Self { start, middle, times, end, at: 0 }
    }

    fn piece(&self) -> &'a [u8] {
        let middle_end = self.start.len() as u64 + self.middle.len() as u64 * self.times;
        if self.at < self.start.len() as u64 {
            &self.start.as_bytes()[self.at as usize..]
        } else if self.at < middle_end {
            let within = (self.at - self.start.len() as u64) % self.middle.len() as u64;
            &self.middle.as_bytes()[within as usize..]
        } else {
            self.end.as_bytes().get((self.at - middle_end) as usize..).unwrap_or_default()
        }
    }
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            let piece = self.piece();
            let bytes = piece.len().min(into.len() - filled);
            if bytes == 0 {
                break;
            }
            into[filled..filled + bytes].copy_from_slice(&piece[..bytes]);
            filled += bytes;
            self.at += bytes as u64;
        }
        Ok(filled)
    }
}

/// The largest resident size that this process has had, in bytes; 0 where the system does not say.
fn peak_memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Reads a document that is long, and makes sure that this takes little memory.
fn read_long(document: Endless<'_>, memory_bytes: u64) -> Outcome {
    let before = peak_memory_bytes();
    let outcome = read("long", document);
    let grown = peak_memory_bytes() - before;
    assert!(grown <= memory_bytes, "{grown} bytes of memory");
    outcome
}

fn error(outcome: &Outcome) -> String {
    outcome.error.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[track_caller]
fn check(document: &str, expected: &str) {
    let outcome = read("bad", document.as_bytes());
    assert_eq!(error(&outcome), expected);
    assert!(outcome.events.is_empty());
}

#[test]
fn entities_and_document_types_are_refused() {
    check(
        "<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;'>]>\n<lolz>&lol2;</lolz>",
        "bad, line 1: a document type definition (DOCTYPE) is not accepted: remove it",
    );
    check(
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>",
        "bad, line 1: a document type definition (DOCTYPE) is not accepted: remove it",
    );
    let named = format!("{OPENING}\n{PACK}<epc>&lol;</epc>{PACKED}{CLOSING}");
    check(&named, "bad, line 2: the entity &lol; is not accepted: write the character itself");
    let attribute = "<EventList a='&lol;'/>";
    check(attribute, "bad, line 1: the entity &lol; is not accepted: write the character itself");
    check(
        &format!("{OPENING}<ObjectEvent>&#1;"),
        "bad, line 1: not well-formed: a reference to a character that is not allowed",
    );
}

#[test]
fn what_is_not_epcis_is_named() {
    check("", "bad, line 1: not an EPCIS document: it is empty");
    check(" \n ", "bad, line 2: not an EPCIS document: it is empty");
    check("hello", "bad, line 1: not an EPCIS document: it begins neither like XML nor like JSON");
    check("<html/>", "bad, line 1: not an EPCIS document: its root element is \"html\"");
    check("{}", "bad, line 1: not an EPCIS document: an object without the type EPCISDocument and without events");
    check("{\"type\": 5}", "bad, line 1: not an EPCIS document: the type of the document is not a text");
    check("[5]", "bad, line 1: not an EPCIS document: an entry of the list of events is not an object");
    check(
        "{\"type\": \"EPCISDocument\", \"epcisBody\": []}",
        "bad, line 1: not an EPCIS document: epcisBody is not an object",
    );
    check(
        "<q:EPCISQueryDocument xmlns:q='urn:epcglobal:epcis-query:xsd:1'><EPCISBody><q:QueryTooLargeException/></EPCISBody></q:EPCISQueryDocument>",
        "bad, line 1: an EPCIS document without events: it carries \"QueryTooLargeException\" (the report of a failure)",
    );
}

#[test]
fn what_is_not_well_formed_is_refused_at_its_place() {
    let not_well_formed = |why: &str| format!("bad, line 1: not well-formed: {why}");
    check("<EventList/><EventList/>", &not_well_formed("a second element after the end of the root"));
    check("<EventList/>tail", &not_well_formed("text after the end of the root element"));
    check("<EventList></EventLst>", &not_well_formed("expected `</EventList>`, but `</EventLst>` was found"));
    check("<a:EventList/>", &not_well_formed("the prefix a is not declared"));
    check(
        "<EventList a='1' a='2'/>",
        &not_well_formed("position 16: duplicated attribute, previous declaration at position 10"),
    );
    check("<EventList a=1/>", &not_well_formed("position 12: attribute value must be enclosed in `\"` or `'`"));
    check("<EventList>\u{1}", "bad, line 1: control character U+0001 is not allowed");
    check("<EventList>", "bad, line 1: the document ends in the middle: the element EventList is not complete");
    check("{\"type\":\u{0}", "bad, line 1: control character U+0000 is not allowed");
    let latin = [OPENING.as_bytes(), b"\n<epc>\xFC"].concat();
    assert_eq!(
        error(&read("bad", latin.as_slice())),
        format!(
            "bad, line 2: byte {} is not valid UTF-8: the document is damaged or in another encoding",
            OPENING.len() + 6
        )
    );
    check(
        "<?xml version='1.0' encoding='EBCDIC-CP-US'?><EventList/>",
        "bad, line 1: the encoding \"EBCDIC-CP-US\" is not supported: save the document as UTF-8",
    );
}

#[test]
fn nesting_is_bounded() {
    let deep = "<extension>".repeat(100_000);
    check(&deep, "bad, line 1: more than 64 elements within each other");
    let deep = format!("{{\"type\":\"ObjectEvent\",\"x:a\":{}", "[".repeat(100_000));
    check(&deep, "bad, line 1: more than 64 objects and arrays within each other");
    let deep = format!("{{\"type\":\"EPCISDocument\",\"x:a\":{}", "{\"a\":".repeat(100_000));
    check(&deep, "bad, line 1: more than 64 objects and arrays within each other");
}

fn pieces(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |all, index| all + &piece(index))
}

#[test]
fn attributes_prefixes_and_names_are_bounded() {
    let attributes = pieces(1_000_000, |index| format!(" a{index}=''"));
    check(&format!("<EventList{attributes}/>"), "bad, line 1: more than 1048576 bytes in one text, tag or comment");
    let some = pieces(300, |index| format!(" a{index}=''"));
    check(&format!("<EventList{some}/>"), "bad, line 1: more than 256 attributes of one element");
    let nested = pieces(60, |depth| {
        let prefixes = pieces(10, |index| format!(" xmlns:p{depth}x{index}='urn:x'"));
        format!("<extension{prefixes}>")
    });
    check(&nested, "bad, line 1: more than 256 namespace prefixes in force");
    let name = "n".repeat(1_000);
    check(&format!("<{name}/>"), "bad, line 1: more than 512 bytes in the name of an element");
    check(&format!("{{\"{name}\":1}}"), "bad, line 1: more than 512 bytes in the name of a member");
}

#[test]
fn a_text_of_two_gigabytes_is_not_collected() {
    const MEGABYTE: u64 = 1 << 20;
    const GIGABYTES: u64 = 2_048 * MEGABYTE;
    let limit = "long, line 1: more than 1048576 bytes in one text, tag or comment";
    let starts = [
        ("<EventList><ObjectEvent><eventID>", "x"),
        ("<EventList><ObjectEvent><eventID><![CDATA[", "x"),
        ("<EventList><!--", "x"),
        ("<EventList><?pi ", "x"),
        ("<EventList a='", "x"),
        ("<EventList><", "x"),
        ("<EventList>", " "),
        ("<EventList><ObjectEvent><eventID>", "&amp;"),
    ];
    for (start, middle) in starts {
        let outcome = read_long(Endless::new(start, middle, GIGABYTES, ""), 16 * MEGABYTE);
        assert_eq!(error(&outcome), limit, "{start}");
    }
    let outcome =
        read_long(Endless::new("{\"type\":\"ObjectEvent\",\"eventID\":\"", "x", GIGABYTES, ""), 16 * MEGABYTE);
    assert_eq!(error(&outcome), "long, line 1: more than 1048576 bytes in one text");
    let outcome = read_long(Endless::new("{\"type\":", "1", GIGABYTES, ""), 16 * MEGABYTE);
    assert_eq!(error(&outcome), "long, line 1: not an EPCIS document: the type of the document is not a text");
    let outcome = read_long(Endless::new("{\"x\":", "1", GIGABYTES, ""), 16 * MEGABYTE);
    assert_eq!(error(&outcome), "long, line 1: more than 512 characters in a number or word");
}

#[test]
fn ten_million_children_cost_one_event_and_not_the_document() {
    const TIMES: u64 = 10_000_000;
    let start = format!("{OPENING}{PACK}{CHILD}{PACKED}{PACK}");
    let end = format!("{PACKED}{PACK}{CHILD}{PACKED}{CLOSING}");
    let outcome = read_long(Endless::new(&start, CHILD, TIMES, &end), 100 << 20);
    assert_eq!(outcome.summary(), "2 events, invalid too_many");
    assert_eq!(outcome.invalid[0][0].problem.to_string(), "more than 1000000 identifiers in one event");

    let event = r#"{"type":"AggregationEvent","eventTime":"2026-01-01T00:00:00Z","eventTimeZoneOffset":"+00:00","action":"ADD","parentID":"urn:x:p","childEPCs":["#;
    let start = format!("[{event}\"urn:x:1\"]}},{event}");
    let outcome = read_long(Endless::new(&start, "\"urn:x:1\",", TIMES, "\"urn:x:1\"]}]"), 100 << 20);
    assert_eq!(outcome.summary(), "1 events, invalid too_many");
}

#[test]
fn what_an_event_keeps_is_bounded() {
    let limits = Limits { kept_bytes: 10_000, list_items: 100, members: 50, ..Limits::default() };
    let check = |start: &str, middle: &str, end: &str| {
        let start = format!(
            "{OPENING}<ObjectEvent><eventTime>2026-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>{start}"
        );
        let end = format!("{end}<epcList>{CHILD}</epcList><action>ADD</action></ObjectEvent>{CLOSING}");
        let document = Endless::new(&start, middle, 100_000, &end);
        let outcome = read_within("long", document, limits.clone());
        assert_eq!(outcome.summary().split(", warned").next(), Some("0 events, invalid too_many"), "{start}");
    };
    check("", "<x:a xmlns:x='urn:x'>text</x:a>", "");
    check("<x:a xmlns:x='urn:x'>", "<b/>", "</x:a>");
    check(
        "<sensorElementList>",
        "<sensorElement><sensorReport type='a' value='1'/></sensorElement>",
        "</sensorElementList>",
    );
    check("<extension><ilmd>", "<x:a xmlns:x='urn:x'>text</x:a>", "</ilmd></extension>");
    check("<quantityList>", "<quantityElement><epcClass>urn:x:1</epcClass></quantityElement>", "</quantityList>");
    check("<bizTransactionList>", "<bizTransaction>urn:x:1</bizTransaction>", "</bizTransactionList>");
    check("<sourceList>", "<source type='location'>urn:x:1</source>", "</sourceList>");
    check(
        "<errorDeclaration><declarationTime>2026-01-01T00:00:00Z</declarationTime><correctiveEventIDs>",
        "<correctiveEventID>x</correctiveEventID>",
        "</correctiveEventIDs></errorDeclaration>",
    );
    check("<persistentDisposition>", "<set>damaged</set>", "</persistentDisposition>");

    let members = pieces(60, |index| format!("<b{index}/>"));
    check(&format!("<x:a xmlns:x='urn:x'>{members}</x:a>"), " ", "");
}

#[test]
fn master_data_is_bounded() {
    let limits = Limits { kept_bytes: 10_000, ..Limits::default() };
    let start = "<VocabularyList><Vocabulary type='a'><VocabularyElementList><VocabularyElement id='b'>";
    for middle in ["<attribute id='c'>text</attribute>", "<children><id>d</id></children>"] {
        let outcome = read_within("long", Endless::new(start, middle, 100_000, ""), limits.clone());
        assert!(
            error(&outcome).starts_with("long, line 1: more than 10000 bytes or differently named members"),
            "{outcome:?}"
        );
    }
    let header = format!("{}<EPCISHeader>", &OPENING[..OPENING.find("<EPCISBody>").unwrap()]);
    let outcome = read_within("long", Endless::new(&header, "<x:a xmlns:x='urn:x'/>", 100_000, ""), limits.clone());
    assert!(error(&outcome).starts_with("long, line 1: more than 10000 bytes"), "{outcome:?}");

    // Entry after entry is no reason to stop.
    let start = "<VocabularyList><Vocabulary type='a'><VocabularyElementList>";
    let middle = "<VocabularyElement id='b'><attribute id='c'>text</attribute></VocabularyElement>";
    let end = "</VocabularyElementList></Vocabulary></VocabularyList>";
    let outcome = read_within("long", Endless::new(start, middle, 1_000, end), limits);
    assert_eq!(outcome.summary(), "0 events, 1000 master data");
}

/// Every document that is cut off gives its events up to there and then an error, whatever the byte.
#[test]
fn a_truncated_document_says_so() {
    for name in ["site-1.2.xml", "site-2.0.jsonld"] {
        let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
        let document = std::fs::read(path).unwrap();
        let whole = read(name, document.as_slice()).events;
        let end = document.trim_ascii_end().len();
        for length in 0..end {
            let outcome = read(name, &document[..length]);
            assert!(outcome.error.is_some(), "{name} cut at {length} passes for whole");
            assert!(whole.starts_with(&outcome.events), "{name} cut at {length} gives other events");
        }
        assert!(read(name, &document[..end]).error.is_none());
    }
}

#[test]
fn a_source_that_fails_is_told_from_a_bad_document() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable is out"))
        }
    }
    let document = OPENING.as_bytes().chain(Failing);
    let outcome = read("far", document);
    assert_eq!(outcome.error.as_ref().unwrap().problem.code(), "cannot_read");
    assert_eq!(error(&outcome), "far, line 1: cannot read: the cable is out");
}
