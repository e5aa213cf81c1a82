//! Facts about the rollout as a whole, and the actions on it.

use leptos::prelude::*;

use super::actions::action_buttons::action_buttons;
use super::feed::Feed;
use super::rollout_state::rollout_badge;
use super::tree::Tree;
use crate::api::error::RefusalKind;
use crate::api::job_run::State;
use crate::api::rollout::Rollout;
use crate::core::name::RolloutName;
use crate::core::time::Timestamp;
use crate::model::address::Address;
use crate::model::rollout::{self, controller, failure, offers, remarks};
use crate::ui::dom::dynamic::{dynamic, dynamic_option};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::link;
use crate::ui::widgets::icon::{Icon, icon};

/// The line under the rollout's name.
pub(crate) fn rollout_facts(name: RolloutName, tree: Tree, now: Signal<Timestamp>) -> El {
    let feed = tree.root;
    let state = Memo::new(move |_| of_rollout(feed, |r| r.state.clone()));
    let target = Memo::new(move |_| of_rollout(feed, |r| r.target_id.clone()).unwrap_or_default());
    let target = dynamic_option(move || {
        (!target.read().is_empty()).then(|| {
            let id = el("b").text(target.get());
            el("span").class("rollout-target").text("to ").child(id)
        })
    });
    let parent = {
        let name = name.clone();
        Memo::new(move |_| of_rollout(feed, |r| controller(r, &name)).flatten())
    };
    let parent = dynamic_option(move || {
        let parent = parent.get()?;
        let id = parent.rollout.clone();
        let link = link(Address::rollout(parent)).text(id);
        Some(el("span").class("rollout-controller").text("driven by ").child(link))
    });
    let remarks_text =
        Memo::new(move |_| of_rollout(feed, |r| remarks(r, now.get())).unwrap_or_default().join(" "));
    let offers = Memo::new(move |_| of_rollout(feed, offers).unwrap_or_default());
    let of = Memo::new(move |_| Some(name.clone()));
    el("div")
        .class("rollout-facts")
        .child(rollout_badge(state.into()))
        .child(target)
        .child(parent)
        .child(el("span").class("rollout-remarks").text(remarks_text))
        .child(el("span").class("rollout-offers").child(action_buttons(offers.into(), of.into(), None, tree)))
}

fn of_rollout<T>(feed: Feed, about: impl Fn(&Rollout) -> T) -> Option<T> {
    rollout::read(&feed.rollout.read()).map(about)
}

/// Why the rollout as a whole failed, and why it may not be known.
pub(crate) fn rollout_notes(feed: Feed) -> AnyView {
    let failed = Memo::new(move |_| {
        let cause_and_reason =
            of_rollout(feed, |r| (r.deploy_failure_cause.clone(), r.failure_reason.clone()));
        cause_and_reason.filter(|(cause, reason)| !cause.is_unspecified() || !reason.is_empty())
    });
    // A failed run says more, and stands below; without one, this is all that there is.
    let has_failed_run =
        Memo::new(move |_| feed.set.read().runs.iter().any(|run| run.json.state == State::Failed));
    let failed = dynamic_option(move || {
        let (cause, reason) = failed.get()?;
        let explained = failure(&cause);
        let reason = match &explained {
            Some(explanation) if reason.is_empty() => explanation.meaning.clone(),
            _ => reason,
        };
        let next = explained.filter(|_| !has_failed_run.get());
        Some(
            el("p")
                .class("rollout-failure notice")
                .child(icon(Icon::Cross))
                .child(el("code").text(if cause.is_unspecified() {
                    String::new()
                } else {
                    cause.to_string()
                }))
                .child(el("span").class("long-text").text(reason))
                .maybe(
                    next.map(|explanation| el("span").child(el("b").text("Next: ")).text(explanation.next)),
                ),
        )
    });
    let unknown = dynamic(move || {
        let unread =
            feed.rollout.read().as_ref().and_then(|r| r.rollout.as_ref().err().map(ToString::to_string));
        let refused = feed.rollout_error.get().filter(|_| feed.loaded.get());
        let why = match (&refused, unread) {
            (Some(error), _) => match error.refusal().map(|refusal| (&refusal.kind, &refusal.permission)) {
                Some((RefusalKind::PermissionDenied, Some(permission))) => {
                    format!("{permission} is missing.")
                }
                _ => format!("{error}."),
            },
            (None, Some(error)) => error,
            (None, None) => return ().into_any(),
        };
        el("p")
            .class("notice is-warning")
            .child(icon(Icon::Warning))
            .child(
                el("span")
                    .text("The rollout itself could not be read")
                    .text(if feed.rollout.read().as_ref().is_some_and(|kept| kept.rollout.is_ok()) {
                        " again: you see it as it was read last. "
                    } else {
                        ", so its phases are in the order of their first runs and jobs that have not run are missing. "
                    })
                    .text(why),
            )
            .into_any()
    });
    (failed, unknown).into_any()
}
