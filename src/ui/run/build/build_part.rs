//! The Cloud Build builds of a run: how they went, step by step, and their logs.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::build_feed::{LOG, REASON_WORDS, head};
use super::build_log::LazyBuildLog;
use super::build_slot::BuildSlot;
use super::log_view::log_view;
use crate::api::job_run::State;
use crate::core::name::BuildName;
use crate::model::address::links;
use crate::model::run::panel::{RunBuild, builds};
use crate::ui::dom::dynamic::{dynamic, dynamic_option};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::on_visible::on_visible;
use crate::ui::nav::link::{shown_address, use_address};
use crate::ui::run::artifact_note::artifact_note;
use crate::ui::run::sections::external_link;
use crate::ui::run::shown::Shown;
use crate::ui::widgets::button::button;
use crate::ui::widgets::drawn_view::drawn_view;
use crate::ui::widgets::icon::{Icon, icon};
use crate::ui::widgets::lazy_view::lazy_component;

/// The builds of the run that is shown.
pub(crate) struct Builds(Vec<BuildSlot>);

/// Draws what `view` gives for the run's builds, as long as they stay the same.
pub(crate) fn with_builds(shown: Shown, view: impl Fn(Builds) -> AnyView + Send + 'static) -> AnyView {
    let builds = Memo::new(move |_| shown.run.read().as_ref().map_or_else(Vec::new, |run| builds(run)));
    let by_itself = !shown_address().is_file();
    let run_failed =
        Memo::new(move |_| shown.run.read().as_ref().is_some_and(|run| run.json.state == State::Failed));
    dynamic(move || {
        let slot = |(index, build): (usize, RunBuild)| {
            let is_visible = RwSignal::new(false);
            let wanted = Memo::new(move |_| is_visible.get() || (by_itself && run_failed.get()));
            let owner = Owner::current().unwrap_or_default();
            BuildSlot {
                number: index + 1,
                build,
                shown,
                is_visible,
                wanted: wanted.into(),
                run_failed: run_failed.into(),
                feed: StoredValue::new(None),
                owner,
            }
        };
        view(Builds(builds.get().into_iter().enumerate().map(slot).collect()))
    })
}

impl Builds {
    /// What a reader wants first at night: the line that most likely says why.
    pub(crate) fn reasons(&self) -> Vec<AnyView> {
        let reason = |slot: &BuildSlot| {
            let slot = slot.clone();
            let is_asked = Memo::new(move |_| slot.run_failed.get() && slot.wanted.get());
            dynamic_option(move || is_asked.get().then(|| view! { <LazyReason of=slot.clone() /> }))
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
        dynamic_option(opened)
    }

    /// The sections.
    pub(crate) fn sections(&self) -> Vec<El> {
        self.0.iter().cloned().map(section).collect()
    }
}

fn section_id(name: &BuildName) -> String {
    format!("build-{}", name.id())
}

/// Why the build failed.
pub(crate) fn reason(slot: BuildSlot) -> AnyView {
    let feed = slot.feed();
    let build = slot.build;
    let id = section_id(&build.name);
    dynamic_option(move || {
        if !feed.failed.get() || head(&feed.build.read(), LOG).is_empty() {
            return None;
        }
        let log = feed.log.read();
        let section = el("section").class("reason").attr("aria-label", "Likely reason");
        if log.is_none() {
            return Some(
                section.child(el("p").class("absent").text("Looking for the reason in the build's log…")),
            );
        }
        let words = head(&log, REASON_WORDS);
        if words.is_empty() {
            return None;
        }
        let title = match &build.check {
            Some(check) => format!("Likely reason, by the log of check {check}"),
            None => "Likely reason, by the build's log".to_owned(),
        };
        let id = id.clone();
        Some(section.child(el("h3").text(title)).child(el("pre").text(words.to_owned())).child(
            button("quiet", "Show it in the log").on("click", move |_| {
                feed.log_open.set(true);
                show_mark(id.clone());
            }),
        ))
    })
}

/// Brings the marked line of a build's log into view, and gives the log the focus.
fn show_mark(section: String) {
    request_animation_frame(move || {
        let Some(section) = document().get_element_by_id(&section) else { return };
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

fn section(slot: BuildSlot) -> El {
    let RunBuild { check, name } = slot.build.clone();
    let title = match check {
        Some(check) => format!("Cloud Build of check {check}"),
        None => "Cloud Build".to_owned(),
    };
    let address = shown_address();
    // The demo's builds are nowhere but in this page.
    let page = (!address.is_demo()).then(|| links::build(&name));
    let section = el("section").class("panel-part build").attr("id", section_id(&name));
    // What was opened as a file asks nobody by itself: its reader was told so, and whoever wrote it
    // would choose what is asked.
    let is_file = address.is_file();
    let section = match is_file {
        true => section,
        false => section.made(move |element| on_visible(element, slot.is_visible)),
    };
    let (set_visible, wanted) = (slot.is_visible, slot.wanted);
    section
        .child(
            el("h3")
                .text(title)
                .maybe(page.map(|page| external_link(page, "Cloud console").class("outward build-page"))),
        )
        .child(dynamic(move || match (wanted.get(), is_file) {
            (true, _) => view! { <LazyBuild of=slot.clone() /> }.into_any(),
            (false, true) => el("p")
                .class("absent")
                .text("The file does not have it. ")
                .child(button("", "Ask Cloud Build").on("click", move |_| set_visible.set(true)))
                .into_any(),
            (false, false) => reading().into_any(),
        }))
}

fn reading() -> El {
    el("p").class("absent").text("Reading the build…")
}

/// The build and its log.
pub(crate) fn body(slot: BuildSlot) -> AnyView {
    let feed = slot.feed();
    let page = (!shown_address().is_demo()).then(|| links::build(&slot.build.name));
    let console = page.clone();
    let has_come = Memo::new(move |_| matches!(&*feed.build.read(), Some(Ok(_))));
    let stale = Memo::new(move |_| {
        let [build, log] = feed.stale.get();
        let (what, why) = if build.is_empty() { ("log", log) } else { ("build", build) };
        (!why.is_empty()).then(|| {
            ["The ", what, " could not be read again (", &why, "): what you see may be old."].concat()
        })
    });
    (
        dynamic_option(move || {
            Some(el("p").class("absent").attr("role", "status").child(icon(Icon::Warning)).text(stale.get()?))
        }),
        dynamic(move || match &*feed.build.read() {
            None => reading().into_any(),
            Some(Err(message)) => artifact_note(message, page.clone(), move || feed.retry()).into_any(),
            Some(Ok(build)) => {
                let drawn = build.rows.iter().filter_map(|row| drawn_view(row));
                el("div").class("build-body").children(drawn).into_any()
            }
        }),
        dynamic_option(move || has_come.get().then(|| log_view(&slot, console.clone()))),
    )
        .into_any()
}

lazy_component! {
    part: build;
    /// [`reason`], loaded on first use.
    fn LazyReason(of: BuildSlot) {
        reason(of)
    }
}

lazy_component! {
    part: build;
    /// [`body`], loaded on first use.
    fn LazyBuild(of: BuildSlot) {
        body(of)
    }
}
