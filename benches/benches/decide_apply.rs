//! Single large operations, by the rules and the state alone, in memory: a pallet is taken apart, a lot goes on hold.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use packtree::fact::{Level, Lot, LotData, LotName, ReasonText, Trust};
use packtree::operation::{Commission, Contents, Hold, HoldTarget, Unpack};
use packtree::simulation::Site;
use packtree::{Operation, Policy};
use packtree_benches::{
    NOW, PALLET_CASES, commission_pallets, commissions, packs, pallet, pallet_packs, request, submit_all, unit,
};
use packtree_gs1::{Gtin, LotNumber};

fn pallets(criterion: &mut Criterion) {
    let mut site = Site::new(Policy::default(), NOW);
    submit_all(&mut site, commissions(0..PALLET_CASES));
    submit_all(&mut site, packs(0..PALLET_CASES));
    submit_all(&mut site, [commission_pallets(0..1)]);
    submit_all(&mut site, pallet_packs(0..1));
    let what = Contents::Recursive { parent: pallet(0) };
    let recursive = request(Operation::Unpack(Unpack { what, trust: Trust::Inferred }));
    let mut group = criterion.benchmark_group("recursive unpack");
    group.bench_function("a pallet of 40 cases of 48", |bencher| {
        bencher.iter_batched_ref(
            || site.fork(),
            |fork| fork.submit(&recursive).expect("the pallet is full"),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// A lot goes on hold by one flag, however many objects it has.
fn hold(criterion: &mut Criterion) {
    const UNITS: u64 = 1_000_000;
    let name = LotName {
        gtin: Gtin::new(9_521_234_543_213).expect("the check digit is right"),
        number: LotNumber::parse("LOT-1").expect("a lot number"),
    };
    let lot = Some(Lot { number: name.number, data: LotData::default() });
    let mut site = Site::new(Policy::default(), NOW);
    for from in (0..UNITS).step_by(50_000) {
        let objects = (from..from + 50_000).map(unit).collect();
        submit_all(&mut site, [Operation::Commission(Commission { lot, level: Level::Unit, objects })]);
    }
    let mut hold = request(Operation::Hold(Hold { target: HoldTarget::Lot(name) }));
    hold.reason = Some(ReasonText::new("deviation 17").expect("a reason"));
    criterion.benchmark_group("hold").bench_function("a lot of a million units", |bencher| {
        bencher.iter_batched_ref(
            || site.fork(),
            |fork| fork.submit(&hold).expect("the lot is on no hold"),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, pallets, hold);
criterion_main!(benches);
