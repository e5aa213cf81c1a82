//! Guards files that are read in: every form that gcloud and the API write, what is kept of a
//! broken one, and where it is broken.

use jobrun_viewer::model::input::import::{Broken, Import, MOST_BROKEN, read};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{Sample, any_runs, rollout, run};

const LIST: &str = include_str!("../data/import/job_runs_list.json");
const PAGES: &str = include_str!("../data/import/pages.json");
const ROLLOUT_WITH_RUNS: &str = include_str!("../data/import/rollout_with_runs.json");

/// What was read, one line to a rollout: its id, `+` with its own JSON, and its runs' ids.
fn outline(import: &Import) -> Vec<String> {
    let rollout = |rollout: &jobrun_viewer::model::input::import::ImportedRollout| {
        let name = rollout.name.as_ref().map_or("none", |name| &name.rollout);
        let json = if rollout.json.is_some() { "+" } else { "" };
        let ids = rollout.runs.iter().map(|record| {
            let name = &record.run.as_ref().unwrap().name;
            name.rsplit('/').next().unwrap()
        });
        format!("{name}{json}: {}", ids.collect::<Vec<_>>().join(" "))
    };
    import.rollouts.iter().map(rollout).collect()
}

/// Reads a file that has nothing broken.
fn whole(text: &str) -> Import {
    let import = read(text).unwrap();
    assert_eq!(import.broken, []);
    assert_eq!(import.broken_count(), 0);
    import
}

/// How many runs could be read.
fn run_count(import: &Import) -> usize {
    import
        .rollouts
        .iter()
        .map(|rollout| rollout.runs.len())
        .sum()
}

fn raw(sample: &Sample) -> String {
    sample.record().raw.into_string()
}

#[test]
fn gclouds_list() {
    let import = whole(LIST);
    let runs = "14668f0f-3e09-408d-a70f-0e7d7de5e23b 2b1f6a5e-0d5c-4d0a-9c3e-5a6f1c2d3e4f";
    assert_eq!(
        outline(&import),
        [format!("web-app-001-to-prod-0001: {runs}")]
    );
    assert_eq!(run_count(&import), 2);
    // Each run's text is a part of the file, as it stands there.
    for record in &import.rollouts[0].runs {
        assert!(
            LIST.contains(&*record.raw) && record.raw.starts_with('{') && record.raw.ends_with('}')
        );
    }
}

#[test]
fn pages_one_after_the_other() {
    let import = whole(PAGES);
    assert_eq!(run_count(&import), 2);
    assert_eq!(import.unreachable, ["projects/p/locations/us-east4"]);
    assert_eq!(import.next_page_token, "");
    // Without the last page, there is more.
    let first = &PAGES[..PAGES.find("\n{").unwrap()];
    let import = whole(first);
    assert_eq!(
        (run_count(&import), import.next_page_token.as_str()),
        (1, "ChAI")
    );
}

#[test]
fn a_rollout_with_its_runs() {
    let import = whole(ROLLOUT_WITH_RUNS);
    let [rollout] = &import.rollouts[..] else {
        panic!("{:?}", outline(&import))
    };
    // The project is a number in the runs' names and an id in the rollout's.
    assert_eq!(
        rollout.name.as_ref().unwrap().project,
        "qwiklabs-gcp-04-aec191b9afa6"
    );
    assert_eq!(rollout.runs.len(), 2);
    let json: Value = serde_json::from_str(rollout.json.as_ref().unwrap()).unwrap();
    assert_eq!(json["targetId"], "prod");
}

