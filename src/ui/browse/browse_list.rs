//! A list of resources to choose from, which is read page by page and can be searched meanwhile.

use leptos::prelude::*;

use super::browse_feed::{Listing, ListingState};
use crate::model::browse::{BrowseRow, Standing};
use crate::model::explain::{Doing, error_message};
use crate::model::timeline::ticks::{ago, clock as clock_text};
use crate::ui::dom::clock::{self, local_offset};
use crate::ui::dom::dynamic::{dynamic, dynamic_option, text};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::link;
use crate::ui::rollout::rollout_state::{appearance, badge, rollout_state};
use crate::ui::session::use_session;
use crate::ui::widgets::button::button;
use crate::ui::widgets::error_box::error_box;
use crate::ui::widgets::form::input_value;
use crate::ui::widgets::icon::{Icon, icon};
use crate::ui::widgets::unreachable::unreachable_note;

/// How many rows are drawn until the user asks for more.
const FIRST: usize = 200;

/// The list. What is in `below` stands with the row that it belongs to: rollouts with their
/// release.
pub(crate) fn browse_list(title: &'static str, listing: Listing, below: Option<Listing>) -> El {
    let Listing { rows, state, error, unreachable, .. } = listing;
    let (search, set_search) = signal(String::new());
    let (most, set_most) = signal(FIRST);
    let found = Memo::new(move |_| {
        let search = search.read();
        rows.read().iter().filter(|row| row.has(&search)).cloned().collect::<Vec<BrowseRow>>()
    });
    let count = text(move || {
        let (found, all) = (found.read().len(), rows.read().len());
        let so_far = if *state.read() == ListingState::Over { "" } else { " so far" };
        match (found, all) {
            (_, 0) => String::new(),
            _ if found == all => format!("{all}{so_far}"),
            _ => format!("{found} of {all}{so_far}"),
        }
    });
    let is_reading = move || *state.read() == ListingState::Reading;
    let head = el("div")
        .class("browse-head")
        .child(el("h2").text(title))
        .child(el("span").class("browse-count").attr("role", "status").text(count))
        .child(dynamic_option(move || {
            is_reading().then(|| button("quiet", "Stop").on("click", move |_| listing.stop()))
        }))
        .child(
            el("input")
                .attr("type", "search")
                .class("browse-search")
                .attr("placeholder", "Search")
                .attr("aria-label", format!("Search in {title}"))
                .attr("spellcheck", "false")
                .attr("autocomplete", "off")
                .value(search.into())
                .on("input", move |event| {
                    set_most.set(FIRST);
                    set_search.set(input_value(&event));
                }),
        );
    let retry = Callback::new(move |()| listing.read_on());
    let session = use_session();
    let error_note = dynamic_option(move || {
        let error = error.get()?;
        let doing = if rows.read().is_empty() { Doing::Loading } else { Doing::LoadingRest };
        Some(error_box(error_message(&error, doing, session.signed_in()), Some(retry)))
    });
    let unreachable = unreachable_note(unreachable);
    let table = dynamic(move || {
        let found = found.read();
        let rollouts = below.map(|below| below.rows.read());
        let rollouts = rollouts.as_ref().map_or(&[][..], |rows| rows);
        let drawn = found.iter().take(most.get()).map(|row| row_view(row, rollouts));
        let has_failed = error.read().is_some();
        let message = match *state.read() {
            _ if has_failed || !found.is_empty() => "",
            ListingState::Reading => "Reading…",
            _ if !rows.read().is_empty() => "Nothing matches the search.",
            ListingState::Stopped => "Nothing was read yet.",
            ListingState::Over => "There is nothing here.",
        };
        let undrawn = found.len().saturating_sub(most.get());
        let more = (undrawn > 0).then(|| {
            button("", format!("Show {} more", undrawn.min(FIRST * 5)))
                .on("click", move |_| set_most.set(most.get_untracked() + FIRST * 5))
        });
        let is_stopped = *state.read() == ListingState::Stopped && !has_failed;
        let read_on = is_stopped.then(|| button("", "Read on").on("click", move |_| listing.read_on()));
        el("div")
            .child(el("ul").class("browse-rows").children(drawn))
            .child(el("p").class("absent").text(message))
            .child(el("div").class("browse-more").maybe(more).maybe(read_on))
    });
    el("section")
        .class("browse-list")
        .attr("aria-label", title)
        .child(head)
        .child(error_note)
        .child(unreachable)
        .child(table)
}

fn row_view(row: &BrowseRow, rollouts: &[BrowseRow]) -> El {
    let id = match &row.to {
        Some(to) => link(to.clone()).class("browse-id").text(row.id.clone()),
        None => el("span").class("browse-id is-wrong").text(row.id.clone()),
    };
    let created = row.created.map(|time| {
        el("time").attr("title", clock_text(time, local_offset(time))).text(ago(time, clock::now()))
    });
    let own = row.to.iter().flat_map(|to| rollouts.iter().filter(move |other| other.is_rollout_of(to)));
    el("li")
        .class("browse-row")
        .child(id)
        .child(
            el("span")
                .class("browse-states")
                .child(row.standing.iter().map(standing).collect_view().into_any()),
        )
        .child(
            el("span")
                .class("browse-details")
                .text(row.details.clone())
                .children(own.filter_map(rollout_chip)),
        )
        .maybe(created)
}

fn standing(of: &Standing) -> AnyView {
    let (class, state_icon, meaning) = match of {
        Standing::Rollout(state) => return rollout_state(state),
        Standing::Suspended => ("is-terminating", Icon::Square, "Nothing new can be made in it."),
        Standing::Abandoned => ("is-terminated", Icon::Square, "No rollout can be made of it any more."),
        Standing::NotRendered => ("is-failed", Icon::Cross, "Its manifests could not be made."),
        Standing::Rendering => ("is-in-progress", Icon::Play, "Its manifests are being made."),
        Standing::Other(_) => ("is-unknown", Icon::Question, "A state that this viewer does not know."),
    };
    badge(class, state_icon, meaning.to_owned(), of.label().to_owned())
}

/// A rollout beside its release: its target, and how it stands there.
fn rollout_chip(row: &BrowseRow) -> Option<El> {
    let state = row.standing.iter().find_map(|standing| match standing {
        Standing::Rollout(state) => Some(state),
        _ => None,
    })?;
    let (class, state_icon) = appearance(state);
    let label = row.standing.first()?.label();
    let link = link(row.to.clone()?)
        .class(format!("rollout-chip {class}"))
        .attr("title", format!("{}: {label}", row.id))
        .child(icon(state_icon))
        .text(row.target.clone())
        .child(el("span").class("visually-hidden").text(format!(" {label}")));
    Some(link)
}
