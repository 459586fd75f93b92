//! Names every reason for refusal once; the table in `docs/rules.md` is checked against this list.

use std::fmt;

use packtree_gs1::Identifier;

macro_rules! reasons {
    ($( $number:literal $name:ident $code:literal $sentence:literal $remedy:literal )*) => {
        /// Why the rules say no to an operation.
        ///
        /// Declared in order of precedence: an object is reported for the first reason that applies to it. The numbers
        /// are part of every interface, they are never reused, and a removed reason leaves a hole.
        ///
        /// ```
        /// use packtree::Reason;
        ///
        /// let reason = Reason::ALL.iter().copied().find(|reason| reason.number() == 21);
        /// assert_eq!(reason, Some(Reason::ChildHasOtherParent));
        /// assert_eq!(Reason::ChildHasOtherParent.code(), "child_has_other_parent");
        /// assert_eq!(Reason::ChildHasOtherParent.sentence(), "the child sits in another container");
        /// assert_eq!(Reason::ChildHasOtherParent.remedy(), "unpack it there first, or move it");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Reason {
            $(
                #[doc = $sentence]
                #[doc = ""]
                #[doc = concat!("What to do: ", $remedy, ".")]
                $name = $number,
            )*
        }

        impl Reason {
            /// Every reason, in order of precedence.
            pub const ALL: &'static [Self] = &[$( Self::$name, )*];

            /// Whether an object is reported for this reason rather than for the other.
            pub(crate) fn precedes(self, other: Self) -> bool {
                precedence(self) <= precedence(other)
            }

            /// The stable number.
            pub const fn number(self) -> u16 {
                self as u16
            }

            /// The reason with a number.
            pub(crate) fn from_number(number: u16) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.number() == number)
            }

            /// The stable name, the same in every interface, for instance `child_has_other_parent`.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$name => $code, )* }
            }

            /// What stands in the way, in plain words.
            pub const fn sentence(self) -> &'static str {
                match self { $( Self::$name => $sentence, )* }
            }

            /// What would work instead.
            pub const fn remedy(self) -> &'static str {
                match self { $( Self::$name => $remedy, )* }
            }
        }
    };
}

