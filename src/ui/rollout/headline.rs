//! The headline of a rollout: one sentence, and the number of runs in each state.

use super::feed::Feed;
use crate::core::time::Timestamp;
use crate::model::address::Address;
use crate::model::explain::state_label;
use crate::model::rollout;
use crate::model::rollout::Coverage;
use crate::model::rollout::headline::{Headline, headline};
use crate::ui::dom::dynamic::{dynamic, dynamic_option};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::{link, use_address};
use crate::ui::widgets::icon::{Icon, icon};
use crate::ui::widgets::state_badge::state_class;
use leptos::prelude::*;

/// How much of the rollout the runs cover.
fn coverage_of(feed: Feed, address: Signal<Address>) -> Coverage {
    if !address.read().view().filter.is_empty() {
        return Coverage::Filtered;
    }
    let is_whole =
        feed.loaded.get() && feed.unreachable.read().is_empty() && feed.set.read().unreadable.is_empty();
    match is_whole {
        true => rollout::coverage(rollout::read(&feed.rollout.read())),
        false => Coverage::Part,
    }
}

/// Returns the headline of what a feed has read.
pub(crate) fn headline_of(feed: Feed, address: Signal<Address>, now: Timestamp) -> Option<Headline> {
    let rollout = feed.rollout.read();
    headline(&feed.set.read(), now, &coverage_of(feed, address), rollout::read(&rollout))
}

pub(crate) fn rollout_headline(feed: Feed, now: Signal<Timestamp>) -> El {
    let address = use_address();
    let line = move || {
        let verdict = headline_of(feed, address, now.get())?;
        let to = address.read().select(Some(&verdict.run));
        Some(
            el("p")
                .class(format!("verdict-line {}", state_class(&verdict.state)))
                .child(icon(Icon::of(&verdict.state)))
                .child(link(to).class("verdict-headline").text(verdict.text))
                .child(el("span").class("verdict-detail").text(verdict.detail)),
        )
    };
    let counts = move || {
        let set = feed.set.read();
        let total = match set.runs.len() {
            1 => "1 job run".to_owned(),
            total => format!("{total} job runs"),
        };
        let counts = set.state_counts().into_iter().map(|(state, count)| {
            el("li")
                .class(format!("state-count {}", state_class(&state)))
                .child(icon(Icon::of(&state)))
                .text(format!("{count} {}", state_label(&state).to_ascii_lowercase()))
        });
        el("ul")
            .class("state-counts")
            .attr("aria-label", "Job runs by state")
            .child(el("li").class("state-count").text(total))
            .children(counts)
    };
    el("section")
        .class("verdict")
        .attr("aria-label", "Verdict")
        .child(dynamic_option(line))
        .child(dynamic(counts))
}
