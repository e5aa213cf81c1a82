//! Facts about the rollout as a whole, and the actions on it.

use leptos::prelude::*;

use super::actions::action_buttons::ActionButtons;
use super::feed::Feed;
use super::rollout_state::RolloutBadge;
use super::tree::Tree;
use crate::api::error::RefusalKind;
use crate::api::job_run::State;
use crate::api::rollout::Rollout;
use crate::core::name::RolloutName;
use crate::core::text::clip;
use crate::core::time::Timestamp;
use crate::model::address::Address;
use crate::model::rollout::{self, controller, failure, offers, remarks};
use crate::ui::nav::link::Link;
use crate::ui::widgets::icon::{Icon, SvgIcon};

/// The line under the rollout's name.
#[component]
pub(super) fn RolloutFacts(name: RolloutName, tree: Tree, now: Signal<Timestamp>) -> impl IntoView {
    let feed = tree.root;
    let state = Memo::new(move |_| about_rollout(feed, |r| r.state.clone()));
    let target =
        Memo::new(move |_| about_rollout(feed, |r| r.target_id.clone()).unwrap_or_default());
    let parent = Memo::new({
        let name = name.clone();
        move |_| about_rollout(feed, |r| controller(r, &name)).flatten()
    });
    let remarks = Memo::new(move |_| {
        about_rollout(feed, |r| remarks(r, now.get()))
            .unwrap_or_default()
            .join(" ")
    });
    let offers = Memo::new(move |_| about_rollout(feed, offers).unwrap_or_default());
    let target = move || {
        let target = target.get();
        (!target.is_empty())
            .then(|| view! { <span class="rollout-target">"to " <b>{clip(target)}</b></span> })
    };
    let parent = move || {
        let parent = parent.get()?;
        let id = clip(&*parent.rollout);
        let to = Address::rollout(parent);
        Some(view! { <span class="rollout-controller">"driven by " <Link to>{id}</Link></span> })
    };
    let rollout = Signal::stored(Some(name));
    view! {
        <div class="rollout-facts">
            <RolloutBadge state />
            {target}
            {parent}
            <span class="rollout-remarks">{move || clip(remarks.get())}</span>
            <span class="rollout-offers"><ActionButtons offers rollout tree /></span>
        </div>
    }
}

/// Returns something about the rollout of a feed, when it is known.
fn about_rollout<T>(feed: Feed, about: impl Fn(&Rollout) -> T) -> Option<T> {
    rollout::read(&feed.rollout.read()).map(about)
}

/// Why the rollout as a whole failed, and why it may not be known.
#[component]
pub(super) fn RolloutNotes(feed: Feed) -> impl IntoView {
    view! {
        <FailureNote feed />
        <UnknownNote feed />
    }
}

/// Says why the rollout as a whole failed, if it did.
#[component]
fn FailureNote(feed: Feed) -> impl IntoView {
    let failed = Memo::new(move |_| {
        let cause_and_reason = about_rollout(feed, |r| {
            (r.deploy_failure_cause.clone(), r.failure_reason.clone())
        });
        cause_and_reason.filter(|(cause, reason)| !cause.is_unspecified() || !reason.is_empty())
    });
    // A failed run says more, and stands below; without one, this is all that there is.
    let has_failed_run = Memo::new(move |_| {
        feed.set
            .read()
            .runs
            .iter()
            .any(|run| run.json.state == State::Failed)
    });
    move || {
        let (cause, reason) = failed.get()?;
        let explained = failure(&cause);
        let reason = match &explained {
            Some(explanation) if reason.is_empty() => explanation.meaning.clone(),
            _ => reason,
        };
        let cause = if cause.is_unspecified() {
            String::new()
        } else {
            cause.to_string()
        };
        let next = explained.filter(|_| !has_failed_run.get());
        let next =
            next.map(|explanation| view! { <span><b>"Next: "</b>{clip(explanation.next)}</span> });
        Some(view! {
            <p class="rollout-failure notice">
                <SvgIcon icon=Icon::Cross />
                <code>{clip(cause)}</code>
                <span class="long-text">{clip(reason)}</span>
                {next}
            </p>
        })
    }
}

/// Says why the rollout itself is not known, or not as it is now.
#[component]
fn UnknownNote(feed: Feed) -> impl IntoView {
    let problem = Memo::new(move |_| problem_of(feed));
    let was_read = Memo::new(move |_| {
        feed.rollout
            .read()
            .as_ref()
            .is_some_and(|kept| kept.rollout.is_ok())
    });
    let consequence = move || match was_read.get() {
        true => " again: you see it as it was read last. ",
        false => {
            ", so its phases are in the order of their first runs and jobs that have not run are missing. "
        }
    };
    move || {
        let problem = problem.get()?;
        Some(view! {
            <p class="notice is-warning">
                <SvgIcon icon=Icon::Warning />
                <span>"The rollout itself could not be read" {consequence} {clip(problem)}</span>
            </p>
        })
    }
}

/// Returns why the rollout itself could not be read the last time.
fn problem_of(feed: Feed) -> Option<String> {
    let Some(error) = feed.rollout_error.get().filter(|_| feed.loaded.get()) else {
        return feed
            .rollout
            .read()
            .as_ref()?
            .rollout
            .as_ref()
            .err()
            .map(ToString::to_string);
    };
    let missing = error
        .refusal()
        .filter(|refusal| refusal.kind == RefusalKind::PermissionDenied);
    Some(
        match missing.and_then(|refusal| refusal.permission.as_ref()) {
            Some(permission) => format!("{permission} is missing."),
            None => format!("{error}."),
        },
    )
}
