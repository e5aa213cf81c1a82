//! What is shown, as a file.

use crate::api::source::Record;
use crate::model::export;
use crate::model::run::RunSet;
use crate::model::time::Timestamp;
use crate::model::timeline::{Window, layout};

/// The kinds of files, by the ends of their names. A PNG is made of the SVG, by a browser.
pub const KINDS: [&str; 3] = ["json", "csv", "svg"];

/// Writes job runs, given as their JSON, as a file of a kind; `None` when there is no such kind.
///
/// `offset` is the zone of the picture's times, in seconds east of UTC.
pub fn write(kind: &str, title: &str, now: Timestamp, offset: i32, raws: &[String]) -> Option<String> {
    let set = || RunSet::new(raws.iter().map(|raw| Record::from_json(raw)).collect(), None);
    Some(match kind {
        "json" => export::json(raws.iter().map(String::as_str)),
        "csv" => export::csv(&set().runs, now),
        "svg" => {
            let set = set();
            let window = Window::fit(&set.runs, now);
            export::svg(title, &set.runs, &layout(&set.runs, window, now), window, now, offset)
        }
        _ => return None,
    })
}