#[test]
fn every_form_reads_alike() {
    let [a, b] = [raw(&run("a")), raw(&run("b"))];
    let both = ["o: a b"];
    let forms = [
        format!("[{a},{b}]"),
        format!("\u{feff}[\r\n{a},\r\n{b}\r\n]\r\n"),
        format!("{a}\n{b}\n"),
        format!("{a}{b}"),
        format!("{a},\n{b},"),
        format!("[{a}]\n[{b}]"),
        format!("[[{a}],[{b}]]"),
        format!("[[{{\"jobRuns\":[{a},{b}]}}]]"),
        format!("{{\"jobRuns\":[{a},{b}]}}"),
        format!(
            "{{\"nextPageToken\":\"t\",\"jobRuns\":[{a}]}}{{\"jobRuns\":[{b}],\"nextPageToken\":\"\"}}"
        ),
        format!("[{{\"jobRuns\":[{a}],\"nextPageToken\":\"t\"}},\n{{\"jobRuns\":[{b}]}},{{}}]"),
        format!("{a}\n{{\"jobRuns\":[{b}]}}\n[]\n{{}}\n{{\"jobRuns\":null}}"),
    ];
    for text in forms {
        let import = whole(&text);
        assert_eq!(outline(&import), both, "{text}");
        assert_eq!(import.next_page_token, "");
        assert_eq!(
            [
                &*import.rollouts[0].runs[0].raw,
                &*import.rollouts[0].runs[1].raw
            ],
            [&a, &b]
        );
    }
    for empty in [
        "[]",
        "{}",
        "[{}]",
        "{\"jobRuns\":[]}",
        "{\"unreachable\":[]}",
        "{}{}",
    ] {
        assert_eq!(outline(&whole(empty)), [""; 0], "{empty}");
    }
}

#[test]
fn rollouts_and_runs_are_brought_together() {
    let name = |project: &str, id: &str| {
        format!(
            "projects/{project}/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/{id}"
        )
    };
    let of = |project: &str, id: &str, run: &str| json!({ "name": format!("{}/jobRuns/{run}", name(project, id)) });
    let rollout =
        |project: &str, id: &str, state: &str| json!({ "name": name(project, id), "state": state });
    let cases = [
        (
            json!([
                rollout("p", "x", ""),
                of("123", "x", "a"),
                of("p", "x", "b")
            ]),
            vec!["x+: a b"],
        ),
        (
            json!([
                of("123", "x", "a"),
                of("p", "y", "b"),
                rollout("p", "x", "")
            ]),
            vec!["x+: a", "y: b"],
        ),
        // Two ids are two projects, and so are two numbers.
        (
            json!([of("p", "x", "a"), of("q", "x", "b"), of("p", "x", "c")]),
            vec!["x: a c", "x: b"],
        ),
        (
            json!([of("1", "x", "a"), of("2", "x", "b"), of("1", "x", "c")]),
            vec!["x: a c", "x: b"],
        ),
        (
            json!({ "rollouts": [rollout("p", "x", ""), rollout("p", "y", "")] }),
            vec!["x+: ", "y+: "],
        ),
        (
            json!([
                rollout("p", "x", "IN_PROGRESS"),
                rollout("p", "x", "FAILED")
            ]),
            vec!["x+: "],
        ),
        // Runs of no known rollout.
        (
            json!([{ "name": "n", "jobId": "j" }, of("p", "x", "a"), { "state": "FAILED" }]),
            vec!["none: n ", "x: a"],
        ),
        (json!({ "jobRuns": [{}] }), vec!["none: "]),
        (json!([{ "newJobRun": {} }]), vec!["none: "]),
    ];
    for (value, expected) in cases {
        assert_eq!(outline(&whole(&value.to_string())), expected, "{value}");
    }
    let twice = json!([
        rollout("p", "x", "IN_PROGRESS"),
        rollout("p", "x", "FAILED")
    ])
    .to_string();
    assert!(
        whole(&twice).rollouts[0]
            .json
            .as_ref()
            .unwrap()
            .contains("FAILED")
    );
    // The id is the better name, whichever comes first.
    for (first, second) in [("p", "123"), ("123", "p")] {
        let import = whole(&json!([of(first, "x", "a"), of(second, "x", "b")]).to_string());
        assert_eq!(import.rollouts[0].name.as_ref().unwrap().project, "p");
    }
    // A rollout with its runs inside it.
    let mut wrapped = rollout("p", "x", "FAILED");
    wrapped["jobRuns"] = json!([of("p", "x", "a")]);
    assert_eq!(outline(&whole(&wrapped.to_string())), ["x+: a"]);
}

