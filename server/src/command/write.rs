//! What all verbs that change something share: who, when, why; a dry run; what came of it.

use std::env;
use std::io::Write as _;

use clap::Subcommand;
use packtree::fact::{Entry, EventTime, Name, ReasonText, Role, Standing};
use packtree::operation::{self, TakeOutOfUse};
use packtree::policy::LateEvent;
use packtree::{
    Caller, Engine, Fact, Identifier, Operation, Options, Outcome, Policy, Receipt, Refusal, Request, RequestId,
};

use super::{Context, packing, rework, stock};
use packtree_wire as wire;

use crate::failure::Failure;
use crate::named::{self, Named, named};
use crate::{opening, words};

/// The verbs that change something.
#[derive(Subcommand)]
pub(super) enum Verb {
    /// Objects begin to exist.
    Commission(packing::Commission),
    /// Children go into a parent.
    Pack(packing::Pack),
    /// Children come out of their parents.
    Unpack(packing::Unpack),
    /// Children go from wherever they are into another parent.
    Move(packing::Move),

    /// A new unit takes the place of an old one.
    Replace(rework::Replace),
    /// Two objects change places.
    Swap(rework::Swap),
    /// A container gets a new identifier and keeps its contents.
    Relabel(rework::Relabel),
    /// Everything in one container goes into another.
    Merge(rework::Merge),
    /// A part of a container goes into a new one.
    Split(rework::Split),
    /// A container holds exactly what was counted.
    Reset(rework::Reset),
    /// Seal containers.
    Close(rework::Close),
    /// Open sealed or broken containers again; needs a reason.
    Reopen(Several),

    /// Put objects, with everything under them, or a lot on hold; needs a reason.
    Hold(stock::Hold),
    /// End a hold; needs a reason.
    Release(stock::Hold),
    /// Take units as samples, for good; needs a reason.
    Sample(Several),
    /// Reject units; needs a reason.
    Reject(Several),
    /// Destroy objects; needs a reason.
    Destroy(Several),
    /// Take identifiers out of use; needs a reason.
    Decommission(stock::Decommission),
    /// Correct the dates of a lot; needs a reason.
    CorrectLot(stock::CorrectLot),

    /// Roots leave, with everything under them.
    Ship(Several),
    /// Declare that roots were not shipped after all; needs a reason.
    VoidShip(Several),
    /// Roots arrive, with everything under them.
    Receive(stock::Receive),
    /// Shipped objects come back.
    Return(Several),
}

/// Objects, and how the operation is asked for.
#[derive(clap::Args)]
pub(super) struct Several {
    /// The objects.
    #[arg(required = true, value_name = "OBJECT", value_parser = named)]
    objects: Vec<Named>,
    #[command(flatten)]
    how: How,
}

impl Several {
    fn into_writing(self, operation: impl FnOnce(Vec<Identifier>) -> Operation) -> Result<Writing, Failure> {
        Ok(self.how.with(operation(some(self.objects)?)))
    }
}

impl Verb {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<(), Failure> {
        perform(context, self.into_writing()?)
    }

    fn into_writing(self) -> Result<Writing, Failure> {
        match self {
            Self::Commission(verb) => verb.into_writing(),
            Self::Pack(verb) => verb.into_writing(),
            Self::Unpack(verb) => verb.into_writing(),
            Self::Move(verb) => verb.into_writing(),
            Self::Replace(verb) => Ok(verb.into_writing()),
            Self::Swap(verb) => Ok(verb.into_writing()),
            Self::Relabel(verb) => Ok(verb.into_writing()),
            Self::Merge(verb) => Ok(verb.into_writing()),
            Self::Split(verb) => verb.into_writing(),
            Self::Reset(verb) => verb.into_writing(),
            Self::Close(verb) => verb.into_writing(),
            Self::Reopen(several) => {
                several.into_writing(|containers| Operation::Reopen(operation::Reopen { containers }))
            }
            Self::Hold(verb) => verb.into_writing(|target| Operation::Hold(operation::Hold { target })),
            Self::Release(verb) => verb.into_writing(|target| Operation::Release(operation::Release { target })),
            Self::Sample(several) => several.into_writing(|objects| Operation::Sample(TakeOutOfUse { objects })),
            Self::Reject(several) => several.into_writing(|objects| Operation::Reject(TakeOutOfUse { objects })),
            Self::Destroy(several) => several.into_writing(|objects| Operation::Destroy(TakeOutOfUse { objects })),
            Self::Decommission(verb) => verb.into_writing(),
            Self::CorrectLot(verb) => Ok(verb.into_writing()),
            Self::Ship(several) => several.into_writing(|roots| Operation::Ship(operation::Ship { roots })),
            Self::VoidShip(several) => several.into_writing(|roots| Operation::VoidShip(operation::VoidShip { roots })),
            Self::Receive(verb) => verb.into_writing(),
            Self::Return(several) => several.into_writing(|objects| Operation::Return(operation::Return { objects })),
        }
    }
}

