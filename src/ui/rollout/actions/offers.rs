//! What can be done to a rollout or a job: a button and a question for each.

use std::sync::Arc;

use leptos::prelude::*;

use super::ask::ask;
use super::deed::Deed;
use super::terminate::use_keep;
use crate::core::name::RolloutName;
use crate::model::rollout::Offer;
use crate::model::run::Run;
use crate::ui::dom::dynamic::each;
use crate::ui::dom::live::{Live, live, memo};
use crate::ui::nav::link::shown_address;
use crate::ui::rollout::tree::Tree;

/// A button for each offer, which stays as long as the offer does, or its dialog is open: what was asked
/// for may be refused because there is no such offer any more. `run` is the one that they are about.
pub fn offer_buttons(
    offers: Live<Vec<Offer>>,
    rollout: Live<Option<RolloutName>>,
    run: Option<Live<Option<Arc<Run>>>>,
    tree: Tree,
) -> AnyView {
    if shown_address().is_file() {
        return ().into_any();
    }
    let keep = use_keep(run);
    let (held, set_held) = live(String::new());
    let labels = move || {
        let held = held.get();
        let mut labels: Vec<String> = offers.read().iter().map(|offer| offer.label.clone()).collect();
        if !held.is_empty() && !labels.contains(&held) {
            labels.push(held);
        }
        labels
    };
    let keep = StoredValue::new_local(keep);
    each(labels, move |label| {
        let offer = offers.read_untracked().iter().find(|offer| offer.label == label).cloned();
        let (Some(offer), Some(rollout)) = (offer, rollout.get_untracked()) else { return ().into_any() };
        let hold = {
            let label = label.clone();
            move |is_opened: bool| {
                keep.with_value(|keep| keep(is_opened));
                set_held.set(if is_opened { label.clone() } else { String::new() });
            }
        };
        let is_gone = move || !offers.read().iter().any(|offer| offer.label == label);
        let hindrance = memo(move || is_gone().then_some("This cannot be done any more."));
        ask(Deed::Act(offer, rollout), hindrance, tree, hold).into_any()
    })
}
