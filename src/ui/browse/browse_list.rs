//! A list of resources to choose from, which is read page by page and can be searched meanwhile.

use leptos::ev::Event;
use leptos::prelude::*;

use super::browse_feed::{Listing, ListingState};
use crate::core::text::clip;
use crate::model::browse::{BrowseRow, Standing};
use crate::model::explain::{Doing, error_message};
use crate::model::timeline::ticks::{ago, clock as clock_text};
use crate::ui::dom::clock::{self, local_offset};
use crate::ui::nav::link::Link;
use crate::ui::rollout::rollout_state::{Badge, RolloutStateBadge, appearance};
use crate::ui::session::use_session;
use crate::ui::widgets::error_box::ErrorBox;
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::ui::widgets::unreachable::UnreachableNote;

/// How many rows are drawn until the user asks for more.
const FIRST: usize = 200;
/// How many more rows are drawn each time.
const MORE: usize = FIRST * 5;

/// What the user sees of a list.
#[derive(Clone, Copy)]
struct Shown {
    listing: Listing,
    /// What is searched for.
    search: RwSignal<String>,
    /// The rows that the search finds.
    found: Memo<Vec<BrowseRow>>,
    /// How many of them are drawn.
    most: RwSignal<usize>,
}

impl Shown {
    fn new(listing: Listing) -> Self {
        let search = RwSignal::new(String::new());
        let found = Memo::new(move |_| {
            let search = search.read();
            listing
                .rows
                .read()
                .iter()
                .filter(|row| row.has(&search))
                .cloned()
                .collect()
        });
        Self {
            listing,
            search,
            found,
            most: RwSignal::new(FIRST),
        }
    }

    fn is_reading(self) -> bool {
        self.listing.state.get() == ListingState::Reading
    }

    /// How many rows were found, of how many that were read.
    fn count(self) -> String {
        let (found, all) = (self.found.read().len(), self.listing.rows.read().len());
        let so_far = if self.listing.state.get() == ListingState::Over {
            ""
        } else {
            " so far"
        };
        match (found, all) {
            (_, 0) => String::new(),
            _ if found == all => format!("{all}{so_far}"),
            _ => format!("{found} of {all}{so_far}"),
        }
    }

    /// Why there are no rows; empty when there are, or when an error says so.
    fn absence(self) -> &'static str {
        if self.listing.error.read().is_some() || !self.found.read().is_empty() {
            return "";
        }
        match self.listing.state.get() {
            ListingState::Reading => "Reading…",
            _ if !self.listing.rows.read().is_empty() => "Nothing matches the search.",
            ListingState::Stopped => "Nothing was read yet.",
            ListingState::Over => "There is nothing here.",
        }
    }

    /// How many rows were found and are not drawn.
    fn undrawn(self) -> usize {
        self.found.read().len().saturating_sub(self.most.get())
    }

    /// Whether reading stopped with more to read, and without an error.
    fn is_stopped(self) -> bool {
        self.listing.state.get() == ListingState::Stopped && self.listing.error.read().is_none()
    }
}

/// Shows a list. What is in `below` stands with the row that it belongs to: rollouts with their release.
#[component]
pub(crate) fn BrowseList(
    title: &'static str,
    listing: Listing,
    below: Option<Listing>,
) -> impl IntoView {
    let shown = Shown::new(listing);
    let session = use_session();
    let retry = Callback::new(move |()| listing.read_on());
    let error = move || {
        let error = listing.error.get()?;
        let doing = if listing.rows.read().is_empty() {
            Doing::Loading
        } else {
            Doing::LoadingRest
        };
        let message = error_message(&error, doing, session.signed_in());
        Some(view! { <ErrorBox message retry=Some(retry) /> })
    };
    let rows = move || {
        let rollouts = below.map(|below| below.rows.read());
        let rollouts = rollouts.as_deref().map_or(&[][..], Vec::as_slice);
        let row = |row: &BrowseRow| {
            let own = row
                .to
                .iter()
                .flat_map(|to| rollouts.iter().filter(move |other| other.is_rollout_of(to)));
            view! { <Row row=row.clone() rollouts=own.cloned().collect() /> }
        };
        shown
            .found
            .read()
            .iter()
            .take(shown.most.get())
            .map(row)
            .collect_view()
    };
    view! {
        <section class="browse-list" aria-label=title>
            <Head title shown />
            {error}
            <UnreachableNote locations=listing.unreachable />
            <div>
                <ul class="browse-rows">{rows}</ul>
                <p class="absent">{move || shown.absence()}</p>
                <More shown />
            </div>
        </section>
    }
}

