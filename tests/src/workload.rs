//! Random operations of every kind over a small world, as numbers that a seed or a shrinking test can choose.

use packtree::fact::{EventTime, Level, LotData, Microseconds, Role, Trust};
use packtree::operation::{
    Close, Contents, ContentsFate, CorrectLot, Decommission, Fate, Hold, HoldTarget, Merge, Move, Observe, Operation,
    Pack, Receive, Relabel, Release, Reopen, Replace, Reset, Return, Ship, Split, Swap, TakeOutOfUse, Unpack, VoidShip,
};
use packtree::policy::{
    ClosedContainer, ContainerReuse, EmptiedContainer, LateEvent, Packaging, Policy, Product, Recommission,
};
use packtree::{Identifier, Request};
use packtree_gs1::Gs1Date;

use crate::world::{NOW, Seeded, case, commission, item, label, lot, pallet, product, request, unit, unknown};

/// Time from one request to the next.
const STEP_US: Microseconds = 1_000_000;

/// The numbers that decide one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Which operation.
    pub kind: u8,
    /// Which objects.
    pub objects: [u8; 4],
    /// How many of them, and which variant of the operation.
    pub variant: u8,
    /// How many steps the event lies back.
    pub back: u8,
    /// Whether it comes from an operator without a reason.
    pub is_plain: bool,
}

impl Draw {
    /// Draws from a seeded source; one event in eight is late.
    pub fn from_seed(random: &Seeded) -> Self {
        let mut bytes = random.word().to_le_bytes();
        if !bytes[6].is_multiple_of(8) {
            bytes[6] = 0;
        }
        Self {
            kind: bytes[0],
            objects: [bytes[1], bytes[2], bytes[3], bytes[4]],
            variant: bytes[5],
            back: bytes[6],
            is_plain: bytes[7].is_multiple_of(8),
        }
    }

    /// The request that it decides, the `step`th of its run.
    pub fn request(self, step: u64) -> Request {
        let mut request = request(u128::from(step) + 1, self.operation());
        let step = step.cast_signed();
        request.event_time = EventTime::utc(NOW + STEP_US * (step - i64::from(self.back % 16)));
        if self.is_plain {
            request.role = Role::Operator;
            request.reason = None;
        }
        request
    }

    fn any(self, place: usize) -> Identifier {
        let containers = containers();
        let children = children();
        let number = usize::from(self.objects[place]);
        let both = containers.len() + children.len();
        containers.into_iter().chain(children).nth(number % both).expect("the number is below the length")
    }

    fn container(self, place: usize) -> Identifier {
        let containers = containers();
        containers[usize::from(self.objects[place]) % containers.len()].clone()
    }

    /// One to three objects, most often those that go into containers.
    fn some(self) -> Vec<Identifier> {
        let children = children();
        (1..=1 + usize::from(self.variant % 3))
            .map(|place| children[usize::from(self.objects[place]) % children.len()].clone())
            .collect()
    }

    fn target(self) -> HoldTarget {
        if self.variant.is_multiple_of(4) {
            HoldTarget::Lot(lot(u64::from(self.objects[1] % 2) + 1, u64::from(self.objects[0] % 3) + 1))
        } else {
            HoldTarget::Objects(vec![self.any(0)])
        }
    }

    fn operation(self) -> Operation {
        match self.kind % 48 {
            0..=11 => self.placement(),
            12..=20 => self.removal(),
            21..=32 => self.rework(),
            33..=37 => self.custody(),
            _ => self.life(),
        }
    }

    fn placement(self) -> Operation {
        match self.kind % 12 {
            0..=7 => {
                let levels = [Level::Unknown, Level::Unknown, Level::Unknown, Level::Case, Level::Pallet];
                Operation::Pack(Pack {
                    parent: self.container(0),
                    parent_level: levels[usize::from(self.variant) % levels.len()],
                    children: self.some(),
                    quantities: Vec::new(),
                })
            }
            8..=9 => Operation::pack(self.any(0), vec![self.any(1)]),
            _ => Operation::Move(Move { children: self.some(), into: self.container(0) }),
        }
    }

    fn removal(self) -> Operation {
        let named = |parent| Contents::Named { parent, children: self.some(), quantities: Vec::new() };
        let what = match self.variant % 8 {
            0 => Contents::All { parent: self.container(0) },
            1 => Contents::Recursive { parent: self.any(0) },
            2 => named(Some(self.container(0))),
            _ => named(None),
        };
        Operation::Unpack(Unpack { what, trust: Trust::Verified })
    }

