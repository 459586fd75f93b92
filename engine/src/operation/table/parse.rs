//! Reads the rows of a table.
//!
//! A letter and a number name an object: `P` a pallet, `C` a case, `X` an SSCC of unknown level, `U` and `V` units of two products,
//! `B` a bundle, `K` a case with an SGTIN, `T` a tote, `G` an asset, `S` an object with a URI of its own. `U` or `V` alone is the
//! class, `U/L1` a lot, `5xU` five pieces of the class, and `U1..U9` a range.

use std::collections::HashMap;

use packtree_gs1::{Gs1Date, Gtin, Identifier, LotNumber, Serial, Sgtin, Sscc, check_digit};

use super::request;
use crate::fact::{
    Decimal, Level, Lot, LotData, LotName, Microseconds, Note, Quantity, Role, SettingText, Signature, Trust,
};
use crate::forest::View;
use crate::limits::{EVENT_TIME_AHEAD_MAX_US, EVENT_TIME_MIN_US};
use crate::operation::{
    Close, Commission, Configure, Contents, ContentsFate, CorrectLot, Decommission, Fate, Hold, HoldTarget, Merge,
    Move, Observe, Operation, Pack, Receive, Relabel, Release, Reopen, Replace, Request, Reset, Return, Ship, Split,
    Swap, TakeOutOfUse, Unpack, VoidShip,
};
use crate::refusal::Reason;

const MINUTE: Microseconds = 60 * 1_000_000;

/// One row of a table.
pub(super) enum Row {
    Do { request: Box<Request>, expected: String },
    Ask { question: Question, expected: String },
}

/// What is asked about the state.
pub(super) enum Question {
    /// The parent of an object, or `-`.
    Parent(Identifier),
    /// What a container holds: children, then quantities, or `-`.
    Contents(Identifier),
    Seal(Identifier),
    Status(Identifier),
    Level(Identifier),
    Trust(Identifier),
    /// Whether an object is away, itself or with a container around it.
    Away(Identifier),
    /// Whether an object or a lot is on hold itself.
    Held(Identifier),
    /// The expiry of a lot.
    Expiry(Identifier),
    /// Objects of a lot: active, packed, away.
    Counts(Identifier),
    /// The value of a setting, or `-`.
    Setting(String),
}

/// Short names and what they stand for.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<Identifier, String>,
}

impl Names {
    pub(super) fn short(&self, identifier: &Identifier) -> String {
        self.known.get(identifier).cloned().unwrap_or_else(|| identifier.to_string())
    }

    fn identifier(&mut self, short: &str) -> Identifier {
        let identifier = identifier(short);
        self.known.entry(identifier.clone()).or_insert_with(|| short.to_owned());
        identifier
    }

    /// The identifiers of names and ranges.
    fn all(&mut self, shorts: &[&str]) -> Vec<Identifier> {
        let mut all = Vec::new();
        for short in shorts {
            match short.split_once("..") {
                None => all.push(self.identifier(short)),
                Some((first, last)) => {
                    let number = |name: &str| name[1..].parse::<u64>().expect("the number of a range");
                    for number in number(first)..=number(last) {
                        all.push(self.identifier(&format!("{}{number}", &first[..1])));
                    }
                }
            }
        }
        all
    }

    /// Names, and quantities such as `5xU`.
    fn contents(&mut self, words: &[&str]) -> (Vec<Identifier>, Vec<Quantity>) {
        let (quantities, names): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.contains('x'));
        let quantities = quantities.iter().map(|word| self.quantity(word)).collect();
        (self.all(&names), quantities)
    }

    /// `5xU`, or `xU` where the amount is not known; `2.5xU:KGM` with a unit of measure.
    fn quantity(&mut self, word: &str) -> Quantity {
        let (amount, class) = word.split_once('x').expect("an amount and a class");
        let (class, unit) = class.split_once(':').map_or((class, None), |(class, unit)| (class, Some(unit)));
        Quantity {
            class: self.identifier(class),
            amount: (!amount.is_empty()).then(|| Decimal::parse(amount).expect("an amount")),
            unit: unit.map(|unit| crate::fact::Name::new(unit).expect("a unit")),
        }
    }

    fn show(&self, quantity: &Quantity) -> String {
        let amount = quantity.amount.map(|amount| amount.to_string()).unwrap_or_default();
        let unit = quantity.unit.as_ref().map(|unit| format!(":{unit}")).unwrap_or_default();
        format!("{amount}x{}{unit}", self.short(&quantity.class))
    }
}

pub(super) fn gtin(letter: &str) -> Gtin {
    let body = match letter {
        "U" => 952_123_400_001,
        "V" => 952_123_400_002,
        "B" => 1_952_123_400_001,
        "K" => 5_952_123_400_001,
        _ => panic!("{letter} is no product"),
    };
    Gtin::new(body * 10 + u64::from(check_digit(body))).expect("a GTIN")
}