/// Shows the title, how much was found, and the search.
#[component]
fn Head(title: &'static str, shown: Shown) -> impl IntoView {
    let search = move |event: Event| {
        shown.most.set(FIRST);
        shown.search.set(event_target_value(&event));
    };
    view! {
        <div class="browse-head">
            <h2>{title}</h2>
            <span class="browse-count" role="status">{move || shown.count()}</span>
            <Show when=move || shown.is_reading()>
                <button type="button" class="button quiet" on:click=move |_| shown.listing.stop()>
                    "Stop"
                </button>
            </Show>
            <input
                type="search"
                class="browse-search"
                placeholder="Search"
                aria-label=format!("Search in {title}")
                spellcheck="false"
                autocomplete="off"
                prop:value=shown.search
                on:input=search
            />
        </div>
    }
}

/// Shows what gives more rows: those that are not drawn, and those that were not read.
#[component]
fn More(shown: Shown) -> impl IntoView {
    let draw_more = move |_| shown.most.update(|most| *most += MORE);
    view! {
        <div class="browse-more">
            <Show when=move || shown.undrawn() != 0>
                <button type="button" class="button" on:click=draw_more>
                    {move || format!("Show {} more", shown.undrawn().min(MORE))}
                </button>
            </Show>
            <Show when=move || shown.is_stopped()>
                <button type="button" class="button" on:click=move |_| shown.listing.read_on()>
                    "Read on"
                </button>
            </Show>
        </div>
    }
}

#[component]
fn Row(
    row: BrowseRow,
    /// The rollouts of a release.
    rollouts: Vec<BrowseRow>,
) -> impl IntoView {
    let id = clip(row.id);
    let id = match row.to {
        Some(to) => view! { <Link to class="browse-id">{id}</Link> }.into_any(),
        None => view! { <span class="browse-id is-wrong">{id}</span> }.into_any(),
    };
    let standing = row
        .standing
        .into_iter()
        .map(|of| view! { <StandingBadge of /> })
        .collect_view();
    let created = row.created.map(|time| {
        view! { <time title=clock_text(time, local_offset(time))>{ago(time, clock::now())}</time> }
    });
    view! {
        <li class="browse-row">
            {id}
            <span class="browse-states">{standing}</span>
            <span class="browse-details">
                {clip(row.details)}
                {rollouts.into_iter().filter_map(rollout_chip).collect_view()}
            </span>
            {created}
        </li>
    }
}

#[component]
fn StandingBadge(of: Standing) -> impl IntoView {
    let (class, icon, meaning) = match &of {
        Standing::Rollout(state) => {
            return view! { <RolloutStateBadge of=state.clone() /> }.into_any();
        }
        Standing::Suspended => (
            "is-terminating",
            Icon::Square,
            "Nothing new can be made in it.",
        ),
        Standing::Abandoned => (
            "is-terminated",
            Icon::Square,
            "No rollout can be made of it any more.",
        ),
        Standing::NotRendered => ("is-failed", Icon::Cross, "Its manifests could not be made."),
        Standing::Rendering => (
            "is-in-progress",
            Icon::Play,
            "Its manifests are being made.",
        ),
        Standing::Other(_) => (
            "is-unknown",
            Icon::Question,
            "A state that this viewer does not know.",
        ),
    };
    view! { <Badge class icon meaning label=of.label() /> }.into_any()
}

/// Shows a rollout beside its release: its target, and how it stands there.
fn rollout_chip(rollout: BrowseRow) -> Option<impl IntoView> {
    let first = rollout.standing.first()?;
    let state = rollout
        .standing
        .iter()
        .find_map(|standing| match standing {
            Standing::Rollout(state) => Some(state),
            _ => None,
        })?;
    let (class, icon) = appearance(state);
    let class = format!("rollout-chip {class}");
    let label = first.label();
    let title = clip(format!("{}: {label}", rollout.id));
    let label = clip(format!(" {label}"));
    let to = rollout.to?;
    Some(view! {
        <Link to class attr:title=title>
            <SvgIcon icon />
            {clip(rollout.target)}
            <span class="visually-hidden">{label}</span>
        </Link>
    })
}
