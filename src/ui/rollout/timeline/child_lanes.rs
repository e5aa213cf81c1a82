//! A child rollout opened in place: its lanes on the time axis of its parent.

use leptos::prelude::*;

use super::drawing::Drawing;
use super::phases;
use crate::model::address::Address;
use crate::model::rollout;
use crate::ui::dom::dynamic::{dynamic_option, text};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::{link, shown_address};
use crate::ui::rollout::feed::{self, Feed};
use crate::ui::rollout::rollout_facts::rollout_notes;
use crate::ui::rollout::rollout_page::feed_error;
use crate::ui::rollout::rollout_state::rollout_badge;
use crate::ui::rollout::unreadable_runs::unreadable_runs;
use crate::ui::widgets::unreachable::unreachable_note;

/// The lanes of the child with this id, under the rollout of `drawing`.
pub(crate) fn child_lanes(id: String, drawing: Drawing) -> AnyView {
    let mut path = drawing.path.get_value();
    let depth = path.len();
    let Address::Rollout { rollout: mut name, view } = shown_address() else { return ().into_any() };
    if path.contains(&id) {
        let note = format!("{id} is opened above: these rollouts drive each other.");
        return el("p").class("child-note notice is-warning").text(note).into_any();
    }
    path.push(id.clone());
    name.rollout.clone_from(&id);
    let feed = feed::follow(name.clone(), Signal::stored(String::new()));
    drawing.page.tree.add(feed);
    let mut address = Address::rollout(name);
    // Messages about the page's own runs do not hold for another rollout's.
    address = address.with(|of_child| {
        of_child.utc = view.utc;
        of_child.source = view.source;
    });
    let head = el("p")
        .class("child-head")
        .child(rollout_badge(
            Memo::new(move |_| rollout::read(&feed.rollout.read()).map(|r| r.state.clone())).into(),
        ))
        .child(link(address).text(id.clone()));
    el("section")
        .class("child")
        .attr("aria-label", format!("Child rollout {id}"))
        .attr("aria-busy", text(move || feed.reading.get().to_string()))
        .attr("style", format!("--depth:{depth}"))
        .child(head)
        .child(rollout_notes(feed))
        .child(feed_error(feed))
        .child(unreachable_note(feed.unreachable))
        .child(state_of(feed))
        .child(phases(drawing.of(feed, path)))
        .child(unreadable_runs(feed.set))
        .into_any()
}

/// What stands where the lanes do not, or not all of them.
fn state_of(feed: Feed) -> AnyView {
    let is_empty: Signal<bool> = Memo::new(move |_| {
        let has_phases = rollout::read(&feed.rollout.read()).is_some_and(|r| !r.phases.is_empty());
        let set = feed.set.read();
        set.runs.is_empty() && set.unreadable.is_empty() && !has_phases
    })
    .into();
    dynamic_option(move || {
        let is_told = feed.error.read().is_some() || !feed.unreachable.read().is_empty();
        match (is_told || feed.rollout_error.read().is_some(), feed.loaded.get(), is_empty.get()) {
            (false, false, true) => Some(note("Reading…")),
            (false, true, true) => Some(note("No job runs yet.")),
            _ => None,
        }
    })
}

fn note(words: &'static str) -> El {
    el("p").class("child-note absent").text(words)
}
