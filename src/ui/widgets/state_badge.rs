//! A state, by colour, shape and word.

use super::icon::{Icon, icon};
use crate::api::job_run::State;
use crate::model::explain::{state, state_label};
use crate::ui::dom::el::{El, el};

pub(crate) use crate::model::explain::state_class;

pub(crate) fn state_badge(of: &State) -> El {
    el("span")
        .class(format!("state-badge {}", state_class(of)))
        .attr("title", state(of).meaning)
        .child(icon(Icon::of(of)))
        .text(state_label(of).to_owned())
}
