//! A line of a log.

use leptos::either::Either;
use leptos::prelude::*;

use crate::core::text::clip;
use crate::workers::log::protocol::{LineSource, LineTime, Piece, Row, Span, Words};
use crate::workers::log::words::exact_size;

/// A line with its number, its time, and what wrote it. `index` counts the lines that are shown, from 0, and `shown` is
/// how many they are.
#[component]
pub(super) fn LogRow(row: Row, index: u32, shown: u32) -> impl IntoView {
    let class = row_class(&row);
    let Row {
        number,
        level,
        shows_level,
        time,
        source,
        words,
        is_malformed,
        ..
    } = row;
    let time = time.map(|LineTime { short, full }| {
        view! {
            <span class="log-time" title=full>{short}</span>
            " "
        }
    });
    let source = source.map(|source| {
        view! {
            <span class=format!("log-from {}", color(&source.name)) title=clip(source_title(&source))>
                {clip(source.name.clone())}
            </span>
            " "
        }
    });
    let level = shows_level.then(|| {
        view! {
            <span class="log-level">{level.name()}</span>
            " "
        }
    });
    view! {
        <div class=class role="listitem" aria-posinset=index + 1 aria-setsize=shown data-row=number>
            <span class="log-number" data-number=number></span>
            {time}
            {source}
            {level}
            <LineWords words title=is_malformed.then_some("This line is no event") />
        </div>
    }
}

/// The text of a line, with its colours and the matches of the search.
#[component]
pub(super) fn LineWords(
    words: Words,
    #[prop(optional_no_strip)] title: Option<&'static str>,
) -> impl IntoView {
    let Words { spans, left_out } = words;
    let more = (left_out > 0).then(|| {
        let size = exact_size(left_out);
        view! { <span class="log-more">{format!("… {size} more, which Download has")}</span> }
    });
    view! {
        <span class="log-words" title=title>
            {spans.into_iter().map(span_view).collect_view()}
            {more}
        </span>
    }
}

fn span_view(Span { style, pieces }: Span) -> impl IntoView {
    let pieces = pieces.into_iter().map(piece_view).collect_view();
    match style.classes() {
        class if class.is_empty() => Either::Left(pieces),
        class => Either::Right(view! { <span class=class>{pieces}</span> }),
    }
}

fn piece_view(piece: Piece) -> impl IntoView {
    match piece {
        Piece::Text(text) => Either::Left(clip(text)),
        Piece::Match(text) => Either::Right(view! { <mark>{clip(text)}</mark> }),
    }
}

fn row_class(row: &Row) -> String {
    let mut class = format!("log-row is-{}", row.level.name().to_ascii_lowercase());
    let marks = [
        (row.is_picked, " is-picked"),
        (row.is_current, " is-current"),
        (row.is_malformed, " is-malformed"),
    ];
    marks
        .into_iter()
        .filter(|(is_set, _)| *is_set)
        .for_each(|(_, mark)| class.push_str(mark));
    class
}

fn source_title(LineSource { name, pod }: &LineSource) -> String {
    if pod.is_empty() {
        name.clone()
    } else {
        format!("{name} in {pod}")
    }
}

/// One of the theme's colours for a name, always the same.
fn color(name: &str) -> &'static str {
    let sum = name.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    ["fg-4", "fg-6", "fg-5", "fg-3", "fg-2"][(sum % 5) as usize]
}
