//! The keys: types that cannot hold a wrong identifier, in their canonical form.

mod giai;
mod grai;
mod gtin;
mod number;
mod opaque;
mod sgln;
mod sgtin;
mod sscc;
mod text;

pub use giai::Giai;
pub use grai::{AssetType, Grai};
pub use gtin::Gtin;
pub use opaque::Opaque;
pub use sgln::{Gln, Sgln};
pub use sgtin::{Lgtin, Sgtin};
pub use sscc::Sscc;
pub use text::{AssetSerial, GlnExtension, LotNumber, Serial};

pub(crate) use number::{Digits, read_digits};