fn identifier(short: &str) -> Identifier {
    let (letter, number) = short.split_at(1);
    let sscc = |kind: u64| {
        let body = 952_123_400_000_000 + kind * 1_000_000 + number.parse::<u64>().expect("a number");
        Identifier::Sscc(Sscc::new(body * 10 + u64::from(check_digit(body))).expect("an SSCC"))
    };
    match (letter, number.strip_prefix('/')) {
        (_, Some(_)) => {
            let lot = lot_name(short);
            Identifier::Lgtin(packtree_gs1::Lgtin { gtin: lot.gtin, lot: lot.number })
        }
        ("U" | "V" | "B" | "K", None) if number.is_empty() => Identifier::Gtin(gtin(letter)),
        ("U" | "V" | "B" | "K", None) => {
            Identifier::Sgtin(Sgtin { gtin: gtin(letter), serial: Serial::parse(number).expect("a serial") })
        }
        ("P", None) => sscc(1),
        ("C", None) => sscc(2),
        ("X", None) => sscc(3),
        ("T", None) => Identifier::parse(&format!("(8003)09521234000006T{number}")).expect("a GRAI"),
        ("G", None) => Identifier::parse(&format!("(8004)9521234A{number}")).expect("a GIAI"),
        ("S", None) => Identifier::parse(&format!("https://example.com/object/{number}")).expect("a URI"),
        _ => panic!("{short} is no name"),
    }
}

fn lot_name(short: &str) -> LotName {
    let (product, number) = short.split_once('/').expect("a product and a lot");
    LotName { gtin: gtin(product), number: LotNumber::parse(number).expect("a lot number") }
}

fn level(short: &str) -> Level {
    match &short[..1] {
        "U" | "V" => Level::Unit,
        "B" => Level::Bundle,
        "C" | "K" => Level::Case,
        "T" => Level::Tote,
        "P" => Level::Pallet,
        _ => Level::Unknown,
    }
}

/// Reads a table; each row comes with the number of its line.
pub(super) fn rows(table: &str, now: Microseconds, names: &mut Names) -> Vec<(usize, Row)> {
    let lines = table.lines().enumerate().map(|(line, text)| (line, text.split("//").next().unwrap_or("").trim()));
    let lines: Vec<(usize, &str)> = lines.filter(|(_, text)| !text.is_empty()).collect();
    // A row is ten minutes after the one before, and the last one now.
    let times = (0_i64..).map(|rows| now - rows * 10 * MINUTE);
    let read = lines.into_iter().rev().zip(times).map(|((line, text), at)| (line, row(text, at, now, names)));
    let mut rows: Vec<(usize, Row)> = read.collect();
    rows.reverse();
    rows
}

fn row(text: &str, at: Microseconds, now: Microseconds, names: &mut Names) -> Row {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(question) = question(&words, names) {
        let expected = words[2..].join(" ");
        return Row::Ask { question, expected };
    }
    let is_answer = |word: &&str| {
        matches!(*word, "done" | "late" | "parked")
            || Reason::ALL.iter().any(|reason| reason.code() == word.trim_end_matches(','))
    };
    let split = words.iter().position(is_answer).unwrap_or_else(|| panic!("no answer in the row: {text}"));
    let (words_of_verb, options) = with_options(&words[..split]);
    let operation = operation(&words_of_verb, &options, names);
    let mut request = request(operation, at);
    for (name, value) in &options {
        match *name {
            "role" => request.role = Role::from_word(value).expect("a role"),
            "reason" => request.reason = None,
            "sign" => {
                let by = crate::fact::Name::new("Bea").expect("a name");
                request.signature = Some(Signature { by, role: Role::from_word(value).expect("a role") });
            }
            "note" => request.note = Some(Note::new(value).expect("a note")),
            "at" => request.event_time.at = time(value, at, now),
            "lot" | "expiry" | "level" | "trust" => {}
            _ => panic!("{name} is no option"),
        }
    }
    Row::Do { request: Box::new(request), expected: words[split..].join(" ") }
}

/// The operation of a row without an answer.
pub(super) fn operation_of(row: &str, names: &mut Names) -> Operation {
    let words: Vec<&str> = row.split_whitespace().collect();
    let (words, options) = with_options(&words);
    operation(&words, &options, names)
}

/// Tells words such as `lot=L1` from the others.
fn with_options<'t>(words: &[&'t str]) -> (Vec<&'t str>, HashMap<&'t str, &'t str>) {
    let (options, words): (Vec<&str>, Vec<&str>) =
        words.iter().copied().partition(|word| word.contains('=') && *word != "=");
    let options = options.into_iter().map(|option| option.split_once('=').expect("an option"));
    (words, options.collect())
}

