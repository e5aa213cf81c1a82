//! The lines of a manifest, in colours.

use leptos::prelude::*;

use super::manifest_feed::Manifest;
use crate::core::text::clip;
use crate::model::manifest::yaml::SpanKind;
use crate::ui::run::artifacts::Fetched;
use crate::ui::run::build::text_view::Lines;
use crate::workers::files::protocol::{YamlLine, YamlToken};

/// A manifest as [`TextView`](crate::ui::run::build::text_view::TextView) shows it.
#[derive(Clone)]
pub(super) struct YamlRows(pub Fetched<Manifest>);

impl Lines for YamlRows {
    fn len(&self) -> usize {
        self.0.lines.len()
    }

    fn size(&self, line: usize) -> usize {
        self.0.lines[line]
            .tokens
            .iter()
            .map(|token| token.text.len())
            .sum()
    }

    fn draw(&self, line: usize) -> AnyView {
        view! { <YamlRow number=line + 1 line=self.0.lines[line].clone() /> }.into_any()
    }
}

/// Shows a line of YAML.
#[component]
fn YamlRow(
    /// The line's number, from 1.
    number: usize,
    line: YamlLine,
) -> impl IntoView {
    view! {
        <div class="text-row">
            // The style sheet writes the number, so that it is not copied with the words.
            <span class="text-number" data-number=number.to_string()></span>
            <span class="text-words">{line.tokens.into_iter().map(token_view).collect_view()}</span>
        </div>
    }
}

fn token_view(token: YamlToken) -> AnyView {
    let text = clip(token.text);
    match class_of(token.kind) {
        None => text.into_any(),
        Some(class) => view! { <span class=class>{text}</span> }.into_any(),
    }
}

fn class_of(kind: SpanKind) -> Option<&'static str> {
    match kind {
        SpanKind::Key => Some("y-key"),
        SpanKind::String => Some("y-string"),
        SpanKind::Number => Some("y-number"),
        SpanKind::Boolean => Some("y-boolean"),
        SpanKind::Comment => Some("y-comment"),
        SpanKind::Punctuation => Some("y-punctuation"),
        SpanKind::DocumentStart => Some("y-document"),
        SpanKind::Plain => None,
    }
}
