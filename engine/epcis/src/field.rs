//! The fields of events by name: which type has which, and in what order the XML schema wants them.

use crate::event::Kind;

macro_rules! fields {
    ($($variant:ident $name:literal $rank:literal)*) => {
        /// A field of an event in EPCIS 1.2 or 2.0.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Field { $($variant),* }

        impl Field {
            /// The field of that name.
            pub(crate) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Where the XML schema puts the field among the others; 0 if that depends on the type of the event.
            pub(crate) const fn rank(self) -> u8 {
                match self { $(Self::$variant => $rank),* }
            }
        }

        const EVERY: &[Field] = &[$(Field::$variant),*];
    };
}

fields! {
    Time "eventTime" 1
    RecordTime "recordTime" 2
    Offset "eventTimeZoneOffset" 3
    EventId "eventID" 4
    ErrorDeclaration "errorDeclaration" 5
    Certification "certificationInfo" 6
    Parent "parentID" 7
    Epcs "epcList" 8
    ChildEpcs "childEPCs" 8
    InputEpcs "inputEPCList" 8
    InputQuantities "inputQuantityList" 9
    OutputEpcs "outputEPCList" 10
    OutputQuantities "outputQuantityList" 11
    TransformationId "transformationID" 12
    Class "epcClass" 8
    Quantity "quantity" 9
    Action "action" 13
    BizStep "bizStep" 14
    Disposition "disposition" 15
    ReadPoint "readPoint" 16
    BizLocation "bizLocation" 17
    BizTransactions "bizTransactionList" 0
    Quantities "quantityList" 18
    ChildQuantities "childQuantityList" 0
    Sources "sourceList" 19
    Destinations "destinationList" 20
    Sensors "sensorElementList" 21
    PersistentDisposition "persistentDisposition" 21
    Ilmd "ilmd" 21
}

const _: () = assert!(EVERY.len() <= 64, "a set of fields is one word");

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(u64);

impl Fields {
    const fn of(fields: &[Field]) -> Self {
        let mut set = 0;
        let mut index = 0;
        while index < fields.len() {
            set |= 1 << fields[index] as u64;
            index += 1;
        }
        Self(set)
    }

    pub(crate) const fn has(self, field: Field) -> bool {
        self.0 & (1 << field as u64) != 0
    }

    /// Puts the field in; false if it was in already.
    pub(crate) const fn insert(&mut self, field: Field) -> bool {
        let new = !self.has(field);
        self.0 |= 1 << field as u64;
        new
    }

    /// The fields that are in this set and not in `other`.
    pub(crate) fn without(self, other: Self) -> impl Iterator<Item = Field> {
        EVERY.iter().copied().filter(move |field| self.has(*field) && !other.has(*field))
    }
}

/// What every type has.
const COMMON: Fields = Fields::of(&[
    Field::Time,
    Field::RecordTime,
    Field::Offset,
    Field::EventId,
    Field::ErrorDeclaration,
    Field::Certification,
    Field::BizStep,
    Field::Disposition,
    Field::ReadPoint,
    Field::BizLocation,
    Field::BizTransactions,
    Field::Sources,
    Field::Destinations,
    Field::Sensors,
]);

impl Kind {
    /// The fields that events of this type have (EPCIS 2.0 sections 7.4.1 to 7.4.6; 1.2 section 7.4.4).
    pub(crate) const fn fields(self) -> Fields {
        use Field::{
            Action, ChildEpcs, ChildQuantities, Class, Epcs, Ilmd, InputEpcs, InputQuantities, OutputEpcs,
            OutputQuantities, Parent, PersistentDisposition, Quantities, Quantity, TransformationId,
        };
        const OBJECT: Fields = Fields::of(&[Action, Epcs, Quantities, Ilmd, PersistentDisposition]);
        const CONTAINMENT: Fields = Fields::of(&[Action, Parent, ChildEpcs, ChildQuantities]);
        const TRANSACTION: Fields = Fields::of(&[Action, Parent, Epcs, Quantities]);
        const TRANSFORMATION: Fields = Fields::of(&[
            InputEpcs,
            InputQuantities,
            OutputEpcs,
            OutputQuantities,
            TransformationId,
            Ilmd,
            PersistentDisposition,
        ]);
        const QUANTITY: Fields = Fields::of(&[Class, Quantity]);
        let own = match self {
            Self::Object => OBJECT,
            Self::Aggregation | Self::Association => CONTAINMENT,
            Self::Transaction => TRANSACTION,
            Self::Transformation => TRANSFORMATION,
            Self::Quantity => QUANTITY,
            Self::Other => Fields(u64::MAX),
        };
        Fields(COMMON.0 | own.0)
    }
}

/// Fields that say what the event is about; an event that has one of another type's cannot be trusted.
pub(crate) const DEFINING: Fields = Fields::of(&[
    Field::Parent,
    Field::Epcs,
    Field::ChildEpcs,
    Field::InputEpcs,
    Field::OutputEpcs,
    Field::Quantities,
    Field::ChildQuantities,
    Field::InputQuantities,
    Field::OutputQuantities,
    Field::Class,
    Field::Quantity,
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_fields() {
        for field in EVERY {
            assert_eq!(Field::named(field.name()), Some(*field));
        }
        assert_eq!(Field::named("EventTime"), None);
    }

    #[test]
    fn types_have_their_fields() {
        assert!(Kind::Aggregation.fields().has(Field::ChildQuantities));
        assert!(!Kind::Aggregation.fields().has(Field::Ilmd));
        assert!(Kind::Transformation.fields().has(Field::Ilmd));
        assert!(!Kind::Transformation.fields().has(Field::Action));
        let strange = Fields::of(&[Field::Epcs, Field::Time]).without(Kind::Aggregation.fields());
        assert_eq!(strange.collect::<Vec<_>>(), [Field::Epcs]);
    }
}
