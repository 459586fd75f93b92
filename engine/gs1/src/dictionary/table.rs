//! The table of all application identifiers, in the order of their digits.
//!
//! GS1 General Specifications, section 3.2 (formats) and section 4.13 (which go together and which do not). A test
//! compares it, where that is at hand, with the dictionary that GS1 publishes for machines.

use super::{
    Ai,
    Content::{
        CheckCharacters, CheckDigit, CompanyPrefix, Date, DateOrMonth, FullDate, Hour, HourAndMinute, Hyphen,
        ImporterIndex, Latitude, Longitude, Minute, NoLeadingZero, NonDigit, NonZero, PercentEncoded, PieceOfTotal,
        PositionOfCount, Sex, Winding, YesNo, Zero,
    },
    Entry, Family, Part,
};
use crate::error::CharacterSet;

pub(super) const TABLE: &[Entry] = &[
    fixed("00", "the SSCC", SSCC),
    fixed("01", "the GTIN", GTIN).excludes(&[I255, I37]),
    fixed("02", "the GTIN of the content", GTIN).excludes(&[I01, I03]).requires(&[&[I37]]),
    fixed("03", "the GTIN of a made-to-order item", GTIN).excludes(&[I01, I02, I37, I235]).no_attribute(),
    variable("10", "the lot number", X20).requires(ITEM_OR_CONTENT),
    fixed("11", "the production date", MONTH).requires(ITEM_OR_CONTENT),
    fixed("12", "the due date", MONTH).requires(&[&[I8020]]),
    fixed("13", "the packaging date", MONTH).requires(ITEM_OR_CONTENT),
    fixed("15", "the best before date", MONTH).requires(ITEM_OR_CONTENT),
    fixed("16", "the sell by date", MONTH).requires(ITEM_OR_CONTENT),
    fixed("17", "the expiry date", MONTH).requires(&[&[I01], &[I02], &[I03], &[I255], &[I8006], &[I8026]]),
    fixed("20", "the internal variant", N2).requires(ITEM_OR_CONTENT),
    variable("21", "the serial number", X20).requires(&[&[I01], &[I03], &[I8006]]).excludes(&[I235]).no_attribute(),
    variable("22", "the consumer product variant", X20).requires(ITEM).no_attribute(),
    variable("235", "the third party controlled serial number", X28).requires(ITEM).no_attribute(),
    variable("240", "the additional identification", X30).requires(ITEM_OR_CONTENT),
    variable("241", "the customer's part number", X30).requires(ITEM_OR_CONTENT),
    variable("242", "the made-to-order variation", N1_6).requires(&[&[I01], &[I02], &[I8006], &[I8026]]),
    variable("243", "the packaging component number", X20).requires(&[&[I01], &[I03]]),
    variable("250", "the secondary serial number", X30).requires(&[&[I01, I21], &[I03, I21], &[I8006, I21]]),
    variable("251", "the reference to the source", X30).requires(&[&[I01], &[I03], &[I8006]]),
    variable("253", "the GDTI", &[N13_KEY, x(1, 17).optional()]),
    variable("254", "the extension of the GLN", X20).requires(&[&[I414]]).no_attribute(),
    variable("255", "the GCN", &[N13_KEY, n(1, 12).optional()]).excludes(&[I01, I02, I415, I8006, I8020, I8026]),
    variable("30", "the variable count", N1_8).requires(&[&[I01], &[I02]]),
    measure("3100-3165").requires(&[&[I01], &[I02]]),
    measure("3200-3295").requires(&[&[I01], &[I02]]),
    measure("3300-3365").requires(&[&[I00], &[I01]]),
    measure("3370-3375").requires(ITEM),
    measure("3400-3495").requires(&[&[I00], &[I01]]),
    measure("3500-3525").requires(&[&[I01], &[I02]]),
    measure("3530-3555").requires(&[&[I00], &[I01]]),
    measure("3560-3575").requires(&[&[I01], &[I02]]),
    measure("3600-3615").requires(&[&[I01], &[I02]]),
    measure("3620-3635").requires(&[&[I00], &[I01]]),
    measure("3640-3665").requires(&[&[I01], &[I02]]),
    measure("3670-3695").requires(&[&[I00], &[I01]]),
    variable("37", "the count of items", N1_8).requires(&[&[I00, I02], &[I00, I8026]]),
    variable("3900-3909", "the amount", N1_15).requires(&[&[I255], &[I8020]]).excludes(&[I390N, I391N, I394N, I8111]),
    variable("3910-3919", "the amount with currency", N3_N1_15).requires(&[&[I8020]]).excludes(&[I391N]),
    variable("3920-3929", "the price", N1_15)
        .requires(&[&[I01, I30], &[I01, I31NN], &[I01, I32NN], &[I01, I35NN], &[I01, I36NN]])
        .excludes(&[I392N, I393N]),
    variable("3930-3939", "the price with currency", N3_N1_15).requires(VARIABLE_MEASURE).excludes(&[I393N]),
    variable("3940-3943", "the percentage off", N4).requires(&[&[I255]]).excludes(&[I394N, I8111]),
    variable("3950-3955", "the price per unit", N6).requires(VARIABLE_MEASURE).excludes(&[I392N, I393N, I395N, I8005]),
    variable("400", "the order number", X30),
    variable("401", "the GINC", &[x(1, 30).with(&[CompanyPrefix(0)])]),
    variable("402", "the GSIN", &[n(17, 17).with(&[CheckDigit, CompanyPrefix(0)])]),
    variable("403", "the routing code", X30).requires(LOGISTIC),
    fixed("410", "the GLN to ship to", GLN),
    fixed("411", "the GLN to bill to", GLN),
    fixed("412", "the GLN purchased from", GLN),
    fixed("413", "the GLN to ship for", GLN),
    fixed("414", "the GLN", GLN),
    fixed("415", "the GLN to pay to", GLN).requires(&[&[I8020]]),
    fixed("416", "the GLN of production or service", GLN),
    fixed("417", "the GLN of the party", GLN),
    variable("420", "the postal code to ship to", X20).excludes(&[I421]),
    variable("421", "the postal code with country", &[n(3, 3), x(1, 9)]).excludes(&[I4307]),
    variable("422", "the country of origin", N3).requires(ITEM_OR_CONTENT).excludes(&[I426]),
    variable("423", "the countries of initial processing", N3_TIMES_5).requires(ITEM_OR_PART).excludes(&[I426]),
    variable("424", "the country of processing", N3).requires(ITEM_OR_PART).excludes(&[I426]),
    variable("425", "the countries of disassembly", N3_TIMES_5).requires(ITEM_OR_PART).excludes(&[I426]),
    variable("426", "the country of full processing", N3).requires(ITEM_OR_PART),
    variable("427", "the subdivision of origin", X3).requires(&[&[I01, I422], &[I02, I422], &[I03, I422]]),
    variable("4300-4301", "the name to ship to", X35_ENCODED).requires(LOGISTIC),
    variable("4302", "the address to ship to", X70_ENCODED).requires(LOGISTIC),
    variable("4303", "the second line of the address to ship to", X70_ENCODED).requires(&[&[I4302]]),
    variable("4304-4306", "the place to ship to", X70_ENCODED).requires(LOGISTIC),
    variable("4307", "the country to ship to", X2).requires(LOGISTIC),
    variable("4308", "the telephone number to ship to", X30).requires(LOGISTIC),
    variable("4309", "the coordinates to ship to", &[n(10, 10).with(&[Latitude]), n(10, 10).with(&[Longitude])])
        .requires(LOGISTIC),
    variable("4310-4311", "the name to return to", X35_ENCODED).requires(LOGISTIC),
    variable("4312", "the address to return to", X70_ENCODED).requires(LOGISTIC),
    variable("4313", "the second line of the address to return to", X70_ENCODED).requires(&[&[I4312]]),
    variable("4314-4316", "the place to return to", X70_ENCODED).requires(LOGISTIC),
    variable("4317", "the country to return to", X2).requires(LOGISTIC),
    variable("4318", "the postal code to return to", X20).requires(LOGISTIC),
    variable("4319", "the telephone number to return to", X30).requires(LOGISTIC),
    variable("4320", "the description of the service", X35_ENCODED).requires(LOGISTIC),
    variable("4321-4323", "the yes or no", &[n(1, 1).with(&[YesNo])]).requires(LOGISTIC),
    variable("4324-4325", "the delivery time", &[n(6, 6).with(&[DateOrMonth]), HHMI]).requires(LOGISTIC),
    variable("4326", "the release date", DAY).requires(LOGISTIC),
    variable("4330", "the highest temperature in Fahrenheit", TEMPERATURE).requires(LOGISTIC).excludes(&[I4331]),
    variable("4331", "the highest temperature in Celsius", TEMPERATURE).requires(LOGISTIC).excludes(&[I4330]),
    variable("4332", "the lowest temperature in Fahrenheit", TEMPERATURE).requires(LOGISTIC).excludes(&[I4333]),
    variable("4333", "the lowest temperature in Celsius", TEMPERATURE).requires(LOGISTIC).excludes(&[I4332]),
    variable("7001", "the NATO stock number", N13).requires(&[&[I01], &[I02], &[I8006], &[I8026]]),
    variable("7002", "the meat cut", X30).requires(&[&[I01], &[I02]]),
    variable("7003", "the expiry date and time", &[n(6, 6).with(&[Date]), HHMI]).requires(ITEM_OR_PART),
    variable("7004", "the active potency", &[n(1, 4)]).requires(&[&[I01, I10], &[I03, I10]]),
    variable("7005", "the catch area", X12).requires(&[&[I01], &[I02]]),
    variable("7006", "the first freeze date", DAY).requires(&[&[I01], &[I02]]),
    variable("7007", "the harvest dates", &[n(6, 6).with(&[Date]), n(6, 6).with(&[Date]).optional()])
        .requires(&[&[I01], &[I02]]),
    variable("7008", "the aquatic species", X3).requires(&[&[I01], &[I02]]),
    variable("7009", "the fishing gear", X10).requires(&[&[I01], &[I02]]),
    variable("7010", "the production method", X1_2).requires(ITEM_OR_PART),
    variable("7011", "the test by date", &[n(6, 6).with(&[Date]), HHMI.optional()]).requires(ITEM_OR_PART),
    variable("7020", "the refurbishment lot", X20).requires(&[&[I01, I416], &[I03, I416], &[I8006, I416]]),
    variable("7021", "the functional status", X20).requires(&[&[I01], &[I03], &[I8006]]),
    variable("7022", "the revision status", X20).requires(&[&[I01, I7021], &[I03, I7021], &[I8006, I7021]]),
    variable("7023", "the GIAI of the assembly", GIAI),
    variable("7030-7039", "the processor's number", &[n(3, 3), x(1, 27)]).requires(&[&[I01], &[I02]]),
    variable("7040", "the unique identification code", &[n(1, 1), x(1, 1), x(1, 1), x(1, 1).with(&[ImporterIndex])])
        .no_attribute(),
    variable("7041", "the type of the freight unit", X4).requires(LOGISTIC).no_attribute(),
    variable("710-717", "the national healthcare number", X20).requires(ITEM),
    variable("7230-7239", "the certification", &[x(2, 2), x(1, 28)]).requires(&[&[I01], &[I8004]]),
    variable("7240", "the protocol", X20).requires(&[&[I01], &[I8006]]).excludes(&[I03]),
    variable("7241", "the type of the medium", N2).requires(SERVICE),
    variable("7242", "the version of the control number", X25).requires(SERVICE),
    variable("7250", "the date of birth", &[n(8, 8).with(&[FullDate])]).requires(RECIPIENT).excludes(&[I7251]),
    variable("7251", "the time of birth", &[n(8, 8).with(&[FullDate]), HHMI]).requires(RECIPIENT).excludes(&[I7250]),
    variable("7252", "the sex", &[n(1, 1).with(&[Sex])]).requires(RECIPIENT),
    variable("7253-7254", "the name of the person", X40_ENCODED).requires(SERVICE).excludes(&[I7256, I7259]),
    variable("7255", "the suffix of the name", X10).requires(SERVICE).excludes(&[I7256, I7259]),
    variable("7256", "the full name", X90_ENCODED).requires(SERVICE),
    variable("7257", "the address of the person", X70_ENCODED).requires(RECIPIENT),
    variable("7258", "the sequence of birth", &[x(3, 3).with(&[PositionOfCount])]).requires(&[&[I8018, I7259]]),
    variable("7259", "the baby of the family name", X40_ENCODED).requires(RECIPIENT).excludes(&[I7256]),
    variable("8001", "the dimensions of the roll", ROLL).requires(ITEM),
    variable("8002", "the mobile telephone number", X20),
    variable("8003", "the GRAI", &[n(1, 1).with(&[Zero]), N13_KEY, x(1, 16).optional()]),
    variable("8004", "the GIAI", GIAI),
    variable("8005", "the price per unit of measure", N6).requires(&[&[I01], &[I02]]),
    variable("8006", "the ITIP", ITIP).excludes(&[I01, I03, I37]),
    variable("8007", "the IBAN", &[x(1, 34)]).requires(&[&[I415]]),
    variable("8008", "the production time", PRODUCTION_TIME).requires(ITEM_OR_PART),
    variable("8009", "the sensor indicator", &[x(1, 50)]).requires(&[&[I00], &[I01], &[I03]]),
    variable("8010", "the CPID", &[part(CharacterSet::Set39, 1, 30).with(&[CompanyPrefix(0)])]),
    variable("8011", "the serial number of the CPID", &[n(1, 12).with(&[NoLeadingZero])])
        .requires(&[&[I8010]])
        .no_attribute(),
    variable("8012", "the software version", X20).requires(&[&[I01], &[I03], &[I8006]]),
    variable("8013", "the GMN", &[x(1, 25).with(&[CheckCharacters, CompanyPrefix(0)])]),
    variable("8014", "the MUDI", &[x(1, 25).with(&[CheckCharacters, CompanyPrefix(0), NonDigit])])
        .requires(ITEM)
        .no_attribute(),
    variable("8017", "the GSRN of the provider", GSRN).excludes(&[I8018]),
    variable("8018", "the GSRN of the recipient", GSRN).excludes(&[I8017]),
    variable("8019", "the service relation instance", &[n(1, 10)]).requires(SERVICE).no_attribute(),
    variable("8020", "the payment slip's number", X25).requires(&[&[I415]]).no_attribute(),
    variable("8026", "the ITIP of the content", ITIP).requires(&[&[I37]]).excludes(&[I02, I03, I8006]),
    variable("8030", "the digital signature", &[part(CharacterSet::Set64, 1, 90)]).requires(SERIALISED),
    variable("8040", "the IMEI", N15).requires(&[&[I01, I21]]).no_attribute(),
    variable("8041", "the second IMEI", N15).requires(&[&[I01, I21, I8040]]).no_attribute(),
    variable("8042", "the eSIM number", &[n(32, 32)]).requires(&[&[I01, I21, I8040]]).no_attribute(),
    variable("8043", "the SIM number", &[n(18, 18), n(1, 2).optional()]).requires(&[&[I01, I21, I8040]]).no_attribute(),
    variable("8110", "the coupon code", &[x(1, 70)]),
    variable("8111", "the loyalty points", N4).requires(&[&[I255]]),
    variable("8112", "the positive offer file", &[x(1, 70)]),
    variable("8200", "the product's URL", &[x(1, 70)]).requires(ITEM).no_attribute(),
    variable("90", "the internal information", X30),
    variable("91-99", "the internal information", &[x(1, 90)]),
];

