//! Holds what an engine keeps against what the model knows.

use std::fmt::{Debug, Write as _};

use packtree::simulation::{Fork, Lot, Object};
use packtree::{Fault, Identifier, Reason};

use crate::model::{Faults, LotState, Model};

/// The faults of a refusal as the model has them.
pub fn faults_of(faults: &[Fault]) -> Faults {
    faults.iter().map(|fault| (fault.object.clone(), fault.reason)).collect()
}

/// The faults that are compared. Which packaging rules an object breaks depends on what else would go in, so that a refusal for them is
/// compared only in that it is one; the tables of the operations hold what each of them says.
pub fn certain(faults: &Faults) -> Faults {
    const PACKAGING: [Reason; 3] = [Reason::LevelNotAllowed, Reason::ContainerIsFull, Reason::LotsMixed];
    faults.iter().filter(|(_, reason)| !PACKAGING.contains(reason)).cloned().collect()
}

/// Everything in which a fork differs from the model, one difference a line; nothing where they agree.
///
/// Only what is cheap is compared: every object and every lot that the model knows, and how many objects there are.
pub fn differences(model: &Model, fork: &Fork<'_>) -> String {
    let mut found = String::new();
    for object in model.objects() {
        differ(&mut found, &object.id, &fork.object(&object.id), &Some(seen(model, &object.id)));
    }
    for (name, lot) in model.lots() {
        let LotState { data, held } = *lot;
        differ(&mut found, name, &fork.lot(name), &Some(Lot { data, held, counts: model.counts(*name) }));
    }
    differ(&mut found, &"objects", &(fork.objects() as usize), &model.objects().count());
    found
}

/// What the model knows of an object, in the words of the simulation.
pub fn seen(model: &Model, id: &Identifier) -> Object {
    let object = model.object(id).expect("the model knows the object");
    Object {
        level: object.level,
        level_is_inferred: object.level_is_inferred,
        status: object.status,
        seal: object.seal,
        held: object.held,
        away: object.away,
        trust: object.trust,
        lot: object.lot,
        parent: model.parent(id).cloned(),
        children: model.children(id).into_iter().cloned().collect(),
    }
}

/// Adds a line where two values differ.
pub fn differ<T: PartialEq + Debug>(found: &mut String, what: &dyn Debug, kept: &T, known: &T) {
    if kept != known {
        let _ = writeln!(found, "{what:?}: the engine keeps {kept:?}, the model knows {known:?}");
    }
}
