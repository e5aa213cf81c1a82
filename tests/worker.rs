//! The worker's calls, as the page makes them: files that it opens and answers for, and exports.

use futures::FutureExt;
use jobrun_viewer::api::client::{Client, for_each_page};
use jobrun_viewer::api::error::{ApiError, RefusalKind};
use jobrun_viewer::api::http::{Method, Reply, Request};
use jobrun_viewer::api::source::{
    Actions, Collection, ListQuery, Record, RolloutAction, RunSource,
};
use jobrun_viewer::api::transport::LocalFuture;
use jobrun_viewer::api::transport::Transport;
use jobrun_viewer::core::name::{JobRunName, RolloutName};
use jobrun_viewer::core::time::{Timestamp, parse};
use jobrun_viewer::model::input::import::{self, MOST_BROKEN};
use jobrun_viewer::model::run::RunSet;
use jobrun_viewer::transport::exchange::ReplyHead;
use jobrun_viewer::workers::files::file::{NAMELESS, Part};
use jobrun_viewer::workers::files::protocol::{ExportKind, ExportRequest, Reply as WorkerReply};
use jobrun_viewer::workers::files::summary::{self, BrokenEntry, RolloutSummary, Summary};
use jobrun_viewer::workers::files::{OpenedFiles, export};
use serde_json::{Value, json};
use std::time::Duration;

const LIST: &str = include_str!("data/import/job_runs_list.json");
const PAGES: &str = include_str!("data/import/pages.json");
const ROLLOUT_WITH_RUNS: &str = include_str!("data/import/rollout_with_runs.json");
const ROLLOUT: &str = "projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o";
const AS_OF: &str = "2026-11-24T03:00:00Z";

fn as_of() -> Timestamp {
    parse(AS_OF).expect("it is a time")
}

/// Opens texts, each after its name, as the last file.
fn open(files: &mut OpenedFiles, parts: &[&str]) -> Result<Summary, String> {
    let (parts, _) = parts.as_chunks();
    let parts: Vec<Part> = parts
        .iter()
        .map(|[name, text]| Part { name, text })
        .collect();
    files.open("file", as_of(), &parts)
}

/// A worker that has opened a text as the last file.
fn opened(text: &str) -> (OpenedFiles, Summary) {
    let mut files = OpenedFiles::default();
    let summary = open(&mut files, &["runs.json", text]).expect("it can be read");
    (files, summary)
}

fn run(id: &str) -> Value {
    json!({
        "name": format!("{ROLLOUT}/jobRuns/{id}"),
        "phaseId": "stable",
        "jobId": "deploy",
        "state": "SUCCEEDED",
        "createTime": "2026-11-24T02:00:00Z",
        "startTime": "2026-11-24T02:00:05Z",
        "endTime": "2026-11-24T02:01:00Z",
        "deployJobRun": {},
    })
}

