//! What is shown, as a file.

use super::protocol::{ExportKind, ExportRequest};
use crate::api::rollout::RolloutRecord;
use crate::api::source::Record;
use crate::model::export;
use crate::model::rollout::Outline;
use crate::model::run::RunSet;
use crate::model::timeline::{Window, layout};

/// Writes job runs as a file.
pub fn write(request: &ExportRequest) -> String {
    let ExportRequest {
        kind,
        title,
        now,
        offset,
        rollout,
        runs,
    } = request;
    let set = || {
        RunSet::new(
            runs.iter().map(|raw| Record::from_json(raw)).collect(),
            None,
        )
    };
    match kind {
        ExportKind::Json => {
            let runs = export::json(runs.iter().map(String::as_str));
            match rollout {
                None => runs,
                // What is read in again as it was, and no list of two kinds of things.
                Some(rollout) => [
                    "{\"rollout\":\n",
                    rollout,
                    ",\n\"jobRuns\":\n",
                    &runs,
                    "}\n",
                ]
                .concat(),
            }
        }
        ExportKind::Csv => export::csv(&set().runs, *now),
        ExportKind::Svg => {
            let set = set();
            let rollout = rollout
                .as_deref()
                .and_then(|raw| RolloutRecord::from_json(raw).rollout.ok());
            let outline = rollout
                .map(|rollout| Outline::new(&rollout))
                .unwrap_or_default();
            let window = Window::fit(&set.runs, *now);
            let layout = layout(&set.runs, &outline, window, *now);
            export::svg(title, &set.runs, &layout, window, *now, *offset)
        }
    }
}
