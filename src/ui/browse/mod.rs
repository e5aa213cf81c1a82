//! Browsing a project, a location, a pipeline or a release. Begin with `browse_page`; `browse_feed` reads
//! what is listed.

mod browse_feed;
mod browse_list;
pub(crate) mod browse_page;
