//! What all verbs that change something share: who, when, why; a dry run; what came of it.

use std::env;
use std::io::Write as _;

use clap::Subcommand;
use packtree::fact::{Entry, EventTime, Name, ReasonText, Role, Standing};
use packtree::operation::{self, TakeOutOfUse};
use packtree::policy::LateEvent;
use packtree::{Caller, Engine, Identifier, Operation, Policy, Receipt, Refusal, Request, RequestId};

use super::source::Purpose;
use super::{Context, packing, rework, stock};
use packtree_wire as wire;

use crate::failure::Failure;
use crate::named::{self, Named, named};
use crate::words;

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
        perform(context, &self.into_writing()?)
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
    /// In which role: operator, supervisor, quality, administrator, auditor, machine [default: operator].
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Option<Role>,
    /// Where; command-line where it is left out, or the station of the key.
    #[arg(long, value_name = "NAME", value_parser = Name::new)]
    station: Option<Name>,
    /// When it happened, with the offset: 2026-11-23T08:14:02+01:00; now where it is left out.
    #[arg(long, value_name = "TIME", value_parser = named::event_time)]
    time: Option<EventTime>,
    /// A name for this request; repeating it with the same content does nothing twice.
    #[arg(long, value_name = "TEXT")]
    request_id: Option<String>,
    /// The rules to decide by: line (strict), partner, warehouse (lenient) [default: line].
    #[arg(long, value_name = "RULES", value_parser = policy)]
    rules: Option<Policy>,
    /// What to do with an event out of order: record (a late one), refuse, park (record a late one, keep an early one until its turn)
    /// [default: record].
    #[arg(long, value_name = "WORD", value_parser = late_event)]
    late: Option<LateEvent>,
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
        let late_event = self.late.unwrap_or(LateEvent::Record);
        Policy { late_event, ..self.rules.clone().unwrap_or_else(Policy::strict_line) }
    }
}

impl Writing {
    /// What matters for getting at the data.
    fn purpose(&self) -> Purpose {
        let How { actor, role, rules, late, .. } = &self.how;
        let given = [
            ("--actor", actor.is_some()),
            ("--role", role.is_some()),
            ("--rules", rules.is_some()),
            ("--late", late.is_some()),
        ];
        Purpose {
            policy: self.how.policy(),
            begins: matches!(self.operation, Operation::Commission(_)),
            is_dry_run: self.how.dry_run,
            options: given.iter().filter(|(_, is_given)| *is_given).map(|(option, _)| *option).collect(),
        }
    }

    /// The request, as an engine takes it.
    pub(super) fn for_engine(&self, engine: &Engine) -> Result<Request, Failure> {
        let How { reason, actor, role, station, time, .. } = &self.how;
        let actor = actor.clone().map_or_else(user, Ok)?;
        let station = station.clone().map_or_else(|| Name::new("command-line").map_err(Failure::cannot), Ok)?;
        let caller = Caller { actor, role: role.unwrap_or(Role::Operator), station, entry: Entry::Typed };
        let mut request = engine.request(&caller, self.operation.clone());
        request.reason.clone_from(reason);
        request.event_time = time.unwrap_or(request.event_time);
        request.id = self.request_id().unwrap_or(request.id);
        Ok(request)
    }

    /// The request, as a server takes it. What is not said is left to the server: above all the time, because its clock is not ours.
    pub(super) fn for_server(&self) -> wire::Request {
        let How { reason, station, time, .. } = &self.how;
        let operation = wire::Operation::of(&self.operation).expect("no verb changes settings");
        wire::Request {
            request_id: self.request_id().map(|id| id.to_string()),
            event_time: time.map(wire::Text),
            station: station.clone().map(wire::Text),
            entry: Some(wire::Text(Entry::Typed)),
            reason: reason.clone().map(wire::Text),
            ..wire::Request::new(operation)
        }
    }

    fn request_id(&self) -> Option<RequestId> {
        self.how.request_id.as_deref().map(RequestId::from_name)
    }
}

/// Does an operation, or shows what it would do.
fn perform(context: &mut Context<'_>, writing: &Writing) -> Result<(), Failure> {
    let source = context.source(writing.purpose())?;
    if writing.how.dry_run {
        return match source.preview(writing)? {
            Ok(facts) => facts.iter().try_for_each(|fact| would_do(context, fact)),
            Err(refusal) => refused(context, &refusal),
        };
    }
    match source.submit(writing)? {
        Ok((fact, receipt)) => {
            source.close()?;
            done(context, &fact, receipt)
        }
        Err(refusal) => refused(context, &refusal),
    }
}

fn would_do(context: &mut Context<'_>, fact: &wire::Outlook) -> Result<(), Failure> {
    if context.json {
        return context.out.json(&wire::Done::from(fact));
    }
    let style = context.out.style;
    writeln!(context.out, "{} {} would change:", style.odd("dry run:"), fact.operation)?;
    print_changes(context, &fact.sentences)
}

fn done(context: &mut Context<'_>, fact: &wire::FactJson, receipt: Receipt) -> Result<(), Failure> {
    if context.json {
        return context.out.json(&wire::Done::new(fact, receipt));
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
    writeln!(context.out, "{word} {}, fact #{}{remark}", fact.operation, fact.fact)?;
    print_changes(context, &fact.sentences)
}

fn print_changes(context: &mut Context<'_>, sentences: &[String]) -> Result<(), Failure> {
    Ok(sentences.iter().try_for_each(|sentence| writeln!(context.out, "  {sentence}"))?)
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
