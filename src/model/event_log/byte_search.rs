//! Finding bytes, fast also where the compiler inlines nothing by itself: eight at a time, in plain
//! arithmetic.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of every byte of `word` that is zero; above the lowest such byte there may be more.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at + 8)?;
    Some(u64::from_le_bytes([
        eight[0], eight[1], eight[2], eight[3], eight[4], eight[5], eight[6], eight[7],
    ]))
}

/// Where a text of JSON is plain no more: at a quote, a backslash or a control character, from `at`
/// on; or the end.
#[inline(always)]
pub(crate) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word(bytes, at) {
        let quote = zeros(word ^ (ONES * b'"' as u64));
        let backslash = zeros(word ^ (ONES * b'\\' as u64));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = quote | backslash | control;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && !(bytes[at] == b'"' || bytes[at] == b'\\' || bytes[at] < 0x20) {
        at += 1;
    }
    at
}

/// Where one of two bytes is, from `at` on.
#[inline(always)]
pub(crate) fn find_either(bytes: &[u8], mut at: usize, a: u8, b: u8) -> Option<usize> {
    let (first, second) = (ONES * u64::from(a), ONES * u64::from(b));
    while let Some(word) = word(bytes, at) {
        let found = zeros(word ^ first) | zeros(word ^ second);
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    while at < bytes.len() {
        if bytes[at] == a || bytes[at] == b {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Where a byte is, from `at` on.
#[inline(always)]
pub(crate) fn find(bytes: &[u8], mut at: usize, byte: u8) -> Option<usize> {
    let wanted = ONES * u64::from(byte);
    while let Some(word) = word(bytes, at) {
        let found = zeros(word ^ wanted);
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    while at < bytes.len() {
        if bytes[at] == byte {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Where a character is that a reader does not see, from `at` on: a control, but for what lines, tabs and
/// terminals need. The bytes around it are then not the text that is shown.
#[inline(always)]
pub(crate) fn find_hidden(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(word) = word(bytes, at) {
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = control | zeros(word ^ (ONES * 0x7f)) | zeros(word ^ (ONES * 0xc2));
        if found == 0 {
            at += 8;
            continue;
        }
        at += (found.trailing_zeros() / 8) as usize;
        if is_hidden(bytes, at) {
            return Some(at);
        }
        at += 1;
    }
    (at..bytes.len()).find(|at| is_hidden(bytes, *at))
}

fn is_hidden(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\t' | b'\n' | b'\r' | 0x1b => false,
        0..0x20 | 0x7f => true,
        // U+0080 to U+009F.
        0xc2 => matches!(bytes.get(at + 1), Some(0x80..0xa0)),
        _ => false,
    }
}
