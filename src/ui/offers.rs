//! What can be done to a rollout or a job: a button and a question for each.

use leptos::prelude::*;

use super::ask::{Deed, ask};
use super::dynamic::each;
use super::live::{Live, memo};
use super::place::shown_place;
use super::tree::Tree;
use crate::model::name::RolloutName;
use crate::model::rollout::Offer;

/// A button for each offer, which stays as long as the offer does.
pub fn offer_buttons(offers: Live<Vec<Offer>>, rollout: Live<Option<RolloutName>>, tree: Tree) -> AnyView {
    if shown_place().is_file() {
        return ().into_any();
    }
    let labels = move || offers.read().iter().map(|offer| offer.label.clone()).collect();
    each(labels, move |label| {
        let offer = offers.read_untracked().iter().find(|offer| offer.label == label).cloned();
        match (offer, rollout.get_untracked()) {
            (Some(offer), Some(rollout)) => ask(Deed::Act(offer, rollout), memo(|| None), tree).into_any(),
            _ => ().into_any(),
        }
    })
}
