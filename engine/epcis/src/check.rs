//! From a draft to an event: the rules that one event must keep on its own.
//!
//! The schemas of EPCIS let much pass that its text forbids: in both the XSD and the JSON schema an aggregation may add
//! children to no parent. The rules here are those of the text (EPCIS 2.0 sections 7.3 and 7.4). Rules that need to
//! know what was before, such as whether a child is in another container, are the engine's.

use packtree::fact::EventTime;
use packtree::limits::EVENT_TIME_MIN_US;

use crate::draft::{Draft, Kept};
use crate::event::{
    Action, AggregationEvent, AssociationEvent, Common, Event, Kind, ObjectEvent, OtherEvent, QuantityElement,
    QuantityEvent, TransactionEvent, TransformationEvent,
};
use crate::fault::{Notice, Problem};
use crate::field::{DEFINING, Field};
use crate::ilmd::IlmdField;
use crate::kept::Value;
use crate::time::WrittenTime;
use crate::{Extension, Ilmd, Limits};

/// Gives a name as the document wrote it its namespace; `None` if its prefix is not defined.
pub(crate) type FullName<'a> = dyn Fn(&str) -> Option<Box<str>> + 'a;

impl Draft {
    /// Checks what has been read, and makes an event of it unless there are faults.
    pub(crate) fn finish(&mut self, limits: &Limits, full_name: &FullName<'_>) -> Option<Event> {
        let Some(kind) = self.kind else {
            self.fault(limits, self.line, Problem::Missing { field: "type" });
            return None;
        };
        let time = self.event_time(limits);
        self.check_fields(limits, kind);
        let extensions = self.extensions(limits, full_name);
        let ilmd = self.take_ilmd(limits, full_name);
        self.finish_declaration(limits, full_name);
        if let (Err(problem), false) = (self.check_content(kind), self.has_overflowed()) {
            self.fault(limits, self.line, problem);
        }
        let (Some(time), true) = (time, self.faults.is_empty()) else { return None };
        let common = self.take_common(time, extensions);
        let event = self.take_event(kind, common, ilmd);
        debug_assert!(event.is_some(), "a draft without faults has what its type needs");
        event
    }

    fn event_time(&mut self, limits: &Limits) -> Option<EventTime> {
        let Some(written) = self.time else {
            // If it was given it was malformed, and that has been said.
            if !self.given.has(Field::Time) {
                self.fault(limits, self.line, Problem::Missing { field: Field::Time.name() });
            }
            return None;
        };
        let offset_minutes = self.event_offset(limits, written)?;
        let micros = written.micros(offset_minutes);
        let micros = micros.filter(|micros| (EVENT_TIME_MIN_US..=limits.time_latest_us).contains(micros));
        if micros.is_none() {
            self.fault(limits, self.line, Problem::TimeOutOfRange { text: written.to_string().into() });
        }
        micros.map(|at| EventTime { at, offset_minutes })
    }

    fn event_offset(&mut self, limits: &Limits, written: WrittenTime) -> Option<i16> {
        match (self.offset_minutes, written.zone_minutes) {
            (Some(offset), zone) => {
                if zone.is_none() {
                    self.warn(limits, self.line, Notice::NoZone);
                }
                Some(offset)
            }
            (None, Some(zone)) => {
                self.warn(limits, self.line, Notice::NoOffset);
                Some(zone)
            }
            (None, None) => {
                self.fault(limits, self.line, Problem::NoZone);
                None
            }
        }
    }

    fn check_fields(&mut self, limits: &Limits, kind: Kind) {
        for field in self.given.without(kind.fields()) {
            let field_name = field.name();
            if DEFINING.has(field) {
                self.fault(limits, self.line, Problem::Misplaced { field: field_name, kind });
            } else {
                self.warn(limits, self.line, Notice::Misplaced { field: field_name, kind });
            }
        }
        let needs_action = kind.fields().has(Field::Action) && kind != Kind::Other;
        if needs_action && !self.given.has(Field::Action) {
            self.fault(limits, self.line, Problem::Missing { field: Field::Action.name() });
        }
        if kind == Kind::Object
            && self.given.has(Field::Ilmd)
            && matches!(self.action, Some(Action::Observe | Action::Delete))
        {
            self.warn(limits, self.line, Notice::Misplaced { field: Field::Ilmd.name(), kind });
        }
    }

