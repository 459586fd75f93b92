//! Random sequences of every operation agree with the model: in memory, and on a disk that crashes.
#![expect(clippy::print_stdout, reason = "what was tried is shown, with the seed that repeats it")]

use packtree::disk::{Fault, SimulatedDisk, Survivors};
use packtree::fact::Standing;
use packtree::simulation::Site;
use packtree::{Engine, Operation, Outcome, Policy, Request};
use packtree_tests::compare::{certain, differences, faults_of};
use packtree_tests::model::Model;
use packtree_tests::rig;
use packtree_tests::workload::{Draw, beginning, clock_after, policies};
use packtree_tests::world::Seeded;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

/// Operations in one sequence in memory.
const STEPS: u64 = 200;

/// Sequences in memory under each policy.
fn runs() -> u64 {
    if std::env::var_os("PACKTREE_LONG").is_some() { 5_000 } else { 150 }
}

/// Shows what was done when a test fails.
struct Trace {
    run: String,
    operations: Vec<Operation>,
}

impl Drop for Trace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}:", self.run);
            for operation in &self.operations {
                println!("{operation:?}");
            }
        }
    }
}

#[test]
fn random_sequences_in_memory_agree_with_the_model() {
    let (mut done, mut late, mut refused) = (0_u64, 0_u64, 0_u64);
    let mut reasons = std::collections::BTreeSet::new();
    for (number, policy) in policies().iter().enumerate() {
        for seed in 0..runs() {
            let now = clock_after(STEPS);
            let (site, mut model) = (Site::new(policy.clone(), now), Model::default());
            let mut fork = site.fork();
            let random = Seeded::new(seed);
            let requests = beginning().into_iter().chain((0..STEPS).map(|step| Draw::from_seed(&random).request(step)));
            let mut trace = Trace { run: format!("policy {number}, seed {seed}"), operations: Vec::new() };
            for request in requests {
                trace.operations.push(request.operation.clone());
                let tell = || format!("{}; the last one at {}", trace.run, request.event_time);
                match (fork.submit(&request), model.submit_anew(&request, policy, now)) {
                    (Ok(answer), Ok(expected)) => {
                        let is_late = answer.standing == Standing::Late;
                        assert_eq!((answer.sequence.0, is_late), (expected.sequence, expected.late), "{}", tell());
                        done += 1;
                        late += u64::from(is_late);
                        assert_eq!(differences(&model, &fork), "", "{}", tell());
                        assert_eq!(fork.problems(), Vec::<String>::new(), "{}", tell());
                    }
                    (Err(refusal), Err(faults)) => {
                        let found = certain(&faults_of(&refusal.faults));
                        assert_eq!(found, certain(&faults), "left the engine's; {}", tell());
                        refused += 1;
                        reasons.extend(faults.into_iter().map(|(_, reason)| reason.code()));
                    }
                    (answer, expected) => panic!("{}\nthe engine: {answer:?}\nthe model: {expected:?}", tell()),
                }
            }
        }
    }
    println!(
        "{done} operations done, {late} of them late, {refused} refused for {} reasons: {reasons:?}",
        reasons.len()
    );
}

/// One step of a run on a disk.
#[derive(Clone, Debug)]
enum Step {
    Submit(Draw),
    /// Operations that are done all or none.
    Sequence(Vec<Draw>),
    /// An earlier request once more, counted from the newest.
    Repeat(usize),
    /// An earlier request id with another operation.
    Reuse(usize, Draw),
    /// The power goes so many calls to the disk later, most often while this is being done.
    Crash(Draw, u64, Survivors),
    Reopen,
}

/// What is drawn depends on nothing that happened, so there is nothing to remember.
#[derive(Clone, Debug)]
struct Steps;

fn draw() -> impl Strategy<Value = Draw> {
    (any::<u8>(), any::<[u8; 4]>(), any::<u8>(), prop_oneof![7 => Just(0), 1 => any::<u8>()], prop::bool::weighted(0.1))
        .prop_map(|(kind, objects, variant, back, is_plain)| Draw { kind, objects, variant, back, is_plain })
}

fn survivors() -> impl Strategy<Value = Survivors> {
    any::<u8>().prop_map(|seed| {
        let choices = rig::survivors(seed.into());
        choices[usize::from(seed) % choices.len()]
    })
}

impl ReferenceStateMachine for Steps {
    type State = ();
    type Transition = Step;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Step> {
        prop_oneof![
            24 => draw().prop_map(Step::Submit),
            3 => prop::collection::vec(draw(), 1..4).prop_map(Step::Sequence),
            2 => (0..20_usize).prop_map(Step::Repeat),
            1 => (0..20_usize, draw()).prop_map(|(back, draw)| Step::Reuse(back, draw)),
            3 => (draw(), 0..6_u64, survivors()).prop_map(|(draw, later, left)| Step::Crash(draw, later, left)),
            1 => Just(Step::Reopen),
        ]
        .boxed()
    }