/// How an operation is asked for.
#[derive(clap::Args)]
#[command(next_help_heading = "Who, when, why")]
pub(super) struct How {
    /// Why it is done.
    #[arg(long, value_name = "TEXT", value_parser = ReasonText::new)]
    reason: Option<ReasonText>,
    /// Who does it; the name of the system's user where it is left out.
    #[arg(long, value_name = "NAME", value_parser = Name::new)]
    actor: Option<Name>,
    /// In which role: operator, supervisor, quality, administrator, auditor, machine.
    #[arg(long, value_name = "ROLE", default_value = "operator", value_parser = role)]
    role: Role,
    /// Where.
    #[arg(long, value_name = "NAME", default_value = "command-line", value_parser = Name::new)]
    station: Name,
    /// When it happened, with the offset: 2026-11-23T08:14:02+01:00; now where it is left out.
    #[arg(long, value_name = "TIME", value_parser = named::event_time)]
    time: Option<EventTime>,
    /// A name for this request; repeating it with the same content does nothing twice.
    #[arg(long, value_name = "TEXT")]
    request_id: Option<String>,
    /// The rules to decide by: line (strict), partner, warehouse (lenient).
    #[arg(long, value_name = "RULES", default_value = "line", value_parser = policy)]
    rules: Policy,
    /// What to do with an event out of order: record (a late one), refuse, park (record a late one, keep an early one until its turn).
    #[arg(long, value_name = "WORD", default_value = "record", value_parser = late_event)]
    late: LateEvent,
    /// Show what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// An operation, and how it is asked for.
pub(super) struct Writing {
    how: How,
    operation: Operation,
}

impl How {
    pub(super) fn with(self, operation: Operation) -> Writing {
        Writing { how: self, operation }
    }

    fn policy(&self) -> Policy {
        Policy { late_event: self.late, ..self.rules.clone() }
    }

