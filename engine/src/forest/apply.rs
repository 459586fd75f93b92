//! Applies the effects of a fact to a world. Total: whatever could be wrong was refused before the fact was made.

mod lots;

use std::sync::Arc;

use packtree_gs1::Identifier;

use super::SettingRecord;
use super::record::{Class, ClassTag, Container, Ix, Key, Record};
use super::view::{World, class_of, gtin_of, known_key};
use crate::fact::{Effect, Level, Lot, Microseconds, Seal, Status, Trust};
use lots::{Tally, count, count_away, count_hold, ensure_lot};

/// Applies one fact: its effects in order, under the world's next sequence number. Fills `previous` with the fact before this
/// one in the history of each object touched, in the order of first mention.
pub(crate) fn apply<W: World>(world: &mut W, time: Microseconds, effects: &[Effect<Ix>], previous: &mut Vec<u64>) {
    let mut step = Step::begin(world, time, previous);
    for effect in effects {
        step.effect(world, effect);
    }
    step.end(world);
}

/// One fact on its way into a world, effect by effect, for a reader that can name the objects of an effect only once the one
/// before is applied.
pub(crate) struct Step<'p> {
    sequence: u64,
    time: Microseconds,
    previous: &'p mut Vec<u64>,
}

impl<'p> Step<'p> {
    pub(crate) fn begin<W: World>(world: &W, time: Microseconds, previous: &'p mut Vec<u64>) -> Self {
        previous.clear();
        Self { sequence: world.next_sequence(), time, previous }
    }

    /// Counts the fact as applied.
    pub(crate) fn end<W: World>(self, world: &mut W) {
        world.push_time(self.time);
    }

    pub(crate) fn effect<W: World>(&mut self, world: &mut W, effect: &Effect<Ix>) {
        match effect {
            Effect::Commissioned { lot, level, objects } => self.commission(world, lot.as_ref(), *level, objects),
            Effect::Sighted { level, objects } => self.sight(world, *level, objects),
            Effect::Described { lot, level, objects } => self.describe(world, lot.as_ref(), *level, objects),
            Effect::Joined { parent, children } => self.join(world, *parent, children),
            Effect::Left { parent, children, trust: _ } => self.leave(world, *parent, children),
            Effect::QuantitiesSet { parent, quantities } => {
                self.touch_container(world, *parent);
                if quantities.is_empty() {
                    self.settle(world, *parent);
                }
                world.set_quantities(*parent, quantities.clone());
            }
            Effect::Sealed { objects, seal } => objects.iter().for_each(|ix| self.seal(world, *ix, *seal)),
            Effect::StatusSet { objects, status } => objects.iter().for_each(|ix| self.set_status(world, *ix, *status)),
            Effect::HoldSet { objects, held } => objects.iter().for_each(|ix| self.set_hold(world, *ix, *held)),
            Effect::LotHoldSet { lot, held } => self.set_lot_hold(world, *lot, *held),
            Effect::LotCorrected { lot, data } => {
                let place = ensure_lot(world, class_of(lot.gtin), lot.number.value());
                self.change_lot(world, place, *data, world.lot(place).held);
            }
            Effect::Relabelled { from, to } => self.relabel(world, from, to),
            Effect::CustodySet { objects, away, trust } => {
                for ix in objects {
                    self.set_custody(world, *ix, *away, *trust);
                }
            }
            Effect::LevelSet { object, level } => {
                self.ensure_container(world, *object);
                self.touch(world, *object, |record| record.with_level(*level).with_level_inferred(true));
            }
            Effect::Noted { objects, late: _ } => self.note_all(world, objects),
            Effect::Parked { objects, parking } => {
                self.note_all(world, objects);
                world.park(self.sequence, Arc::clone(parking));
            }
            Effect::Unparked { objects, parked, end: _ } => {
                self.note_all(world, objects);
                world.unpark(parked.0);
            }
            Effect::SettingSet { name, value, previous: _ } => {
                let setting = SettingRecord { name: name.clone(), value: value.clone(), fact: self.sequence };
                world.set_setting(setting);
            }
            Effect::Signed { .. } => {}
        }
    }

