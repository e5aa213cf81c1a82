//! The API's JSON types: job runs, rollouts, what they lie in, and builds.

use std::fmt::Debug;

use jobrun_viewer::api::build::Build;
use jobrun_viewer::api::error::Malformed;
use jobrun_viewer::api::json::{Json, unknown_fields};
use jobrun_viewer::api::message::Message;
use jobrun_viewer::api::message::read_object;
use jobrun_viewer::api::resources::{DeliveryPipeline, Location, Release, Target};
use jobrun_viewer::api::rollout::RolloutRecord;
use jobrun_viewer::api::source::Record;
use jobrun_viewer::api::storage::log_object;
use jobrun_viewer::core::time::{Timestamp, parse};
use jobrun_viewer::model::rollout::Coverage;
use jobrun_viewer::model::rollout::headline::headline;
use jobrun_viewer::model::rollout::{self, Outline};
use jobrun_viewer::model::run::RunSet;
use jobrun_viewer::model::run::panel;
use jobrun_viewer::model::timeline::{Window, layout};
use jobrun_viewer::model::{build, build_report, export};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::input::text;

const NOW: &str = "2026-11-24T10:00:00Z";

fn now() -> Timestamp {
    parse(NOW).expect("it is a time")
}

/// Whether all that is in `part` is in `whole`, at the same path. What is null there says nothing.
fn is_in(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (_, Value::Null) => true,
        (Value::Object(part), Value::Object(whole)) => part
            .iter()
            .all(|(key, value)| whole.get(key).is_some_and(|whole| is_in(value, whole))),
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len()
                && part
                    .iter()
                    .zip(whole)
                    .all(|(part, whole)| is_in(part, whole))
        }
        (part, whole) => part == whole,
    }
}

/// An error tells of a position that the text has.
pub fn malformed(text: &str, error: &Malformed) {
    let lines: Vec<&str> = text.split('\n').collect();
    assert!((1..=lines.len()).contains(&error.line), "{error}");
    // serde_json counts the line's end as a column of it.
    assert!(
        (1..=lines[error.line - 1].len() + 1).contains(&error.column),
        "{error}"
    );
    assert!(text.contains(&error.excerpt), "{error}");
    assert!(
        error.excerpt.len() <= 70 && error.reason.chars().count() <= 201,
        "{error:?}"
    );
    assert!(!error.reason.is_empty());
}

/// What is read is in the text, and written it is read again.
fn message<T>(text: &str, read: &Result<T, Malformed>)
where
    T: Message + Default + Debug + PartialEq + DeserializeOwned + serde::Serialize,
{
    match read {
        Ok(message) => {
            assert!(
                serde_json::from_str::<IgnoredAny>(text).is_ok()
                    && text.trim_start().starts_with('{')
            );
            let written = serde_json::to_string(message).expect("it is JSON");
            assert_eq!(
                read_object::<T>(&written).as_ref(),
                Ok(message),
                "{written}"
            );
            // Of keys that come twice the last counts, also for serde_json; it refuses what nobody reads.
            if let (Ok(part), Ok(whole)) =
                (serde_json::from_str(&written), serde_json::from_str(text))
            {
                assert!(is_in(&part, &whole), "{written}");
            }
            assert_eq!(unknown_fields(&written, &mut T::default()), [""; 0]);
        }
        Err(error) => malformed(text, error),
    }
    // Whatever the text is, it is told what of it is unknown: nothing in what is no JSON.
    let unknown = unknown_fields(text, &mut T::default());
    assert!(unknown.is_empty() || Json::read(text).is_some());
}

