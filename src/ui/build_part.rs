//! The Cloud Build builds of a run: how they went, step by step, and their logs.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::artifact_note::artifact_note;
use super::build_feed::{BuildFeed, follow_build};
use super::button::button;
use super::dynamic::{dynamic, dynamic_option};
use super::el::{El, el};
use super::icon::{Shape, icon};
use super::live::memo;
use super::log_view::log_view;
use super::place::shown_place;
use super::run_panel::Shown;
use super::sections::outward;
use super::seen::when_seen;
use super::state_badge::state_class;
use crate::api::job_run::State;
use crate::model::links;
use crate::model::name::BuildName;
use crate::model::panel::{RunBuild, builds};
use crate::model::rollout::Outline;
use crate::model::timeline::{Part, PartKind, Window, css, layout};
use crate::worker::drawn::{DrawnBuild, DrawnStep};

/// The builds of the run that is shown, and above them what their logs say of a failure.
#[derive(Clone)]
pub struct Builds(Vec<(RunBuild, BuildFeed)>);

/// Draws what `view` gives for the run's builds, which it follows as long as they stay the same.
pub fn with_builds<V: IntoAny + 'static>(
    shown: Shown,
    view: impl Fn(Builds) -> V + Send + 'static,
) -> AnyView {
    let builds = memo(move || shown.run.read().as_ref().map_or_else(Vec::new, |run| builds(run)));
    dynamic(move || {
        let follow = |build: RunBuild| {
            let feed = follow_build(build.name.clone(), shown);
            (build, feed)
        };
        view(Builds(builds.get().into_iter().map(follow).collect()))
    })
}

impl Builds {
    /// What a reader wants first at night: the line that most likely says why.
    pub fn reasons(&self) -> Vec<AnyView> {
        self.0.iter().map(|(build, feed)| reason(build.clone(), *feed)).collect()
    }

    /// The sections.
    pub fn sections(&self, shown: Shown) -> Vec<El> {
        self.0.iter().map(|(build, feed)| section(build.clone(), *feed, shown)).collect()
    }
}

fn section_id(name: &BuildName) -> String {
    format!("build-{}", name.id())
}

fn reason(build: RunBuild, feed: BuildFeed) -> AnyView {
    let id = section_id(&build.name);
    dynamic_option(move || {
        if !feed.failed.get() {
            return None;
        }
        let log = feed.log.read();
        let title = match &build.check {
            Some(check) => format!("Likely reason, by the log of check {check}"),
            None => "Likely reason, by the build's log".to_owned(),
        };
        let section = el("section").class("reason").attr("aria-label", "Likely reason");
        Some(match &*log {
            None if matches!(&*feed.build.read(), Some(Ok(build)) if build.log.is_empty()) => return None,
            None => section.child(el("p").class("absent").text("Looking for the reason in the build's log…")),
            Some(Err(_)) => return None,
            Some(Ok(log)) => {
                log.drawn.reason?;
                let id = id.clone();
                section
                    .child(el("h3").text(title))
                    .child(el("pre").text(log.drawn.reason_text.clone()))
                    .child(button("quiet", "Show it in the log").on("click", move |_| {
                        feed.log_open.1.set(true);
                        show_mark(&id);
                    }))
            }
        })
    })
}

