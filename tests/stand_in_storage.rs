//! The stand-in as Cloud Build and Cloud Storage, over real loopback connections: parts of objects,
//! and what a page of another origin may ask.
#![cfg(feature = "stand-in")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use jobrun_viewer::api::build::Build;
use jobrun_viewer::api::source::{Items, Record};
use jobrun_viewer::api::storage::{log_object, media_request};
use jobrun_viewer::stand_in::{Fault, FaultKind, Options, StandIn};

/// The head of an answer in small letters, and its body.
fn send(stand_in: &StandIn, method: &str, path: &str, headers: &str) -> (String, Vec<u8>) {
    let host = stand_in.base_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A cut connection ends in an error; what came before it counts.
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("an answer");
    (
        String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase(),
        bytes[end + 4..].to_vec(),
    )
}

fn text(stand_in: &StandIn, path: &str) -> String {
    let (head, body) = send(stand_in, "GET", path, "");
    assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
    String::from_utf8(body).unwrap()
}

/// A stand-in whose clock stands still, and the path of a log's content in it.
fn with_log() -> (StandIn, String) {
    let stand_in = StandIn::start(Options {
        speed: 0.0,
        ..Options::default()
    })
    .unwrap();
    let rollouts = stand_in.rollouts();
    let (rollout, ..) = rollouts
        .iter()
        .find(|(name, ..)| name.delivery_pipeline == "payments-api")
        .unwrap();
    let page = Items::from_json(
        &text(&stand_in, &format!("/v1/{rollout}/jobRuns")),
        "jobRuns",
    )
    .unwrap();
    let run = Record::from_json(&page.raw[0]).run.unwrap();
    let name = run.verify_job_run.unwrap().build;
    let build = Build::from_json(&text(&stand_in, &format!("/v1/{name}"))).unwrap();
    assert_eq!(build.name, name);
    let object = log_object(&build).unwrap();
    let path = media_request(&object).path_and_query;
    let info = text(&stand_in, path.strip_suffix("?alt=media").unwrap());
    assert!(
        info.contains(&format!("\"name\":\"{}\"", object.object())),
        "{info}"
    );
    (stand_in, path)
}

#[test]
fn a_part_of_an_object_is_a_206() {
    let (stand_in, path) = with_log();
    let whole = text(&stand_in, &path).into_bytes();
    let size = whole.len();
    for (range, expected, described) in [
        ("bytes=0-9", &whole[..10], format!("bytes 0-9/{size}")),
        (
            "bytes=10-",
            &whole[10..],
            format!("bytes 10-{}/{size}", size - 1),
        ),
        (
            "bytes=-7",
            &whole[size - 7..],
            format!("bytes {}-{}/{size}", size - 7, size - 1),
        ),
        (
            "bytes=-99999999",
            &whole[..],
            format!("bytes 0-{}/{size}", size - 1),
        ),
        (
            "bytes=5-99999999",
            &whole[5..],
            format!("bytes 5-{}/{size}", size - 1),
        ),
    ] {
        let (head, body) = send(&stand_in, "GET", &path, &format!("Range: {range}\r\n"));
        assert!(head.starts_with("http/1.1 206"), "{range}: {head}");
        assert!(
            head.contains(&format!("content-range: {described}")),
            "{range}: {head}"
        );
        assert!(
            head.contains(&format!("content-length: {}", expected.len())),
            "{range}: {head}"
        );
        assert_eq!(body, expected, "{range}");
    }
    for range in [format!("bytes={size}-"), "bytes=-0".to_owned()] {
        let (head, body) = send(&stand_in, "GET", &path, &format!("Range: {range}\r\n"));
        assert!(
            head.starts_with("http/1.1 416") && body.is_empty(),
            "{range}: {head}"
        );
        assert!(
            head.contains(&format!("content-range: bytes */{size}")),
            "{range}: {head}"
        );
    }
    // What is no range, or several, is passed over.
    for range in [
        "bytes=",
        "bytes=-",
        "bytes=5-3",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes=a-b",
        "bytes=+1-2",
    ] {
        let (head, body) = send(&stand_in, "GET", &path, &format!("Range: {range}\r\n"));
        assert!(head.starts_with("http/1.1 200"), "{range}: {head}");
        assert_eq!(body, whole, "{range}");
    }
}

#[test]
fn only_content_has_parts() {
    let (stand_in, path) = with_log();
    let info = path.replace("?alt=media", "");
    for (path, status) in [
        (info, 200),
        (path.replace("log-", "no-log-"), 404),
        ("/v1/x".to_owned(), 404),
    ] {
        let (head, body) = send(&stand_in, "GET", &path, "Range: bytes=0-1\r\n");
        assert!(
            head.starts_with(&format!("http/1.1 {status}")),
            "{path}: {head}"
        );
        assert!(body.len() > 2, "{path}");
    }
}

#[test]
fn a_body_that_breaks_off_is_none_in_part_either() {
    let (stand_in, path) = with_log();
    stand_in.add_fault(Fault::from(FaultKind::Truncated));
    let (head, body) = send(&stand_in, "GET", &path, "Range: bytes=0-99999999\r\n");
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next()?.parse().ok());
    assert!(
        head.starts_with("http/1.1 200") && body.len() < length.unwrap(),
        "{head}"
    );
}

#[test]
fn a_page_of_another_origin_may_ask_for_a_part() {
    let (stand_in, path) = with_log();
    let asks = "Origin: http://viewer.test\r\nAccess-Control-Request-Method: GET\r\n\
                Access-Control-Request-Headers: authorization,range\r\n";
    let (head, _) = send(&stand_in, "OPTIONS", &path, asks);
    let allowed = head
        .lines()
        .find(|line| line.starts_with("access-control-allow-headers"))
        .unwrap();
    assert!(
        allowed.contains("range") && allowed.contains("authorization"),
        "{head}"
    );
    let (head, _) = send(
        &stand_in,
        "GET",
        &path,
        "Origin: http://viewer.test\r\nRange: bytes=0-3\r\n",
    );
    assert!(
        head.starts_with("http/1.1 206") && head.contains("access-control-allow-origin: *"),
        "{head}"
    );
}
