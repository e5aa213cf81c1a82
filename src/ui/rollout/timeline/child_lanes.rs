//! A child rollout opened in place: its lanes on the time axis of its parent.

use leptos::prelude::*;

use super::drawing::Drawing;
use super::phases::Phases;
use crate::core::text::clip;
use crate::model::address::Address;
use crate::model::rollout;
use crate::ui::nav::link::{Link, shown_address};
use crate::ui::rollout::feed::{self, Feed};
use crate::ui::rollout::feed_error::FeedError;
use crate::ui::rollout::rollout_facts::RolloutNotes;
use crate::ui::rollout::rollout_state::RolloutBadge;
use crate::ui::rollout::unreadable_runs::UnreadableRuns;
use crate::ui::widgets::lazy_view::lazy_component;
use crate::ui::widgets::unreachable::UnreachableNote;

/// The lanes of a child rollout, under the rollout of `drawing`.
#[component]
fn ChildLanes(
    /// The child's id.
    id: String,
    drawing: Drawing,
) -> impl IntoView {
    let mut path = drawing.path.get_value();
    let depth = path.len();
    let Address::Rollout {
        rollout: mut name,
        view,
    } = shown_address()
    else {
        return ().into_any();
    };
    if path.contains(&id) {
        let note = format!("{id} is opened above: these rollouts drive each other.");
        return view! { <p class="child-note notice is-warning">{clip(note)}</p> }.into_any();
    }
    path.push(id.clone());
    name.rollout.clone_from(&id);
    let feed = feed::follow(name.clone(), Signal::stored(String::new()));
    drawing.page.tree.add(feed);
    // Messages about the page's own runs do not hold for another rollout's.
    let address = Address::rollout(name).with(|of_child| {
        of_child.utc = view.utc;
        of_child.source = view.source;
    });
    let state = Memo::new(move |_| rollout::read(&feed.rollout.read()).map(|r| r.state.clone()));
    let label = clip(format!("Child rollout {id}"));
    view! {
        <section
            class="child"
            aria-label=label
            aria-busy=move || feed.reading.get().to_string()
            style=format!("--depth:{depth}")
        >
            <p class="child-head"><RolloutBadge state /> <Link to=address>{clip(id)}</Link></p>
            <RolloutNotes feed />
            <FeedError feed />
            <UnreachableNote locations=feed.unreachable />
            <ChildNote feed />
            <Phases drawing=drawing.of(feed, path) />
            <UnreadableRuns set=feed.set />
        </section>
    }
    .into_any()
}

/// Says why a child has no lanes yet.
#[component]
fn ChildNote(feed: Feed) -> impl IntoView {
    let is_empty = Memo::new(move |_| {
        let has_phases = rollout::read(&feed.rollout.read()).is_some_and(|r| !r.phases.is_empty());
        let set = feed.set.read();
        set.runs.is_empty() && set.unreadable.is_empty() && !has_phases
    });
    let note = move || {
        let is_told = feed.error.read().is_some()
            || !feed.unreachable.read().is_empty()
            || feed.rollout_error.read().is_some();
        match feed.loaded.get() {
            _ if is_told || !is_empty.get() => None,
            true => Some("No job runs yet."),
            false => Some("Reading…"),
        }
    };
    move || note().map(|note| view! { <p class="child-note absent">{note}</p> })
}

lazy_component! {
    part: extras;
    /// [`ChildLanes`], loaded on first use.
    pub(super) fn LazyChildLanes(id: String, drawing: Drawing) {
        view! { <ChildLanes id drawing /> }
    }
}
