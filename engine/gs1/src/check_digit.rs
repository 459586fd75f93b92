//! The check digit that ends every numeric key.
//!
//! GS1 General Specifications, section 7.9: counted from the right, the digits before the check digit weigh 3 and 1
//! in turn, and the check digit fills their sum up to a multiple of ten. Leading zeros add nothing, which is why one
//! function serves keys of every length.

/// The check digit for `body`, a number without its check digit.
///
/// ```
/// // The GTIN 09506000134352 without its last digit.
/// assert_eq!(packtree_gs1::check_digit(950_600_013_435), 2);
/// ```
pub const fn check_digit(body: u64) -> u8 {
    let mut rest = body;
    let mut heavy = 0;
    let mut light = 0;
    // Two digits a step: the right one weighs 3, the left one 1.
    while rest > 0 {
        let pair = rest % 100;
        heavy += pair % 10;
        light += pair / 10;
        rest /= 100;
    }
    ((10 - (3 * heavy + light) % 10) % 10) as u8
}

/// Appends the check digit to `body`.
pub(crate) const fn with_check_digit(body: u64) -> u64 {
    body * 10 + check_digit(body) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_the_weighted_sum_up_to_a_multiple_of_ten() {
        for (body, expected) in
            [(0, 0), (1, 7), (629_104_150_021, 3), (9_506_000_134_350_000, 2), (99_999_999_999_999_999, 5)]
        {
            let sum: u64 = body
                .to_string()
                .bytes()
                .rev()
                .zip([3, 1].into_iter().cycle())
                .map(|(digit, weight)| u64::from(digit - b'0') * weight)
                .sum();
            let check = check_digit(body);
            assert_eq!((sum + u64::from(check)) % 10, 0, "{body}");
            assert_eq!(check, expected, "{body}");
        }
    }
}