    /// Marks the record with this fact; the first time in a fact, the one before is kept for the object's history.
    fn stamp<W: World>(&mut self, world: &mut W, record: Record) -> Record {
        if record.last_fact() != self.sequence {
            self.previous.push(record.last_fact());
            if record.is_container() {
                let container = world.container_at(record.link);
                world.set_container_at(record.link, Container { newest: container.newest.max(self.time), ..container });
            }
        }
        record.with_last_fact(self.sequence)
    }

    fn touch<W: World>(&mut self, world: &mut W, ix: Ix, change: impl FnOnce(Record) -> Record) {
        let record = world.record(ix);
        let record = self.stamp(world, record);
        world.set_record(ix, change(record));
    }

    /// The container of an object, made if it has none yet. Comes before the first touch of the object by the fact, because it asks
    /// when the object was touched last.
    fn ensure_container<W: World>(&self, world: &mut W, ix: Ix) -> Container {
        let record = world.record(ix);
        if record.is_container() {
            return world.container_at(record.link);
        }
        let is_of_this_fact = record.last_fact() == self.sequence;
        let newest = if is_of_this_fact { self.time } else { world.time_of(record.last_fact()) };
        let container = Container::new(record.link, newest);
        let place = world.push_container(container);
        world.set_record(ix, record.with_container(place));
        container
    }

    /// Touches an object as the container that it is from now on.
    fn touch_container<W: World>(&mut self, world: &mut W, ix: Ix) -> Container {
        self.ensure_container(world, ix);
        self.touch(world, ix, |record| record);
        container_of(world, ix)
    }

    /// Notes that a later child must not precede this fact.
    fn settle<W: World>(&self, world: &mut W, ix: Ix) {
        let container = container_of(world, ix);
        world.set_container(ix, Container { settled: container.settled.max(self.time), ..container });
    }

    fn commission<W: World>(&mut self, world: &mut W, lot: Option<&Lot>, level: Level, objects: &[Identifier]) {
        let number = lot.map_or(0, |lot| lot.number.value());
        let mut known: Option<(Class, u32)> = None;
        let mut tally = Tally::default();
        for object in objects {
            let key = key_or_intern(world, object);
            let place = match known {
                Some((class, place)) if class == key.class => place,
                _ => {
                    let place = ensure_lot(world, key.class, if gtin_of(key.class).is_some() { number } else { 0 });
                    self.learn(world, place, lot);
                    known = Some((key.class, place));
                    place
                }
            };
            if let Some(ix) = world.find_key(&key) {
                self.recommission(world, ix, place, level);
                continue;
            }
            let record = self.stamp(world, fresh_record(key.class.tag(), key.serial, place, level));
            world.push_record(record, &key);
            tally.add(world, place, |counts, n| counts.by_status[Status::Active as usize] += n);
        }
        tally.flush(world, |counts, n| counts.by_status[Status::Active as usize] += n);
    }

    fn sight<W: World>(&mut self, world: &mut W, level: Level, objects: &[Identifier]) {
        for object in objects {
            let key = key_or_intern(world, object);
            let place = ensure_lot(world, key.class, 0);
            let record = fresh_record(key.class.tag(), key.serial, place, level).with_sighted(true);
            let record = self.stamp(world, record);
            world.push_record(record, &key);
            count(world, place, |counts| counts.by_status[Status::Active as usize] += 1);
        }
    }

    /// Gives objects the lot and the level that they were commissioned with. This is most often older than what happened to them
    /// since, and must not make them older.
    fn describe<W: World>(&mut self, world: &mut W, lot: Option<&Lot>, level: Level, objects: &[Ix]) {
        for ix in objects {
            if self.time < world.newest_of(&world.record(*ix)) {
                // The last fact no longer tells how new the object is.
                self.ensure_container(world, *ix);
            }
            self.touch(world, *ix, |record| match level {
                Level::Unknown => record.with_sighted(false),
                _ => record.with_sighted(false).with_level(level).with_level_inferred(false),
            });
            if let Some(lot) = lot {
                self.enter_lot(world, *ix, lot);
            }
        }
    }

    fn recommission<W: World>(&mut self, world: &mut W, ix: Ix, lot: u32, level: Level) {
        self.set_status(world, ix, Status::Active);
        let record = world.record(ix);
        let old_lot = world.lot_of(&record);
        count(world, old_lot, |counts| counts.by_status[Status::Active as usize] -= 1);
        count(world, lot, |counts| counts.by_status[Status::Active as usize] += 1);
        let fresh = fresh_record(world.lot(lot).class.tag(), record.serial(), lot, level);
        let record = record
            .with_level(fresh.level())
            .with_level_inferred(fresh.level_is_inferred())
            .with_trust(Trust::Verified)
            .with_sighted(false);
        if record.is_container() {
            let container = world.container_at(record.link);
            world.set_container_at(record.link, Container { lot, seal: Seal::Open, ..container });
            world.set_record(ix, record);
        } else {
            world.set_record(ix, Record { link: lot, ..record });
        }
    }

