//! Randomness without a state: what happens to an object follows from the seed and the object alone, so that it can be asked again.

use crate::setting::Share;

/// Mixes numbers into one that looks random. The finisher is that of `SplitMix64`.
pub(crate) fn mix(numbers: &[u64]) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for number in numbers {
        state = finish(state.wrapping_add(*number).wrapping_add(0x9e37_79b9_7f4a_7c15));
    }
    state
}

fn finish(mut state: u64) -> u64 {
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// Whether something happens that happens in this share of all cases.
pub(crate) fn happens(share: Share, random: u64) -> bool {
    random % u64::from(Share::ALL) < u64::from(share.millionths())
}
