//! Identifiers: how fast each spelling is read and written, and texts are packed.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use packtree_gs1::{CompanyPrefixes, Identifier, Scan, Text20};
use std::{fmt::Write, hint::black_box};

/// Identifiers in one batch, so that no branch is learned by heart.
const BATCH: usize = 1_024;

/// One line of units, with serial numbers that look random, as the European Union wants them.
fn items() -> Vec<Identifier> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut serial = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016X}")[..14].to_owned()
    };
    (0..BATCH).map(|_| parse(&format!("(01)09506000134352(21){}", serial()))).collect()
}

fn pallets() -> Vec<Identifier> {
    let sscc = |number: usize| {
        let body = 9_506_000_000_000_000 + number as u64;
        format!("{body:017}{}", packtree_gs1::check_digit(body))
    };
    (0..BATCH).map(|number| parse(&sscc(number))).collect()
}

fn parse(text: &str) -> Identifier {
    Identifier::parse(text).expect("the bench writes identifiers that are right")
}

fn prefixes() -> CompanyPrefixes {
    let mut prefixes = CompanyPrefixes::new();
    prefixes.set("9506000", 7).expect("a company prefix may have 7 digits");
    prefixes
}

/// Each spelling of `identifiers`, with its name.
fn spellings(identifiers: &[Identifier]) -> Vec<(&'static str, Vec<String>)> {
    let prefixes = prefixes();
    let urn = |identifier: &Identifier| identifier.urn(&prefixes).expect("the prefix is known").to_string();
    let all = |write: &dyn Fn(&Identifier) -> String| identifiers.iter().map(write).collect();
    vec![
        ("urn", all(&urn)),
        ("bracketed", all(&ToString::to_string)),
        ("raw", all(&|identifier| format!("]d2{}", identifier.raw()))),
        ("digital_link", all(&|identifier| identifier.digital_link().to_string())),
    ]
}

fn read(c: &mut Criterion) {
    for (what, identifiers) in [("sgtin", items()), ("sscc", pallets())] {
        let mut group = c.benchmark_group(format!("identifiers/read/{what}"));
        for (spelling, texts) in spellings(&identifiers) {
            group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
            group.bench_with_input(BenchmarkId::from_parameter(spelling), &texts, |bencher, texts| {
                bencher.iter(|| {
                    for text in texts {
                        black_box(Identifier::parse(black_box(text))).expect("it is right");
                    }
                });
            });
        }
        group.finish();
    }
    learn(c);
    scan(c);
}

/// Reading URNs as an importer does, which learns the company prefixes at the same time.
fn learn(c: &mut Criterion) {
    let (_, texts) = spellings(&items()).swap_remove(0);
    let mut group = c.benchmark_group("identifiers/read_and_learn");
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("urn", |bencher| {
        let mut prefixes = CompanyPrefixes::new();
        bencher.iter(|| {
            for text in &texts {
                black_box(prefixes.read(black_box(text))).expect("it is right");
            }
        });
    });
    group.finish();
}

/// Everything on a unit's label.
fn scan(c: &mut Criterion) {
    let texts: Vec<_> = items()
        .iter()
        .map(|item| {
            let raw = item.raw().to_string();
            let (gtin, serial) = raw.split_at(16);
            format!("]d2{gtin}17271231{serial}\u{1d}10LOT-2026-117")
        })
        .collect();
    let mut group = c.benchmark_group("identifiers/scan");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("label", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(Scan::parse(black_box(text))).expect("it is right");
            }
        });
    });
    group.finish();
}

fn write(c: &mut Criterion) {
    let prefixes = prefixes();
    for (what, identifiers) in [("sgtin", items()), ("sscc", pallets())] {
        let mut group = c.benchmark_group(format!("identifiers/write/{what}"));
        group.throughput(Throughput::Elements(BATCH as u64));
        let mut text = String::with_capacity(128 * BATCH);
        group.bench_function("bracketed", |bencher| {
            bencher.iter(|| {
                text.clear();
                for identifier in &identifiers {
                    write!(text, "{}", black_box(identifier)).expect("a string takes everything");
                }
            });
        });
        group.bench_function("urn", |bencher| {
            bencher.iter(|| {
                text.clear();
                for identifier in &identifiers {
                    let urn = black_box(identifier).urn(&prefixes).expect("the prefix is known");
                    write!(text, "{urn}").expect("a string takes everything");
                }
            });
        });
        group.bench_function("digital_link", |bencher| {
            bencher.iter(|| {
                text.clear();
                for identifier in &identifiers {
                    write!(text, "{}", black_box(identifier).digital_link()).expect("a string takes everything");
                }
            });
        });
        group.finish();
    }
}

fn pack(c: &mut Criterion) {
    let texts: Vec<_> = (0..BATCH).map(|number| format!("SER-{:016}", number * 7_919)).collect();
    let packed: Vec<_> = texts.iter().map(|text| Text20::parse(text).expect("20 characters of the set")).collect();
    let mut group = c.benchmark_group("identifiers/text");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("pack", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(Text20::parse(black_box(text))).expect("20 characters of the set");
            }
        });
    });
    group.bench_function("unpack", |bencher| {
        bencher.iter(|| {
            for text in &packed {
                black_box(black_box(*text).text());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, read, write, pack);
criterion_main!(benches);