    fn rework(self) -> Operation {
        let fates = [Fate::Loose, Fate::Sampled, Fate::Rejected, Fate::Destroyed, Fate::Decommissioned];
        let new_label = label(u64::from(self.objects[3] % 12) + 1);
        match self.kind % 12 {
            0 => Operation::Swap(Swap { one: self.any(0), other: self.any(1) }),
            1 => Operation::Merge(Merge { from: self.container(0), into: self.container(1) }),
            2 => Operation::Relabel(Relabel { old: self.any(0), new: new_label }),
            3 => Operation::Split(Split { from: self.container(0), children: self.some(), into: new_label }),
            4 => Operation::Reset(Reset { container: self.container(0), children: self.some() }),
            5 | 6 => {
                let fate = fates[usize::from(self.variant) % fates.len()];
                Operation::Replace(Replace { old: self.any(0), new: self.any(1), fate })
            }
            7..=9 => {
                let partial = self.variant.is_multiple_of(3);
                Operation::Close(Close { containers: vec![self.container(0)], partial })
            }
            _ => Operation::Reopen(Reopen { containers: vec![self.container(0)] }),
        }
    }

    fn custody(self) -> Operation {
        let trust = if self.variant.is_multiple_of(2) { Trust::Verified } else { Trust::Inferred };
        match self.objects[3] % 5 {
            0 | 1 => Operation::Ship(Ship { roots: vec![self.any(0)] }),
            2 => Operation::VoidShip(VoidShip { roots: vec![self.any(0)] }),
            3 => Operation::Receive(Receive { roots: vec![self.any(0)], trust }),
            _ => Operation::Return(Return { objects: self.some() }),
        }
    }

    fn life(self) -> Operation {
        let contents = if self.variant.is_multiple_of(2) { ContentsFate::Too } else { ContentsFate::StayActive };
        match self.kind % 10 {
            0 | 1 => Operation::Hold(Hold { target: self.target() }),
            2 | 3 => Operation::Release(Release { target: self.target() }),
            4 => Operation::Sample(TakeOutOfUse { objects: vec![self.any(0)] }),
            5 => Operation::Reject(TakeOutOfUse { objects: vec![self.any(0)] }),
            6 => Operation::Destroy(TakeOutOfUse { objects: vec![self.any(0)] }),
            7 => Operation::Decommission(Decommission { objects: vec![self.any(0)], contents }),
            8 => commission(Level::Unit, Some(lot(1, u64::from(self.variant % 3))), vec![self.any(0), self.any(1)]),
            _ if self.variant.is_multiple_of(2) => Operation::Observe(Observe { objects: self.some() }),
            _ => {
                let expiry = Gs1Date::from_yymmdd("281231", 2026).ok();
                let data = LotData { expiry, ..LotData::default() };
                Operation::CorrectLot(CorrectLot { lot: lot(1, u64::from(self.variant % 3)), data })
            }
        }
    }
}

fn containers() -> Vec<Identifier> {
    let pallets = (1..=2).map(pallet);
    pallets.chain((1..=4).map(case)).chain((1..=3).map(unknown)).chain((1..=2).map(label)).collect()
}

fn children() -> Vec<Identifier> {
    let units = (1..=8).map(unit).chain((1..=3).map(|number| item(2, number)));
    units.chain((1..=4).map(case)).chain((1..=3).map(unknown)).collect()
}

/// The requests with which every run begins: most of the world is commissioned.
pub fn beginning() -> Vec<Request> {
    let operations = [
        commission(Level::Pallet, None, (1..=2).map(pallet).collect()),
        commission(Level::Case, None, (1..=4).map(case).collect()),
        commission(Level::Unknown, None, (1..=3).map(unknown).collect()),
        commission(Level::Unit, Some(lot(1, 1)), (1..=4).map(unit).collect()),
        commission(Level::Unknown, Some(lot(1, 2)), (5..=7).map(unit).collect()),
        commission(Level::Unit, Some(lot(2, 1)), (1..=3).map(|number| item(2, number)).collect()),
    ];
    let earlier = EventTime::utc(NOW - 100 * STEP_US);
    let with_time = |(operation, id)| Request { event_time: earlier, ..request(id, operation) };
    operations.into_iter().zip(1 << 100..).map(with_time).collect()
}

/// The time that the clock shows in runs of up to so many steps: no event lies ahead of it.
pub fn clock_after(steps: u64) -> Microseconds {
    NOW + STEP_US * steps.cast_signed()
}

/// Policies that between them take every choice but those about single products.
pub fn policies() -> [Policy; 4] {
    let of = |parent, child, children| Packaging { parent, child, children };
    let packaging = vec![of(Level::Case, Level::Unit, 3), of(Level::Pallet, Level::Case, 2)];
    let configured = Product { packaging, one_lot_up_to: Some(Level::Case) };
    [
        Policy::default(),
        Policy {
            closed_container: ClosedContainer::AncestorsAreDisbanded,
            emptied_container: EmptiedContainer::IsDecommissioned,
            container_reuse: ContainerReuse::Allow,
            ..Policy::lenient_warehouse()
        },
        Policy { recommission: Recommission::Allow, ..Policy::partner_documents() },
        Policy {
            closed_container: ClosedContainer::AncestorsBecomeBroken,
            late_event: LateEvent::Refuse,
            products: [(product(1), configured)].into(),
            ..Policy::strict_line()
        },
    ]
}
