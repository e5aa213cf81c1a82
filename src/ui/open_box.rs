//! The box that takes a resource name.

use super::button::submit_button;
use super::dynamic::text;
use super::el::{El, el};
use super::form::{form, input_value};
use super::live::live;
use super::place::use_go;
use crate::model::address::Address;

/// The box, with `start` in it at first.
pub fn open_box(start: String) -> El {
    let (typed, set_typed) = live(start);
    let (problem, set_problem) = live(String::new());
    let go = use_go();
    let submit = move || {
        // Not read in place: that would hold the signal, which is set below.
        let name = typed.get_untracked();
        match Address::from_name(&name) {
            Address::Unreadable(error) => set_problem.set(format!("Not opened: {}.", error.reason())),
            address => {
                set_problem.set(String::new());
                set_typed.set(String::new());
                go(&address);
            }
        }
    };
    let input = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("placeholder", "projects/…/rollouts/… or …/jobRuns/…")
        .attr("aria-invalid", text(move || (!problem.read().is_empty()).to_string()))
        .value(typed)
        .on("input", move |event| {
            set_typed.set(input_value(&event));
            set_problem.set(String::new());
        });
    form(submit)
        .class("open-box")
        .child(el("label").child(el("span").class("open-box-label").text("Rollout or job run")).child(input))
        .child(submit_button("", "Open"))
        .child(el("p").class("open-box-problem").attr("role", "alert").text(problem))
}
