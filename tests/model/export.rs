//! Guards what is written to files: that it can be read again, and that neither a spreadsheet nor
//! a browser takes a text for more than text.

use insta::assert_snapshot;
use jobrun_viewer::api::rollout::RolloutRecord;
use jobrun_viewer::model::export::{csv, json, svg};
use jobrun_viewer::model::input::import;
use jobrun_viewer::model::rollout::Outline;
use jobrun_viewer::model::run::RunSet;
use jobrun_viewer::model::timeline::{Window, layout};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{Sample, any_runs, any_time, at, run, set};

fn raws(set: &RunSet) -> Vec<&str> {
    set.runs.iter().map(|run| &*run.raw).collect()
}

#[test]
fn json_is_a_list_of_what_came() {
    assert_eq!(json([].into_iter()), "[\n]\n");
    assert_eq!(
        json(["{\"b\":1.0, \"a\":2}", " {}\n"].into_iter()),
        "[\n{\"b\":1.0, \"a\":2},\n{}\n]\n"
    );
}

/// The cells of a CSV text, read as RFC 4180 has them.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => row.last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && chars.next_if_eq(&'\n').is_some() => rows.push(vec![String::new()]),
            c => row.last_mut().unwrap().push(c),
        }
    }
    assert_eq!(
        rows.pop().unwrap(),
        [""],
        "the last line ends as the others do"
    );
    rows
}

#[test]
fn no_cell_of_a_spreadsheet_is_a_formula() {
    let sample = run("a")
        .job("p", "x;=1+1;\"=2+2\";ok\t@sum")
        .variant("deployJobRun", json!({}));
    let text = csv(&set(&[sample]).runs, at(0.0));
    assert!(
        text.contains("\"x;'=1+1;'\"\"=2+2\"\";ok\t'@sum\""),
        "{text}"
    );
}

#[test]
fn csv_has_a_line_for_each_run() {
    let samples = [
        run("a").state("FAILED").times(0.0, 5.25, 60.0).with("jobId", "-cmd|' /C calc'!A0").variant(
            "deployJobRun",
            json!({ "build": "projects/p/locations/l/builds/b", "failureCause": "EXECUTION_FAILED", "failureMessage": "=1+1, \"x\"\nline" }),
        ),
        run("b").times(10.0, 9.5, None),
        run("c").job("@sum", "+x").times(20.0, None, None).state("PAUSED").variant(
            "analysisJobRun",
            json!({ "alertPolicyAnalyses": [{ "id": "p99", "failureMessage": "slow" }], "customCheckAnalyses": [{ "id": "smoke", "failureCause": "DEADLINE_EXCEEDED", "failureMessage": "late" }] }),
        ),
    ];
    let runs = "projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o/jobRuns";
    let expected = [
        "name,phase,job,attempt,kind,state,createTime,startTime,endTime,waited seconds,ran seconds,failure cause,\
         failure message,build\r\n"
            .to_owned(),
        format!(
            "{runs}/a,stable,'-cmd|' /C calc'!A0,1,deploy,FAILED,2026-11-24T02:00:00Z,2026-11-24T02:00:05.250Z,\
             2026-11-24T02:01:00Z,5.25,54.75,EXECUTION_FAILED,\"'=1+1, \"\"x\"\"\nline\",\
             projects/p/locations/l/builds/b\r\n"
        ),
        format!(
            "{runs}/b,stable,deploy,1,deploy,SUCCEEDED,2026-11-24T02:00:10Z,2026-11-24T02:00:09.500Z,,-0.5,,,,\r\n"
        ),
        format!(
            "{runs}/c,'@sum,'+x,1,analysis,PAUSED,2026-11-24T02:00:20Z,,,,,DEADLINE_EXCEEDED,p99: slow; smoke: \
             late,\r\n"
        ),
    ];
    assert_eq!(csv(&set(&samples).runs, at(100.0)), expected.concat());
}

fn eight() -> Vec<Sample> {
    vec![
        run("1")
            .job("canary-50", "deploy")
            .state("FAILED")
            .times(0.0, 5.0, 40.0),
        run("2")
            .job("canary-50", "deploy")
            .state("TERMINATED")
            .times(60.0, 65.0, 80.0),
        run("3")
            .job("canary-50", "deploy")
            .times(100.0, 110.0, 160.0),
        run("4")
            .job("stable", "deploy <&\"'> \u{1}\u{0}x")
            .times(170.0, 165.0, 180.0),
        run("5")
            .job("stable", "a-job-with-quite-a-long-name-that-does-not-fit")
            .times(None, None, None),
        run("6")
            .job("stable", "verify")
            .state("IN_PROGRESS")
            .times(190.0, 195.0, None),
        run("7")
            .job("stable", "analysis")
            .state("TERMINATING")
            .times(190.0, None, None),
        run("8")
            .job("stable", "postdeploy")
            .state("PAUSED")
            .times(190.0, None, None),
    ]
}

fn drawn(title: &str, samples: &[Sample], now: f64, offset: i32) -> String {
    let set = set(samples);
    let window = Window::fit(&set.runs, at(now));
    svg(
        title,
        &set.runs,
        &layout(&set.runs, &Outline::default(), window, at(now)),
        window,
        at(now),
        offset,
    )
}

#[test]
fn the_timeline_as_a_picture() {
    assert_snapshot!(drawn("Rollout o <of> r & d", &eight(), 220.0, 3_600));
}