    fn request(&self, engine: &Engine, operation: Operation) -> Result<Request, Failure> {
        let actor = match &self.actor {
            Some(actor) => actor.clone(),
            None => user()?,
        };
        let caller = Caller { actor, role: self.role, station: self.station.clone(), entry: Entry::Typed };
        let mut request = engine.request(&caller, operation);
        request.reason.clone_from(&self.reason);
        request.event_time = self.time.unwrap_or(request.event_time);
        request.id = self.request_id.as_deref().map_or(request.id, RequestId::from_name);
        Ok(request)
    }
}

/// Does an operation, or shows what it would do.
fn perform(context: &mut Context<'_>, writing: Writing) -> Result<(), Failure> {
    let Writing { how, operation } = writing;
    let begins = matches!(operation, Operation::Commission(_));
    let data = context.data.as_deref();
    if how.dry_run && begins && !opening::has_data(&opening::directory(data)?) {
        // Looking must not begin a directory, so the engine is one that is thrown away.
        let nowhere =
            tempfile::tempdir().map_err(|error| Failure::cannot(format!("no temporary directory: {error}")))?;
        let options = Options { policy: how.policy(), ..Options::default() };
        let engine = Engine::open(nowhere.path(), options).map_err(Failure::cannot)?;
        return preview(context, &how, &engine, operation);
    }
    let policy = how.policy();
    let engine = if begins { opening::any(data, policy) } else { opening::existing(data, policy) }?;
    if how.dry_run {
        return preview(context, &how, &engine, operation);
    }
    let receipt = match engine.submit(how.request(&engine, operation)?)? {
        Outcome::Done(receipt) => receipt,
        Outcome::Refused(refusal) => return refused(context, &refusal),
    };
    let fact =
        engine.fact(receipt.first)?.ok_or_else(|| Failure::cannot("the fact that was just written is not there"))?;
    engine.close()?;
    done(context, &fact, receipt)
}

fn preview(context: &mut Context<'_>, how: &How, engine: &Engine, operation: Operation) -> Result<(), Failure> {
    let request = how.request(engine, operation)?;
    match engine.preview(&[request]) {
        Ok(facts) => facts.iter().try_for_each(|fact| would_do(context, fact)),
        Err(refusal) => refused(context, &refusal),
    }
}

fn would_do(context: &mut Context<'_>, fact: &Fact) -> Result<(), Failure> {
    if context.json {
        return context.out.json(&wire::Done::new(fact, None));
    }
    let style = context.out.style;
    writeln!(context.out, "{} {} would change:", style.odd("dry run:"), fact.verb)?;
    print_changes(context, fact)
}

fn done(context: &mut Context<'_>, fact: &Fact, receipt: Receipt) -> Result<(), Failure> {
    if context.json {
        return context.out.json(&wire::Done::new(fact, Some(receipt)));
    }
    let style = context.out.style;
    let remark = match receipt {
        Receipt { repeated: true, .. } => "; the same request was done before, so nothing has changed now",
        Receipt { standing: Standing::Late, .. } => {
            "; something newer is known, so it is on record as late and changed nothing"
        }
        Receipt { standing: Standing::Parked, .. } => {
            "; it came too early, and is done once what it builds on has arrived"
        }
        _ => "",
    };
    let word = if receipt.standing == Standing::Parked { style.odd("parked:") } else { style.good("done:") };
    writeln!(context.out, "{word} {}, fact #{}{remark}", fact.verb, fact.sequence)?;
    print_changes(context, fact)
}

fn print_changes(context: &mut Context<'_>, fact: &Fact) -> Result<(), Failure> {
    for effect in &fact.effects {
        writeln!(context.out, "  {}", words::effect(effect))?;
    }
    Ok(())
}

fn refused(context: &mut Context<'_>, refusal: &Refusal) -> Result<(), Failure> {
    if context.json {
        context.out.json(&wire::Refused::from(refusal))?;
    } else {
        let text = words::refusal(refusal, context.out.style);
        write!(context.out, "{text}")?;
    }
    Err(Failure::Answered)
}

/// The user of the system, who acts where nobody else is named.
pub(super) fn user() -> Result<Name, Failure> {
    let user = env::var("USER").or_else(|_| env::var("LOGNAME")).unwrap_or_default();
    let user = if user.trim().is_empty() { "unknown" } else { user.trim() };
    Name::new(user).map_err(|error| Failure::cannot(error).remedy("name the actor with `--actor NAME`"))
}

/// All of `named`, or the complaint that nothing is.
pub(super) fn some(named: Vec<Named>) -> Result<Vec<Identifier>, Failure> {
    let ids = named::identifiers(named)?;
    if ids.is_empty() {
        return Err(Failure::cannot("standard input names no object").remedy("give one identifier a line"));
    }
    Ok(ids)
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        format!("choose one of {}", words.join(", "))
    })
}

/// What is done with events that arrive out of order.
pub(super) fn late_event(word: &str) -> Result<LateEvent, String> {
    match word {
        "record" => Ok(LateEvent::Record),
        "refuse" => Ok(LateEvent::Refuse),
        "park" => Ok(LateEvent::PARK),
        _ => Err("choose one of record, refuse, park".to_owned()),
    }
}

fn policy(word: &str) -> Result<Policy, String> {
    match word {
        "line" => Ok(Policy::strict_line()),
        "partner" => Ok(Policy::partner_documents()),
        "warehouse" => Ok(Policy::lenient_warehouse()),
        _ => Err("choose one of line, partner, warehouse".to_owned()),
    }
}