/// What is broken in a file, as `line:column path: reason`.
fn broken(import: &Import) -> Vec<String> {
    let line = |Broken {
                    line,
                    column,
                    path,
                    reason,
                    ..
                }: &Broken| format!("{line}:{column} {path}: {reason}");
    import.broken.iter().map(line).collect()
}

#[test]
fn a_broken_entry_says_where_and_why_and_costs_no_other() {
    let [a, b] = [raw(&run("a")), raw(&run("b"))];
    let cases = [
        // A field of another type.
        (
            format!("{{\"jobRuns\": [\n{a},\n{{\"startTime\": 5}},\n{b}]}}"),
            "3:15 jobRuns[1].startTime: invalid type: integer `5`, expected a string",
        ),
        (
            format!(
                "[{a},\n  {{\"jobId\":\"j\",\n   \"deployJobRun\": {{\"artifact\": {{\"manifestPaths\": [\"x\", {{}}]}}}} }},{b}]"
            ),
            "3:56 [1].deployJobRun.artifact.manifestPaths[1]: invalid type: map, expected a string",
        ),
        // No JSON.
        (
            format!("[{a},{{\"jobId\": }},{b}]"),
            "1:286 [1].jobId: expected value",
        ),
        (
            format!("{a}\n{{\"jobId\": tru}}\n{b}\n"),
            "2:14 jobId: expected ident",
        ),
        (
            format!("[{a},\n{{\"jobId\": \"x\n\"}},\n{b}]"),
            "2:12 [1].jobId: control character (\\u0000-\\u001F) found while parsing a string",
        ),
        (
            format!("{a}\n{{'jobId': 1}}\n{b}"),
            "2:2 : key must be a string",
        ),
        // A bracket is missing.
        (
            format!("[{a},\n{{\"jobId\":\"j\",\n{b}]"),
            "3:1 [1]: This entry is not closed where the next begins or the list ends.",
        ),
        (
            format!("{a}\n{{\"jobId\":\"j\",\"deployJobRun\":{{\n{b}"),
            "3:1 : This entry is not closed where the next begins or the list ends.",
        ),
        (
            format!("{{\"jobRuns\":[{a},{{\"jobId\":[1}},\n{b}]}}"),
            "1:295 jobRuns[1].jobId: invalid type: sequence, expected a string",
        ),
        // Something else among the runs.
        (
            format!("[{a},\n7,{b}]"),
            "2:1 [1]: There is a number where a job run or a rollout should be.",
        ),
        (
            format!("[{a},\n\"x\",{b}]"),
            "2:1 [1]: There is a text where a job run or a rollout should be.",
        ),
        (
            format!("[{a},\n{{\"color\":1}},{b}]"),
            "2:1 [1]: This is neither a job run nor a rollout; its fields begin with color.",
        ),
        (format!("WARNING: old\n[{a},{b}]"), "1:1 : This is no JSON."),
        (format!("[{a}]\n]x\n[{b}]"), "2:1 : This is no JSON."),
        (
            format!("[{a},{b},\n{{\"phases\":[],\n\"name\":\"x\"}}]"),
            "3:8 [2].name: This is no rollout’s name: found “x” where “projects” should be; expected projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*.",
        ),
    ];
    for (text, expected) in cases {
        let import = read(&text).unwrap();
        assert_eq!(broken(&import), [expected], "{text}");
        assert_eq!(outline(&import), ["o: a b"], "{text}");
        assert!(!import.broken[0].excerpt.is_empty(), "{text}");
    }
}

#[test]
fn places_are_those_of_an_editor() {
    // After a byte order mark, with Windows' line breaks, and with letters of several bytes.
    let text = "\u{feff}[\r\n{\"jobId\":\"é\",\"uid\":1}]";
    assert_eq!(
        broken(&read(text).unwrap()),
        ["2:21 [0].uid: invalid type: integer `1`, expected a string"]
    );
}

