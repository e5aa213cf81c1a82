//! The lines of a build's log.

use leptos::prelude::*;

use super::build_feed::BuildLog;
use super::text_view::Lines;
use crate::core::text::clip;
use crate::ui::run::artifacts::Fetched;
use crate::workers::log::build_log::{LogLine, Segment};

/// A log as [`TextView`](super::text_view::TextView) shows it.
#[derive(Clone)]
pub(super) struct LogRows(pub Fetched<BuildLog>);

impl LogRows {
    /// The line that most likely says why the build failed.
    pub(super) fn marked(&self) -> Option<usize> {
        self.0.text.reason.as_ref().map(|reason| reason.line)
    }
}

impl Lines for LogRows {
    fn len(&self) -> usize {
        self.0.text.lines.len()
    }

    fn size(&self, line: usize) -> usize {
        let LogLine {
            prefix,
            segments,
            rewritten,
            ..
        } = &self.0.text.lines[line];
        let letters: usize = segments
            .iter()
            .map(|it| it.class.len() + it.text.len())
            .sum();
        let mark = if self.marked() == Some(line) {
            line + 1
        } else {
            0
        };
        prefix.len() + letters + rewritten + mark
    }

    fn draw(&self, line: usize) -> AnyView {
        let is_marked = self.marked() == Some(line);
        view! { <LogRow line=self.0.text.lines[line].clone() is_marked /> }.into_any()
    }
}

/// Shows a line of a log.
#[component]
fn LogRow(line: LogLine, is_marked: bool) -> impl IntoView {
    let LogLine {
        number,
        prefix,
        segments,
        rewritten,
    } = line;
    let class = if is_marked {
        "text-row is-marked"
    } else {
        "text-row"
    };
    let prefix =
        (!prefix.is_empty()).then(|| view! { <span class="text-prefix">{clip(prefix)}</span> });
    let rewritten = (rewritten > 0).then(|| {
        let title = format!("This line was written over {rewritten} times");
        view! { <span class="text-rewritten" title=title data-times=rewritten.to_string()></span> }
    });
    view! {
        <div class=class>
            // The style sheet writes the number, so that it is not copied with the words.
            <span class="text-number" data-number=number.to_string()></span>
            <span class="text-words">
                {prefix}
                {segments.into_iter().map(segment_view).collect_view()}
                {rewritten}
            </span>
        </div>
    }
}

fn segment_view(segment: Segment) -> AnyView {
    let Segment { class, text } = segment;
    match class.is_empty() {
        true => clip(text).into_any(),
        false => view! { <span class=class>{clip(text)}</span> }.into_any(),
    }
}
