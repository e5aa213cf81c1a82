//! The manifests that a run deployed, and what changed in them. Begin with `manifest_view`.

pub(crate) mod manifest_list;
pub(crate) mod manifest_view;
