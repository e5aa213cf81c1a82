//! Draws the sections of a run's panel.

use leptos::prelude::*;

use crate::model::run::panel::{Fact, Section, Target, Value};
use crate::ui::dom::el::{El, Words, el};
use crate::ui::nav::link::link;
use crate::ui::widgets::copy_button::copy_button;
use crate::ui::widgets::icon::{Icon, SvgIcon, icon};

pub(crate) fn section_view(section: Section) -> El {
    let Section { title, failed, facts, note } = section;
    let title = (!title.is_empty())
        .then(|| el("h3").class_if("is-failed", failed).maybe(failed.then(|| icon(Icon::Cross))).text(title));
    el("section")
        .class("panel-part")
        .maybe(title)
        .child(el("dl").class("facts").children(facts.into_iter().map(fact_view)))
        .maybe((!note.is_empty()).then(|| el("p").class("absent").text(note)))
}

fn fact_view(fact: Fact) -> El {
    let Fact { label, values } = fact;
    el("div").class("fact").child(el("dt").text(label)).children(values.into_iter().map(value_view))
}

fn value_view(value: Value) -> El {
    let Value { text, to } = value;
    let copied = text.clone();
    let shown = el("span").class("long-text");
    let shown = match to {
        Some(Target::Outside(link)) => shown.child(external_link(link, text)),
        Some(Target::Inside(address)) => shown.child(link(*address).class("button primary").text(text)),
        None => shown.text(text),
    };
    el("dd").child(shown).child(copy_button(copied, "Copy"))
}

/// A link out of the viewer, to an address from [`links`](crate::model::address::links) only.
pub(crate) fn external_link(link: String, label: impl Words) -> El {
    el("a")
        .class("outward")
        .attr("href", link)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
        .text(label)
        .child(icon(Icon::Outward))
}

/// A link out of the viewer, to an address from [`links`](crate::model::address::links) only.
#[component]
pub(crate) fn ExternalLink(href: String, children: Children) -> impl IntoView {
    view! {
        <a class="outward" href=href target="_blank" rel="noopener noreferrer">
            {children()} <SvgIcon icon=Icon::Outward />
        </a>
    }
}
