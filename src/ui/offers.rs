//! What can be done to a rollout or a job: a button and a question for each.

use std::rc::Rc;

use leptos::prelude::*;

use super::ask::{Ask, ask};
use super::dynamic::each;
use super::el::el;
use super::live::{Live, memo};
use super::place::shown_place;
use super::session::use_session;
use super::tree::Tree;
use crate::model::explain::Doing;
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
            (Some(offer), Some(rollout)) => offer_button(offer, rollout, tree),
            _ => ().into_any(),
        }
    })
}

fn offer_button(offer: Offer, rollout: RolloutName, tree: Tree) -> AnyView {
    let source = StoredValue::new_local(use_session().source(&shown_place()));
    let Offer { action, label, question, effect, is_harmful } = offer;
    let about = el("p").class("dialog-id").child(el("code").class("long-text").text(rollout.rollout.clone()));
    let send = move |policies: Vec<String>| {
        let (source, rollout, action) = (source.get_value(), rollout.clone(), action.clone());
        Box::pin(async move { source.act(&rollout, &action, &policies).await }) as _
    };
    let words = Ask {
        confirm: label.clone(),
        label,
        question,
        effect,
        keep: "Leave it as it is",
        sending: "Asking…",
        sent: "Requested",
        is_harmful,
        doing: Doing::Acting,
    };
    ask(words, about.into_any(), memo(|| None), tree, Rc::new(send)).into_any()
}
