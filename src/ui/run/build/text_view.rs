//! Long texts, line by line: numbered, coloured, and never more of them in the page than somebody
//! asked to see.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::ui::dom::dynamic::{dynamic_option, each, text as changing};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::widgets::button::button;
use crate::ui::widgets::drawn_view::drawn_view;

/// So many lines are drawn, or added, at a time.
const CHUNK: usize = 250;

/// Which chunks of a text are in the page: from the first to before the second.
pub(crate) type Chunks = (usize, usize);

/// The chunks around a line, or those at the end of so many lines.
pub(crate) fn chunks_around(line: Option<usize>, lines: usize) -> Chunks {
    let all = lines.div_ceil(CHUNK);
    match line.map(|line| line / CHUNK) {
        Some(at) => (at.saturating_sub(1), (at + 2).min(all)),
        None => (all.saturating_sub(2), all),
    }
}

/// The chunks at the beginning of so many lines.
pub(crate) fn first_chunks(lines: usize) -> Chunks {
    (0, lines.div_ceil(CHUNK).min(4))
}

/// What is shown.
pub(crate) struct Text {
    /// The name for people.
    pub label: &'static str,
    pub class: &'static str,
    /// Elements that the worker has drawn, a line each.
    pub rows: Arc<Vec<String>>,
    /// Whether the end is to be seen first, where no line is marked.
    pub from_end: bool,
}

/// A text for people.
pub(crate) fn text_view(text: Text, chunks: RwSignal<Chunks>, wrap: Signal<bool>) -> El {
    let Text { label, class, rows, from_end } = text;
    let total = rows.len();
    let earlier = dynamic_option(move || {
        let (from, to) = chunks.get();
        (from > 0).then(|| {
            more(format!("Show earlier lines ({} above)", from * CHUNK), move || {
                chunks.set_if_changed((from.saturating_sub(4), to));
            })
        })
    });
    let later = dynamic_option(move || {
        let (from, to) = chunks.get();
        let below = total.saturating_sub(to * CHUNK);
        (below > 0)
            .then(|| more(format!("Show later lines ({below} below)"), move || chunks.set((from, to + 4))))
    });
    let keyed = rows.clone();
    let keys = move || {
        let (from, to) = chunks.get();
        let key = |chunk: usize| {
            let lines = &keyed[(chunk * CHUNK).min(total)..((chunk + 1) * CHUNK).min(total)];
            // A log grows: what is drawn of a chunk stays only while the chunk does.
            let bytes: usize = lines.iter().map(String::len).sum();
            format!("{chunk} {} {bytes}", lines.len())
        };
        (from..to.min(total.div_ceil(CHUNK))).map(key).collect()
    };
    let chunk = move |key: String| {
        let chunk: usize = key.split(' ').next().and_then(|chunk| chunk.parse().ok()).unwrap_or_default();
        let rows = rows.iter().skip(chunk * CHUNK).take(CHUNK);
        el("div").class("text-chunk").children(rows.filter_map(|row| drawn_view(row))).into_any()
    };
    el("div")
        .class(class)
        .class_if("is-wrapped", wrap)
        .attr("role", "region")
        .attr("aria-label", label)
        .attr("tabindex", "0")
        .made(move |element| show_first(element.clone(), from_end))
        .child(earlier)
        .child(el("pre").class("text-lines").child(each(keys, chunk)))
        .child(later)
}

fn more(label: String, show: impl Fn() + 'static) -> El {
    button("quiet", label).class("text-more button quiet").on("click", move |_| show())
}

/// Brings the marked line, or the end, into view within the text; never moves the page.
fn show_first(view: Element, from_end: bool) {
    request_animation_frame(move || {
        // A user who reads further up in a growing text stays there.
        let below = view.scroll_height() - view.scroll_top() - view.client_height();
        let untouched = view.scroll_top() == 0 || below < 60;
        match view.query_selector(".is-marked").ok().flatten() {
            Some(marked) => {
                // Both are offsets within the view, which the style sheet positions.
                if let Some(marked) = marked.dyn_ref::<HtmlElement>().filter(|_| view.scroll_top() == 0) {
                    view.set_scroll_top((marked.offset_top() - view.client_height() / 2).max(0));
                }
            }
            None if from_end && untouched => view.set_scroll_top(view.scroll_height()),
            None => {}
        }
    });
}

/// A button that wraps long lines, or no longer does.
pub(crate) fn wrap_button(wrap: RwSignal<bool>) -> El {
    button("quiet", "Wrap lines")
        .attr("aria-pressed", changing(move || wrap.get().to_string()))
        .on("click", move |_| wrap.set(!wrap.get_untracked()))
}
