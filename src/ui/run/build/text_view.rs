//! Long texts, line by line: numbered, coloured, and never more of them in the page than the user asked to see.

use std::ops::Range;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

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

/// A text that [`TextView`] shows.
pub(crate) trait Lines: Clone + Send + Sync + 'static {
    /// How many lines it has.
    fn len(&self) -> usize;

    /// A number that changes with what a line shows: mostly the length of its text.
    fn size(&self, line: usize) -> usize;

    /// Draws a line.
    fn draw(&self, line: usize) -> AnyView;
}

/// Identifies what a chunk shows. A log grows: what is drawn of a chunk stays only while the chunk does.
#[derive(Clone, PartialEq, Eq, Hash)]
struct ChunkKey {
    lines: Range<usize>,
    size: usize,
}

impl ChunkKey {
    fn new(lines: &impl Lines, chunk: usize) -> Self {
        let range = chunk * CHUNK..((chunk + 1) * CHUNK).min(lines.len());
        Self {
            size: range.clone().map(|line| lines.size(line)).sum(),
            lines: range,
        }
    }
}

/// Shows a text.
#[component]
pub(crate) fn TextView<L: Lines>(
    label: &'static str,
    class: &'static str,
    lines: Signal<L>,
    chunks: RwSignal<Chunks>,
    /// Whether long lines are wrapped.
    is_wrapped: Signal<bool>,
    /// Whether the end is to be seen first, where no line is marked.
    #[prop(optional, into)]
    is_from_end: Signal<bool>,
) -> impl IntoView {
    let view = NodeRef::<Div>::new();
    Effect::new(move |_| {
        lines.track();
        if let Some(view) = view.get() {
            show_first(view.into(), is_from_end.get_untracked());
        }
    });
    let keys = move || {
        let (from, to) = chunks.get();
        lines.with(|lines| {
            let to = to.min(lines.len().div_ceil(CHUNK));
            (from..to)
                .map(|chunk| ChunkKey::new(lines, chunk))
                .collect::<Vec<_>>()
        })
    };
    let chunk = move |key: ChunkKey| {
        let rows =
            lines.with_untracked(|text| key.lines.map(|line| text.draw(line)).collect_view());
        view! { <div class="text-chunk">{rows}</div> }
    };
    view! {
        <div
            class=class
            class:is-wrapped=is_wrapped
            role="region"
            aria-label=label
            tabindex="0"
            node_ref=view
        >
            <EarlierLines chunks />
            <pre class="text-lines">
                <For each=keys key=ChunkKey::clone children=chunk />
            </pre>
            <LaterLines chunks total=Signal::derive(move || lines.with(Lines::len)) />
        </div>
    }
}

/// A button for the lines before those that are shown.
#[component]
fn EarlierLines(chunks: RwSignal<Chunks>) -> impl IntoView {
    move || {
        let (from, to) = chunks.get();
        let show = move |_| chunks.set((from.saturating_sub(4), to));
        (from > 0).then(|| {
            view! {
                <button type="button" class="text-more button quiet" on:click=show>
                    {format!("Show earlier lines ({} above)", from * CHUNK)}
                </button>
            }
        })
    }
}

/// A button for the lines after those that are shown.
#[component]
fn LaterLines(chunks: RwSignal<Chunks>, total: Signal<usize>) -> impl IntoView {
    move || {
        let (from, to) = chunks.get();
        let below = total.get().saturating_sub(to * CHUNK);
        let show = move |_| chunks.set((from, to + 4));
        (below > 0).then(|| {
            view! {
                <button type="button" class="text-more button quiet" on:click=show>
                    {format!("Show later lines ({below} below)")}
                </button>
            }
        })
    }
}

/// Brings the marked line, or the end, into view within the text; never moves the page.
fn show_first(view: Element, is_from_end: bool) {
    request_animation_frame(move || {
        // A user who reads further up in a growing text stays there.
        let below = view.scroll_height() - view.scroll_top() - view.client_height();
        let is_untouched = view.scroll_top() == 0 || below < 60;
        match view.query_selector(".is-marked").ok().flatten() {
            Some(marked) => {
                // Both are offsets within the view, which the style sheet positions.
                if let Some(marked) = marked
                    .dyn_ref::<HtmlElement>()
                    .filter(|_| view.scroll_top() == 0)
                {
                    view.set_scroll_top((marked.offset_top() - view.client_height() / 2).max(0));
                }
            }
            None if is_from_end && is_untouched => view.set_scroll_top(view.scroll_height()),
            None => {}
        }
    });
}

/// A button that wraps long lines, or no longer does.
#[component]
pub(crate) fn WrapButton(is_wrapped: RwSignal<bool>) -> impl IntoView {
    let toggle = move |_| is_wrapped.update(|is_wrapped| *is_wrapped = !*is_wrapped);
    view! {
        <button
            type="button"
            class="button quiet"
            aria-pressed=move || is_wrapped.get().to_string()
            on:click=toggle
        >
            "Wrap lines"
        </button>
    }
}