    /// Hangs the children into the ring behind the last one, and raises the height of what is around.
    fn join<W: World>(&mut self, world: &mut W, parent: Ix, children: &[Ix]) {
        let (Some(head), Some(tail)) = (children.first(), children.last()) else { return };
        let mut container = self.touch_container(world, parent);
        let old_first = container.first.known();
        let old_last = old_first.map(|first| world.record(first).previous);
        let first = old_first.unwrap_or(*head);
        let mut before = old_last.unwrap_or(*tail);
        let mut height = 1;
        let mut tally = Tally::default();
        for (place, child) in children.iter().enumerate() {
            let record = world.record(*child);
            let mut record = self.stamp(world, record);
            record.parent = parent;
            record.next = children.get(place + 1).copied().unwrap_or(first);
            record.previous = before;
            before = *child;
            let lot = if record.is_container() {
                let inner = world.container_at(record.link);
                height = height.max(inner.height + 1);
                inner.lot
            } else {
                record.link
            };
            world.set_record(*child, record);
            tally.add(world, lot, |counts, n| counts.packed += n);
        }
        tally.flush(world, |counts, n| counts.packed += n);
        if let (Some(old_first), Some(old_last)) = (old_first, old_last) {
            world.set_record(old_last, Record { next: *head, ..world.record(old_last) });
            world.set_record(old_first, Record { previous: *tail, ..world.record(old_first) });
        }
        container.first = first;
        container.count += children.len() as u32;
        world.set_container(parent, container);
        raise(world, parent, height);
    }

    /// Takes children out of the ring of their parent.
    fn leave<W: World>(&mut self, world: &mut W, parent: Ix, children: &[Ix]) {
        if children.is_empty() {
            return;
        }
        let mut custody = world.custody_around(parent);
        if world.is_away(parent) {
            custody = custody.max(self.time);
            for child in children {
                count_away(world, *child, false);
            }
        }
        let mut container = self.touch_container(world, parent);
        let everything = children.len() as u32 == container.count;
        let mut tally = Tally::default();
        for child in children {
            let record = world.record(*child);
            let record = self.stamp(world, record);
            assert!(record.parent == parent, "decide lets children leave the parent that they are in");
            if !everything {
                unlink(world, &mut container, *child, &record);
            }
            world.set_record(*child, record.unlinked());
            if record.is_container() {
                note_custody(world, *child, custody);
            }
            let lot = world.lot_of(&record);
            tally.add(world, lot, |counts, n| counts.packed -= n);
        }
        tally.flush(world, |counts, n| counts.packed -= n);
        if everything {
            container.first = Ix::NONE;
            container.height = 0;
        }
        container.count -= children.len() as u32;
        container.settled = container.settled.max(self.time);
        world.set_container(parent, container);
    }

    fn seal<W: World>(&mut self, world: &mut W, ix: Ix, seal: Seal) {
        let container = self.touch_container(world, ix);
        world.set_container(ix, Container { seal, settled: container.settled.max(self.time), ..container });
    }

    fn set_status<W: World>(&mut self, world: &mut W, ix: Ix, status: Status) {
        let old = world.record(ix);
        self.touch(world, ix, |record| record.with_status(status));
        count(world, world.lot_of(&old), |counts| {
            counts.by_status[old.status() as usize] -= 1;
            counts.by_status[status as usize] += 1;
        });
        if old.is_container() {
            self.settle(world, ix);
        }
    }

    fn set_hold<W: World>(&mut self, world: &mut W, ix: Ix, held: bool) {
        let was = world.record(ix).is_held();
        self.touch(world, ix, |record| record.with_held(held));
        count_hold(world, was, held);
    }

    fn set_custody<W: World>(&mut self, world: &mut W, ix: Ix, away: bool, trust: Trust) {
        if world.record(ix).is_away() != away {
            count_away(world, ix, away);
        }
        self.touch(world, ix, |record| record.with_away(away).with_trust(trust));
        if world.record(ix).is_container() {
            note_custody(world, ix, self.time);
        }
    }

