//! Guards which objects are asked for and how, where a log is looked for, and what the client makes
//! of the answers.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use jobrun_viewer::api::artifacts::{ArtifactClient, ArtifactSource};
use jobrun_viewer::api::build::{Build, BuildOptions, Logging, Status};
use jobrun_viewer::api::error::{ApiError, RefusalKind};
use jobrun_viewer::api::http::{Method, Reply, Request, percent_decode};
use jobrun_viewer::api::storage::{
    NoLog, OBJECT_FIELDS, ObjectName, ObjectNameError, Part, list_request, log_object, media_request,
    metadata_request,
};
use jobrun_viewer::api::transport::LocalFuture;
use jobrun_viewer::api::transport::Transport;
use jobrun_viewer::core::name::{BuildName, GsUri};
use proptest::prelude::*;
use serde_json::{Value, json};

fn name(text: &str) -> ObjectName {
    text.parse().unwrap()
}

// Names.

#[test]
fn a_path_is_joined_to_its_folder_by_one_slash() {
    for folder in ["gs://b/a/f", "gs://b/a/f/", "gs://b/a/f//"] {
        for path in ["m.yaml", "/m.yaml", "./m.yaml", "//./m.yaml"] {
            assert_eq!(ObjectName::join(folder, path).unwrap().to_string(), "gs://b/a/f/m.yaml");
        }
    }
    for folder in ["gs://b", "gs://b/"] {
        assert_eq!(ObjectName::join(folder, "x/y z.yaml").unwrap().to_string(), "gs://b/x/y z.yaml");
    }
    let joined = ObjectName::join("gs://b/a", "x/y.yaml").unwrap();
    assert_eq!((joined.bucket(), joined.object(), joined.file()), ("b", "a/x/y.yaml", "y.yaml"));
    assert_eq!(joined.uri().to_string(), "gs://b/a/x/y.yaml");
}

#[test]
fn a_path_that_leads_out_of_its_folder_is_refused() {
    for path in ["..", "../x", "a/../../x", "a/..", "/../../etc/passwd"] {
        assert_eq!(ObjectName::join("gs://b/f", path), Err(ObjectNameError::LeadsOut), "{path}");
    }
    // Dots in a name are no step.
    assert_eq!(ObjectName::join("gs://b/f", "..x/y..").unwrap().object(), "f/..x/y..");
}

#[test]
fn what_names_no_object_is_refused() {
    for (folder, path) in [("gs://b/f", ""), ("gs://b/f", "/"), ("gs://b", "./")] {
        assert_eq!(ObjectName::join(folder, path), Err(ObjectNameError::NoObject), "{folder} {path}");
    }
    for folder in ["", "javascript:alert(1)", "https://b/f", "gs://", "gs:///x"] {
        assert!(matches!(ObjectName::join(folder, "x"), Err(ObjectNameError::NotGs(_))), "{folder}");
    }
    for text in ["gs://b/.", "gs://b/..", "gs://../x", "gs://b/a\nb", &format!("gs://b/{}", "x".repeat(1025))]
    {
        assert_eq!(text.parse::<ObjectName>(), Err(ObjectNameError::Impossible), "{text}");
    }
    assert_eq!("gs://b".parse::<ObjectName>(), Err(ObjectNameError::NoObject));
    for error in [ObjectNameError::NoObject, ObjectNameError::LeadsOut, ObjectNameError::Impossible] {
        assert!(error.to_string().len() > 20);
    }
}

// Requests.

fn document() -> Value {
    serde_json::from_str(include_str!("../data/storage.v1.json")).unwrap()
}

fn split(request: &Request) -> (&str, Vec<(&str, String)>) {
    let (path, query) = request.path_and_query.split_once('?').unwrap();
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    (path, pairs.map(|(name, value)| (name, percent_decode(value))).collect())
}

