//! Guards percent-encoding: any text goes through an address and comes back.

use jobrun_viewer::api::http::{percent_decode, percent_encode, without_token};
use proptest::prelude::*;

#[test]
fn all_but_unreserved_characters_are_encoded() {
    let cases = [
        ("", ""),
        ("canary-50_a.b~c", "canary-50_a.b~c"),
        ("a b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a/b?c#d&e=f:g;h@i", "a%2Fb%3Fc%23d%26e%3Df%3Ag%3Bh%40i"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("é–😀", "%C3%A9%E2%80%93%F0%9F%98%80"),
        ("\n\0\"<>\\^`{|}", "%0A%00%22%3C%3E%5C%5E%60%7B%7C%7D"),
    ];
    for (text, encoded) in cases {
        assert_eq!(percent_encode(text), encoded);
        assert_eq!(percent_decode(encoded), text);
    }
}

#[test]
fn what_is_no_escape_stays_as_it_is() {
    let cases = [
        ("%", "%"),
        ("%4", "%4"),
        ("%4G", "%4G"),
        ("%G4", "%G4"),
        ("%%41", "%A"),
        ("%+1", "%+1"),
        ("%e9", "\u{FFFD}"),
        ("%C3%", "\u{FFFD}%"),
        ("a+b", "a+b"),
        ("%c3%A9", "é"),
        ("é%41", "éA"),
    ];
    for (text, decoded) in cases {
        assert_eq!(percent_decode(text), decoded, "{text}");
    }
}

#[test]
fn an_answer_that_repeats_the_token_is_shown_without_it() {
    let token = "ya29.a-token-of-some-length";
    let said = format!("Authorization: Bearer {token}; again {token}{token}");
    assert_eq!(
        without_token(said, token),
        "Authorization: Bearer …; again ……"
    );
    // No token, or one that is a word like others.
    for (text, token) in [
        ("nothing of it", token),
        ("a test of words", "test"),
        ("all", ""),
    ] {
        assert_eq!(without_token(text.to_owned(), token), text);
    }
}

proptest! {
    #[test]
    fn decoding_reverses_encoding(text in any::<String>()) {
        let encoded = percent_encode(&text);
        prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b)));
        prop_assert_eq!(percent_decode(&encoded), text);
    }

    #[test]
    fn decoding_takes_any_text(text in "[%a-fA-F0-9é]{0,12}") {
        // Decoding never makes a text longer than U+FFFD for each of its bytes.
        prop_assert!(percent_decode(&text).len() <= 3 * text.len());
    }
}
