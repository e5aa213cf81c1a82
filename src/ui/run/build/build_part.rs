//! The Cloud Build builds of a run: how they went, step by step, and their logs.

use leptos::html::Section;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::build_feed::Stale;
use super::build_log::LazyBuildLog;
use super::build_report::BuildReportView;
use super::build_slot::BuildSlot;
use super::log_view::LogView;
use crate::api::job_run::State;
use crate::core::name::BuildName;
use crate::core::text::clip;
use crate::model::address::links;
use crate::model::build_report::LogPlace;
use crate::model::run::panel::{RunBuild, builds};
use crate::ui::dom::on_visible::on_visible;
use crate::ui::nav::link::{shown_address, use_address};
use crate::ui::run::artifact_note::ArtifactNote;
use crate::ui::run::sections::ExternalLink;
use crate::ui::run::shown::Shown;
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::ui::widgets::lazy_view::lazy_component;

/// The builds of the run that is shown.
pub(crate) struct Builds(Vec<BuildSlot>);

/// Draws what `view` gives for the run's builds, as long as they stay the same.
pub(crate) fn with_builds(
    shown: Shown,
    view: impl Fn(Builds) -> AnyView + Send + 'static,
) -> AnyView {
    let builds = Memo::new(move |_| {
        shown
            .run
            .read()
            .as_ref()
            .map_or_else(Vec::new, |run| builds(run))
    });
    let by_itself = !shown_address().is_file();
    let run_failed = Memo::new(move |_| {
        shown
            .run
            .read()
            .as_ref()
            .is_some_and(|run| run.json.state == State::Failed)
    });
    let slot = move |(index, build): (usize, RunBuild)| {
        let is_visible = RwSignal::new(false);
        let wanted = Memo::new(move |_| is_visible.get() || (by_itself && run_failed.get()));
        BuildSlot {
            number: index + 1,
            build,
            shown,
            is_visible,
            wanted: wanted.into(),
            run_failed: run_failed.into(),
            feed: StoredValue::new(None),
            owner: Owner::current().unwrap_or_default(),
        }
    };
    (move || {
        view(Builds(
            builds.get().into_iter().enumerate().map(slot).collect(),
        ))
    })
    .into_any()
}

impl Builds {
    /// What a reader wants first at night: the line that most likely says why.
    pub(crate) fn reasons(&self) -> Vec<AnyView> {
        let reason = |slot: &BuildSlot| {
            let slot = slot.clone();
            let is_wanted = Memo::new(move |_| slot.run_failed.get() && slot.wanted.get());
            (move || {
                is_wanted
                    .get()
                    .then(|| view! { <LazyReason of=slot.clone() /> })
            })
            .into_any()
        };
        self.0.iter().map(reason).collect()
    }

    /// The reader of a build's log, while it is open.
    pub(crate) fn drawer(&self) -> AnyView {
        let address = use_address();
        let which = Memo::new(move |_| {
            let log = address.read().view().log;
            if log.is_open { log.of_build } else { 0 }
        });
        let slots = self.0.clone();
        let opened = move || {
            let slot = slots.get(which.get().checked_sub(1)?)?.clone();
            slot.is_visible.set(true);
            Some(view! { <LazyBuildLog of=slot /> })
        };
        opened.into_any()
    }

    /// The sections.
    pub(crate) fn sections(&self) -> Vec<AnyView> {
        self.0
            .iter()
            .map(|slot| view! { <BuildSection of=slot.clone() /> }.into_any())
            .collect()
    }
}

fn section_id(name: &BuildName) -> String {
    format!("build-{}", name.id())
}

/// Says why the build failed, by its log.
#[component]
pub(crate) fn LikelyReason(of: BuildSlot) -> impl IntoView {
    let feed = of.feed();
    let RunBuild { check, name } = of.build;
    let has_log =
        move || feed.of_build(|build| matches!(build.log, LogPlace::Stored { .. })) == Some(true);
    let content = move || match &*feed.log.read() {
        None => {
            let words = "Looking for the reason in the build's log…";
            Some(view! { <p class="absent">{words}</p> }.into_any())
        }
        Some(Ok(log)) => {
            let words = log.text.reason.as_ref()?.words.clone();
            let title = match &check {
                Some(check) => format!("Likely reason, by the log of check {check}"),
                None => "Likely reason, by the build's log".to_owned(),
            };
            let id = section_id(&name);
            let show = move |_| {
                feed.log_open.set(true);
                show_mark(id.clone());
            };
            Some(
                view! {
                    <h3>{clip(title)}</h3>
                    <pre>{clip(words)}</pre>
                    <button type="button" class="button quiet" on:click=show>"Show it in the log"</button>
                }
                .into_any(),
            )
        }
        Some(Err(_)) => None,
    };
    move || {
        let content = (feed.has_failed() && has_log()).then(&content)??;
        Some(view! { <section class="reason" aria-label="Likely reason">{content}</section> })
    }
}