    fn apply((): (), _: &Step) {}
}

/// An engine on a disk, and what the model says it must hold.
struct Plant {
    disk: SimulatedDisk,
    engine: Option<Engine>,
    model: Model,
    requests: Vec<Request>,
}

impl Plant {
    fn open(disk: SimulatedDisk, model: Model, requests: Vec<Request>) -> Self {
        let options = rig::options(&Policy::default(), clock_after(STEPS));
        let engine = rig::open(&disk, options).expect("whatever a crash leaves opens");
        Self { disk, engine: Some(engine), model, requests }
    }

    fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("it is only away while it is opened again")
    }

    fn request(&mut self, draw: Draw) -> Request {
        let request = draw.request(self.requests.len() as u64);
        self.requests.push(request.clone());
        request
    }

    fn earlier(&self, back: usize) -> Request {
        self.requests[self.requests.len() - 1 - back % self.requests.len()].clone()
    }

    fn submit(&mut self, request: Request) {
        let expected = self.model.submit(&request, &Policy::default(), clock_after(STEPS));
        match (self.engine().submit(request).expect("the disk is whole"), expected) {
            (Outcome::Done(receipt), Ok(answer)) => {
                let found = (receipt.first.0, receipt.repeated, receipt.standing == Standing::Late);
                assert_eq!(found, (answer.sequence, answer.repeated, answer.late));
            }
            (Outcome::Refused(refusal), Err(faults)) => {
                assert_eq!(certain(&faults_of(&refusal.faults)), certain(&faults));
            }
            (outcome, expected) => panic!("the engine: {outcome:?}\nthe model: {expected:?}"),
        }
    }

    fn sequence(&mut self, requests: Vec<Request>) {
        let mut after = self.model.clone();
        let refused =
            requests.iter().position(|step| after.submit(step, &Policy::default(), clock_after(STEPS)).is_err());
        let ticket = self.engine().send_sequence(requests).expect("the disk is whole");
        match (ticket.wait().expect("the disk is whole"), refused) {
            (Outcome::Done(_), None) => self.model = after,
            (Outcome::Refused(refusal), Some(position)) => assert_eq!(refusal.position, position),
            (outcome, refused) => panic!("the engine: {outcome:?}\nthe model refuses {refused:?}"),
        }
    }

    /// Loses power while a request is being done, and opens what is left.
    fn crash(mut self, request: &Request, later: u64, survivors: Survivors) -> Self {
        self.disk.fault_at(self.disk.calls() + 1 + later, Fault::Crash);
        let is_answered = self.engine().submit(request.clone()).is_ok();
        if is_answered {
            let _ = self.model.submit(request, &Policy::default(), clock_after(STEPS));
        }
        let left = self.disk.crash(survivors);
        drop(self.engine.take());
        let mut plant = Self::open(left, self.model, self.requests);
        if !is_answered && plant.engine().head().sequence.0 == plant.model.facts() + 1 {
            let found = plant.model.submit(request, &Policy::default(), clock_after(STEPS));
            found.expect("only what the rules allow becomes a fact");
        }
        plant
    }
}

struct OnDisk;

impl StateMachineTest for OnDisk {
    type SystemUnderTest = Plant;
    type Reference = Steps;

    fn init_test((): &()) -> Plant {
        let mut plant = Plant::open(SimulatedDisk::new(), Model::default(), Vec::new());
        for request in beginning() {
            plant.submit(request);
        }
        plant.requests.extend(beginning());
        plant
    }

    fn apply(mut plant: Plant, (): &(), step: Step) -> Plant {
        match step {
            Step::Submit(draw) => {
                let request = plant.request(draw);
                plant.submit(request);
            }
            Step::Sequence(draws) => {
                let requests = draws.into_iter().map(|draw| plant.request(draw)).collect();
                plant.sequence(requests);
            }
            Step::Repeat(back) => {
                let request = plant.earlier(back);
                plant.submit(request);
            }
            Step::Reuse(back, draw) => {
                let id = plant.earlier(back).id;
                let request = Request { id, ..draw.request(plant.requests.len() as u64) };
                plant.submit(request);
            }
            Step::Crash(draw, later, survivors) => {
                let request = plant.request(draw);
                return plant.crash(&request, later, survivors);
            }
            Step::Reopen => {
                plant.engine().close().expect("the disk is whole");
                drop(plant.engine.take());
                return Plant::open(plant.disk, plant.model, plant.requests);
            }
        }
        plant
    }

    fn check_invariants(plant: &Plant, (): &()) {
        assert_eq!(rig::differences(&plant.model, plant.engine()), "");
    }
}

fn cases() -> ProptestConfig {
    let cases = if std::env::var_os("PACKTREE_LONG").is_some() { 20_000 } else { 512 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

prop_state_machine! {
    #![proptest_config(cases())]

    #[test]
    fn random_sequences_with_crashes_agree_with_the_model(sequential 1..100 => OnDisk);
}
