//! What is shown, as a file.

use crate::api::rollout::RolloutRecord;
use crate::api::source::Record;
use crate::core::time::Timestamp;
use crate::model::export;
use crate::model::rollout::Outline;
use crate::model::run::RunSet;
use crate::model::timeline::{Window, layout};

/// Writes job runs as a file of a kind, the end of its name: `json`, `csv` or `svg`; `None` when there is
/// no such kind. A PNG is made of the SVG, by a browser.
///
/// The runs are given as their JSON, and so is the rollout, which is empty when it is not known.
/// `offset` is the zone of the picture's times, in seconds east of UTC.
pub(crate) fn write(
    kind: &str,
    title: &str,
    now: Timestamp,
    offset: i32,
    rollout: &str,
    raws: &[String],
) -> Option<String> {
    let set = || RunSet::new(raws.iter().map(|raw| Record::from_json(raw)).collect(), None);
    Some(match kind {
        "json" => {
            let runs = export::json(raws.iter().map(String::as_str));
            match rollout {
                "" => runs,
                // What is read in again as it was, and no list of two kinds of things.
                rollout => ["{\"rollout\":\n", rollout, ",\n\"jobRuns\":\n", &runs, "}\n"].concat(),
            }
        }
        "csv" => export::csv(&set().runs, now),
        "svg" => {
            let set = set();
            let rollout = RolloutRecord::from_json(rollout).rollout;
            let outline = rollout.map(|rollout| Outline::new(&rollout)).unwrap_or_default();
            let window = Window::fit(&set.runs, now);
            export::svg(title, &set.runs, &layout(&set.runs, &outline, window, now), window, now, offset)
        }
        _ => return None,
    })
}