/// `-25` is 25 minutes before the row's own time.
fn time(value: &str, at: Microseconds, now: Microseconds) -> Microseconds {
    match value {
        "latest" => now + EVENT_TIME_AHEAD_MAX_US,
        "too_far" => now + EVENT_TIME_AHEAD_MAX_US + 1,
        "earliest" => EVENT_TIME_MIN_US,
        "too_early" => EVENT_TIME_MIN_US - 1,
        minutes => at + minutes.parse::<i64>().expect("minutes") * MINUTE,
    }
}

/// The words before and after a sign.
fn split<'w, 't>(words: &'w [&'t str], sign: &str) -> (&'w [&'t str], &'w [&'t str]) {
    let place = words.iter().position(|word| *word == sign).unwrap_or_else(|| panic!("no {sign} in {words:?}"));
    (&words[..place], &words[place + 1..])
}

fn operation(words: &[&str], options: &HashMap<&str, &str>, names: &mut Names) -> Operation {
    let (verb, rest) = words.split_first().expect("a verb");
    let trust = match options.get("trust") {
        Some(word) => Trust::from_word(word).expect("a trust"),
        None => Trust::Verified,
    };
    match *verb {
        "commission" => commission(rest, options, names),
        "pack" => {
            let (parent, children) = split(rest, "<-");
            let (children, quantities) = names.contents(children);
            let parent_level = option_level(options).unwrap_or(Level::Unknown);
            Operation::Pack(Pack { parent: names.identifier(parent[0]), parent_level, children, quantities })
        }
        "unpack" => Operation::Unpack(Unpack { what: unpacked(rest, names), trust }),
        "move" => {
            let (into, children) = split(rest, "<-");
            Operation::Move(Move { children: names.all(children), into: names.identifier(into[0]) })
        }
        "replace" => {
            let (old, new) = (names.identifier(rest[0]), names.identifier(rest[2]));
            Operation::Replace(Replace { old, new, fate: fate(rest.get(3).copied()) })
        }
        "swap" => Operation::Swap(Swap { one: names.identifier(rest[0]), other: names.identifier(rest[1]) }),
        "relabel" => Operation::Relabel(Relabel { old: names.identifier(rest[0]), new: names.identifier(rest[2]) }),
        "merge" => Operation::Merge(Merge { from: names.identifier(rest[0]), into: names.identifier(rest[2]) }),
        "split" => {
            let (given, into) = split(rest, "into");
            let (from, children) = split(given, "->");
            let (from, children) = (names.identifier(from[0]), names.all(children));
            Operation::Split(Split { from, children, into: names.identifier(into[0]) })
        }
        "reset" => {
            let (container, children) = split(rest, "=");
            Operation::Reset(Reset { container: names.identifier(container[0]), children: names.all(children) })
        }
        "close" => Operation::Close(Close { containers: names.all(rest), partial: false }),
        "close_partial" => Operation::Close(Close { containers: names.all(rest), partial: true }),
        "reopen" => Operation::Reopen(Reopen { containers: names.all(rest) }),
        "hold" => Operation::Hold(Hold { target: target(rest, names) }),
        "release" => Operation::Release(Release { target: target(rest, names) }),
        "sample" => Operation::Sample(TakeOutOfUse { objects: names.all(rest) }),
        "reject" => Operation::Reject(TakeOutOfUse { objects: names.all(rest) }),
        "destroy" => Operation::Destroy(TakeOutOfUse { objects: names.all(rest) }),
        "decommission" => {
            Operation::Decommission(Decommission { objects: names.all(rest), contents: ContentsFate::Too })
        }
        "decommission_only" => {
            Operation::Decommission(Decommission { objects: names.all(rest), contents: ContentsFate::StayActive })
        }
        "correct_lot" => {
            names.identifier(rest[0]);
            Operation::CorrectLot(CorrectLot { lot: lot_name(rest[0]), data: lot_data(options) })
        }
        "ship" => Operation::Ship(Ship { roots: names.all(rest) }),
        "void_ship" => Operation::VoidShip(VoidShip { roots: names.all(rest) }),
        "receive" => Operation::Receive(Receive { roots: names.all(rest), trust }),
        "return" => Operation::Return(Return { objects: names.all(rest) }),
        "observe" => Operation::Observe(Observe { objects: names.all(rest) }),
        "configure" => Operation::Configure(Configure {
            name: crate::fact::Name::new(rest[0]).expect("a name"),
            value: rest.get(1).map(|value| SettingText::new(value).expect("a value")),
        }),
        _ => panic!("{verb} is no verb"),
    }
}

fn option_level(options: &HashMap<&str, &str>) -> Option<Level> {
    options.get("level").map(|word| Level::from_word(word).expect("a level"))
}