/// A job run, and what the page shows of it.
pub fn job_run(data: &[u8]) {
    let text = &*text(data);
    let record = Record::from_json(text);
    assert_eq!(&*record.raw, text);
    message(text, &record.run);
    if let Ok(run) = &record.run {
        assert_eq!(
            run.name,
            top(text, "name").unwrap_or_else(|| run.name.clone())
        );
    }
    // Once more, as a copy of it on the next page of a list; and a run beside it.
    let beside = Record::from_json(r#"{"name":"x/jobRuns/y","createTime":"2026-11-24T09:00:00Z"}"#);
    let set = RunSet::new(vec![record.clone(), beside, record.clone()], None);
    assert!(set.runs.len() + set.unreadable.len() >= 2);
    let window = Window::fit(&set.runs, now());
    assert!(window.from < window.to);
    let layout = layout(&set.runs, &Outline::default(), window, now());
    for run in &set.runs {
        let bar = layout.bar(&run.id).expect("every run has a bar");
        for part in &bar.parts {
            assert!(
                0.0 <= part.from && part.from <= part.to && part.to <= 1.0,
                "{bar:?}"
            );
        }
        let page = "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o".parse();
        panel::sections(run, &page.expect("it is a name"), true);
        assert!(
            run.failures()
                .iter()
                .all(|failure| !format!("{failure:?}").is_empty())
        );
        run.flags
            .iter()
            .for_each(|flag| assert!(!flag.sentence().is_empty()));
    }
    headline(&set, now(), &Coverage::SoFar, None);
    let svg = export::svg("runs", &set.runs, &layout, window, now(), 0);
    assert!(
        !svg.contains(|c| c < ' ' && !"\t\r\n".contains(c) || "\u{fffe}\u{ffff}".contains(c)),
        "no XML has it"
    );
    let csv = export::csv(&set.runs, now());
    assert!(csv.lines().count() > set.runs.len());
    let json = export::json(set.runs.iter().map(|run| &*run.raw));
    assert!(serde_json::from_str::<IgnoredAny>(&json).is_ok(), "{json}");
}

/// A text at the top of an object, by the general reader; `None` unless it is there once.
fn top(text: &str, key: &str) -> Option<String> {
    let whole: Value = serde_json::from_str(text).ok()?;
    let is_once = !text.contains("\\u") && text.matches(&format!("\"{key}\"")).count() == 1;
    whole
        .get(key)?
        .as_str()
        .filter(|_| is_once)
        .map(str::to_owned)
}

/// A rollout, and what the page says of it.
pub fn rollout(data: &[u8]) {
    let text = &*text(data);
    let record = RolloutRecord::from_json(text);
    assert_eq!(&*record.raw, text);
    message(text, &record.rollout);
    let Ok(rollout) = &record.rollout else { return };
    assert_eq!(
        rollout.name,
        top(text, "name").unwrap_or_else(|| rollout.name.clone())
    );
    let outline = Outline::new(rollout);
    assert!(outline.phases.len() <= rollout.phases.len());
    let jobs: usize = outline.phases.iter().map(|phase| phase.jobs.len()).sum();
    // Those that are disabled are left out.
    assert!(jobs <= rollout.phases.iter().map(|phase| phase.jobs().len()).sum());
    rollout::remarks(rollout, now())
        .iter()
        .for_each(|remark| assert!(!remark.is_empty()));
    rollout::offers(rollout);
    for phase in &rollout.phases {
        phase
            .jobs()
            .iter()
            .for_each(|job| drop(rollout::job_offers(rollout, &phase.id, &job.id)));
    }
}

/// What a rollout lies in.
pub fn resource(data: &[u8]) {
    let text = &*text(data);
    message::<Location>(text, &read_object(text));
    message::<DeliveryPipeline>(text, &read_object(text));
    message::<Target>(text, &read_object(text));
    message::<Release>(text, &read_object(text));
}

/// A build, its steps on the axis of a run, and where its log is.
pub fn build(data: &[u8]) {
    let text = &*text(data);
    let read = Build::from_json(text);
    message(text, &read);
    let runs = RunSet::new(vec![Record::from_json(r#"{"state":"FAILED"}"#)], None).runs;
    let report = build_report::read(text, runs.first().expect("it is a run"), now());
    let Ok(json) = &read else {
        assert_eq!(report.map(drop), read.map(drop));
        return;
    };
    let report = report.expect("it is a build");
    assert!(report.rows.len() >= json.steps.len());
    assert!(
        report
            .rows
            .iter()
            .flat_map(|row| &row.bars)
            .all(|bar| 0 <= bar.from && bar.from <= bar.to)
    );
    let view = build::view(json, now());
    assert_eq!(view.steps.len(), json.steps.len());
    match log_object(json) {
        Ok(object) => assert!(object.file().starts_with("log-") && object.file().ends_with(".txt")),
        Err(none) => assert!(!none.sentence().is_empty()),
    }
}
