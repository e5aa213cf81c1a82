//! A JSON text, written out.

use super::copy_button::copy_button;
use crate::api::json::pretty;
use crate::ui::dom::el::{El, MOST_TEXT, el};

/// Into how many parts at most a text is written. More would end the page.
const PARTS: usize = 20;

/// A JSON text with a button to copy it.
pub(crate) fn raw_text(raw: &str) -> El {
    let text = pretty(raw);
    let (mut pre, mut rest) = (el("pre").attr("tabindex", "0"), &*text);
    for _ in 0..PARTS {
        let end = (0..=rest.len().min(MOST_TEXT)).rfind(|end| rest.is_char_boundary(*end)).unwrap_or(0);
        let (part, after) = rest.split_at(end);
        pre = pre.text(part.to_owned());
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    let more = (!rest.is_empty()).then(|| {
        let message = format!("About {} more letters are not shown; the copy has all of them.", rest.len());
        el("p").class("absent").text(message)
    });
    el("div").class("raw-text").child(copy_button(text.clone(), "Copy the JSON")).child(pre).maybe(more)
}
