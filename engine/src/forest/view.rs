//! What can be asked of a world, and what can be changed in it.

use std::sync::Arc;

use packtree_gs1::{AssetSerial, AssetType, Grai, Gtin, Identifier, LotNumber, Serial, Sgtin, Sscc};

use crate::fact::{LotData, LotName, Microseconds, Parking, Quantity, Seal};
use crate::forest::record::{Class, ClassTag, Container, Ix, Key, LotChange, LotRecord, Record};
use crate::forest::{Concern, SettingRecord};
use crate::limits::DEPTH_MAX;

/// A state that can be asked. The methods without a body are the state; the others follow from them.
pub(crate) trait View {
    /// Objects, all of whose places are below.
    fn len(&self) -> u32;
    fn record(&self, ix: Ix) -> Record;
    /// Places in the container table.
    fn containers_len(&self) -> u32;
    fn container_at(&self, place: u32) -> Container;
    /// Places in the lot table.
    fn lots_len(&self) -> u32;
    fn lot(&self, place: u32) -> LotRecord;
    fn lot_place(&self, class: Class, number: u128) -> Option<u32>;
    /// A change of a lot; the places are those that lots and changes name.
    fn lot_change(&self, place: u32) -> LotChange;
    fn has_interned(&self) -> bool;
    fn interned(&self, place: u32) -> &Identifier;
    fn interned_place(&self, identifier: &Identifier) -> Option<u32>;
    fn find_key(&self, key: &Key) -> Option<Ix>;
    /// Reads what the lookups of these keys are about to read, in one sweep without branches between the reads, so that the processor
    /// waits for memory once and not key by key. Measured with 5 million objects: a pack of 48 takes a third less time.
    fn warm(&self, keys: &mut dyn Iterator<Item = Key>);
    fn quantities(&self, ix: Ix) -> &[Quantity];
    /// The last fact that noted the object without changing it; 0 for none.
    fn last_note(&self, ix: Ix) -> u64;
    fn time_of(&self, sequence: u64) -> Microseconds;
    /// Holds in force on objects and lots.
    fn holds(&self) -> u64;
    /// The number of the fact that is applied next.
    fn next_sequence(&self) -> u64;
    /// Operations that are parked.
    fn parked_len(&self) -> usize;
    /// About how many bytes of memory all parked operations take.
    fn parked_bytes(&self) -> usize;
    /// What a fact parked, while it is.
    fn parking(&self, fact: u64) -> Option<&Arc<Parking>>;
    /// The facts that parked what concerns an object, and how.
    fn parked_about(&self, object: &Identifier) -> Vec<(u64, Concern)>;
    /// Calls `visit` with everything that is parked, and the fact that parked it, the oldest first.
    fn for_each_parked(&self, visit: &mut dyn FnMut(u64, &Arc<Parking>));

    /// The newest version of a setting, one that was removed included.
    fn setting(&self, name: &str) -> Option<&SettingRecord>;
    /// Names of settings, those that were removed included.
    fn settings_len(&self) -> usize;
    /// About how many bytes of memory all settings take.
    fn settings_bytes(&self) -> usize;
    /// Calls `visit` with every setting, in the order of their names.
    fn for_each_setting(&self, visit: &mut dyn FnMut(&SettingRecord));

    /// The key of an identifier that names one object; `None` for classes and places, and for interned identifiers never seen.
    fn key_of(&self, identifier: &Identifier) -> Option<Key> {
        known_key(identifier).or_else(|| {
            let serial = self.interned_place(identifier)?;
            Some(Key { class: Class::INTERNED, serial: u128::from(serial) })
        })
    }

    fn find(&self, identifier: &Identifier) -> Option<Ix> {
        self.find_key(&self.key_of(identifier)?)
    }

    /// The dates of a lot as of a fact, and whether it was on hold.
    fn lot_then(&self, place: u32, fact: u64) -> (LotData, bool) {
        let mut at = self.lot(place).last_change;
        while at != LotRecord::UNCHANGED {
            let change = self.lot_change(at);
            if change.fact <= fact {
                return (change.data, change.held);
            }
            at = change.before;
        }
        (LotData::default(), false)
    }

    fn key(&self, ix: Ix) -> Key {
        let record = self.record(ix);
        Key { class: self.lot(self.lot_of(&record)).class, serial: record.serial() }
    }