    fn relabel<W: World>(&mut self, world: &mut W, from: &Identifier, to: &Identifier) {
        let ix = world.find(from).expect("decide relabels what it found");
        let old = world.record(ix);
        let old_lot = world.lot_of(&old);
        let key = key_or_intern(world, to);
        let number = if gtin_of(key.class).is_some() { world.lot(old_lot).number } else { 0 };
        let lot = ensure_lot(world, key.class, number);
        let stand_in = self.stamp(world, old);
        // The retired identifier and the container share the history up to here, so both name the fact before.
        self.previous.push(old.last_fact());
        let stand_in = Record::new(stand_in.serial(), old_lot, old.level())
            .with_status(Status::Retired)
            .with_last_fact(self.sequence);
        let mut renamed = old.with_serial(key.serial).with_last_fact(self.sequence).with_sighted(false);
        if !renamed.is_container() {
            renamed.link = lot;
        }
        let stand_in = world.rename(ix, renamed, &key, stand_in);
        // The retired identifier keeps the notes up to here too; those to come are about the container.
        let note = world.last_note(ix);
        if note != 0 {
            world.set_last_note(stand_in, note);
        }
        if let Some(container) = world.container(ix) {
            world.set_container(ix, Container { lot, settled: container.settled.max(self.time), ..container });
        }
        count(world, old_lot, |counts| counts.by_status[Status::Retired as usize] += 1);
        count(world, old_lot, |counts| counts.by_status[Status::Active as usize] -= 1);
        count(world, lot, |counts| counts.by_status[Status::Active as usize] += 1);
        if old.parent.known().is_some() {
            count(world, old_lot, |counts| counts.packed -= 1);
            count(world, lot, |counts| counts.packed += 1);
        }
    }

    fn note_all<W: World>(&mut self, world: &mut W, objects: &[Ix]) {
        for ix in objects {
            let before = world.last_note(*ix);
            if before != self.sequence {
                self.previous.push(before);
                world.set_last_note(*ix, self.sequence);
            }
        }
    }
}

/// The record of an object that begins to exist. An SGTIN of unknown level is taken for a unit until something is packed into it.
pub(crate) fn fresh_record(tag: ClassTag, serial: u128, lot: u32, level: Level) -> Record {
    match (tag, level) {
        (ClassTag::Sgtin, Level::Unknown) => Record::new(serial, lot, Level::Unit).with_level_inferred(true),
        _ => Record::new(serial, lot, level),
    }
}

/// Takes one child out of the ring; its own record is left to the caller.
fn unlink<W: World>(world: &mut W, container: &mut Container, child: Ix, record: &Record) {
    // The neighbours may have changed since the caller read the record, but never this child's links: they change through it.
    let Record { next, previous, .. } = world.record(child);
    debug_assert_eq!(record.parent, world.record(child).parent);
    if next == child {
        container.first = Ix::NONE;
        return;
    }
    world.set_record(previous, Record { next, ..world.record(previous) });
    world.set_record(next, Record { previous, ..world.record(next) });
    if container.first == child {
        container.first = next;
    }
}

/// The container of an object that has one.
fn container_of<W: World>(world: &W, ix: Ix) -> Container {
    world.container(ix).expect("what has held something or was closed keeps its container")
}

/// Notes when the custody of a container last changed.
fn note_custody<W: World>(world: &mut W, ix: Ix, time: Microseconds) {
    let container = container_of(world, ix);
    if container.custody < time {
        world.set_container(ix, Container { custody: time, ..container });
    }
}

/// Raises the height of a container that holds something of `height - 1`, and of those around it.
fn raise<W: World>(world: &mut W, from: Ix, height: u8) {
    let mut at = from;
    let mut height = height;
    loop {
        let container = container_of(world, at);
        if height <= container.height {
            return;
        }
        world.set_container(at, Container { height, ..container });
        match world.record(at).parent.known() {
            Some(parent) => at = parent,
            None => return,
        }
        height += 1;
    }
}

pub(crate) fn key_or_intern<W: World>(world: &mut W, identifier: &Identifier) -> Key {
    known_key(identifier)
        .unwrap_or_else(|| Key { class: Class::INTERNED, serial: u128::from(world.intern(identifier)) })
}
