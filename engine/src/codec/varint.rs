//! Numbers in as few bytes as they need: seven bits a byte, the lowest first, the top bit set on all but the last.

use super::CodecError;

pub(crate) fn put_u64(out: &mut Vec<u8>, mut number: u64) {
    while 0x80 <= number {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(crate) fn put_u128(out: &mut Vec<u8>, mut number: u128) {
    while u128::from(u64::MAX) < number {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    put_u64(out, number as u64);
}

/// Takes a number off the front of `bytes`.
pub(crate) fn read_u64(bytes: &mut &[u8]) -> Result<u64, CodecError> {
    read_u128(bytes).and_then(|number| u64::try_from(number).map_err(|_| CodecError::Number))
}

/// Takes a number off the front of `bytes`.
pub(crate) fn read_u128(bytes: &mut &[u8]) -> Result<u128, CodecError> {
    let mut low: u64 = 0;
    for place in 0..9 {
        let byte = take(bytes)?;
        low |= u64::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            return Ok(u128::from(low));
        }
    }
    let mut number = u128::from(low);
    for place in 9..19 {
        let byte = take(bytes)?;
        let bits = u128::from(byte & 0x7f);
        let shifted = bits << (7 * place);
        if shifted >> (7 * place) != bits {
            return Err(CodecError::Number);
        }
        number |= shifted;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(CodecError::Number)
}

fn take(bytes: &mut &[u8]) -> Result<u8, CodecError> {
    let (first, rest) = bytes.split_first().ok_or(CodecError::Short)?;
    *bytes = rest;
    Ok(*first)
}

/// Small differences in either direction as small numbers: 0, -1, 1, -2, 2 ...
pub(crate) const fn zigzag(number: i128) -> u128 {
    ((number << 1) ^ (number >> 127)).cast_unsigned()
}

/// The number of which [`zigzag`] made this.
pub(crate) const fn unzigzag(number: u128) -> i128 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(wide: u128, narrow: u64, signed: i128) {
            let mut out = Vec::new();
            put_u128(&mut out, wide);
            put_u64(&mut out, narrow);
            put_u128(&mut out, zigzag(signed));
            let mut rest = out.as_slice();
            prop_assert_eq!(read_u128(&mut rest), Ok(wide));
            prop_assert_eq!(read_u64(&mut rest), Ok(narrow));
            prop_assert_eq!(read_u128(&mut rest).map(unzigzag), Ok(signed));
            prop_assert!(rest.is_empty());
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert_eq!(read_u128(&mut [0xff; 19].as_slice()), Err(CodecError::Number));
        assert_eq!(read_u128(&mut [0xff; 3].as_slice()), Err(CodecError::Short));
        assert_eq!(
            read_u64(&mut [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f].as_slice()),
            Err(CodecError::Number)
        );
    }
}