#[test]
fn an_objects_name_is_one_segment() {
    let object = name("gs://a.b_c/x/ü (1)&!$'+,;=:@[]#?*.yaml");
    let path = "/storage/v1/b/a.b_c/o/x%2F%C3%BC%20%281%29%26%21%24%27%2B%2C%3B%3D%3A%40%5B%5D%23%3F%2A.yaml";
    assert_eq!(media_request(&object).path_and_query, format!("{path}?alt=media"));
    let fields = OBJECT_FIELDS.replace(',', "%2C");
    assert_eq!(metadata_request(&object).path_and_query, format!("{path}?fields={fields}"));
    assert_eq!(media_request(&object).method, Method::Get);
}

#[test]
fn a_list_shows_what_is_right_below_a_folder() {
    let list = |folder: &str, token: &str| {
        let request = list_request(&folder.parse().unwrap(), token);
        let (path, query) = split(&request);
        let value = |wanted: &str| {
            query.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        (path.to_owned(), value("prefix"), value("delimiter"), value("pageToken"))
    };
    let expected = |prefix: &str, token: &str| {
        ("/storage/v1/b/b/o".to_owned(), prefix.to_owned(), "/".to_owned(), token.to_owned())
    };
    assert_eq!(list("gs://b", ""), expected("", ""));
    assert_eq!(list("gs://b/", "t/+="), expected("", "t/+="));
    assert_eq!(list("gs://b/a f", ""), expected("a f/", ""));
    assert_eq!(list("gs://b/a/f//", ""), expected("a/f/", ""));
}

#[test]
fn requests_are_those_of_the_api() {
    let document = document();
    let base = format!("/{}", document["servicePath"].as_str().unwrap());
    let folder: GsUri = "gs://bb/f".parse().unwrap();
    let object = name("gs://bb/f");
    let cases = [
        ("get", media_request(&object)),
        ("get", metadata_request(&object)),
        ("list", list_request(&folder, "t")),
    ];
    for (method, request) in cases {
        let described = &document["methods"][method];
        let path = described["path"].as_str().unwrap().replace("{bucket}", "bb").replace("{object}", "f");
        let (found, query) = split(&request);
        assert_eq!(found, format!("{base}{path}"));
        for (parameter, _) in query {
            let known = &described["parameters"][parameter];
            assert!(
                known["location"] == "query" || !document["parameters"][parameter].is_null(),
                "{parameter}"
            );
        }
    }
    // The fields that are asked for are there, and are those that are read.
    let has = |schema: &str| -> BTreeSet<String> {
        document["schemas"][schema]["properties"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(has("Object"), OBJECT_FIELDS.split(',').map(str::to_owned).collect());
    let info = json!({ "name": "n", "size": "18446744073709551615", "contentType": "c", "updated": "u", "generation": "7" });
    let page = json!({ "items": [info], "prefixes": ["p/"], "nextPageToken": "t" });
    assert_eq!(has("Objects"), page.as_object().unwrap().keys().cloned().collect());
    let read = jobrun_viewer::api::storage::ObjectPage::from_json(&page.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), page);
    assert_eq!(read.items[0].bytes(), Some(u64::MAX));
}

#[test]
fn parts_are_written_as_http_has_them() {
    assert_eq!(Part::Whole.range(), None);
    assert_eq!(Part::First(10).range().as_deref(), Some("bytes=0-9"));
    assert_eq!(Part::Last(10).range().as_deref(), Some("bytes=-10"));
}

proptest! {
    #[test]
    fn any_object_stays_an_object_of_its_bucket(bucket in "[^/\r\n]{1,8}", object in "[^\r\n]{1,20}") {
        let uri = format!("gs://{bucket}/{object}");
        if let Ok(name) = uri.parse::<ObjectName>() {
            let request = media_request(&name);
            let url = url::Url::parse("https://storage.googleapis.com").unwrap().join(&request.path_and_query).unwrap();
            prop_assert_eq!(url.host_str(), Some("storage.googleapis.com"));
            prop_assert_eq!(url.query(), Some("alt=media"));
            let segments: Vec<&str> = url.path_segments().unwrap().collect();
            prop_assert_eq!(&segments[..3], &["storage", "v1", "b"]);
            prop_assert_eq!(percent_decode(segments[3]), bucket);
            prop_assert_eq!(segments[4], "o");
            prop_assert_eq!(percent_decode(segments[5]), object);
            prop_assert_eq!(segments.len(), 6);
        } else {
            prop_assert!(matches!(bucket.as_str(), "." | "..") || matches!(object.as_str(), "." | ".."), "{}", uri);
        }
    }

    #[test]
    fn a_joined_path_is_below_its_folder(folder in "[a-z/]{0,8}", path in "[a-z./ ]{0,12}") {
        match ObjectName::join(&format!("gs://b/{folder}"), &path) {
            Ok(name) => {
                let folder = folder.trim_end_matches('/');
                prop_assert!(name.object().starts_with(folder));
                prop_assert!(!name.object()[folder.len()..].split('/').any(|part| part == ".." || part == "."));
            }
            Err(ObjectNameError::LeadsOut) => prop_assert!(path.contains("..")),
            Err(ObjectNameError::NoObject) => prop_assert!(path.split('/').all(|part| matches!(part, "" | "."))),
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }
}

// Logs.

fn build(logs_bucket: &str) -> Build {
    Build {
        name: "projects/p/locations/l/builds/b1".into(),
        id: "b1".into(),
        status: Status::Success,
        logs_bucket: logs_bucket.into(),
        ..Build::default()
    }
}

#[test]
fn a_log_lies_in_the_bucket_or_folder_that_the_build_names() {
    for (bucket, object) in [
        ("gs://b", "gs://b/log-b1.txt"),
        ("gs://b/", "gs://b/log-b1.txt"),
        ("gs://b/p/q", "gs://b/p/q/log-b1.txt"),
        ("gs://b/p/", "gs://b/p/log-b1.txt"),
        ("b", "gs://b/log-b1.txt"),
        ("b/p", "gs://b/p/log-b1.txt"),
    ] {
        assert_eq!(log_object(&build(bucket)).unwrap().to_string(), object);
    }
    let nameless = Build { id: String::new(), ..build("gs://b") };
    assert_eq!(log_object(&nameless).unwrap().to_string(), "gs://b/log-b1.txt");
}

#[test]
fn a_build_without_a_log_says_why() {
    let with = |logging: Logging, status: Status, stream: &str| Build {
        status,
        options: Some(BuildOptions { logging, log_streaming_option: stream.into() }),
        ..build("gs://b")
    };
    let cases = [
        (with(Logging::CloudLoggingOnly, Status::Success, ""), NoLog::CloudLoggingOnly, "Cloud Logging"),
        (with(Logging::StackdriverOnly, Status::Working, ""), NoLog::CloudLoggingOnly, "Cloud Logging"),
        (with(Logging::None, Status::Failure, ""), NoLog::LoggedNowhere, "NONE"),
        (with(Logging::Legacy, Status::Working, "STREAM_OFF"), NoLog::NotYet, "STREAM_OFF"),
        (with(Logging::GcsOnly, Status::Queued, ""), NoLog::NotBegun, "waits"),
        (build(""), NoLog::NoBucket, "bucket"),
        (build("gs://"), NoLog::Unreadable("gs://".parse::<ObjectName>().unwrap_err()), "could not be told"),
    ];
    for (build, expected, word) in cases {
        let why = log_object(&build).unwrap_err();
        assert!(why.sentence().contains(word), "{}", why.sentence());
        match expected {
            NoLog::Unreadable(_) => assert!(matches!(why, NoLog::Unreadable(_))),
            expected => assert_eq!(why, expected),
        }
    }
    // Over, it has come.
    assert!(log_object(&with(Logging::Legacy, Status::Success, "STREAM_OFF")).is_ok());
    assert!(log_object(&with(Logging::Unrecognized("X".into()), Status::Success, "")).is_ok());
}

// The client.

type Answer = Result<Reply, ApiError>;

#[derive(Default)]
struct Script {
    answers: RefCell<VecDeque<Answer>>,
    /// Requests, each with its range.
    asked: RefCell<Vec<(String, Option<String>)>>,
    slept: RefCell<Vec<Duration>>,
}

impl Script {
    fn answer(&self, request: &Request, range: Option<&str>) -> LocalFuture<'_, Answer> {
        self.asked.borrow_mut().push((request.path_and_query.clone(), range.map(str::to_owned)));
        let answer = self.answers.borrow_mut().pop_front().expect("no more requests than answers");
        Box::pin(std::future::ready(answer))
    }
}

impl Transport for Script {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Answer> {
        self.answer(request, None)
    }

    fn send_range<'a>(&'a self, request: &'a Request, range: &'a str) -> LocalFuture<'a, Answer> {
        self.answer(request, Some(range))
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        self.slept.borrow_mut().push(duration);
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        0.0
    }
}

