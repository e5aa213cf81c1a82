//! The only "randomness" of the simulation: hashes, so that a reload gives the same ids again.

/// FNV-1a over a text, going on from `seed`. A byte that no UTF-8 has ends the text, so that
/// `("ab", "c")` and `("a", "bc")` differ.
pub(crate) fn text(seed: u64, text: &str) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    (hash ^ 0xff).wrapping_mul(PRIME)
}

/// Spreads every bit of a number over all of it (the last steps of SplitMix64).
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Appends a number as 16 hexadecimal digits.
pub(crate) fn push_hex(out: &mut String, number: u64) {
    for index in (0..16).rev() {
        let digit = (number >> (index * 4)) as u32 & 15;
        out.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
}

/// 32 hexadecimal digits, as the API's `uid` has.
pub(crate) fn hex32(seed: u64) -> String {
    let mut out = String::with_capacity(36);
    push_hex(&mut out, mix(seed));
    push_hex(&mut out, mix(!seed));
    out
}

/// A UUID of version 4.
pub(crate) fn uuid(seed: u64) -> String {
    let mut out = String::with_capacity(36);
    for (index, digit) in hex32(seed).chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(match index {
            12 => '4',
            16 => ['8', '9', 'a', 'b'][seed as usize & 3],
            _ => digit,
        });
    }
    out
}