    fn identifier(&self, ix: Ix) -> Identifier {
        let key = self.key(ix);
        if key.class == Class::INTERNED {
            return self.interned(key.serial as u32).clone();
        }
        identifier_of(&key).expect("only the numbers of an identifier are stored as a key")
    }

    /// How long the URI of an object is that has to be spelled out; `None` for one with a key of its own.
    fn spelling_bytes(&self, ix: Ix) -> Option<usize> {
        if !self.has_interned() || self.len() <= ix.0 {
            return None;
        }
        let key = self.key(ix);
        (key.class == Class::INTERNED).then(|| match self.interned(key.serial as u32) {
            Identifier::Opaque(opaque) => opaque.uri().len(),
            _ => packtree_gs1::limits::GIAI_CHARACTERS_MAX,
        })
    }

    /// The place of the lot of an object.
    fn lot_of(&self, record: &Record) -> u32 {
        if record.is_container() { self.container_at(record.link).lot } else { record.link }
    }

    fn container(&self, ix: Ix) -> Option<Container> {
        let record = self.record(ix);
        record.is_container().then(|| self.container_at(record.link))
    }

    fn seal(&self, ix: Ix) -> Seal {
        self.container(ix).map_or(Seal::Open, |container| container.seal)
    }

    fn count(&self, ix: Ix) -> u32 {
        self.container(ix).map_or(0, |container| container.count)
    }

    /// The children, in the order in which they went in.
    fn children(&self, ix: Ix) -> Children<'_, Self> {
        let (next, left) = self.container(ix).map_or((Ix::NONE, 0), |container| (container.first, container.count));
        Children { view: self, next, left }
    }

    /// The containers around an object, the innermost first.
    fn ancestors(&self, ix: Ix) -> Ancestors<'_, Self> {
        Ancestors { view: self, at: self.record(ix).parent }
    }

    /// The outermost container; the object itself when it is loose.
    fn root(&self, ix: Ix) -> Ix {
        self.ancestors(ix).last().unwrap_or(ix)
    }

    /// Calls `visit` with everything below, parents before their children.
    fn for_each_below(&self, ix: Ix, visit: &mut dyn FnMut(Ix, &Record)) {
        for child in self.children(ix) {
            let record = self.record(child);
            visit(child, &record);
            if record.is_container() {
                self.for_each_below(child, visit);
            }
        }
    }

    /// Levels below the object: 0 for one without contents.
    fn height(&self, ix: Ix) -> usize {
        self.children(ix)
            .map(|child| if self.record(child).is_container() { self.height(child) + 1 } else { 1 })
            .max()
            .unwrap_or(0)
    }

    fn is_away(&self, ix: Ix) -> bool {
        self.record(ix).is_away() || self.ancestors(ix).any(|ancestor| self.record(ancestor).is_away())
    }

    /// The newest event time of all facts that touched an object.
    fn newest_of(&self, record: &Record) -> Microseconds {
        if record.is_container() { self.container_at(record.link).newest } else { self.time_of(record.last_fact()) }
    }

    /// The event time of the last change of custody of an object's surroundings: of `around` and of every container around that.
    fn custody_around(&self, around: Ix) -> Microseconds {
        let custody = |at: Ix| self.container(at).map_or(Microseconds::MIN, |container| container.custody);
        self.ancestors(around).map(custody).fold(custody(around), Microseconds::max)
    }

    /// What the object is held by: itself, or the innermost container around it that is on hold.
    fn held_by(&self, ix: Ix) -> Option<Ix> {
        if self.holds() == 0 {
            return None;
        }
        std::iter::once(ix).chain(self.ancestors(ix)).find(|at| self.record(*at).is_held())
    }

    /// The name of a lot, for classes that have lots.
    fn lot_name(&self, lot: &LotRecord) -> Option<LotName> {
        let number = LotNumber::from_value(lot.number)?;
        Some(LotName { gtin: gtin_of(lot.class)?, number })
    }
}

