//! The sections of a run's panel.

use leptos::prelude::*;

use crate::core::text::clip;
use crate::model::run::panel::{Fact, Section, Target, Value};
use crate::ui::nav::link::Link;
use crate::ui::widgets::copy_button::CopyButton;
use crate::ui::widgets::icon::{Icon, SvgIcon};

/// Shows a section: its title, its facts and its note, with `children` below them.
#[component]
pub(crate) fn PanelSection(
    section: Section,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let Section {
        title,
        failed,
        facts,
        note,
    } = section;
    let title = (!title.is_empty()).then(|| {
        let cross = failed.then(|| view! { <SvgIcon icon=Icon::Cross /> });
        view! { <h3 class:is-failed=failed>{cross} {clip(title)}</h3> }
    });
    let facts = facts
        .into_iter()
        .map(|fact| view! { <FactRow fact /> })
        .collect_view();
    let note = (!note.is_empty()).then(|| view! { <p class="absent">{clip(note)}</p> });
    view! {
        <section class="panel-part">
            {title}
            <dl class="facts">{facts}</dl>
            {note}
            {children.map(|children| children())}
        </section>
    }
}

/// Shows a label and its values.
#[component]
fn FactRow(fact: Fact) -> impl IntoView {
    let Fact { label, values } = fact;
    let values = values
        .into_iter()
        .map(|value| view! { <FactValue value /> })
        .collect_view();
    view! { <div class="fact"><dt>{clip(label)}</dt>{values}</div> }
}

/// Shows a value, as a link where it leads somewhere, with a button to copy it.
#[component]
fn FactValue(value: Value) -> impl IntoView {
    let Value { text, to } = value;
    let label = clip(text.as_str());
    let shown = match to {
        Some(Target::Outside(href)) => {
            view! { <ExternalLink href>{label}</ExternalLink> }.into_any()
        }
        Some(Target::Inside(to)) => {
            view! { <Link to=*to class="button primary">{label}</Link> }.into_any()
        }
        None => label.into_any(),
    };
    view! { <dd><span class="long-text">{shown}</span><CopyButton text label="Copy" /></dd> }
}

/// A link out of the viewer, to an address from [`links`](crate::model::address::links) only.
#[component]
pub(crate) fn ExternalLink(
    href: String,
    #[prop(default = "outward")] class: &'static str,
    /// Names it to screen readers, where `children` do not say enough.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=class href=href target="_blank" rel="noopener noreferrer" aria-label=label.map(clip)>
            {children()} <SvgIcon icon=Icon::Outward />
        </a>
    }
}