reasons! {
    1 RequestExistsWithDifferentContent "request_exists_with_different_content"
        "the request id was used before for another operation" "use a new request id for a new operation"
    2 NothingNamed "nothing_named"
        "the operation names no object" "name at least one object"
    3 TooManyObjects "too_many_objects"
        "the operation names more objects than one operation may" "send it in several operations"
    4 EventTimeOutOfRange "event_time_out_of_range"
        "the event time lies too far ahead of the clock, or before serialization existed" "check the clock of the station"
    5 ReasonRequired "reason_required"
        "this operation needs a reason" "say why it is done"
    6 RoleNotAllowed "role_not_allowed"
        "the role of the actor may not do this" "ask somebody with a role that the policy allows"
    7 ObjectNamedTwice "object_named_twice"
        "the object is named more than once in the operation" "name each object once"
    8 IdentifierIsNotAnInstance "identifier_is_not_an_instance"
        "the identifier names a class of objects or a place, not one object" "name one object by its serial number or SSCC"
    9 ContainerIntoItself "container_into_itself"
        "the container would be packed into itself" "name another parent"
    10 ObjectAlreadyCommissioned "object_already_commissioned"
        "the object is already commissioned" "leave it out; it exists"
    11 IdentifierUsedBefore "identifier_used_before"
        "the identifier was used before and may not be used again yet" "use a fresh identifier"
    12 ObjectNotFound "object_not_found"
        "the object was never commissioned" "commission it first, or check the identifier"
    13 ObjectNotActive "object_not_active"
        "the object is out of use" "take another object; this one has ended its life"
    14 ObjectIsAway "object_is_away"
        "the object is in somebody else's custody since it was shipped" "receive or return it, or void the shipment, first"
    15 ObjectIsNotAway "object_is_not_away"
        "the object was not shipped, or was received since" "leave it out"
    16 ObjectOnHold "object_on_hold"
        "the object, or a container around it, is on hold" "release the hold first"
    17 LotOnHold "lot_on_hold"
        "the lot of the object is on hold" "release the lot first"
    18 ObjectNotOnHold "object_not_on_hold"
        "the object or lot is not on hold itself" "release what was put on hold"
    19 ObjectInContainer "object_in_container"
        "the object sits in a container" "take it out first, or name its root"
    20 ChildAlreadyInParent "child_already_in_parent"
        "the child is already in this parent" "leave it out"
    21 ChildHasOtherParent "child_has_other_parent"
        "the child sits in another container" "unpack it there first, or move it"
    22 ChildNotInAnyParent "child_not_in_any_parent"
        "the object sits in no container" "leave it out"
    23 ChildNotInParent "child_not_in_parent"
        "the named parent is not the object's parent" "name the parent that it is in, or name only the child"
    24 WouldBeCycle "would_be_cycle"
        "the parent sits inside the child" "unpack the parent first"
    25 ObjectIsNotContainer "object_is_not_container"
        "the object has no contents and is not made to have any" "name a container"
    26 ContainerIsEmpty "container_is_empty"
        "the container is empty" "leave it out"
    27 ContainerIsClosed "container_is_closed"
        "the container is closed" "reopen it first"
    28 ContainerIsOpen "container_is_open"
        "the container is open" "close it first"
    29 ContainerIsBroken "container_is_broken"
        "something was taken out of the container after it was closed" "complete it and close it again"
    30 LevelNotAbove "level_not_above"
        "the parent's level is not above the child's" "pack it into a container of a higher level"
    31 LevelNotAllowed "level_not_allowed"
        "the product's packaging does not have this child in this parent" "check the packaging configuration"
    32 DepthExceeded "depth_exceeded"
        "the tree would become deeper than allowed" "unpack some levels first"
    33 ContainerIsFull "container_is_full"
        "the container would hold more than its packaging allows" "use another container"
    34 ContainerIsNotFull "container_is_not_full"
        "the container holds fewer than its packaging says" "fill it, or close it as partial"
    46 ContainerIsNotPartial "container_is_not_partial"
        "the container holds as many as its packaging says" "close it as full"
    35 LotsMixed "lots_mixed"
        "the container would hold several lots" "keep the lots apart, or allow mixed lots for the product"
    36 LotNotFound "lot_not_found"
        "no object of this product and lot was ever commissioned" "check the product and the lot number"
    37 LotDataDiffer "lot_data_differ"
        "the lot is known with another expiry or another date" "correct the lot, or correct the call"
    38 ProductsDiffer "products_differ"
        "the two objects are not of the same product or level" "take an object of the same product"
    39 ObjectsMustDiffer "objects_must_differ"
        "the operation names the same object in both places" "name two objects"
    40 EventIsLate "event_is_late"
        "a newer event of the object is already recorded" "record what is true now with the present time"
    41 QuantityNotThere "quantity_not_there"
        "the container does not hold that quantity of the class" "unpack what is there"
    42 QuantitiesInContainer "quantities_in_container"
        "the container holds contents that are known by class and quantity only" "unpack them first"
    43 EngineIsFull "engine_is_full"
        "the engine holds as many objects as it can" "archive shipped trees, or open a second engine"
    44 LotAlreadyOnHold "lot_already_on_hold"
        "the lot is already on hold" "leave it out"
    45 ObjectAlreadyOnHold "object_already_on_hold"
        "the object is already on hold itself" "leave it out"
    47 ParkingIsFull "parking_is_full"
        "as many operations are parked as may be" "send it again once some of their predecessors have arrived"
    48 EarlierEventIsParked "earlier_event_is_parked"
        "an earlier event of the object is parked" "wait until what that one builds on has arrived"
    49 SettingNotFound "setting_not_found"
        "the setting has no value" "check its name; there is nothing to remove"
    50 SettingsAreFull "settings_are_full"
        "the engine keeps as many settings as it can" "give a setting that is there another value, or make values shorter"
}

impl Reason {
    /// Whether what stands in the way may go away with an event that is still to come, so that an operation may be parked for it.
    ///
    /// These are the reasons that say where an object is, or how far it has come. What is wrong in the operation itself, what a person
    /// decided (holds, roles), what has ended for good and what packaging forbids are no matter of order.
    ///
    /// ```
    /// use packtree::Reason;
    ///
    /// assert!(Reason::ChildHasOtherParent.may_pass(), "it is still to be unpacked there");
    /// assert!(!Reason::ObjectOnHold.may_pass(), "somebody has to decide");
    /// ```
    pub const fn may_pass(self) -> bool {
        matches!(
            self,
            Self::ObjectNotFound
                | Self::ObjectIsAway
                | Self::ObjectIsNotAway
                | Self::ObjectInContainer
                | Self::ChildAlreadyInParent
                | Self::ChildHasOtherParent
                | Self::ChildNotInAnyParent
                | Self::ChildNotInParent
                | Self::WouldBeCycle
                | Self::ContainerIsEmpty
                | Self::ContainerIsClosed
                | Self::ContainerIsOpen
                | Self::ContainerIsBroken
                | Self::ContainerIsFull
                | Self::ContainerIsNotFull
                | Self::ContainerIsNotPartial
                | Self::QuantityNotThere
                | Self::QuantitiesInContainer
                | Self::EarlierEventIsParked
        )
    }
}

/// One object at fault, and the reason.
///
/// ```
/// use packtree::{Fault, Identifier, Reason};
///
/// let unit = Identifier::parse("(01)09521234543213(21)A001")?;
/// let case = Identifier::parse("(00)095212345000000018")?;
/// let fault = Fault::of(Reason::ChildHasOtherParent, unit).because_of(Some(case));
/// assert_eq!(
///     fault.to_string(),
///     "(01)09521234543213(21)A001: the child sits in another container [(00)095212345000000018]; unpack it there first, or move it"
/// );
/// assert_eq!(Fault::of_operation(Reason::NothingNamed).object, None);
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Why.
    pub reason: Reason,
    /// The object at fault, if the reason concerns one.
    pub object: Option<Identifier>,
    /// What stands in the way, for instance the parent that the object is in.
    pub other: Option<Identifier>,
}

