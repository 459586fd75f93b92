//! The reference model: who is in what, on petgraph's `StableDiGraph`, with rules that are written to be read, not to be fast.
//!
//! It shares the words of the engine (operations, policy, reasons) and none of its code. The specification is `engine/docs/rules.md`.

mod consequence;
mod fit;
mod rules;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use packtree::fact::{
    Counts, Level, LotData, LotName, Microseconds, Name, RequestId, Seal, SettingText, Status, Trust,
};
use packtree::{Identifier, Operation, Policy, Reason, Request};
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};

/// What the model knows of an object, apart from where it is.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about an object")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its identifier.
    pub id: Identifier,
    /// Its level.
    pub level: Level,
    /// Whether the level was only concluded from what is in it.
    pub level_is_inferred: bool,
    /// Where it stands in its life.
    pub status: Status,
    /// The state of its closure.
    pub seal: Seal,
    /// Whether it is on hold itself.
    pub held: bool,
    /// Whether it is away itself.
    pub away: bool,
    /// Whether its contents were seen when it last arrived.
    pub trust: Trust,
    /// Its lot.
    pub lot: Option<LotName>,
    /// Whether it is known on sight only.
    sighted: bool,
    /// The newest event time of the facts that changed it.
    newest: Microseconds,
    /// The event time of the last change that a later child must not precede.
    settled: Microseconds,
    /// The event time of the last change of custody, its own or that of what was around it then; kept for what has held something.
    custody: Microseconds,
    /// Whether it ever held something or was closed.
    was_container: bool,
}

/// What the model knows of a lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LotState {
    /// Its dates.
    pub data: LotData,
    /// Whether it is on hold.
    pub held: bool,
}

/// What came of a request, according to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The fact that it made true.
    pub sequence: u64,
    /// It had been accepted before.
    pub repeated: bool,
    /// A newer event was known, so that it changed nothing.
    pub late: bool,
}

/// Every object at fault with the reason, `None` for faults of the operation as a whole.
pub type Faults = BTreeSet<(Option<Identifier>, Reason)>;

/// The state of a site.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Edges lead from parent to child.
    graph: StableDiGraph<Object, ()>,
    places: HashMap<Identifier, NodeIndex>,
    lots: BTreeMap<LotName, LotState>,
    settings: BTreeMap<Name, SettingText>,
    facts: u64,
    accepted: HashMap<RequestId, (Operation, Answer)>,
}

impl Model {
    /// Decides a request, and applies it when the rules allow it.
    ///
    /// # Errors
    /// The faults; nothing has changed.
    pub fn submit(&mut self, request: &Request, policy: &Policy, now: Microseconds) -> Result<Answer, Faults> {
        if let Some((operation, answer)) = self.accepted.get(&request.id) {
            return if *operation == request.operation {
                Ok(Answer { repeated: true, ..*answer })
            } else {
                Err(Faults::from([(None, Reason::RequestExistsWithDifferentContent)]))
            };
        }
        let answer = self.submit_anew(request, policy, now)?;
        self.accepted.insert(request.id, (request.operation.clone(), answer));
        Ok(answer)
    }

    /// As [`Model::submit`], without looking whether the request id is known and without remembering it.
    ///
    /// # Errors
    /// The faults; nothing has changed.
    pub fn submit_anew(&mut self, request: &Request, policy: &Policy, now: Microseconds) -> Result<Answer, Faults> {
        let late = match rules::decide(self, request, policy, now)? {
            Some(after) => {
                *self = after;
                false
            }
            None => true,
        };
        self.facts += 1;
        Ok(Answer { sequence: self.facts, repeated: false, late })
    }

    /// The number of the newest fact.
    pub fn facts(&self) -> u64 {
        self.facts
    }

    /// Every object, in the order in which the model learned of it.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.graph.node_weights()
    }

    /// What is known of an object.
    pub fn object(&self, id: &Identifier) -> Option<&Object> {
        self.places.get(id).map(|place| &self.graph[*place])
    }

    /// The container that an object is in.
    pub fn parent(&self, id: &Identifier) -> Option<&Identifier> {
        let parent = self.parent_of(*self.places.get(id)?)?;
        Some(&self.graph[parent].id)
    }

    /// What is in an object, in the order in which it went in.
    pub fn children(&self, id: &Identifier) -> Vec<&Identifier> {
        let Some(place) = self.places.get(id) else { return Vec::new() };
        self.children_of(*place).into_iter().map(|child| &self.graph[child].id).collect()
    }

    /// Whether an object is away, itself or with a container around it.
    pub fn is_away(&self, id: &Identifier) -> bool {
        self.places.get(id).is_some_and(|place| self.is_away_at(*place))
    }

    /// What an object is on hold with: itself, or the innermost container around it that is.
    pub fn held_by(&self, id: &Identifier) -> Option<&Identifier> {
        let place = *self.places.get(id)?;
        let holder = std::iter::once(place).chain(self.ancestors_of(place)).find(|at| self.graph[*at].held)?;
        Some(&self.graph[holder].id)
    }

    /// Every lot that is known.
    pub fn lots(&self) -> &BTreeMap<LotName, LotState> {
        &self.lots
    }

    /// Every setting that has a value.
    pub fn settings(&self) -> &BTreeMap<Name, SettingText> {
        &self.settings
    }

    /// How many objects of a lot are where, counted one by one.
    pub fn counts(&self, lot: LotName) -> Counts {
        let mut counts = Counts::default();
        for place in self.graph.node_indices().filter(|place| self.graph[*place].lot == Some(lot)) {
            counts.by_status[self.graph[place].status as usize] += 1;
            counts.packed += u32::from(self.parent_of(place).is_some());
            counts.away += u32::from(self.is_away_at(place));
        }
        counts
    }

    fn parent_of(&self, place: NodeIndex) -> Option<NodeIndex> {
        self.graph.neighbors_directed(place, Incoming).next()
    }

    fn children_of(&self, place: NodeIndex) -> Vec<NodeIndex> {
        // petgraph shows the edge that was added last first.
        let mut children: Vec<_> = self.graph.neighbors_directed(place, Outgoing).collect();
        children.reverse();
        children
    }

    fn count(&self, place: NodeIndex) -> usize {
        self.graph.neighbors_directed(place, Outgoing).count()
    }

    /// The containers around an object, the innermost first.
    fn ancestors_of(&self, place: NodeIndex) -> Vec<NodeIndex> {
        std::iter::successors(self.parent_of(place), |at| self.parent_of(*at)).collect()
    }

    /// Everything in an object, on every level, parents before their children.
    fn below(&self, place: NodeIndex) -> Vec<NodeIndex> {
        let mut below = Vec::new();
        for child in self.children_of(place) {
            below.push(child);
            below.extend(self.below(child));
        }
        below
    }

    fn is_away_at(&self, place: NodeIndex) -> bool {
        self.graph[place].away || self.ancestors_of(place).iter().any(|around| self.graph[*around].away)
    }

    /// When the custody of what is in a container last changed: its own, and that of everything around it.
    fn custody_of(&self, container: NodeIndex) -> Microseconds {
        let around = self.ancestors_of(container).into_iter().map(|around| self.graph[around].custody);
        around.fold(self.graph[container].custody, Microseconds::max)
    }

    fn lot_is_held(&self, place: NodeIndex) -> bool {
        let lot = self.graph[place].lot;
        lot.is_some_and(|lot| self.lots.get(&lot).is_some_and(|lot| lot.held))
    }
}
