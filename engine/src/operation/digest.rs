//! A digest by which a repetition of an operation is told from another operation.

use std::hash::{Hash, Hasher};

use super::Operation;
use crate::fact::Signature;

/// A digest of what an operation says and of who signed it: equal ones have equal digests, in every run of every build.
///
/// The request id, the time and the actor do not count, so that a retry that stamps them anew is still a retry.
pub(super) fn content_digest(operation: &Operation, signature: Option<&Signature>) -> u64 {
    let mut digest = StableHasher(0x9e37_79b9_7f4a_7c15);
    operation.hash(&mut digest);
    if let Some(signature) = signature {
        signature.hash(&mut digest);
    }
    digest.finish()
}

/// The standard hashers may change from release to release; this one is written to disk, so it may not.
struct StableHasher(u64);

impl StableHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9fb2_1c65_1e98_df25_u128;
        self.0 = (product as u64) ^ ((product >> 64) as u64) ^ word.rotate_left(29);
    }
}

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
        self.mix(bytes.len() as u64);
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_u128(&mut self, number: u128) {
        self.mix(number as u64);
        self.mix((number >> 64) as u64);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.mix(number.cast_unsigned() as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use packtree_gs1::Identifier;

    use super::*;
    use crate::fact::{Name, Role};

    fn sscc(text: &str) -> Identifier {
        Identifier::parse(text).unwrap()
    }

    fn signature(by: &str, role: Role) -> Signature {
        Signature { by: Name::new(by).unwrap(), role }
    }

    #[test]
    fn the_digest_depends_on_every_object_and_on_nothing_else() {
        let (a, b) = (sscc("(00)095212345000000018"), sscc("(00)095212345000000025"));
        let digest = |operation: &Operation| content_digest(operation, None);
        let pack = Operation::pack(a.clone(), vec![b.clone()]);
        assert_eq!(digest(&pack), digest(&pack.clone()));
        assert_ne!(digest(&pack), digest(&Operation::pack(b.clone(), vec![a.clone()])));
        assert_ne!(digest(&pack), digest(&Operation::pack(a, vec![])));
        let unpack = Operation::unpack_all(b);
        assert_eq!(digest(&unpack), PINNED, "the digest is written to disk and must not change");
    }

    #[test]
    fn the_digest_depends_on_who_signed() {
        let unpack = Operation::unpack_all(sscc("(00)095212345000000025"));
        let signed = |by, role| content_digest(&unpack, Some(&signature(by, role)));
        assert_ne!(signed("Bea", Role::Quality), content_digest(&unpack, None));
        assert_ne!(signed("Bea", Role::Quality), signed("Bea", Role::Supervisor));
        assert_ne!(signed("Bea", Role::Quality), signed("Cem", Role::Quality));
        assert_eq!(signed("Bea", Role::Quality), PINNED_SIGNED, "the digest is written to disk and must not change");
    }

    const PINNED: u64 = 5_266_586_014_328_032_194;
    const PINNED_SIGNED: u64 = 5_677_670_237_892_467_893;
}