    /// What the event must name, so that it is about something.
    fn check_content(&self, kind: Kind) -> Result<(), Problem> {
        let names_objects = !self.objects.is_empty() || !self.quantities.is_empty();
        // A list with an entry that could not be read is not an empty list; the entry has been reported.
        if !self.faults.is_empty() && !names_objects {
            return Ok(());
        }
        let deletes = self.action == Some(Action::Delete);
        match kind {
            Kind::Object if !names_objects && !self.given.has(Field::Sensors) => {
                Err(Problem::NoObjects { lists: "epcList and quantityList" })
            }
            Kind::Aggregation | Kind::Association => self.check_containment(kind, names_objects),
            Kind::Transaction if self.biz_transactions.is_empty() => Err(Problem::NoTransaction),
            Kind::Transaction if !names_objects && self.parent.is_none() && !deletes => {
                Err(Problem::NoObjects { lists: "epcList, quantityList and parentID" })
            }
            Kind::Transformation => self.check_transformation(names_objects),
            Kind::Quantity if self.class.is_none() => Err(Problem::Missing { field: Field::Class.name() }),
            Kind::Quantity if self.quantity.is_none() => Err(Problem::Missing { field: Field::Quantity.name() }),
            _ => Ok(()),
        }
    }

    /// EPCIS 2.0 sections 7.4.3 and 7.4.6: who must name a parent, and who must name children.
    fn check_containment(&self, kind: Kind, names_children: bool) -> Result<(), Problem> {
        let Some(action) = self.action else { return Ok(()) };
        let needs_parent = kind == Kind::Association || action != Action::Observe;
        if needs_parent && !self.given.has(Field::Parent) {
            return Err(Problem::NoParent { kind, action });
        }
        if !names_children && action != Action::Delete { Err(Problem::NoChildren) } else { Ok(()) }
    }

    /// EPCIS 2.0 section 7.4.5: both sides, or one side and an id that leads to the other.
    fn check_transformation(&self, names_inputs: bool) -> Result<(), Problem> {
        let names_outputs = !self.outputs.is_empty() || !self.output_quantities.is_empty();
        match (names_inputs, names_outputs, self.transformation_id.is_some()) {
            (true, true, _) | (true, false, true) | (false, true, true) => Ok(()),
            (false, false, _) => Err(Problem::NoObjects { lists: "the input and output lists" }),
            (false, true, false) => Err(Problem::NoObjects { lists: "transformationID and the input lists" }),
            (true, false, false) => Err(Problem::NoObjects { lists: "transformationID and the output lists" }),
        }
    }

    fn extensions(&mut self, limits: &Limits, full_name: &FullName<'_>) -> Vec<Extension> {
        let mut kept = std::mem::take(&mut self.kept);
        let holds_ilmd = self.kind.is_some_and(|kind| kind.fields().has(Field::Ilmd) && kind != Kind::Other);
        if !holds_ilmd && !self.ilmd.is_empty() {
            kept.push((Field::Ilmd.name().into(), Value::Map(std::mem::take(&mut self.ilmd))));
        }
        if let (Some(action), Some(Kind::Transformation | Kind::Quantity)) = (self.action, self.kind) {
            kept.push((Field::Action.name().into(), Value::Text(action.to_string().into())));
        }
        if self.kind != Some(Kind::Transformation) {
            let id = self.transformation_id.take();
            kept.extend(id.map(|id| (Field::TransformationId.name().into(), Value::Text(id))));
        }
        self.name_all(limits, kept, full_name)
    }

    fn take_ilmd(&mut self, limits: &Limits, full_name: &FullName<'_>) -> Ilmd {
        let mut ilmd = Ilmd::default();
        let mut other = Vec::new();
        for (name, value) in std::mem::take(&mut self.ilmd) {
            match full_name(&name).as_deref().and_then(IlmdField::named) {
                Some(field) => {
                    if let Err(problem) = ilmd.set(field, &value) {
                        self.fault(limits, self.line, problem);
                    }
                }
                None => other.push((name, value)),
            }
        }
        ilmd.other = self.name_all(limits, other, full_name);
        ilmd
    }