/// A client and what it talks to.
fn client(answers: impl IntoIterator<Item = Answer>) -> (ArtifactClient<Rc<Script>, Rc<Script>>, Rc<Script>) {
    let script =
        Rc::new(Script { answers: RefCell::new(answers.into_iter().collect()), ..Script::default() });
    (ArtifactClient::new(Rc::clone(&script), Rc::clone(&script)), script)
}

fn reply(status: u16, content_type: &str, body: &str) -> Answer {
    Ok(Reply { status, body: body.to_owned(), content_type: content_type.to_owned(), retry_after: None })
}

fn done<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

fn object(status: u16, body: &str, part: Part) -> (String, bool) {
    let (client, _) = client([reply(status, "text/plain", body)]);
    let text = done(client.object(&name("gs://b/o"), part)).unwrap();
    (text.text, text.whole)
}

#[test]
fn a_part_comes_in_whole_lines_whether_the_server_cuts_or_not() {
    let whole = |text: &str| (text.to_owned(), true);
    let part = |text: &str| (text.to_owned(), false);
    // A server that gives the whole.
    assert_eq!(object(200, "one\ntwo\nthree\n", Part::Whole), whole("one\ntwo\nthree\n"));
    assert_eq!(object(200, "one\ntwo\n", Part::Last(8)), whole("one\ntwo\n"));
    assert_eq!(object(200, "one\ntwo\nthree\n", Part::Last(9)), part("three\n"));
    assert_eq!(object(200, "one\ntwo\nthree\n", Part::First(9)), part("one\ntwo\n"));
    // One that cuts.
    assert_eq!(object(206, "wo\nthree\n", Part::Last(9)), part("three\n"));
    assert_eq!(object(206, "one\ntwo\nt", Part::First(9)), part("one\ntwo\n"));
    assert_eq!(object(206, "one\ntwo\n", Part::First(9)), whole("one\ntwo\n"));
    // One line alone is better than nothing.
    assert_eq!(object(206, "wordword\n", Part::Last(9)), part("wordword\n"));
    assert_eq!(object(206, "wordword", Part::First(8)), part("wordword"));
    // Letters of several bytes are not cut in two.
    assert_eq!(object(200, "éééé", Part::First(3)), part("é"));
    assert_eq!(object(200, "éééé", Part::Last(3)), part("é"));
    // Nothing to take a part of.
    assert_eq!(object(416, "<html>no such range", Part::Last(5)), whole(""));
}

