//! The buttons for what can be done to a rollout or a job.

use std::sync::Arc;

use leptos::prelude::*;

use super::action_button::action_button;
use super::terminate::use_pin_run;
use super::user_action::UserAction;
use crate::core::name::RolloutName;
use crate::model::rollout::Offer;
use crate::model::run::Run;
use crate::ui::dom::dynamic::each;
use crate::ui::nav::link::shown_address;
use crate::ui::rollout::tree::Tree;

/// A button for each offer, which stays as long as the offer does, or its dialog is open: what was asked
/// for may be refused because there is no such offer any more. `run` is the one that they are about.
pub(crate) fn action_buttons(
    offers: Signal<Vec<Offer>>,
    rollout: Signal<Option<RolloutName>>,
    run: Option<Signal<Option<Arc<Run>>>>,
    tree: Tree,
) -> AnyView {
    if shown_address().is_file() {
        return ().into_any();
    }
    let pin_run = use_pin_run(run);
    let (open_label, set_open_label) = signal(String::new());
    let labels = move || {
        let open_label = open_label.get();
        let mut labels: Vec<String> = offers.read().iter().map(|offer| offer.label.clone()).collect();
        if !open_label.is_empty() && !labels.contains(&open_label) {
            labels.push(open_label);
        }
        labels
    };
    let pin_run = StoredValue::new_local(pin_run);
    each(labels, move |label| {
        let offer = offers.read_untracked().iter().find(|offer| offer.label == label).cloned();
        let (Some(offer), Some(rollout)) = (offer, rollout.get_untracked()) else { return ().into_any() };
        let on_toggle = {
            let label = label.clone();
            move |is_opened: bool| {
                pin_run.with_value(|pin_run| pin_run(is_opened));
                set_open_label.set(if is_opened { label.clone() } else { String::new() });
            }
        };
        let is_gone = move || !offers.read().iter().any(|offer| offer.label == label);
        let disabled_reason = Memo::new(move |_| is_gone().then_some("This cannot be done any more."));
        action_button(UserAction::Rollout(offer, rollout), disabled_reason.into(), tree, on_toggle).into_any()
    })
}