// Values, by what they consist of.
const N2: &[Part] = &[n(2, 2)];
const N3: &[Part] = &[n(3, 3)];
const N4: &[Part] = &[n(4, 4)];
const N6: &[Part] = &[n(6, 6)];
const N13: &[Part] = &[n(13, 13)];
const N15: &[Part] = &[n(15, 15)];
const N1_6: &[Part] = &[n(1, 6)];
const N1_8: &[Part] = &[n(1, 8)];
const N1_15: &[Part] = &[n(1, 15)];
const N3_N1_15: &[Part] = &[n(3, 3), n(1, 15)];
const N3_TIMES_5: &[Part] = &[n(3, 3), n(3, 3).optional(), n(3, 3).optional(), n(3, 3).optional(), n(3, 3).optional()];
const X2: &[Part] = &[x(2, 2)];
const X1_2: &[Part] = &[x(1, 2)];
const X3: &[Part] = &[x(1, 3)];
const X4: &[Part] = &[x(1, 4)];
const X10: &[Part] = &[x(1, 10)];
const X12: &[Part] = &[x(1, 12)];
const X20: &[Part] = &[x(1, 20)];
const X25: &[Part] = &[x(1, 25)];
const X28: &[Part] = &[x(1, 28)];
const X30: &[Part] = &[x(1, 30)];
const X35_ENCODED: &[Part] = &[x(1, 35).with(&[PercentEncoded])];
const X40_ENCODED: &[Part] = &[x(1, 40).with(&[PercentEncoded])];
const X70_ENCODED: &[Part] = &[x(1, 70).with(&[PercentEncoded])];
const X90_ENCODED: &[Part] = &[x(1, 90).with(&[PercentEncoded])];
const MONTH: &[Part] = &[n(6, 6).with(&[DateOrMonth])];
const DAY: &[Part] = &[n(6, 6).with(&[Date])];
const HHMI: Part = n(4, 4).with(&[HourAndMinute]);
const TEMPERATURE: &[Part] = &[n(6, 6), x(1, 1).with(&[Hyphen]).optional()];
const SSCC: &[Part] = &[n(18, 18).with(&[CheckDigit, CompanyPrefix(1)])];
const GTIN: &[Part] = &[n(14, 14).with(&[CheckDigit, CompanyPrefix(1)])];
const GLN: &[Part] = &[N13_KEY];
const GSRN: &[Part] = &[n(18, 18).with(&[CheckDigit, CompanyPrefix(0)])];
const GIAI: &[Part] = &[x(1, 30).with(&[CompanyPrefix(0)])];
const ITIP: &[Part] = &[n(14, 14).with(&[CheckDigit, CompanyPrefix(1)]), n(4, 4).with(&[PieceOfTotal])];
const N13_KEY: Part = n(13, 13).with(&[CheckDigit, CompanyPrefix(0)]);
const ROLL: &[Part] =
    &[n(4, 4).with(&[NonZero]), n(5, 5).with(&[NonZero]), n(3, 3).with(&[NonZero]), n(1, 1).with(&[Winding]), n(1, 1)];
