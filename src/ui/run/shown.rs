//! What is shown in the panel, for all of its parts.

use std::sync::Arc;

use crate::core::time::Timestamp;
use crate::model::run::Run;
use crate::ui::dom::clock::Zone;
use crate::ui::dom::live::Live;
use crate::ui::rollout::tree::Tree;

/// What the panel's parts share.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    pub tree: Tree,
    pub now: Live<Timestamp>,
    pub zone: Live<Zone>,
    /// The run that the panel shows.
    pub run: Live<Option<Arc<Run>>>,
    /// The id in the address; none when the viewer chose the run.
    pub selected: Live<Option<String>>,
}
