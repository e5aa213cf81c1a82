//! The manifests that a run deployed, and what changed in them. Begin with `manifest_view`.

mod diff_rows;
mod manifest_feed;
pub(crate) mod manifest_list;
pub(crate) mod manifest_view;
mod yaml_rows;