const PRODUCTION_TIME: &[Part] = &[
    n(6, 6).with(&[Date]),
    n(2, 2).with(&[Hour]),
    n(2, 2).with(&[Minute]).optional(),
    n(2, 2).with(&[Minute]).optional(),
];

// What they go with.
const ITEM: &[&[Family]] = &[&[I01]];
const ITEM_OR_PART: &[&[Family]] = &[&[I01], &[I02], &[I03]];
const ITEM_OR_CONTENT: &[&[Family]] = &[&[I01], &[I02], &[I03], &[I8006], &[I8026]];
const LOGISTIC: &[&[Family]] = &[&[I00]];
const SERVICE: &[&[Family]] = &[&[I8017], &[I8018]];
const RECIPIENT: &[&[Family]] = &[&[I8018]];
const VARIABLE_MEASURE: &[&[Family]] = &[&[I30], &[I31NN], &[I32NN], &[I35NN], &[I36NN]];
const SERIALISED: &[&[Family]] = &[
    &[I00],
    &[I01, I21],
    &[I03, I21],
    &[I253],
    &[I255],
    &[I8003],
    &[I8004],
    &[I8006, I21],
    &[I8010, I8011],
    &[I8017],
    &[I8018],
];

const I00: Family = family("00");
const I01: Family = family("01");
const I02: Family = family("02");
const I03: Family = family("03");
const I10: Family = family("10");
const I21: Family = family("21");
const I235: Family = family("235");
const I253: Family = family("253");
const I255: Family = family("255");
const I30: Family = family("30");
const I31NN: Family = family("3100-3199");
const I32NN: Family = family("3200-3299");
const I35NN: Family = family("3500-3599");
const I36NN: Family = family("3600-3699");
const I37: Family = family("37");
const I390N: Family = family("3900-3909");
const I391N: Family = family("3910-3919");
const I392N: Family = family("3920-3929");
const I393N: Family = family("3930-3939");
const I394N: Family = family("3940-3949");
const I395N: Family = family("3950-3959");
const I414: Family = family("414");
const I415: Family = family("415");
const I416: Family = family("416");
const I421: Family = family("421");
const I422: Family = family("422");
const I426: Family = family("426");
const I4302: Family = family("4302");
const I4307: Family = family("4307");
const I4312: Family = family("4312");
const I4330: Family = family("4330");
const I4331: Family = family("4331");
const I4332: Family = family("4332");
const I4333: Family = family("4333");
const I7021: Family = family("7021");
const I7250: Family = family("7250");
const I7251: Family = family("7251");
const I7256: Family = family("7256");
const I7259: Family = family("7259");
const I8003: Family = family("8003");
const I8004: Family = family("8004");
const I8005: Family = family("8005");
const I8006: Family = family("8006");
const I8010: Family = family("8010");
const I8011: Family = family("8011");
const I8017: Family = family("8017");
const I8018: Family = family("8018");
const I8020: Family = family("8020");
const I8026: Family = family("8026");
const I8040: Family = family("8040");
const I8111: Family = family("8111");

