//! Random operations over a small site.

use packtree_gs1::{Identifier, LotNumber, Serial, Sgtin, Sscc};

use crate::fact::{
    Decimal, Entry, Level, Lot, LotData, LotName, Name, Quantity, ReasonText, RequestId, Role, SettingText, Signature,
    Trust,
};
use crate::operation::{
    Close, Commission, Configure, Contents, Hold, HoldTarget, Move, Observe, Operation, Pack, Receive, Relabel,
    Release, Request, Ship, TakeOutOfUse, Unpack,
};
use crate::{Caller, Engine, Outcome};

/// Random operations over a small site, most of which are accepted.
pub(super) struct World {
    random: u64,
    commissioned: u64,
    labels: u64,
    requests: u128,
}

const UNITS: u64 = 600;
const CASES: u64 = 40;

pub(super) fn unit(n: u64) -> Identifier {
    let gtin = packtree_gs1::Gtin::parse("09521234543213").unwrap();
    Identifier::Sgtin(Sgtin {
        gtin,
        serial: Serial::parse(&format!("U{}", n.wrapping_mul(0x9e37_79b9) % 100_000_007)).unwrap(),
    })
}

fn case(n: u64) -> Identifier {
    match n % 5 {
        // Identifiers without a key of their own are interned.
        4 => Identifier::parse(&format!("https://example.com/tote/{n}")).unwrap(),
        _ => (0..10)
            .find_map(|digit| Sscc::new((9_521_234_000_000_000 + n) * 10 + digit).ok())
            .map(Identifier::Sscc)
            .unwrap(),
    }
}

fn lot(n: u64) -> LotName {
    let gtin = packtree_gs1::Gtin::parse("09521234543213").unwrap();
    LotName { gtin, number: LotNumber::parse(&format!("L{n}")).unwrap() }
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: seed | 1, commissioned: 0, labels: CASES, requests: u128::from(seed) << 64 }
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % end
    }

    fn units(&mut self) -> Vec<Identifier> {
        let (first, count) = (self.below(UNITS), 1 + self.below(20));
        (first..UNITS.min(first + count)).map(unit).collect()
    }

    fn case(&mut self) -> Identifier {
        case(self.below(CASES))
    }

    fn operation(&mut self) -> Operation {
        if self.commissioned < UNITS {
            let first = self.commissioned;
            self.commissioned += 150;
            let number = lot(first % 4).number;
            let lot = Some(Lot { number, data: LotData::default() });
            return Operation::Commission(Commission {
                lot,
                level: Level::Unit,
                objects: (first..first + 150).map(unit).collect(),
            });
        }
        if self.commissioned == UNITS {
            self.commissioned += 1;
            return Operation::Commission(Commission {
                lot: None,
                level: Level::Unknown,
                objects: (0..CASES).map(case).collect(),
            });
        }
        match self.below(15) {
            0..=3 => Operation::pack(self.case(), self.units()),
            4 => Operation::pack(self.case(), vec![self.case()]),
            5 => Operation::unpack_all(self.case()),
            6 => Operation::Move(Move { children: self.units(), into: self.case() }),
            7 => {
                Operation::Unpack(Unpack { what: Contents::Recursive { parent: self.case() }, trust: Trust::Inferred })
            }
            8 => Operation::Observe(Observe { objects: self.units() }),
            9 => {
                let target = if self.below(2) == 0 {
                    HoldTarget::Lot(lot(self.below(4)))
                } else {
                    HoldTarget::Objects(vec![self.case()])
                };
                if self.below(2) == 0 {
                    Operation::Hold(Hold { target })
                } else {
                    Operation::Release(Release { target })
                }
            }
            10 => {
                self.labels += 1;
                Operation::Relabel(Relabel { old: self.case(), new: case(self.labels) })
            }
            11 => Operation::Close(Close { containers: vec![self.case()], partial: true }),
            12 if self.below(2) == 0 => Operation::Ship(Ship { roots: vec![self.case()] }),
            12 => Operation::Receive(Receive { roots: vec![self.case()], trust: Trust::Verified }),
            13 => {
                let (name, length) = (self.below(12), self.below(9_000) as usize);
                let value = SettingText::new(&"s".repeat(length)).ok().filter(|_| self.below(4) != 0);
                Operation::Configure(Configure { name: Name::new(&format!("setting {name}")).unwrap(), value })
            }
            _ if self.below(3) == 0 => Operation::Sample(TakeOutOfUse { objects: vec![unit(self.below(UNITS))] }),
            _ => {
                let class = Identifier::parse("(01)09521234543213").unwrap();
                let amount = Some(Decimal::whole(self.below(100).cast_signed()));
                let quantities = vec![Quantity { class, amount, unit: None }];
                Operation::Pack(Pack {
                    parent: self.case(),
                    parent_level: Level::Unknown,
                    children: vec![],
                    quantities,
                })
            }
        }
    }

    fn request(&mut self, engine: &Engine) -> Request {
        let caller = Caller { role: Role::Supervisor, entry: Entry::Scan, ..Caller::machine("station 1").unwrap() };
        let operation = self.operation();
        self.requests += 1;
        let reason = Some(ReasonText::new("as found").unwrap());
        let signature = Some(Signature { by: Name::new("office").unwrap(), role: Role::Administrator });
        Request { id: RequestId(self.requests), reason, signature, ..engine.request(&caller, operation) }
    }

    /// Submits operations, and returns how many were accepted.
    pub(super) fn work(&mut self, engine: &Engine, operations: usize) -> usize {
        let mut done = 0;
        for _ in 0..operations {
            let request = self.request(engine);
            done += usize::from(matches!(engine.submit(request).unwrap(), Outcome::Done(_)));
        }
        done
    }
}
