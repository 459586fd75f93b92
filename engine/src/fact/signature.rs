//! Who vouched for an operation.

use super::{Name, Role};

/// Who vouched for an operation beside the actor, and in which role; the caller vouches for both.
///
/// ```
/// use packtree::fact::{Name, ReasonText, Role, Signature};
/// use packtree::{Caller, Operation, operation::TakeOutOfUse};
///
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, units, .. } = packed_pallet()?;
/// let operator = Caller { role: Role::Operator, ..line };
/// let destroy = Operation::Destroy(TakeOutOfUse { objects: vec![units[4].clone()] });
/// let mut request = engine.request(&operator, destroy);
/// request.reason = Some(ReasonText::new("crushed")?);
/// assert!(engine.preview(&[request.clone()]).is_err(), "an operator alone may not destroy");
///
/// request.signature = Some(Signature { by: Name::new("ms-adler")?, role: Role::Quality });
/// assert!(engine.preview(&[request]).is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// Who.
    pub by: Name,
    /// In which role.
    pub role: Role,
}
