//! Guards which objects are asked for and how, where a log is looked for, and what the client makes
//! of the answers.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use futures::FutureExt;
use jobrun_viewer::api::artifacts::{ObjectText, read_text};
use jobrun_viewer::api::build::{self, Build, BuildOptions, Logging, Status, build_request};
use jobrun_viewer::api::error::{ApiError, RefusalKind};
use jobrun_viewer::api::http::{Method, Reply, Request, percent_decode};
use jobrun_viewer::api::storage::{
    GET_PERMISSION, NoLog, ObjectName, ObjectNameError, Part, log_object, media_request,
};
use jobrun_viewer::api::transport::LocalFuture;
use jobrun_viewer::api::transport::Transport;
use jobrun_viewer::core::name::BuildName;
use proptest::prelude::*;
use serde_json::Value;

fn name(text: &str) -> ObjectName {
    text.parse().unwrap()
}

// Names.

#[test]
fn a_path_is_joined_to_its_folder_by_one_slash() {
    for folder in ["gs://b/a/f", "gs://b/a/f/", "gs://b/a/f//"] {
        for path in ["m.yaml", "/m.yaml", "./m.yaml", "//./m.yaml"] {
            assert_eq!(
                ObjectName::join(folder, path).unwrap().to_string(),
                "gs://b/a/f/m.yaml"
            );
        }
    }
    for folder in ["gs://b", "gs://b/"] {
        assert_eq!(
            ObjectName::join(folder, "x/y z.yaml").unwrap().to_string(),
            "gs://b/x/y z.yaml"
        );
    }
    let joined = ObjectName::join("gs://b/a", "x/y.yaml").unwrap();
    assert_eq!(
        (joined.bucket(), joined.object(), joined.file()),
        ("b", "a/x/y.yaml", "y.yaml")
    );
    assert_eq!(joined.uri().to_string(), "gs://b/a/x/y.yaml");
}

#[test]
fn a_path_that_leads_out_of_its_folder_is_refused() {
    for path in ["..", "../x", "a/../../x", "a/..", "/../../etc/passwd"] {
        assert_eq!(
            ObjectName::join("gs://b/f", path),
            Err(ObjectNameError::LeadsOut),
            "{path}"
        );
    }
    // Dots in a name are no step.
    assert_eq!(
        ObjectName::join("gs://b/f", "..x/y..").unwrap().object(),
        "f/..x/y.."
    );
}

