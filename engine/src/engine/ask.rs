//! The questions that an engine answers.

use packtree_gs1::Identifier;

use super::Engine;
use crate::codec;
use crate::error::Error;
use crate::fact::{Fact, Sequence};
use crate::query::{Difference, History, Inspection, Location, Moment, Reconciliation, Setting, Source, Tree, View};

impl Engine {
    /// The durable state as it is now. The writer waits while it is held: ask, and let go of it.
    pub fn view(&self) -> View<'_> {
        View::new(self.inner.shared.forest.read())
    }

    fn source(&self) -> Source<'_> {
        let shared = &*self.inner.shared;
        Source { forest: &shared.forest, reader: &shared.reader, newest: shared.head().sequence }
    }

    /// Everything that is known of an object; `None` for one that the engine does not know. See [`View::inspect`].
    pub fn inspect(&self, id: &Identifier) -> Option<Inspection> {
        self.view().inspect(id)
    }

    /// Where an object is: its parent and its root; `None` for one that the engine does not know.
    pub fn locate(&self, id: &Identifier) -> Option<Location> {
        self.view().locate(id)
    }

    /// The outermost container of an object; the object itself when it is loose.
    pub fn root(&self, id: &Identifier) -> Option<Identifier> {
        self.view().root(id)
    }

    /// What sits in an object, one level down, in the order in which it went in.
    pub fn children(&self, id: &Identifier) -> Option<Vec<Identifier>> {
        Some(self.view().children(id)?.collect())
    }

    /// Compares what was scanned in a container with what is recorded one level down in it. See [`View::reconcile`].
    pub fn reconcile(&self, container: &Identifier, scanned: &[Identifier]) -> Option<Reconciliation> {
        self.view().reconcile(container, scanned)
    }

    /// A setting; `None` where it was never set, or removed.
    ///
    /// ```
    /// use packtree::fact::{Name, Role, SettingText};
    /// use packtree::operation::Configure;
    /// use packtree::query::Setting;
    /// # use packtree::{Caller, Engine, Operation, Options};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let engine = Engine::open(directory.path(), Options::default())?;
    /// let caller = Caller { role: Role::Administrator, ..Caller::machine("office")? };
    /// let (name, value) = (Name::new("printer/dock-2")?, SettingText::new("10.0.0.7:9100")?);
    /// engine.perform(&caller, Operation::Configure(Configure { name, value: Some(value.clone()) }))?;
    ///
    /// let Setting { value: found, fact, .. } = engine.setting("printer/dock-2").ok_or("it was just set")?;
    /// assert_eq!((found, fact), (value, engine.head().sequence));
    /// assert_eq!(engine.settings("printer/").len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn setting(&self, name: &str) -> Option<Setting> {
        self.view().setting(name)
    }

    /// The settings whose names begin so, in the order of their names; all of them for an empty beginning.
    pub fn settings(&self, prefix: &str) -> Vec<Setting> {
        self.view().settings(prefix)
    }

    /// One fact; `None` where there is none with this number.
    ///
    /// # Errors
    /// When it cannot be read back.
    ///
    /// ```
    /// use packtree::fact::{Effect, Fact, Header, Verb};
    /// use packtree::Sequence;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
    /// let packed: Fact = engine.fact(Sequence(4))?.ok_or("six operations were accepted")?;
    /// let Header { actor, role, .. } = &packed.header;
    /// assert_eq!((packed.verb, actor, *role), (Verb::Pack, &line.actor, line.role));
    /// let joined = Effect::Joined { parent: cases[0].clone(), children: units[..2].to_vec() };
    /// assert!(packed.effects.contains(&joined));
    /// assert_eq!(engine.fact(Sequence(7))?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fact(&self, sequence: Sequence) -> Result<Option<Fact>, Error> {
        let shared = &self.inner.shared;
        if shared.head().sequence < sequence {
            return Ok(None);
        }
        let Some(stored) = shared.reader.fact(sequence)? else { return Ok(None) };
        codec::decode(sequence, stored.recorded_at_us, &stored.bytes)
            .map(Some)
            .map_err(|error| Error::Unreadable { sequence, reason: error.to_string() })
    }

    /// The facts that touched an object, the newest first, with what happened to the containers that it sat in at the time.
    ///
    /// An object that was relabelled keeps its history; that of the retired identifier ends with the relabelling. Holds and corrections of
    /// a whole lot touch no object and do not show.
    ///
    /// ```
    /// # use packtree::{Caller, Engine, Identifier, Operation, Options};
    /// # use packtree::fact::{Level, Verb};
    /// # use packtree::operation::Commission;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let engine = Engine::open(directory.path(), Options::default())?;
    /// # let line = Caller::machine("line-3")?;
    /// # let case = Identifier::parse("(00)095212345000000018")?;
    /// # let unit = Identifier::parse("(01)09521234543213(21)A001")?;
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case.clone()] }))?;
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Unit, objects: vec![unit.clone()] }))?;
    /// engine.perform(&line, Operation::pack(case, vec![unit.clone()]))?;
    ///
    /// let verbs: Vec<_> = engine.history(&unit).map(|entry| Ok(entry?.verb)).collect::<Result<_, packtree::Error>>()?;
    /// assert_eq!(verbs, [Verb::Pack, Verb::Commission]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn history(&self, id: &Identifier) -> History<'_> {
        self.source().history(id)
    }

    /// An object with everything in it down to `depth` levels, as of a moment; `None` if it did not exist then.
    ///
    /// An identifier that the object got later by being relabelled finds it too, under the one that it had. Now is read from memory; an
    /// earlier moment takes the facts that touched the objects, each of which is read once.
    ///
    /// # Errors
    /// When facts cannot be read back.
    ///
    /// ```
    /// # use packtree::{Caller, Engine, Identifier, Operation, Options};
    /// # use packtree::fact::Level;
    /// # use packtree::operation::Commission;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let engine = Engine::open(directory.path(), Options::default())?;
    /// # let line = Caller::machine("line-3")?;
    /// # let case = Identifier::parse("(00)095212345000000018")?;
    /// # let unit = Identifier::parse("(01)09521234543213(21)A001")?;
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case.clone()] }))?;
    /// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Unit, objects: vec![unit.clone()] }))?;
    /// use packtree::query::Moment;
    ///
    /// engine.perform(&line, Operation::pack(case.clone(), vec![unit.clone()]))?;
    /// let packed = engine.head().sequence;
    /// engine.perform(&line, Operation::unpack(vec![unit.clone()]))?;
    ///
    /// let then = engine.tree(&case, Moment::Fact(packed), 1)?.ok_or("the case existed")?;
    /// assert_eq!(then.children[0].id, unit);
    /// let now = engine.tree(&case, Moment::Now, 1)?.ok_or("the case exists")?;
    /// assert!(now.children.is_empty());
    ///
    /// let difference = engine.difference(&case, Moment::Fact(packed), Moment::Now)?.ok_or("the case existed")?;
    /// assert_eq!(difference.went_out, [unit]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tree(&self, id: &Identifier, moment: Moment, depth: usize) -> Result<Option<Tree>, Error> {
        self.source().tree(id, moment, depth)
    }

    /// What came in, went out, moved and changed under an object between two moments, whichever is given first; `None` if it existed
    /// at neither.
    ///
    /// # Errors
    /// When facts cannot be read back.
    pub fn difference(&self, id: &Identifier, one: Moment, other: Moment) -> Result<Option<Difference>, Error> {
        self.source().difference(id, one, other)
    }
}