/// Brings the marked line of a build's log into view, and gives the log the focus.
fn show_mark(section: String) {
    request_animation_frame(move || {
        let Some(section) = document().get_element_by_id(&section) else {
            return;
        };
        let find = |css| section.query_selector(css).ok().flatten();
        if let Some(log) = find(".text-view").and_then(|log| log.dyn_into::<HtmlElement>().ok()) {
            let _ = log.focus();
        }
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        let mark = find(".is-marked").unwrap_or_else(|| section.clone());
        mark.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

/// Shows a build, which is read when it comes into view.
#[component]
fn BuildSection(of: BuildSlot) -> impl IntoView {
    let RunBuild { check, name } = of.build.clone();
    let title = match check {
        Some(check) => format!("Cloud Build of check {check}"),
        None => "Cloud Build".to_owned(),
    };
    let address = shown_address();
    // The demo's builds are nowhere but in this page.
    let page = (!address.is_demo()).then(|| links::build(&name));
    let link = page.map(|page| {
        view! { <ExternalLink href=page class="outward build-page">"Cloud console"</ExternalLink> }
    });
    let section = NodeRef::<Section>::new();
    // Of a file nothing is read by itself: its reader was told so, and its author would choose what is requested.
    let is_file = address.is_file();
    let (is_visible, wanted) = (of.is_visible, of.wanted);
    if !is_file {
        section.on_load(move |section| on_visible(&section, is_visible));
    }
    let content = move || match (wanted.get(), is_file) {
        (true, _) => view! { <LazyBuild of=of.clone() /> }.into_any(),
        (false, true) => view! { <OnDemand is_visible /> }.into_any(),
        (false, false) => view! { <ReadingBuild /> }.into_any(),
    };
    view! {
        <section class="panel-part build" id=section_id(&name) node_ref=section>
            <h3>{clip(title)} {link}</h3>
            {content}
        </section>
    }
}

/// A button that reads the build.
#[component]
fn OnDemand(is_visible: RwSignal<bool>) -> impl IntoView {
    view! {
        <p class="absent">
            "The file does not have it. "
            <button type="button" class="button" on:click=move |_| is_visible.set(true)>"Ask Cloud Build"</button>
        </p>
    }
}

#[component]
fn ReadingBuild() -> impl IntoView {
    view! { <p class="absent">"Reading the build…"</p> }
}

/// Shows a build that was read, and its log.
#[component]
pub(crate) fn BuildContent(of: BuildSlot) -> impl IntoView {
    let feed = of.feed();
    let page = (!shown_address().is_demo()).then(|| links::build(&of.build.name));
    let build_page = page.clone();
    let has_come = Memo::new(move |_| feed.of_build(|_| ()).is_some());
    let report = move || match &*feed.build.read() {
        None => view! { <ReadingBuild /> }.into_any(),
        Some(Err(message)) => {
            let retry = UnsyncCallback::new(move |()| feed.retry());
            view! { <ArtifactNote message=(**message).clone() page=page.clone() retry /> }
                .into_any()
        }
        Some(Ok(report)) => view! { <BuildReportView report=(**report).clone() /> }.into_any(),
    };
    let log = move || {
        has_come
            .get()
            .then(|| view! { <LogView of=of.clone() build_page=build_page.clone() /> })
    };
    view! {
        <StaleNote stale=feed.stale />
        {report}
        {log}
    }
}

/// Says that what is on the screen may be old.
#[component]
fn StaleNote(stale: RwSignal<Stale>) -> impl IntoView {
    let sentence = Memo::new(move |_| {
        let Stale { build, log } = stale.get();
        let (what, why) = if build.is_empty() {
            ("log", log)
        } else {
            ("build", build)
        };
        (!why.is_empty()).then(|| {
            [
                "The ",
                what,
                " could not be read again (",
                &why,
                "): what you see may be old.",
            ]
            .concat()
        })
    });
    move || {
        let sentence = clip(sentence.get()?);
        Some(view! { <p class="absent" role="status"><SvgIcon icon=Icon::Warning />{sentence}</p> })
    }
}

lazy_component! {
    part: build;
    /// [`LikelyReason`], loaded on first use.
    fn LazyReason(of: BuildSlot) {
        view! { <LikelyReason of /> }
    }
}

lazy_component! {
    part: build;
    /// [`BuildContent`], loaded on first use.
    fn LazyBuild(of: BuildSlot) {
        view! { <BuildContent of /> }
    }
}