/// Brings the marked line of a build's log into view, and gives the log the focus.
fn show_mark(section: &str) {
    let section = section.to_owned();
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

fn section(build: RunBuild, feed: BuildFeed, shown: Shown) -> El {
    let RunBuild { check, name } = build;
    let title = match check {
        Some(check) => format!("Cloud Build of check {check}"),
        None => "Cloud Build".to_owned(),
    };
    // The demo's builds are nowhere but in this page.
    let page = (!shown_place().is_demo()).then(|| links::build(&name));
    let console = page.clone();
    let seen = feed.seen;
    let has_log = memo(move || matches!(&*feed.build.read(), Some(Ok(_))));
    el("section")
        .class("panel-part build")
        .attr("id", section_id(&name))
        .made(move |element| when_seen(element, seen))
        .child(el("h3").text(title))
        .child(dynamic(move || match &*feed.build.read() {
            None => el("p").class("absent").text("Reading the build…").into_any(),
            Some(Err(trouble)) => artifact_note(trouble, page.clone(), move || feed.retry()).into_any(),
            Some(Ok(build)) => build_view(build, page.clone(), shown).into_any(),
        }))
        .child(dynamic_option(move || has_log.get().then(|| log_view(feed, console.clone()))))
}

fn build_view(build: &DrawnBuild, page: Option<String>, shown: Shown) -> El {
    let state = State::from(build.look.as_str());
    let head = el("p")
        .class("build-head")
        .child(
            el("span")
                .class(format!("state-badge {}", state_class(&state)))
                .child(icon(Shape::of(&state)))
                .text(build.label.clone()),
        )
        .child(el("span").class("build-times").text(build.times.clone()))
        .maybe(page.map(|page| outward(page, "Cloud console")));
    let why = (!build.why.is_empty()).then(|| el("p").class("build-why").text(build.why.clone()));
    let next = (!build.next.is_empty())
        .then(|| el("p").class("build-why").child(el("b").text("Next: ")).text(build.next.clone()));
    let warnings = (!build.warnings.is_empty())
        .then(|| el("p").class("notice is-warning").child(icon(Shape::Warning)).text(build.warnings.clone()));
    let steps = build.steps.iter().map(step_view);
    el("div").class("build-body").child(head).maybe(why).maybe(next).maybe(warnings).child(
        el("ol")
            .class("steps")
            .attr("aria-label", "Steps of the build")
            .maybe(run_row(shown))
            .children(steps),
    )
}

/// The run itself, whose axis the steps are on.
fn run_row(shown: Shown) -> Option<El> {
    let run = shown.run.get()?;
    let now = shown.now.get_untracked();
    let window = Window::fit(std::slice::from_ref(&run), now);
    let layout = layout(std::slice::from_ref(&run), &Outline::default(), window, now);
    let bar = layout.bar(&run.id)?;
    let parts = bar.parts.iter().map(|part: &Part| {
        let class = if part.kind == PartKind::Waiting { "step-bar is-waiting" } else { "step-bar" };
        el("span").class(class).attr("style", format!("--from:{};--to:{}", css(part.from), css(part.to)))
    });
    Some(
        el("li").class(format!("step is-run {}", state_class(&run.json.state))).child(
            el("div")
                .class("step-row")
                .child(el("span").class("step-icon"))
                .child(el("span").class("step-label").text("The job run"))
                .child(el("span").class("step-track").children(parts))
                .child(el("span").class("step-duration")),
        ),
    )
}

fn step_view(step: &DrawnStep) -> El {
    let state = (!step.look.is_empty()).then(|| State::from(step.look.as_str()));
    let class = state.as_ref().map_or("is-unknown", state_class);
    let duration = if step.duration.is_empty() { "—" } else { &step.duration };
    let bar =
        (!step.place.is_empty()).then(|| el("span").class("step-bar").attr("style", step.place.clone()));
    let has_details = !step.details.is_empty();
    let row = el(if has_details { "summary" } else { "div" })
        .class("step-row")
        .child(el("span").class("step-icon").maybe(state.as_ref().map(|state| icon(Shape::of(state)))))
        .child(
            el("span")
                .class("step-label")
                .child(el("span").class("long-text").text(step.label.clone()))
                .maybe(
                    (!step.status.is_empty())
                        .then(|| el("span").class("step-status").text(step.status.clone())),
                ),
        )
        .child(el("span").class("step-track").maybe(bar))
        .child(el("span").class("step-duration").text(duration.to_owned()));
    let item = el("li").class(format!("step {class}")).class_if("is-stage", state.is_none());
    match has_details {
        true => item.child(
            el("details").child(row).child(el("pre").class("step-details").text(step.details.clone())),
        ),
        false => item.child(row),
    }
}
