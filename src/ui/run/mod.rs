//! The panel of a job run. Begin with `run_panel`; `artifacts` reads what lies beside the run in Cloud Build
//! and Cloud Storage.
//!
//! `build` has the steps and the log of its build, `manifests` what it deployed.

pub(crate) mod artifact_note;
mod artifacts;
pub(crate) mod build;
mod failure_box;
pub(crate) mod manifests;
pub(crate) mod missing_run;
mod raw_json;
mod run_header;
pub(crate) mod run_panel;
pub(crate) mod run_times;
pub(crate) mod sections;
pub(crate) mod shown;