#[test]
fn ranges_go_to_storage_and_builds_to_cloud_build() {
    let builds = Script::default();
    let storage = Script::default();
    builds.answers.borrow_mut().push_back(reply(200, "application/json", r#"{"id":"b","newField":1}"#));
    let answers = [
        reply(206, "text/plain", "x"),
        reply(200, "text/plain", "x"),
        reply(200, "application/json", r#"{"name":"o","size":"12"}"#),
        reply(
            200,
            "application/json",
            r#"{"items":[{"name":"f/o"}],"prefixes":["f/g/"],"nextPageToken":"n"}"#,
        ),
    ];
    storage.answers.borrow_mut().extend(answers);
    let client = ArtifactClient::new(&builds, &storage);

    let build: BuildName = "projects/p/locations/l/builds/b".parse().unwrap();
    let record = done(client.build(&build)).unwrap();
    assert_eq!(record.build.id, "b");
    assert!(record.raw.contains("newField"));
    let object = name("gs://b/o");
    done(client.object(&object, Part::Last(5))).unwrap();
    done(client.object(&object, Part::Whole)).unwrap();
    assert_eq!(done(client.object_info(&object)).unwrap().bytes(), Some(12));
    let page = done(client.list(&"gs://b/f".parse().unwrap(), "t")).unwrap();
    assert_eq!((page.items[0].name.as_str(), page.prefixes[0].as_str()), ("f/o", "f/g/"));
    assert_eq!(page.next_page_token, "n");

    assert_eq!(*builds.asked.borrow(), [("/v1/projects/p/locations/l/builds/b".to_owned(), None)]);
    let ranges: Vec<Option<String>> = storage.asked.borrow().iter().map(|(_, range)| range.clone()).collect();
    assert_eq!(ranges, [Some("bytes=-5".to_owned()), None, None, None]);
}

#[test]
fn a_transport_without_ranges_gives_the_whole() {
    struct Plain;
    impl Transport for Plain {
        fn send<'a>(&'a self, _: &'a Request) -> LocalFuture<'a, Answer> {
            Box::pin(std::future::ready(reply(200, "", "one\ntwo\n")))
        }
        fn sleep(&self, _: Duration) -> LocalFuture<'_, ()> {
            Box::pin(std::future::ready(()))
        }
        fn random(&self) -> f64 {
            0.0
        }
    }
    let client = ArtifactClient::new(Plain, Plain);
    let text = done(client.object(&name("gs://b/o"), Part::Last(5))).unwrap();
    assert_eq!((text.text.as_str(), text.whole), ("two\n", false));
}

#[test]
fn passing_failures_are_tried_again_and_others_are_not() {
    let fails = |status| reply(status, "text/html", "trouble");
    let (client, script) = client([fails(503), fails(429), reply(200, "text/plain", "x"), fails(404)]);
    assert_eq!(done(client.object(&name("gs://b/o"), Part::Whole)).unwrap().text, "x");
    assert_eq!(script.slept.borrow().len(), 2);
    assert!(done(client.object(&name("gs://b/o"), Part::Whole)).is_err());
    assert_eq!((script.slept.borrow().len(), script.asked.borrow().len()), (2, 4));

    let lost = || Err(ApiError::Network("offline".into()));
    let (client, script) = self::client([lost(), lost(), lost(), lost()]);
    let build = "projects/p/builds/b".parse().unwrap();
    assert!(matches!(done(client.build(&build)), Err(ApiError::Network(_))));
    assert_eq!(script.asked.borrow().len(), 4);
}

#[test]
fn a_refusal_names_the_missing_permission() {
    let permission = |error: ApiError| {
        let refusal = error.refusal().expect("a refusal").clone();
        assert_eq!(refusal.kind, RefusalKind::PermissionDenied);
        refusal.permission.unwrap()
    };
    // Content is refused with a sentence and no JSON.
    let bare = || reply(403, "text/html", "Access denied.");
    let (client, _) = client([bare(), bare(), bare(), bare()]);
    let object = name("gs://b/o");
    assert_eq!(permission(done(client.object(&object, Part::Whole)).unwrap_err()), "storage.objects.get");
    assert_eq!(permission(done(client.object_info(&object)).unwrap_err()), "storage.objects.get");
    let list = done(client.list(&"gs://b/f".parse().unwrap(), ""));
    assert_eq!(permission(list.unwrap_err()), "storage.objects.list");
    let build = done(client.build(&"projects/p/builds/b".parse().unwrap()));
    assert_eq!(permission(build.unwrap_err()), "cloudbuild.builds.get");
}

#[test]
fn what_is_no_json_is_said_to_be_none() {
    let page = || reply(200, "text/html", "<h1>Sign in</h1>");
    let (client, _) = client([page(), page(), page()]);
    let errors = [
        done(client.build(&"projects/p/builds/b".parse().unwrap())).unwrap_err(),
        done(client.object_info(&name("gs://b/o"))).unwrap_err(),
        done(client.list(&"gs://b/f".parse().unwrap(), "")).unwrap_err(),
    ];
    for error in errors {
        let ApiError::Malformed(malformed) = error else { panic!("{error:?}") };
        assert!(malformed.reason.contains("text/html"), "{malformed:?}");
    }
}