impl Fault {
    /// A fault of the operation as a whole.
    pub const fn of_operation(reason: Reason) -> Self {
        Self { reason, object: None, other: None }
    }

    /// A fault of one object.
    pub const fn of(reason: Reason, object: Identifier) -> Self {
        Self { reason, object: Some(object), other: None }
    }

    /// Adds what stands in the way.
    #[must_use]
    pub fn because_of(mut self, other: Option<Identifier>) -> Self {
        self.other = other;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(object) = &self.object {
            write!(f, "{object}: ")?;
        }
        f.write_str(self.reason.sentence())?;
        if let Some(other) = &self.other {
            write!(f, " [{other}]")?;
        }
        write!(f, "; {}", self.reason.remedy())
    }
}

/// An operation that the rules refuse: every object at fault, each with its first reason, in the order of the operation.
///
/// ```
/// use packtree::{Reason, Refusal};
///
/// let refusal = Refusal::of_operation(Reason::ReasonRequired);
/// assert_eq!(refusal.reason(), Reason::ReasonRequired);
/// assert_eq!(refusal.to_string(), "this operation needs a reason; say why it is done");
/// ```
///
/// In a sequence it tells which operation was refused:
///
/// ```
/// use packtree::{Operation, Reason};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // The unit goes from one case to the other; the last step is wrong, so nothing is done.
/// let take_out = engine.request(&line, Operation::unpack(vec![units[0].clone()]));
/// let wrong = engine.request(&line, Operation::pack(cases[1].clone(), vec![units[1].clone()]));
/// let answer = engine.send_sequence(vec![take_out, wrong])?.wait()?;
/// let refusal = answer.receipt().expect_err("the second unit is in its case");
/// assert_eq!((refusal.position, refusal.reason()), (1, Reason::ChildHasOtherParent));
/// assert_eq!(engine.root(&units[0]), engine.root(&units[1]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Never empty.
    pub faults: Vec<Fault>,
    /// The position in an atomic sequence of the operation that was refused; 0 for a single operation.
    pub position: usize,
}

impl Refusal {
    /// A refusal of the operation as a whole.
    pub fn of_operation(reason: Reason) -> Self {
        Self { faults: vec![Fault::of_operation(reason)], position: 0 }
    }

    /// The reason that takes precedence over the others.
    ///
    /// # Panics
    /// When the refusal names no fault; the engine makes none like that.
    pub fn reason(&self) -> Reason {
        self.faults
            .iter()
            .map(|fault| fault.reason)
            .min_by_key(|reason| precedence(*reason))
            .expect("a refusal names at least one fault")
    }
}

impl std::error::Error for Refusal {}

fn precedence(reason: Reason) -> usize {
    Reason::ALL.iter().position(|known| *known == reason).unwrap_or(usize::MAX)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN_MAX: usize = 10;
        for (index, fault) in self.faults.iter().take(SHOWN_MAX).enumerate() {
            if 0 < index {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        match self.faults.len().checked_sub(SHOWN_MAX) {
            Some(more) if 0 < more => write!(f, "\nand {more} more"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_and_codes_are_unique() {
        let numbers: HashSet<_> = Reason::ALL.iter().map(|reason| reason.number()).collect();
        let codes: HashSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(numbers.len(), Reason::ALL.len());
        assert_eq!(codes.len(), Reason::ALL.len());
    }

    #[test]
    fn the_documentation_lists_the_reasons_for_which_an_operation_is_parked() {
        let rules = include_str!("../docs/rules.md");
        let (_, section) = rules.split_once("\n## Parking\n").expect("a section about parking");
        let (_, list) = section.split_once("Parked for: ").expect("a list of reasons");
        let list = list.split("\n\n").next().expect("a split has a first part");
        let documented: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
        let known: Vec<&str> =
            Reason::ALL.iter().filter(|reason| reason.may_pass()).map(|reason| reason.code()).collect();
        assert_eq!(documented, known);
    }

    #[test]
    fn a_reason_is_found_by_its_number() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_number(reason.number()), Some(*reason));
        }
        assert_eq!(Reason::from_number(0), None);
    }

    #[test]
    fn the_documentation_lists_every_reason() {
        let rules = include_str!("../docs/rules.md");
        for reason in Reason::ALL {
            let row =
                format!("| {} | `{}` | {} | {} |", reason.number(), reason.code(), reason.sentence(), reason.remedy());
            assert!(rules.contains(&row), "docs/rules.md lacks this row, exactly:\n{row}");
        }
        let rows = rules
            .lines()
            .filter(|line| line.starts_with("| ") && line.contains("` | ") && line.as_bytes()[2].is_ascii_digit())
            .count();
        assert_eq!(rows, Reason::ALL.len(), "docs/rules.md lists a reason that the code does not have");
    }
}
