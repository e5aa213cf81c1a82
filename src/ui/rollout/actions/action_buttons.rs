//! The buttons for what can be done to a rollout or a job.

use std::sync::Arc;

use leptos::prelude::*;

use super::action_button::ActionButton;
use super::terminate::use_pin_run;
use super::user_action::UserAction;
use crate::core::name::RolloutName;
use crate::model::rollout::Offer;
use crate::model::run::Run;
use crate::ui::nav::link::shown_address;
use crate::ui::rollout::tree::Tree;

/// Shows a button for each offer, which stays as long as the offer does, or its dialog is open: what was asked
/// for may be refused because there is no such offer any more.
#[component]
pub(crate) fn ActionButtons(
    #[prop(into)] offers: Signal<Vec<Offer>>,
    /// The rollout to act on.
    #[prop(into)]
    rollout: Signal<Option<RolloutName>>,
    /// The run whose job the offers are about, if any.
    #[prop(optional_no_strip, into)]
    run: Option<Signal<Option<Arc<Run>>>>,
    tree: Tree,
) -> impl IntoView {
    let open_label = RwSignal::new(None::<String>);
    let pin_run = use_pin_run(run);
    let labels = move || {
        let mut labels: Vec<String> = offers
            .read()
            .iter()
            .map(|offer| offer.label.clone())
            .collect();
        if let Some(open_label) = open_label.get().filter(|label| !labels.contains(label)) {
            labels.push(open_label);
        }
        labels
    };
    let button = move |label: String| {
        let offer = offers
            .read_untracked()
            .iter()
            .find(|offer| offer.label == label)
            .cloned()?;
        let action = UserAction::Rollout(offer, rollout.get_untracked()?);
        let opened = label.clone();
        let on_toggle = UnsyncCallback::new(move |is_opened: bool| {
            pin_run.run(is_opened);
            open_label.set(is_opened.then(|| opened.clone()));
        });
        let is_gone = move || !offers.read().iter().any(|offer| offer.label == label);
        let disabled_reason =
            Memo::new(move |_| is_gone().then_some("This cannot be done any more."));
        Some(view! { <ActionButton action disabled_reason tree on_toggle /> })
    };
    // What is from a file can only be looked at.
    (!shown_address().is_file())
        .then(|| view! { <For each=labels key=String::clone children=button /> })
}
