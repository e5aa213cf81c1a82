//! Something that changes what runs in the cloud: asked about first, then sent once.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::deed::{Deed, Question, Step};
use crate::ui::dom::dynamic::{flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::live::{Live, Var, effect, live, memo};
use crate::ui::rollout::tree::Tree;
use crate::ui::widgets::button::button;
use crate::ui::widgets::dialog::{Content, Dialog};

/// The button and its dialog. They outlast new data, so that an answer to a request is shown even
/// when what it is about has changed meanwhile: `hold` is told when the dialog opens and when it is closed.
/// While there is a `hindrance`, the button is off and says why.
pub fn ask(
    deed: Deed,
    hindrance: Live<Option<&'static str>>,
    tree: Tree,
    hold: impl Fn(bool) + Clone + 'static,
) -> El {
    let dialog = Dialog::new();
    let opener_element = StoredValue::new_local(None::<Element>);
    let (step, set_step): Var<Step> = live(Step::Idle);
    let is_hindered = memo(move || hindrance.read().is_some());
    effect(move || {
        if !is_hindered.get() {
            dialog.prepare();
        }
    });
    let is_opened = hold.clone();
    let open = move |_| {
        is_opened(true);
        if matches!(*step.read_untracked(), Step::Refused(_)) {
            set_step.set(Step::Idle);
        }
        dialog.open();
    };
    let is_off = flag(move || is_hindered.get() || matches!(*step.read(), Step::Sending | Step::Sent));
    let (idle, (sending, sent)) = (deed.label(), deed.progress());
    let label = text(move || match (&*step.read(), is_hindered.get()) {
        (Step::Sending, _) => sending.to_owned(),
        (Step::Sent, false) => sent.to_owned(),
        _ => idle.clone(),
    });
    let opener = button(if deed.is_harmful() { "danger" } else { "primary" }, label)
        .flag("disabled", is_off)
        .attr("title", text(move || hindrance.get().unwrap_or_default().to_owned()))
        .made(move |element| opener_element.set_value(Some(element.clone())))
        .on("click", open);
    // What was asked for turns the button off, or takes it away, and the focus has nowhere to go back to.
    let stay_near = move |_| {
        let opener = opener_element.try_get_value().flatten();
        let near = opener.and_then(|opener| opener.closest(".run-panel, main").ok().flatten());
        hold(false);
        request_animation_frame(move || {
            let has_focus = document().active_element().is_some_and(|at| at.tag_name() != "BODY");
            if let Some(near) = near.filter(|_| !has_focus) {
                // What was asked about may be above what gets the focus, and is what one looks at.
                let still = FocusOptions::new();
                still.set_prevent_scroll(true);
                let _ = near.unchecked_into::<HtmlElement>().focus_with_options(&still);
            }
        });
    };
    let question = Question { step: (step, set_step), hindrance, is_off, tree, deed: deed.clone() };
    let dialog_box =
        dialog.element(deed.question(), move || Content::Question(question.clone())).on("close", stay_near);
    el("div").class("ask").child(opener).child(dialog.problem()).child(dialog_box)
}
