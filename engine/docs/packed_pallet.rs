// What the examples of operations begin with. Each of them includes this file, hidden, so that it shows only what it is about.

/// An engine in memory that knows a pallet with two cases of two units each, and a loose unit.
struct PackedPallet {
    engine: packtree::Engine,
    line: packtree::Caller,
    pallet: packtree::Identifier,
    cases: [packtree::Identifier; 2],
    /// The first two are in the first case, the next two in the second, and the last is loose. All are of the lot L1.
    units: Vec<packtree::Identifier>,
    /// An SSCC that no label bears yet.
    fresh: packtree::Identifier,
}

/// Packs the pallet.
fn packed_pallet() -> Result<PackedPallet, Box<dyn std::error::Error>> {
    use packtree::fact::{Level, Lot, LotData};
    use packtree::{Caller, Engine, Identifier, Operation, Options, disk::SimulatedDisk, operation::Commission};

    let engine = Engine::open_on(std::sync::Arc::new(SimulatedDisk::new()), Options::default())?;
    let line = Caller::machine("line-3")?;
    let pallet = Identifier::parse("(00)095212345000000018")?;
    let cases = [Identifier::parse("(00)095212345000000025")?, Identifier::parse("(00)095212345000000032")?];
    let fresh = Identifier::parse("(00)095212345000000049")?;
    let unit = |number| Identifier::parse(&format!("(01)09521234543213(21)A00{number}"));
    let units = (1..=5).map(unit).collect::<Result<Vec<_>, _>>()?;
    let lot = Lot { number: packtree_gs1::LotNumber::parse("L1")?, data: LotData::default() };
    for operation in [
        Operation::Commission(Commission { lot: None, level: Level::Pallet, objects: vec![pallet.clone()] }),
        Operation::Commission(Commission { lot: None, level: Level::Case, objects: cases.to_vec() }),
        Operation::Commission(Commission { lot: Some(lot), level: Level::Unit, objects: units.clone() }),
        Operation::pack(cases[0].clone(), units[..2].to_vec()),
        Operation::pack(cases[1].clone(), units[2..4].to_vec()),
        Operation::pack(pallet.clone(), cases.to_vec()),
    ] {
        engine.perform(&line, operation)?.receipt()?;
    }
    Ok(PackedPallet { engine, line, pallet, cases, units, fresh })
}
