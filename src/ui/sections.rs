//! Draws the sections of a run's panel.

use leptos::prelude::*;

use super::copy_button::CopyButton;
use super::icon::{Icon, Shape};
use super::place::Place;
use crate::model::panel::{Fact, Section, Target, Value};

#[component]
pub fn Sections(sections: Vec<Section>) -> impl IntoView {
    sections.into_iter().map(|section| view! { <OneSection section /> }).collect_view()
}

#[component]
fn OneSection(section: Section) -> impl IntoView {
    let Section { title, failed, facts, note } = section;
    let facts = facts.into_iter().map(|fact| view! { <OneFact fact /> }).collect_view();
    view! {
        <section class="panel-part">
            {(!title.is_empty())
                .then(|| {
                    view! {
                        <h3 class:is-failed=failed>
                            {failed.then(|| view! { <Icon shape=Shape::Cross /> })}
                            {title}
                        </h3>
                    }
                })}
            <dl class="facts">{facts}</dl>
            {(!note.is_empty()).then(|| view! { <p class="absent">{note}</p> })}
        </section>
    }
}

#[component]
fn OneFact(fact: Fact) -> impl IntoView {
    let Fact { label, values } = fact;
    let values = values.into_iter().map(|value| view! { <OneValue value /> }).collect_view();
    view! {
        <div class="fact">
            <dt>{label}</dt>
            {values}
        </div>
    }
}

#[component]
fn OneValue(value: Value) -> impl IntoView {
    let Value { text, to } = value;
    let copied = text.clone();
    let shown = match to {
        Some(Target::Outside(link)) => view! { <Outward link>{text}</Outward> }.into_any(),
        Some(Target::Inside(address)) => view! {
            <Place to=address class="button primary">
                {text}
            </Place>
        }
        .into_any(),
        None => text.into_any(),
    };
    view! {
        <dd>
            <span class="long-text">{shown}</span>
            <CopyButton text=copied label="Copy" />
        </dd>
    }
}

/// A link out of the viewer, to an address from [`links`](crate::model::links) only.
#[component]
pub fn Outward(link: String, #[prop(optional)] class: &'static str, children: Children) -> impl IntoView {
    view! {
        <a class=format!("outward {class}") href=link target="_blank" rel="noopener noreferrer">
            {children()}
            <Icon shape=Shape::Outward />
        </a>
    }
}