fn lot_data(options: &HashMap<&str, &str>) -> LotData {
    let expiry = options.get("expiry").map(|date| Gs1Date::parse_iso(date).expect("a date"));
    LotData { expiry, ..LotData::default() }
}

fn commission(rest: &[&str], options: &HashMap<&str, &str>, names: &mut Names) -> Operation {
    let lot = options.get("lot").map(|number| {
        for product in ["U", "V", "B", "K"] {
            names.identifier(&format!("{product}/{number}"));
        }
        Lot { number: LotNumber::parse(number).expect("a lot number"), data: lot_data(options) }
    });
    let level = option_level(options).unwrap_or_else(|| rest.first().map_or(Level::Unknown, |first| level(first)));
    Operation::Commission(Commission { lot, level, objects: names.all(rest) })
}

/// `C1` is everything in it, `C1 *` everything under it, `C1 -> U1` what is named, `-> U1` without naming the parent.
fn unpacked(rest: &[&str], names: &mut Names) -> Contents {
    match rest {
        [parent] => Contents::All { parent: names.identifier(parent) },
        [parent, "*"] => Contents::Recursive { parent: names.identifier(parent) },
        _ => {
            let (parent, children) = split(rest, "->");
            let (children, quantities) = names.contents(children);
            Contents::Named { parent: parent.first().map(|parent| names.identifier(parent)), children, quantities }
        }
    }
}

fn target(rest: &[&str], names: &mut Names) -> HoldTarget {
    match rest {
        [lot] if lot.contains('/') => {
            names.identifier(lot);
            HoldTarget::Lot(lot_name(lot))
        }
        _ => HoldTarget::Objects(names.all(rest)),
    }
}

fn fate(word: Option<&str>) -> Fate {
    match word {
        None => Fate::Loose,
        Some("sampled") => Fate::Sampled,
        Some("rejected") => Fate::Rejected,
        Some("destroyed") => Fate::Destroyed,
        Some("decommissioned") => Fate::Decommissioned,
        Some(word) => panic!("{word} is no fate"),
    }
}

fn question(words: &[&str], names: &mut Names) -> Option<Question> {
    let make: fn(Identifier) -> Question = match words[0] {
        "parent" => Question::Parent,
        "contents" => Question::Contents,
        "seal" => Question::Seal,
        "status" => Question::Status,
        "level" => Question::Level,
        "trust" => Question::Trust,
        "away" => Question::Away,
        "held" => Question::Held,
        "expiry" => Question::Expiry,
        "counts" => Question::Counts,
        "setting" => return Some(Question::Setting(words[1].to_owned())),
        _ => return None,
    };
    Some(make(names.identifier(words[1])))
}

impl Question {
    pub(super) fn answer(&self, view: &impl View, names: &Names) -> String {
        let object = |identifier: &Identifier| view.find(identifier).expect("a known object");
        let lot = |identifier: &Identifier| {
            let Identifier::Lgtin(lgtin) = identifier else { panic!("{identifier} is no lot") };
            let class = crate::forest::view::class_of(lgtin.gtin);
            view.lot(view.lot_place(class, lgtin.lot.value()).expect("a known lot"))
        };
        let word = |is: bool| if is { "yes" } else { "no" }.to_owned();
        match self {
            Self::Parent(of) => {
                let parent = view.record(object(of)).parent.known();
                parent.map_or_else(|| "-".into(), |parent| names.short(&view.identifier(parent)))
            }
            Self::Contents(of) => {
                let of = object(of);
                let children = view.children(of).map(|child| names.short(&view.identifier(child)));
                let quantities = view.quantities(of).iter().map(|quantity| names.show(quantity));
                let all: Vec<String> = children.chain(quantities).collect();
                if all.is_empty() { "-".into() } else { all.join(" ") }
            }
            Self::Seal(of) => view.seal(object(of)).to_string(),
            Self::Status(of) => view.record(object(of)).status().to_string(),
            Self::Level(of) => view.record(object(of)).level().to_string(),
            Self::Trust(of) => view.record(object(of)).trust().to_string(),
            Self::Away(of) => word(view.is_away(object(of))),
            Self::Held(of @ Identifier::Lgtin(_)) => word(lot(of).held),
            Self::Held(of) => word(view.record(object(of)).is_held()),
            Self::Expiry(of) => lot(of).data.expiry.map_or_else(|| "-".into(), |date| date.number().to_string()),
            Self::Setting(name) => {
                let value = view.setting(name).and_then(|setting| setting.value.as_ref());
                value.map_or_else(|| "-".into(), |value| value.as_str().to_owned())
            }
            Self::Counts(of) => {
                let counts = lot(of).counts;
                format!("{} {} {}", counts.with_status(crate::fact::Status::Active), counts.packed, counts.away)
            }
        }
    }
}