#[test]
fn a_file_that_was_cut_off_gives_what_came_before() {
    let [a, b] = [raw(&run("a")), raw(&run("b"))];
    let middle = "The text ends in the middle of this entry.";
    let cases = [
        (
            format!("[{a},"),
            "o: a",
            "[…]: The text ends before the list does, after one entry.".replace("[…]", ""),
        ),
        (
            format!("[{a},{}", &b[..b.len() - 1]),
            "o: a",
            format!("[1].state: {middle}"),
        ),
        (
            format!("{{\"jobRuns\":[{a},{{\"name\":\"pro"),
            "o: a",
            format!("jobRuns[1].name: {middle}"),
        ),
        (
            format!("{{\"jobRuns\":[{a}],\"nextPa"),
            "o: a",
            ": The text ends before the list response does.".into(),
        ),
        (
            format!("{a}\n{{\"deployJobRun\":{{\"build\":"),
            "o: a",
            format!("deployJobRun.build: {middle}"),
        ),
    ];
    for (text, rollouts, expected) in cases {
        let import = read(&text).unwrap();
        assert_eq!(outline(&import), [rollouts], "{text}");
        let [
            Broken {
                line,
                column,
                path,
                reason,
                ..
            },
        ] = &import.broken[..]
        else {
            panic!("{:?}", import.broken)
        };
        assert_eq!(format!("{path}: {reason}"), expected, "{text}");
        // The position is the file's end.
        assert_eq!(
            (*line, *column),
            (text.lines().count(), text.lines().last().unwrap().len() + 1)
        );
    }
    // Wherever the cut is, the runs before it are kept, and nothing is made up.
    for end in 0..LIST.len() {
        let Some(text) = LIST.get(..end) else {
            continue;
        };
        let Ok(import) = read(text) else {
            assert_eq!(text, "");
            continue;
        };
        let whole = if end > LIST.rfind('}').unwrap() {
            2
        } else {
            usize::from(end > LIST.find("},\n  {").unwrap())
        };
        assert_eq!(run_count(&import), whole, "{text}");
        assert_eq!(
            import.broken_count(),
            usize::from(!text.ends_with(']')),
            "{text}"
        );
    }
}

#[test]
fn what_is_something_else_gets_one_sentence() {
    let cases = [
        ("", "There is nothing in it."),
        (" \n", "There is nothing in it."),
        ("\u{feff}", "There is nothing in it."),
        ("<!doctype html>", "This is a web page or XML"),
        (
            "approvalState: APPROVED\ncreateTime: '2024-05-10T04:45:56Z'\n",
            "This is YAML, gcloud’s own format. Add --format=json",
        ),
        ("---\ncreateTime: x", "This is YAML"),
        ("# comment\n- name: projects/p\n", "This is YAML"),
        ("phases:\n- deploymentJobs:\n", "This is YAML"),
        ("name,phase,job,attempt\r\n", "This is CSV"),
        ("NAME  STATE\na  FAILED\n", "This is no JSON."),
        ("[\0{\0}\0]\0", "This is UTF-16 text"),
        ("\u{fffd}\u{fffd}[\0\r\0\n\0", "This is UTF-16 text"),
        ("42", "This is no JSON."),
        (
            "[1, 2]",
            "There is a number where a job run or a rollout should be.",
        ),
        (
            "{\"a\": 1, \"b\": {}}",
            "This is neither a job run nor a rollout; its fields begin with a, b.",
        ),
        (
            "[{\"name\": \"projects/p/locations/l/deliveryPipelines/d/releases/r\"}]",
            "This is a release, neither",
        ),
        (
            "{\"name\": \"projects/p/locations/l/targets/t\"}",
            "This is a target, neither",
        ),
        (
            "{\"name\": \"projects/p/locations/l/builds/b\", \"steps\": []}",
            "This is a Cloud Build build, neither",
        ),
        (
            "{\"error\": {\"code\": 403, \"message\": \"no\", \"status\": \"PERMISSION_DENIED\"}}",
            "This is an error that the API answered with: PERMISSION_DENIED no",
        ),
    ];
    for (text, expected) in cases {
        let sentence = read(text).unwrap_err();
        assert!(sentence.starts_with(expected), "{text}:\n{sentence}");
    }
}

