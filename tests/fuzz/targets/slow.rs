//! A search to compare others with.

use std::ops::Range;

use jobrun_viewer::model::event_log::search::Matcher;

/// Looks at the whole of each line, as a person does.
pub struct Slow(pub String);

impl Matcher for Slow {
    fn is_in(&self, line: &str) -> bool {
        line.to_ascii_lowercase()
            .contains(&self.0.to_ascii_lowercase())
    }

    fn ranges(&self, _: &str) -> Vec<Range<usize>> {
        vec![]
    }
}