#[test]
fn a_picture_tells_of_phases_that_have_not_begun_and_explains_only_what_it_has() {
    let set = set(&[run("1").times(0.0, 5.0, 40.0)]);
    let window = Window::fit(&set.runs, at(50.0));
    let rollout = json!({ "phases": [
        { "id": "stable", "deploymentJobs": { "deployJob": { "id": "deploy", "deployJob": {} } } },
        { "id": "later", "state": "PENDING", "deploymentJobs": { "deployJob": { "id": "deploy", "state": "PENDING", "deployJob": {} } } },
    ] });
    let record = RolloutRecord::from_json(&rollout.to_string());
    let layout = layout(
        &set.runs,
        &Outline::new(&record.rollout.unwrap()),
        window,
        at(50.0),
    );
    let note = &layout.phases[1].lanes[0].note;
    assert!(!note.is_empty());
    let svg = svg("o", &set.runs, &layout, window, at(50.0), 0);
    for text in [
        "later · not begun",
        &format!("deploy · {note}"),
        "Succeeded",
        ">waiting<",
        ">running<",
    ] {
        assert!(svg.contains(text), "no {text}: {svg}");
    }
    for text in ["Failed", "contradict", "single known time", "add up"] {
        assert!(!svg.contains(text), "{text}: {svg}");
    }
}

#[test]
fn a_picture_of_nothing() {
    assert_snapshot!(drawn("", &[], 0.0, 0));
}

/// Checks that a text is well-formed XML of the little that the picture uses.
fn check_xml(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let between = &rest[..at];
        assert!(!between.contains('>'), "{between}");
        for entity in between.split('&').skip(1) {
            let name = entity.split(';').next().unwrap();
            assert!(
                ["amp", "lt", "gt", "quot", "#39"].contains(&name),
                "&{name}"
            );
        }
        let end = rest.find('>').unwrap();
        let tag = &rest[at + 1..end];
        assert!(
            !tag.contains('<') && tag.matches('\'').count().is_multiple_of(2),
            "{tag}"
        );
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
        rest = &rest[end + 1..];
    }
    assert_eq!((open, rest), (vec![], "\n"));
    assert!(
        !text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
    );
    assert!(!text.contains(['\u{fffe}', '\u{ffff}']));
}

proptest! {
    #[test]
    fn exported_json_reads_back(samples in any_runs()) {
        let set = set(&samples);
        let text = json(raws(&set).into_iter());
        let read: Vec<Value> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.len(), set.runs.len());
        let import = match import::read(&text) {
            Ok(import) => import,
            Err(sentence) => panic!("{sentence}\n{text}"),
        };
        prop_assert_eq!(import.broken_count(), 0);
        let records = import.rollouts.into_iter().flat_map(|rollout| rollout.runs).collect();
        let again = RunSet::new(records, None);
        let sorted = |set: &RunSet| {
            let mut raws: Vec<String> = set.runs.iter().map(|run| run.raw.to_string()).collect();
            raws.sort();
            raws
        };
        prop_assert_eq!(sorted(&again), sorted(&set));
    }

    #[test]
    fn csv_cells_are_the_texts_and_never_formulas(
        texts in prop::array::uniform4(prop_oneof![any::<String>(), "[=+@\t\r\n\", a;-]{0,9}"]),
        (created, started, ended) in (-50..50_i32, -50..50_i32, -50..50_i32),
    ) {
        let [phase, job, message, state] = &texts;
        let sample = run("a")
            .job(phase, job)
            .state(state)
            .times(f64::from(created), f64::from(started) / 4.0, f64::from(ended))
            .variant("deployJobRun", json!({ "failureMessage": message }));
        let set = set(&[sample]);
        let rows = cells(&csv(&set.runs, at(0.0)));
        prop_assert_eq!(rows.len(), 2);
        prop_assert_eq!(rows[0].len(), rows[1].len());
        let row = &rows[1];
        // A spreadsheet may take a semicolon or a tab for the end of a cell, wherever it stands.
        let defused = |text: &str| -> String {
            let pieces = text.split_inclusive([';', '\t']).enumerate();
            pieces.map(|(at, piece)| match piece.chars().next() {
                Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{piece}"),
                Some('"') if at > 0 => format!("'{piece}"),
                _ => piece.to_owned(),
            }).collect()
        };
        prop_assert_eq!(&row[1], &defused(phase));
        prop_assert_eq!(&row[2], &defused(job));
        prop_assert_eq!(&row[5], &defused(set.runs[0].json.state.as_str()));
        prop_assert_eq!(&row[12], &defused(message));
        let waited: f64 = row[9].parse().unwrap();
        prop_assert_eq!(waited, f64::from(started) / 4.0 - f64::from(created));
    }

    #[test]
    fn any_picture_is_well_formed(
        samples in any_runs(),
        title in any::<String>(),
        job in any::<String>(),
        now in any_time(),
        times in prop::array::uniform2(any_time()),
    ) {
        let mut samples = samples;
        samples.push(run("last").with("jobId", job));
        let set = set(&samples);
        let [a, b] = times;
        let windows = [Window::fit(&set.runs, now), Window { from: a.min(b), to: a.max(b) }];
        for window in windows.into_iter().filter(|window| window.from < window.to) {
            let layout = layout(&set.runs, &Outline::default(), window, now);
            let svg = svg(&title, &set.runs, &layout, window, now, -1_800);
            check_xml(&svg);
            let bars = layout.phases.iter().flat_map(|p| &p.lanes).flat_map(|l| &l.bars);
            prop_assert_eq!(svg.matches("<g>").count(), bars.filter(|bar| !bar.parts.is_empty()).count());
        }
    }
}
