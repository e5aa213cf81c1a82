//! The head of a rollout: its name, where it lies, and how it is shown.

use leptos::prelude::*;

use super::export_menu::ExportMenu;
use super::filter_box::FilterBox;
use super::live_state::{LiveState, RefreshButton};
use super::tree::Tree;
use crate::core::name::RolloutName;
use crate::core::text::clip;
use crate::model::address::links;
use crate::model::address::{Address, Parent};
use crate::ui::dom::clock::Zone;
use crate::ui::nav::breadcrumbs::Breadcrumbs;
use crate::ui::nav::link::{Link, shown_address, use_address, use_navigate};
use crate::ui::run::sections::ExternalLink;
use crate::ui::widgets::copy_button::CopyButton;

/// The rollout's name, where it lies, and the tools for how it is shown.
#[component]
pub(super) fn RolloutHeader(
    rollout: RolloutName,
    tree: Tree,
    #[prop(into)] filter: Signal<String>,
    zone: Signal<Zone>,
) -> impl IntoView {
    let feed = tree.root;
    let release = Parent::Release(rollout.release_name());
    let is_nameless = rollout.project == "-";
    // A file does not change.
    let is_followed = !shown_address().is_file();
    let id = rollout.rollout.clone();
    view! {
        <header class="rollout-header">
            <RolloutTitle rollout is_nameless />
            {(!is_nameless).then(|| view! { <Breadcrumbs of=release /> })}
            <div class="rollout-tools">
                <FilterBox applied=filter />
                <ZoneSwitch zone />
                <ExportMenu rollout=id feed zone />
                {is_followed.then(|| view! { <LiveState feed /> })}
                {is_followed.then(|| view! { <RefreshButton tree /> })}
            </div>
        </header>
    }
}

/// The rollout's id, with links to other views of it.
#[component]
fn RolloutTitle(
    rollout: RolloutName,
    /// Whether the project is not known, as in some files.
    is_nameless: bool,
) -> impl IntoView {
    let address = shown_address();
    let name = rollout.to_string();
    let console = (!address.is_demo() && !is_nameless).then(|| {
        view! {
            <ExternalLink href=links::rollout(&rollout) class="outward button quiet">
                "Cloud console"
            </ExternalLink>
        }
    });
    let explore = (!address.is_file()).then(|| {
        view! {
            <Link
                to=Address::history(name.clone())
                class="button quiet"
                attr:title="Zoom, measure, replay, statistics and the critical path"
            >
                "Explore"
            </Link>
        }
    });
    view! {
        <div class="rollout-title">
            <h1 tabindex="-1">{clip(rollout.rollout)}</h1>
            <CopyButton text=name label="Copy the rollout's name" />
            {console}
            {explore}
        </div>
    }
}

/// The buttons that choose the zone of the times on the page.
#[component]
fn ZoneSwitch(zone: Signal<Zone>) -> impl IntoView {
    let (go, address) = (use_navigate(), use_address());
    let choice = |value, label| {
        let go = go.clone();
        let choose = move |_| {
            go(&address
                .get_untracked()
                .with(|view| view.utc = value == Zone::Utc))
        };
        let is_chosen = move || (zone.get() == value).to_string();
        view! { <button type="button" aria-pressed=is_chosen on:click=choose>{label}</button> }
    };
    view! {
        <div class="segmented" role="group" aria-label="Time zone">
            {choice(Zone::Local, "Local time")}
            {choice(Zone::Utc, "UTC")}
        </div>
    }
}