#[test]
fn what_is_deep_or_long_is_read_in_little_space() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(200_000), close.repeat(200_000));
    // Deep inside a good run, as a newer API may have it.
    let text = format!("[{{\"jobId\":\"j\",\"new\":{}}}]", deep("[", "]"));
    assert_eq!(run_count(&whole(&text)), 1);
    let text = format!(
        "[{{\"jobId\":\"j\",\"new\":{}1{}}}]",
        "{\"a\":".repeat(200_000),
        "}".repeat(200_000)
    );
    assert_eq!(run_count(&whole(&text)), 1);
    for text in [
        deep("[", "]"),
        deep("{\"jobRuns\":[", "]}"),
        deep("{\"rollout\":", "}"),
        "[".repeat(200_000),
        "{".repeat(200_000),
        "[{".repeat(200_000),
        "{\"a\":[".repeat(200_000),
        "{\"a\":".repeat(200_000) + &"]".repeat(200_000),
        "[{\"a\":1]".repeat(200_000),
        "\"".repeat(200_000),
        "\\".repeat(200_000),
        "}".repeat(200_000),
        "[".to_owned() + &"1,".repeat(200_000),
        format!("[{}]", "{\"jobId\":1},".repeat(200_000)),
    ] {
        if let Ok(import) = read(&text) {
            assert!(import.broken.len() <= MOST_BROKEN);
            assert!(
                import
                    .broken
                    .iter()
                    .all(|broken| broken.path.len() < 2_000 && broken.excerpt.len() < 1_000)
            );
        }
    }
    let import = read(&format!("[{}]", "{\"jobId\":1},".repeat(5_000))).unwrap();
    assert_eq!(
        (
            import.broken.len(),
            import.more_broken,
            import.broken_count()
        ),
        (MOST_BROKEN, 4_000, 5_000)
    );
    assert_eq!(import.broken[MOST_BROKEN - 1].path, "[999].jobId");
}

#[test]
fn a_hundred_thousand_runs() {
    let name = rollout();
    let mut text = String::from("[");
    for index in 0..100_000 {
        text.push_str(&format!(
            "{{\"name\":\"{name}/jobRuns/{index}\",\"state\":\"FAILED\"}},\n"
        ));
    }
    text.push(']');
    assert_eq!(run_count(&whole(&text)), 100_000);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        free in any::<String>(),
        near in "([\\[\\]{},:\"\n1é\\\\]|\"jobRuns\":|\"rollout\":|\"name\":\"|\"state\":|null){0,30}",
    ) {
        for text in [free, near] {
            match read(&text) {
                Err(sentence) => prop_assert!(!sentence.is_empty()),
                Ok(import) => for broken in import.broken {
                    prop_assert!(broken.line >= 1 && broken.column >= 1 && !broken.reason.is_empty());
                    prop_assert!(broken.line <= text.split('\n').count(), "{:?} in {:?}", broken, text);
                },
            }
        }
    }

    /// Any one character of a good file that is lost, or another, costs at most two runs.
    #[test]
    fn a_fault_stays_where_it_is(at in any::<prop::sample::Index>(), by in "[\\[\\]{},:1 a]?") {
        let runs: Vec<String> = (0..6).map(|id| raw(&run(&id.to_string()))).collect();
        let good = format!("{{\"jobRuns\":[\n  {}\n]}}", runs.join(",\n  "));
        let at = at.index(good.len());
        let text = format!("{}{by}{}", &good[..at], &good[at + 1..]);
        // Before the first run, it may be the file's beginning.
        prop_assume!(at > 13);
        let import = read(&text).unwrap();
        prop_assert!(run_count(&import) >= 4, "{} in {}", run_count(&import), text);
    }

    #[test]
    fn runs_are_read_as_they_came(samples in any_runs()) {
        let raws: Vec<String> = samples.iter().map(raw).collect();
        let text = format!("{{\"jobRuns\":[{}]}}", raws.join(","));
        let import = whole(&text);
        let mut read: Vec<&str> =
            import.rollouts.iter().flat_map(|rollout| &rollout.runs).map(|record| &*record.raw).collect();
        let mut raws: Vec<&str> = raws.iter().map(String::as_str).collect();
        read.sort_unstable();
        raws.sort_unstable();
        prop_assert_eq!(read, raws);
    }
}
