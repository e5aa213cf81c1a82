//! Times and durations, by both readers that there are.

use jobrun_viewer::core::time::{
    SignedDuration, Timestamp, exact_duration, human_duration, parse, to_rfc3339,
};
use jobrun_viewer::model::history::History;
use serde_json::json;

use super::input::text;

/// Reads a time, and writes a duration.
pub fn target(data: &[u8]) {
    let text = &*text(data);
    let read = parse(text);
    match &read {
        Ok(time) => {
            let written = to_rfc3339(*time);
            assert_eq!(
                parse(&written).as_ref(),
                Ok(time),
                "{text} is written as {written}"
            );
            let digits = written
                .trim_end_matches('Z')
                .split_once('.')
                .map_or(0, |(_, digits)| digits.len());
            assert!([0, 3, 6, 9].contains(&digits), "{written}");
            as_others_do(text, *time);
        }
        Err(error) => assert!(error.contains(text) && error.len() > text.len()),
    }
    by_hand(text, read.ok());
    if let Some(nanos) = data.first_chunk() {
        durations(SignedDuration::from_nanos(i64::from_le_bytes(*nanos)));
    }
}

/// jiff reads the same; it takes a leap second and what is finer than a nanosecond in another way.
fn as_others_do(text: &str, time: Timestamp) {
    let fraction = text.split_once('.').map_or(0, |(_, rest)| {
        rest.bytes().take_while(u8::is_ascii_digit).count()
    });
    // As RFC 3339 lets others do, the time crate takes any character for the T.
    let has_t = text
        .get(10..11)
        .is_some_and(|t| t.eq_ignore_ascii_case("T"));
    if has_t && fraction <= 9 && text.get(17..19) != Some("60") {
        assert_eq!(text.parse::<Timestamp>().ok(), Some(time), "{text}");
    }
}

/// The history's own reader says what the other does, to the microsecond.
fn by_hand(text: &str, time: Option<Timestamp>) {
    let run = json!({ "name": "x/jobRuns/y", "createTime": text }).to_string();
    if !run.contains(text) {
        // It is written with escapes, which no time has.
        return;
    }
    let mut history = History::default();
    history.add_document(run.as_bytes());
    let wanted = time.map(|time| time.as_nanosecond().div_euclid(1_000) as i64);
    // The calendar of the other ends some hours before the year 9999 does, and this one needs none.
    if wanted.is_some() || !text.starts_with("9999-12-3") {
        assert_eq!(history.created(0), wanted, "{text}");
    }
}

fn durations(duration: SignedDuration) {
    let (human, exact) = (human_duration(duration), exact_duration(duration));
    for said in [&human, &exact] {
        assert_eq!(said.starts_with('−'), duration.is_negative(), "{said}");
        assert!(said.contains(|c: char| c.is_ascii_digit()), "{said}");
    }
    if duration.unsigned_abs().as_secs() >= 10 {
        let shown = human.trim_end_matches([' ', 's', 'm', 'h']);
        assert!(exact.starts_with(shown), "{human} is not {exact}");
    }
}
