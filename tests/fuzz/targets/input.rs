//! What a target makes of the bytes that it is given.
//!
//! The bytes are the parser's input as it is, so that a seed is a file as people have it and a crash
//! can be read. Whatever else a target has to choose, such as where the input is cut into pieces, it
//! draws from the bytes' own hash.

use std::borrow::Cow;

/// Numbers that look random and follow from a seed alone (xorshift64*).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Numbers that follow from some bytes.
    pub fn of(data: &[u8]) -> Self {
        let hash = data.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash | 1)
    }

    /// A number from 0 up to `end`, which is more than 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        high as usize % end
    }
}

/// The bytes as text; what is no UTF-8 is U+FFFD.
pub fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// The bytes in pieces, some of them empty: sometimes byte by byte, sometimes in two.
pub fn pieces(data: &[u8]) -> Vec<&[u8]> {
    let mut random = Random::of(data);
    let largest = [1, 3, 16, 100, data.len().max(1)][random.below(5)];
    let mut pieces = Vec::new();
    let mut rest = data;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(
            random
                .below(largest + 1)
                .max(usize::from(largest == 1))
                .min(rest.len()),
        );
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// The text in two, where a line of equals signs is, such as the old and the new of a file.
pub fn halves(text: &str) -> (&str, &str) {
    text.split_once("=====\n").unwrap_or((text, ""))
}