/// `min` to `max` characters of `set`.
const fn part(set: CharacterSet, min: usize, max: usize) -> Part {
    Part { set, min, max, is_optional: false, content: &[] }
}

/// Digits.
const fn n(min: usize, max: usize) -> Part {
    part(CharacterSet::Digits, min, max)
}

/// Characters of the 82-character set.
const fn x(min: usize, max: usize) -> Part {
    part(CharacterSet::Set82, min, max)
}

impl Part {
    const fn with(self, content: &'static [super::Content]) -> Self {
        Self { content, ..self }
    }

    const fn optional(self) -> Self {
        Self { is_optional: true, ..self }
    }
}

/// One application identifier, or the first and the last of several: `37`, `3900-3909`.
const fn family(digits: &str) -> Family {
    const fn number(digits: &[u8], from: usize, to: usize) -> u16 {
        let mut number = 0;
        let mut at = from;
        while at < to {
            number = number * 10 + (digits[at] - b'0') as u16;
            at += 1;
        }
        number
    }
    let digits = digits.as_bytes();
    let length = if digits.len() > 4 { digits.len() / 2 } else { digits.len() };
    let first = Ai::of(number(digits, 0, length), length as u8);
    Family { first, last: number(digits, digits.len() - length, digits.len()) }
}

/// An entry whose value has a fixed length and so needs no separator.
const fn fixed(digits: &str, title: &'static str, parts: &'static [Part]) -> Entry {
    Entry { needs_separator: false, ..variable(digits, title, parts) }
}

/// An entry whose value needs a separator.
const fn variable(digits: &str, title: &'static str, parts: &'static [Part]) -> Entry {
    Entry {
        family: family(digits),
        title,
        needs_separator: true,
        is_attribute: true,
        last_digit_max: 9,
        parts,
        requires: &[],
        excludes: &[],
        excludes_own_ten: false,
    }
}

/// A measure of six digits. The last digit of its identifier says where the decimal point is, and only one of those
/// that differ in nothing else may be there.
const fn measure(digits: &str) -> Entry {
    Entry { last_digit_max: 5, excludes_own_ten: true, ..fixed(digits, "the measure", N6) }
}

impl Entry {
    const fn requires(self, requires: &'static [&'static [Family]]) -> Self {
        Self { requires, ..self }
    }

    const fn excludes(self, excludes: &'static [Family]) -> Self {
        Self { excludes, ..self }
    }

    const fn no_attribute(self) -> Self {
        Self { is_attribute: false, ..self }
    }
}