/// The transport of an opened file, as in the page but for the worker's being here.
struct File(OpenedFiles, &'static str);

impl Transport for File {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        let (head, body) = ReplyHead::split(self.0.answer(self.1, request));
        let crossed: ReplyHead =
            serde_json::from_str(&serde_json::to_string(&head).unwrap()).unwrap();
        Box::pin(async move { Ok(crossed.join(body)) })
    }

    fn sleep(&self, _: Duration) -> LocalFuture<'_, ()> {
        panic!("nothing passes by waiting")
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// What comes of a call: the worker is here, so that nothing waits.
fn block_on<T>(call: impl Future<Output = T>) -> T {
    call.now_or_never().expect("an answer at once")
}

fn client(worker: OpenedFiles) -> Client<File> {
    Client::new(File(worker, "file"))
}

fn refusal(error: ApiError) -> (RefusalKind, String, String) {
    let ApiError::Refused(refusal) = error else {
        panic!("{error:?}")
    };
    (refusal.kind, refusal.status, refusal.message)
}

/// The runs of a rollout, page after page.
fn list(source: &dyn RunSource, rollout: &str, query: &ListQuery) -> Result<Vec<String>, ApiError> {
    let mut raws = Vec::new();
    let rollout: RolloutName = rollout.parse().unwrap();
    let take =
        |page: Vec<Record>| raws.extend(page.into_iter().map(|record| record.raw.into_string()));
    block_on(for_each_page(source, &rollout, query, take))?;
    Ok(raws)
}

fn filtered(filter: &str) -> ListQuery {
    ListQuery {
        filter: filter.to_owned(),
        page_size: 1000,
        ..ListQuery::default()
    }
}

#[test]
fn a_summary_says_what_there_is() {
    let failed = {
        let mut run = run("b");
        run["state"] = "FAILED".into();
        run["jobId"] = "verify".into();
        run
    };
    let other = json!({ "name": ROLLOUT.replace("rollouts/o", "rollouts/empty"), "phases": [] });
    let (_, summary) = opened(&json!([run("a"), failed, other]).to_string());
    let rollouts = vec![
        RolloutSummary {
            name: ROLLOUT.to_owned(),
            id: "o".to_owned(),
            within: "d · r · us-central1 · p".to_owned(),
            count: "2 job runs".to_owned(),
            state: "FAILED".into(),
            headline: "verify failed in stable".to_owned(),
        },
        RolloutSummary {
            name: ROLLOUT.replace("rollouts/o", "rollouts/empty"),
            id: "empty".to_owned(),
            within: "d · r · us-central1 · p".to_owned(),
            count: "No job runs".to_owned(),
            state: Default::default(),
            headline: String::new(),
        },
    ];
    let counts = "2 job runs in 2 rollouts".to_owned();
    assert_eq!(
        summary,
        Summary {
            as_of: AS_OF.to_owned(),
            counts,
            rollouts,
            ..Summary::default()
        }
    );
}

#[test]
fn a_run_that_comes_twice_counts_once() {
    let (_, summary) = opened(&json!([run("a"), run("a")]).to_string());
    assert_eq!(summary.counts, "1 job run in one rollout");
}

#[test]
fn every_form_of_a_file_gives_its_rollout() {
    for (form, text, own) in [
        ("list", LIST, false),
        ("pages", PAGES, false),
        ("both", ROLLOUT_WITH_RUNS, true),
    ] {
        let (worker, summary) = opened(text);
        let import = import::read(text).unwrap();
        assert_eq!(summary.rollouts.len(), 1, "{form}");
        let name = &summary.rollouts[0].name;
        let client = client(worker);
        let raws = list(&client, name, &filtered("")).unwrap();
        let came: Vec<&str> = import.rollouts[0]
            .runs
            .iter()
            .map(|run| &*run.raw)
            .collect();
        assert_eq!(raws, came, "{form}: each run as it came");
        let rollout = block_on(client.get_rollout(&name.parse().unwrap()));
        assert_eq!(rollout.is_ok(), own, "{form}");
    }
}

#[test]
fn what_was_in_progress_is_as_of_the_latest_that_the_file_can_be_of() {
    let at = |time: &str| {
        let mut run = run("a");
        run["endTime"] = time.into();
        opened(&run.to_string()).1.as_of
    };
    assert_eq!(at("2026-11-24T02:01:00Z"), AS_OF);
    assert_eq!(at("2026-11-24T03:00:01Z"), "2026-11-24T03:00:01Z");
    assert_eq!(at("soon"), AS_OF);
}

#[test]
fn broken_entries_are_named_with_their_place() {
    let text = format!("[\n{},\n{{\"name\": 5}},\n7\n]", run("a"));
    let (_, summary) = opened(&text);
    assert_eq!(summary.counts, "1 job run in one rollout");
    assert_eq!(
        summary.broken_title,
        "2 entries of the file could not be read"
    );
    let import = import::read(&text).unwrap();
    let expected: Vec<BrokenEntry> = import
        .broken
        .iter()
        .map(|broken| BrokenEntry {
            position: format!("line {}, column {}", broken.line, broken.column),
            path: broken.path.clone(),
            reason: broken.reason.clone(),
            excerpt: broken.excerpt.clone(),
        })
        .collect();
    assert_eq!(summary.broken, expected);
    assert_eq!(summary.broken[1].position, "line 4, column 1");
    assert_eq!(summary.broken[1].path, "[2]");
}

#[test]
fn of_very_many_broken_entries_the_first_are_shown() {
    const { assert!(summary::MOST_BROKEN < MOST_BROKEN) };
    let text = format!("[{}, {}]", run("a"), "1,".repeat(1_500));
    let (_, summary) = opened(&text);
    assert_eq!(
        summary.broken_title,
        "1500 entries of the file could not be read"
    );
    assert_eq!(summary.broken.len(), summary::MOST_BROKEN);
    assert_eq!(
        summary.notes,
        ["Of what could not be read, the first 100 are shown."]
    );
}

#[test]
fn several_files_are_one_and_faults_name_theirs() {
    let mut worker = OpenedFiles::default();
    let second = format!("{}\n\"stray\"", run("b"));
    let parts = [
        "a.json",
        &format!("\u{feff}{}\n", run("a")),
        "b.json",
        &format!("\u{feff}{second}"),
    ];
    let summary = open(&mut worker, &parts).unwrap();
    assert_eq!(summary.counts, "2 job runs in one rollout");
    let positions: Vec<&str> = summary
        .broken
        .iter()
        .map(|broken| broken.position.as_str())
        .collect();
    assert_eq!(positions, ["b.json, line 2, column 1"]);
    assert_eq!(
        list(&client(worker), ROLLOUT, &filtered("")).unwrap().len(),
        2
    );
}

#[test]
fn notes_say_that_a_list_is_not_whole() {
    let text = json!({
        "jobRuns": [run("a")],
        "nextPageToken": "t",
        "unreachable": ["projects/p/locations/b", "projects/p/locations/a", "projects/p/locations/b"],
    });
    let (_, summary) = opened(&text.to_string());
    let [more, locations] = &*summary.notes else {
        panic!("{:?}", summary.notes)
    };
    assert!(more.contains("nextPageToken"), "{more}");
    assert!(
        locations.ends_with("reach projects/p/locations/b, projects/p/locations/a."),
        "{locations}"
    );
}

#[test]
fn what_is_something_else_is_one_sentence_and_closes_what_was_open() {
    let (mut worker, _) = opened(LIST);
    let sentence = open(&mut worker, &["page.html", "<html>"]).unwrap_err();
    assert!(sentence.starts_with("This is a web page"), "{sentence}");
    let error = list(&client(worker), ROLLOUT, &filtered("")).unwrap_err();
    let (kind, status, message) = refusal(error);
    assert_eq!((kind, &*status), (RefusalKind::NotFound, "NOT_FOUND"));
    assert_eq!(message, "The file is not open any more. Open it again.");
}

#[test]
fn an_empty_list_is_open_and_has_nothing() {
    let (_, summary) = opened("[]");
    assert_eq!(
        (summary.counts.as_str(), summary.rollouts.len()),
        ("No job runs and no rollouts", 0)
    );
}

#[test]
fn each_source_has_its_own_file() {
    let mut worker = OpenedFiles::default();
    open(&mut worker, &["", &run("a").to_string()]).unwrap();
    let url = "https://example.com/runs.json";
    worker
        .open(
            url,
            as_of(),
            &[Part {
                name: "",
                text: LIST,
            }],
        )
        .unwrap();
    assert_eq!(
        list(&client(worker), ROLLOUT, &filtered("")).unwrap().len(),
        1
    );
}

#[test]
fn lists_come_in_pages() {
    let runs: Vec<Value> = (0..1_203).map(|n| run(&format!("{n}"))).collect();
    let (worker, summary) = opened(&Value::from(runs).to_string());
    assert_eq!(summary.counts, "1203 job runs in one rollout");
    let client = client(worker);
    let runs = Collection::JobRuns(ROLLOUT.parse().unwrap());
    let page = |size: u32, token: &str| {
        let query = ListQuery {
            page_size: size,
            ..ListQuery::default()
        };
        let page = block_on(client.list(&runs, &query, token)).unwrap();
        (page.raw.len(), page.next_page_token)
    };
    assert_eq!(page(0, ""), (50, "50".to_owned()));
    assert_eq!(page(5_000, ""), (1_000, "1000".to_owned()));
    assert_eq!(page(1_000, "1000"), (203, String::new()));
    assert_eq!(page(1_203, "203"), (1_000, String::new()));
    assert_eq!(list(&client, ROLLOUT, &filtered("")).unwrap().len(), 1_203);
    let query = ListQuery::default();
    let error = block_on(client.list(&runs, &query, "x")).unwrap_err();
    assert_eq!(refusal(error).0, RefusalKind::InvalidRequest);
}

#[test]
fn filters_are_as_in_the_api_and_the_order_that_of_the_file() {
    let mut second = run("b");
    second["state"] = "FAILED".into();
    let (worker, _) = opened(&json!([run("a"), second]).to_string());
    let client = client(worker);
    let raws = list(&client, ROLLOUT, &filtered("state = \"FAILED\"")).unwrap();
    assert_eq!(raws, [second.to_string()]);
    let query = ListQuery {
        order_by: "name desc".to_owned(),
        ..ListQuery::default()
    };
    assert_eq!(
        refusal(list(&client, ROLLOUT, &query).unwrap_err()).0,
        RefusalKind::InvalidRequest
    );
    let (kind, _, message) = refusal(list(&client, ROLLOUT, &filtered("state =")).unwrap_err());
    assert_eq!(kind, RefusalKind::InvalidRequest);
    assert!(!message.is_empty());
}

#[test]
fn a_run_and_a_rollout_are_given_as_they_came() {
    let (worker, summary) = opened(ROLLOUT_WITH_RUNS);
    let name: RolloutName = summary.rollouts[0].name.parse().unwrap();
    let client = client(worker);
    let raw = &import::read(ROLLOUT_WITH_RUNS).unwrap().rollouts[0]
        .json
        .clone()
        .unwrap();
    // By the project's id and by its number, as the API.
    let by_number = RolloutName {
        project: "613884732946".to_owned(),
        ..name.clone()
    };
    for name in [&name, &by_number] {
        assert_eq!(block_on(client.get_rollout(name)).unwrap().raw, *raw);
        let id = "14668f0f-3e09-408d-a70f-0e7d7de5e23b";
        let run = block_on(client.get(&name.job_run(id))).unwrap();
        assert!(
            run.raw.contains(&format!("/jobRuns/{id}\"")) && ROLLOUT_WITH_RUNS.contains(&*run.raw)
        );
    }
    let other = RolloutName {
        rollout: "other".to_owned(),
        ..name.clone()
    };
    for error in [
        block_on(client.get_rollout(&other)).map(drop).unwrap_err(),
        block_on(client.get(&name.job_run("other")))
            .map(drop)
            .unwrap_err(),
        list(&client, &other.to_string(), &filtered(""))
            .map(drop)
            .unwrap_err(),
    ] {
        let (kind, _, message) = refusal(error);
        assert_eq!(kind, RefusalKind::NotFound);
        assert!(
            message.starts_with("The file does not have projects/"),
            "{message}"
        );
    }
}

#[test]
fn rollouts_are_listed_by_release_or_all() {
    let with_json =
        json!({ "name": ROLLOUT.replace("/o", "/p"), "phases": [], "state": "SUCCEEDED" });
    let (worker, _) = opened(&json!([run("a"), with_json]).to_string());
    let client = client(worker);
    let rollouts = |release: &str| {
        let collection = Collection::Rollouts(release.parse().unwrap());
        let items = block_on(client.list(&collection, &ListQuery::default(), "")).unwrap();
        items
            .raw
            .iter()
            .map(|raw| raw.to_string())
            .collect::<Vec<_>>()
    };
    let both = [
        json!({ "name": ROLLOUT }).to_string(),
        with_json.to_string(),
    ];
    assert_eq!(
        rollouts("projects/p/locations/us-central1/deliveryPipelines/d/releases/r"),
        both
    );
    assert_eq!(
        rollouts("projects/p/locations/us-central1/deliveryPipelines/d/releases/-"),
        both
    );
    assert!(rollouts("projects/p/locations/us-central1/deliveryPipelines/d/releases/s").is_empty());
    assert!(rollouts("projects/q/locations/us-central1/deliveryPipelines/d/releases/r").is_empty());
}

#[test]
fn nothing_can_be_done_to_a_file() {
    let (worker, _) = opened(&run("a").to_string());
    let client = client(worker);
    let name: JobRunName = format!("{ROLLOUT}/jobRuns/a").parse().unwrap();
    let refused = [
        block_on(client.terminate(&name, &[])),
        block_on(client.act(&name.rollout, &RolloutAction::Cancel, &[])),
    ];
    for error in refused {
        let (kind, status, message) = refusal(error.unwrap_err());
        assert_eq!(
            (kind, &*status),
            (RefusalKind::Conflict, "FAILED_PRECONDITION")
        );
        assert!(message.starts_with("This is from a file"), "{message}");
    }
}

#[test]
fn runs_without_a_rollout_are_shown_in_one_that_is_none() {
    let mut odd = run("a");
    odd["name"] = "a name".into();
    odd["uid"] = "u1".into();
    let (worker, summary) = opened(&json!([odd, run("b")]).to_string());
    assert_eq!(summary.rollouts.len(), 2);
    assert_eq!(summary.rollouts[0].name, NAMELESS);
    assert!(
        summary.notes[0].contains("no name that says their rollout"),
        "{:?}",
        summary.notes
    );
    let client = client(worker);
    assert_eq!(
        list(&client, NAMELESS, &filtered("")).unwrap(),
        [odd.to_string()]
    );
    let name = NAMELESS.parse::<RolloutName>().unwrap().job_run("u1");
    assert_eq!(*block_on(client.get(&name)).unwrap().raw, *odd.to_string());
}

#[test]
fn what_is_asked_for_by_no_name_is_not_there() {
    let (worker, _) = opened(LIST);
    let file = File(worker, "file");
    for path in [
        "",
        "/",
        "/v1",
        "/v1/",
        "/v2/projects/p",
        "/v1/jobRuns",
        "/v1/rollouts",
        "/v1/a/jobRuns/b",
        "/v1/projects/p/locations",
    ] {
        let request = Request {
            method: Method::Get,
            path_and_query: path.to_owned(),
            body: None,
        };
        let reply = block_on(file.send(&request)).unwrap();
        let list_of_none = reply.status == 200 && reply.body == "{\"rollouts\":[]}";
        assert!(reply.status == 404 || list_of_none, "{path}: {reply:?}");
    }
}

#[test]
fn a_summary_crosses_as_json() {
    let summary = Summary {
        as_of: AS_OF.to_owned(),
        counts: String::new(),
        broken_title: "b".to_owned(),
        notes: vec!["n".to_owned(), String::new()],
        rollouts: vec![RolloutSummary {
            name: "x".to_owned(),
            id: "i".to_owned(),
            within: String::new(),
            count: "1".to_owned(),
            state: "NEW".into(),
            headline: String::new(),
        }],
        broken: vec![
            BrokenEntry::default(),
            BrokenEntry {
                position: "p".to_owned(),
                ..BrokenEntry::default()
            },
        ],
    };
    let json = serde_json::to_string(&WorkerReply::Open(Ok(summary.clone()))).unwrap();
    assert_eq!(
        serde_json::from_str::<WorkerReply>(&json).unwrap(),
        WorkerReply::Open(Ok(summary))
    );
}

#[test]
fn exports_are_written_from_the_json_of_runs() {
    let (a, b) = (run("a").to_string(), "{\"name\": 5}".to_owned());
    let request = |kind: ExportKind, rollout: Option<&str>| ExportRequest {
        kind,
        title: "Some <title>".to_owned(),
        now: as_of(),
        offset: 3600,
        rollout: rollout.map(str::to_owned),
        runs: vec![a.clone(), b.clone()],
    };
    let export = |kind: ExportKind| export::write(&request(kind, None));
    let json = export(ExportKind::Json);
    assert_eq!(json, format!("[\n{a},\n{b}\n]\n"));
    let csv = export(ExportKind::Csv);
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.lines().nth(1).unwrap().starts_with(&format!(
        "{ROLLOUT}/jobRuns/a,stable,deploy,1,deploy,SUCCEEDED,"
    )));
    let svg = export(ExportKind::Svg);
    assert!(
        svg.starts_with("<svg ") && svg.contains("Some &lt;title&gt;") && svg.contains("UTC+01:00"),
        "{svg}"
    );
    // What was exported is the same when it is opened.
    let (_, summary) = opened(&json);
    assert_eq!(
        (summary.counts.as_str(), summary.broken.len()),
        ("1 job run in one rollout", 1)
    );
    let set = RunSet::new(vec![Record::from_json(&a)], None);
    assert_eq!(set.runs.len(), 1);
}