/// A state that can be changed. Whoever changes it keeps it a forest; only `apply` does.
pub(crate) trait World: View {
    fn set_record(&mut self, ix: Ix, record: Record);
    /// Adds an object that the index finds under `key` from now on.
    fn push_record(&mut self, record: Record, key: &Key) -> Ix;
    /// Gives an object the record and the key; `stand_in` is added and found under the old key from now on.
    fn rename(&mut self, ix: Ix, record: Record, key: &Key, stand_in: Record) -> Ix;
    fn set_container_at(&mut self, place: u32, container: Container);
    fn push_container(&mut self, container: Container) -> u32;
    fn set_lot(&mut self, place: u32, lot: LotRecord);
    fn push_lot(&mut self, lot: LotRecord) -> u32;
    fn push_lot_change(&mut self, change: LotChange) -> u32;
    fn intern(&mut self, identifier: &Identifier) -> u32;
    fn set_quantities(&mut self, ix: Ix, quantities: Vec<Quantity>);
    fn set_last_note(&mut self, ix: Ix, sequence: u64);
    fn push_time(&mut self, time: Microseconds);
    fn park(&mut self, fact: u64, parking: Arc<Parking>);
    /// Forgets what a fact parked; nothing where it parked nothing.
    fn unpark(&mut self, fact: u64);
    fn set_setting(&mut self, setting: SettingRecord);
    fn set_holds(&mut self, holds: u64);

    fn set_container(&mut self, ix: Ix, container: Container) {
        let record = self.record(ix);
        assert!(record.is_container(), "only a container has a place in the container table");
        self.set_container_at(record.link, container);
    }
}

/// The children of a container; see [`View::children`].
pub(crate) struct Children<'v, V: View + ?Sized> {
    view: &'v V,
    next: Ix,
    left: u32,
}

impl<V: View + ?Sized> Iterator for Children<'_, V> {
    type Item = Ix;

    fn next(&mut self) -> Option<Ix> {
        self.left = self.left.checked_sub(1)?;
        let here = self.next;
        self.next = self.view.record(here).next;
        Some(here)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl<V: View + ?Sized> ExactSizeIterator for Children<'_, V> {}

/// The containers around an object; see [`View::ancestors`].
pub(crate) struct Ancestors<'v, V: View + ?Sized> {
    view: &'v V,
    at: Ix,
}

impl<V: View + ?Sized> Iterator for Ancestors<'_, V> {
    type Item = Ix;

    fn next(&mut self) -> Option<Ix> {
        let here = self.at.known()?;
        self.at = self.view.record(here).parent;
        Some(here)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(DEPTH_MAX))
    }
}

/// The key of an identifier that needs no side table.
pub(crate) fn known_key(identifier: &Identifier) -> Option<Key> {
    match identifier {
        Identifier::Sscc(sscc) => Some(Key { class: Class::SSCC, serial: u128::from(sscc.value()) }),
        Identifier::Sgtin(sgtin) => {
            Some(Key { class: Class::new(ClassTag::Sgtin, sgtin.gtin.value()), serial: sgtin.serial.value() })
        }
        Identifier::Grai(Grai { asset_type, serial: Some(serial) }) => {
            Some(Key { class: Class::new(ClassTag::Grai, asset_type.value()), serial: serial.value() })
        }
        _ => None,
    }
}

/// The identifier of a key that needs no side table; `None` for numbers that no identifier has.
pub(crate) fn identifier_of(key: &Key) -> Option<Identifier> {
    Some(match key.class.tag() {
        ClassTag::Sscc => Identifier::Sscc(Sscc::new(u64::try_from(key.serial).ok()?).ok()?),
        ClassTag::Sgtin => {
            let gtin = Gtin::new(key.class.number()).ok()?;
            Identifier::Sgtin(Sgtin { gtin, serial: Serial::from_value(key.serial)? })
        }
        ClassTag::Grai => {
            let asset_type = AssetType::new(key.class.number()).ok()?;
            Identifier::Grai(Grai { asset_type, serial: Some(AssetSerial::from_value(key.serial)?) })
        }
        ClassTag::Interned => return None,
    })
}

/// Whether the identifier names one object, and not a class of objects or a place.
pub(crate) fn is_instance(identifier: &Identifier) -> bool {
    match identifier {
        Identifier::Sscc(_) | Identifier::Sgtin(_) | Identifier::Giai(_) | Identifier::Opaque(_) => true,
        Identifier::Grai(grai) => grai.serial.is_some(),
        // Classes and places, and whatever kind of identifier is added later.
        _ => false,
    }
}

/// The class of a product's objects.
pub(crate) fn class_of(gtin: Gtin) -> Class {
    Class::new(ClassTag::Sgtin, gtin.value())
}

/// The product of a class, if it is the class of one.
pub(crate) fn gtin_of(class: Class) -> Option<Gtin> {
    match class.tag() {
        ClassTag::Sgtin => Some(Gtin::new(class.number()).expect("only the number of a GTIN is stored as one")),
        _ => None,
    }
}
