//! Texts as they are fit to be shown: of a length that a browser bears, and without what cannot be seen.

/// The most bytes of a text in one element. Browsers break a long word into lines in time that grows with its
/// square: a failure message of 10 MB would block the page for good.
pub(crate) const MAX_TEXT: usize = 20_000;

/// Cuts a text to [`MAX_TEXT`], and says so. Everything on the page that came from an API, a file or a log goes
/// through it; the raw JSON has the rest.
pub(crate) fn clip(text: impl Into<String>) -> String {
    let mut text = text.into();
    if text.len() > MAX_TEXT {
        let rest = text.len() - MAX_TEXT;
        let end = split(&text).0.len();
        text.truncate(end);
        text += &format!("… (about {rest} more letters, which are not shown)");
    }
    text
}

/// Returns a text with U+FFFD in place of control characters, which would not be seen.
pub(crate) fn visible(text: &str) -> String {
    text.replace(
        |c: char| c.is_control() && c != '\t' && c != '\n',
        "\u{fffd}",
    )
}

/// Writes a number with a separator between its thousands.
pub(crate) fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Splits a text after at most [`MAX_TEXT`] bytes, between two letters.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let end = (0..=text.len().min(MAX_TEXT)).rfind(|end| text.is_char_boundary(*end));
    text.split_at(end.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_two_letters() {
        assert_eq!(clip("short"), "short");
        let long = clip("é".repeat(MAX_TEXT));
        assert!(long.starts_with(&"é".repeat(MAX_TEXT / 2)));
        assert!(
            long.ends_with("… (about 20000 more letters, which are not shown)"),
            "{}",
            &long[long.len() - 60..]
        );
    }
}