#[test]
fn what_names_no_object_is_refused() {
    for (folder, path) in [("gs://b/f", ""), ("gs://b/f", "/"), ("gs://b", "./")] {
        assert_eq!(
            ObjectName::join(folder, path),
            Err(ObjectNameError::NoObject),
            "{folder} {path}"
        );
    }
    for folder in ["", "javascript:alert(1)", "https://b/f", "gs://", "gs:///x"] {
        assert!(
            matches!(
                ObjectName::join(folder, "x"),
                Err(ObjectNameError::NotGs(_))
            ),
            "{folder}"
        );
    }
    for text in [
        "gs://b/.",
        "gs://b/..",
        "gs://../x",
        "gs://b/a\nb",
        &format!("gs://b/{}", "x".repeat(1025)),
    ] {
        assert_eq!(
            text.parse::<ObjectName>(),
            Err(ObjectNameError::Impossible),
            "{text}"
        );
    }
    assert_eq!(
        "gs://b".parse::<ObjectName>(),
        Err(ObjectNameError::NoObject)
    );
    for error in [
        ObjectNameError::NoObject,
        ObjectNameError::LeadsOut,
        ObjectNameError::Impossible,
    ] {
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
    (
        path,
        pairs
            .map(|(name, value)| (name, percent_decode(value)))
            .collect(),
    )
}

#[test]
fn an_objects_name_is_one_segment() {
    let object = name("gs://a.b_c/x/ü (1)&!$'+,;=:@[]#?*.yaml");
    let path = "/storage/v1/b/a.b_c/o/x%2F%C3%BC%20%281%29%26%21%24%27%2B%2C%3B%3D%3A%40%5B%5D%23%3F%2A.yaml";
    assert_eq!(
        media_request(&object).path_and_query,
        format!("{path}?alt=media")
    );
    assert_eq!(media_request(&object).method, Method::Get);
}

#[test]
fn the_request_is_that_of_the_api() {
    let document = document();
    let base = format!("/{}", document["servicePath"].as_str().unwrap());
    let request = media_request(&name("gs://bb/f"));
    let described = &document["methods"]["get"];
    let path = described["path"]
        .as_str()
        .unwrap()
        .replace("{bucket}", "bb")
        .replace("{object}", "f");
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
    let nameless = Build {
        id: String::new(),
        ..build("gs://b")
    };
    assert_eq!(
        log_object(&nameless).unwrap().to_string(),
        "gs://b/log-b1.txt"
    );
}

#[test]
fn a_build_without_a_log_says_why() {
    let with = |logging: Logging, status: Status, stream: &str| Build {
        status,
        options: Some(BuildOptions {
            logging,
            log_streaming_option: stream.into(),
        }),
        ..build("gs://b")
    };
    let cases = [
        (
            with(Logging::CloudLoggingOnly, Status::Success, ""),
            NoLog::CloudLoggingOnly,
            "Cloud Logging",
        ),
        (
            with(Logging::StackdriverOnly, Status::Working, ""),
            NoLog::CloudLoggingOnly,
            "Cloud Logging",
        ),
        (
            with(Logging::None, Status::Failure, ""),
            NoLog::LoggedNowhere,
            "NONE",
        ),
        (
            with(Logging::Legacy, Status::Working, "STREAM_OFF"),
            NoLog::NotYet,
            "STREAM_OFF",
        ),
        (
            with(Logging::GcsOnly, Status::Queued, ""),
            NoLog::NotBegun,
            "waits",
        ),
        (build(""), NoLog::NoBucket, "bucket"),
        (
            build("gs://"),
            NoLog::Unreadable("gs://".parse::<ObjectName>().unwrap_err()),
            "could not be told",
        ),
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
    assert!(
        log_object(&with(
            Logging::Unrecognized("X".into()),
            Status::Success,
            ""
        ))
        .is_ok()
    );
}

// Reading.

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
        self.asked
            .borrow_mut()
            .push((request.path_and_query.clone(), range.map(str::to_owned)));
        let answer = self
            .answers
            .borrow_mut()
            .pop_front()
            .expect("no more requests than answers");
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

fn script(answers: impl IntoIterator<Item = Answer>) -> Script {
    Script {
        answers: RefCell::new(answers.into_iter().collect()),
        ..Script::default()
    }
}

fn reply(status: u16, content_type: &str, body: &str) -> Answer {
    Ok(Reply {
        status,
        body: body.to_owned(),
        content_type: content_type.to_owned(),
        retry_after: None,
    })
}

fn done<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

fn read_object(transport: &dyn Transport, part: Part) -> Result<ObjectText, ApiError> {
    done(read_text(
        transport,
        &media_request(&name("gs://b/o")),
        GET_PERMISSION,
        part,
    ))
}

fn read_build(transport: &dyn Transport, name: &str) -> Result<ObjectText, ApiError> {
    let name: BuildName = name.parse().unwrap();
    done(read_text(
        transport,
        &build_request(&name),
        build::GET_PERMISSION,
        Part::Whole,
    ))
}

fn object(status: u16, body: &str, part: Part) -> (String, bool) {
    let text = read_object(&script([reply(status, "text/plain", body)]), part).unwrap();
    (text.text, text.whole)
}

#[test]
fn a_part_comes_in_whole_lines_whether_the_server_cuts_or_not() {
    let whole = |text: &str| (text.to_owned(), true);
    let part = |text: &str| (text.to_owned(), false);
    // A server that gives the whole.
    assert_eq!(
        object(200, "one\ntwo\nthree\n", Part::Whole),
        whole("one\ntwo\nthree\n")
    );
    assert_eq!(
        object(200, "one\ntwo\n", Part::Last(8)),
        whole("one\ntwo\n")
    );
    assert_eq!(
        object(200, "one\ntwo\nthree\n", Part::Last(9)),
        part("three\n")
    );
    assert_eq!(
        object(200, "one\ntwo\nthree\n", Part::First(9)),
        part("one\ntwo\n")
    );
    // One that cuts.
    assert_eq!(object(206, "wo\nthree\n", Part::Last(9)), part("three\n"));
    assert_eq!(
        object(206, "one\ntwo\nt", Part::First(9)),
        part("one\ntwo\n")
    );
    assert_eq!(
        object(206, "one\ntwo\n", Part::First(9)),
        whole("one\ntwo\n")
    );
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
fn a_range_is_asked_for_with_a_part_only() {
    let script = script([
        reply(206, "text/plain", "x"),
        reply(200, "text/plain", "x"),
        reply(200, "", "{}"),
    ]);
    read_object(&script, Part::Last(5)).unwrap();
    read_object(&script, Part::Whole).unwrap();
    assert_eq!(
        read_build(&script, "projects/p/locations/l/builds/b")
            .unwrap()
            .text,
        "{}"
    );
    let object = "/storage/v1/b/b/o/o?alt=media";
    let expected = [
        (object, Some("bytes=-5")),
        (object, None),
        ("/v1/projects/p/locations/l/builds/b", None),
    ];
    let expected = expected.map(|(path, range)| (path.to_owned(), range.map(str::to_owned)));
    assert_eq!(*script.asked.borrow(), expected);
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
    let text = read_object(&Plain, Part::Last(5)).unwrap();
    assert_eq!((text.text.as_str(), text.whole), ("two\n", false));
}

#[test]
fn passing_failures_are_tried_again_and_others_are_not() {
    let fails = |status| reply(status, "text/html", "trouble");
    let script = script([
        fails(503),
        fails(429),
        reply(200, "text/plain", "x"),
        fails(404),
    ]);
    assert_eq!(read_object(&script, Part::Whole).unwrap().text, "x");
    assert_eq!(script.slept.borrow().len(), 2);
    assert!(read_object(&script, Part::Whole).is_err());
    assert_eq!(
        (script.slept.borrow().len(), script.asked.borrow().len()),
        (2, 4)
    );

    let lost = || Err(ApiError::Network("offline".into()));
    let script = self::script([lost(), lost(), lost(), lost()]);
    assert!(matches!(
        read_build(&script, "projects/p/builds/b"),
        Err(ApiError::Network(_))
    ));
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
    let script = script([bare(), bare()]);
    assert_eq!(
        permission(read_object(&script, Part::Whole).unwrap_err()),
        "storage.objects.get"
    );
    let build = read_build(&script, "projects/p/builds/b");
    assert_eq!(permission(build.unwrap_err()), "cloudbuild.builds.get");
}
