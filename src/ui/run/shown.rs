//! State that the parts of a run's panel share.

use std::sync::Arc;

use leptos::prelude::*;

use crate::core::time::Timestamp;
use crate::model::run::Run;
use crate::ui::dom::clock::Zone;
use crate::ui::rollout::tree::Tree;

/// Signals that the panel's parts share.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    pub tree: Tree,
    pub now: Signal<Timestamp>,
    pub zone: Signal<Zone>,
    /// The run that the panel shows.
    pub run: Signal<Option<Arc<Run>>>,
    /// The id in the address; none when the viewer chose the run.
    pub selected: Signal<Option<String>>,
}