    fn finish_declaration(&mut self, limits: &Limits, full_name: &FullName<'_>) {
        let kept = std::mem::take(&mut self.declaration_kept);
        let extensions = self.name_all(limits, kept, full_name);
        if !self.given.has(Field::ErrorDeclaration) {
            return;
        }
        match &mut self.error_declaration {
            Some(declaration) if declaration.time_us.is_some() => declaration.extensions = extensions,
            _ if self.faults.is_empty() => {
                self.fault(limits, self.line, Problem::Missing { field: "declarationTime" });
            }
            _ => {}
        }
    }

    /// Gives names their namespaces, once the whole event has been read and can define no more prefixes.
    fn name_all(&mut self, limits: &Limits, kept: Vec<Kept>, full_name: &FullName<'_>) -> Vec<Extension> {
        let mut unknown = None;
        let mut full = |name: &str| {
            full_name(name).unwrap_or_else(|| {
                unknown.get_or_insert_with(|| Box::<str>::from(name));
                name.into()
            })
        };
        let mut extensions = Vec::with_capacity(kept.len());
        for (name, value) in kept {
            let name = full(&name);
            let mut json = String::new();
            value.write(&mut json, &mut full);
            extensions.push(Extension { name, json: json.into() });
        }
        extensions.sort_by(|left, right| (&left.name, &left.json).cmp(&(&right.name, &right.json)));
        if let Some(name) = unknown {
            self.warn(limits, self.line, Notice::UnknownPrefix { name });
        }
        extensions
    }

    fn take_common(&mut self, time: EventTime, extensions: Vec<Extension>) -> Common {
        use std::mem::take;
        Common {
            event_id: take(&mut self.event_id),
            time,
            record_time_us: self.record_time,
            error_declaration: take(&mut self.error_declaration).and_then(|draft| draft.finish()),
            biz_step: take(&mut self.biz_step),
            disposition: take(&mut self.disposition),
            persistent_disposition: take(&mut self.persistent),
            read_point: take(&mut self.read_point),
            biz_location: take(&mut self.biz_location),
            biz_transactions: take(&mut self.biz_transactions),
            sources: take(&mut self.sources),
            destinations: take(&mut self.destinations),
            certifications: take(&mut self.certifications),
            extensions,
        }
    }

    /// `None` only if the draft lacks something that its checks should have missed.
    fn take_event(&mut self, kind: Kind, common: Common, ilmd: Ilmd) -> Option<Event> {
        use std::mem::take;
        let objects = take(&mut self.objects);
        let quantities = take(&mut self.quantities);
        let parent = take(&mut self.parent);
        Some(match kind {
            Kind::Object => Event::Object(ObjectEvent { common, action: self.action?, objects, quantities, ilmd }),
            Kind::Aggregation => {
                let action = self.action?;
                Event::Aggregation(AggregationEvent { common, action, parent, children: objects, quantities })
            }
            Kind::Transaction => {
                Event::Transaction(TransactionEvent { common, action: self.action?, parent, objects, quantities })
            }
            Kind::Transformation => Event::Transformation(TransformationEvent {
                common,
                transformation_id: take(&mut self.transformation_id),
                inputs: objects,
                input_quantities: quantities,
                outputs: take(&mut self.outputs),
                output_quantities: take(&mut self.output_quantities),
                ilmd,
            }),
            Kind::Association => {
                let (action, parent) = (self.action?, parent?);
                Event::Association(AssociationEvent { common, action, parent, children: objects, quantities })
            }
            Kind::Quantity => {
                let quantity = QuantityElement { class: take(&mut self.class)?, quantity: self.quantity, unit: None };
                Event::Quantity(QuantityEvent { common, quantity })
            }
            Kind::Other => {
                let all_objects = [objects, take(&mut self.outputs)].concat();
                let mut all_quantities = [quantities, take(&mut self.output_quantities)].concat();
                let class = take(&mut self.class);
                all_quantities.extend(class.map(|class| QuantityElement {
                    class,
                    quantity: self.quantity,
                    unit: None,
                }));
                Event::Other(OtherEvent {
                    common,
                    type_name: take(&mut self.type_name),
                    action: self.action,
                    parent,
                    objects: all_objects,
                    quantities: all_quantities,
                })
            }
        })
    }
}
