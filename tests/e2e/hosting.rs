//! The viewer is a folder of files for any static host, below any path, with one file to set.

use const_format::formatcp;
use serde::Deserialize;

use crate::nginx::Nginx;
use crate::select;
use crate::site::{Config, dist};
use crate::viewer::{DONE, LIVE, Setup, Viewer, name};

#[tokio::test(flavor = "multi_thread")]
async fn it_works_below_any_path() {
    let setup = Setup {
        path: "/tools/viewer/",
        ..Setup::default()
    };
    let viewer = Viewer::show(setup, DONE).await;
    assert!(viewer.site.url.ends_with("/tools/viewer/"));
    viewer.click(select::timeline::BAR).await;
    viewer.wait_for(select::run_panel::HEADER).await;
    viewer.reload().await;
    viewer.wait_loaded().await;
    assert!(viewer.url().await.starts_with(&viewer.url_of("projects/")));
    viewer.click(select::page::BRAND).await;
    viewer.wait_for(select::start::PAGE).await;
    assert_eq!(viewer.url().await, viewer.url_of(""));

    let asked = viewer.requests().await;
    let api = viewer.stand_in().base_url();
    let is_expected = |url: &&String| {
        url.starts_with(&viewer.site.url)
            || url.starts_with(&format!("{api}/v1/"))
            || url.starts_with("data:")
    };
    let others: Vec<&String> = asked.iter().filter(|url| !is_expected(url)).collect();
    assert!(others.is_empty(), "{others:?}");
    for kind in [".js", ".wasm", ".css", "config.json"] {
        assert!(
            asked.iter().any(|url| url.ends_with(kind)),
            "no {kind}: {asked:?}"
        );
    }
    viewer.finish().await;
}

/// A file that index.html asks for.
#[derive(Debug, Deserialize)]
struct Part {
    url: String,
    integrity: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_has_a_name_of_its_content_and_is_asked_for_by_a_relative_address() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let parts = viewer
        .js(formatcp!(
            "const parser = new DOMParser(), trust = trustedTypes.createPolicy('goog#html',
               {{ createHTML: text => text }});
             return fetch('.').then(reply => reply.text()).then(text =>
               [...parser.parseFromString(trust.createHTML(text),
                 'text/html').querySelectorAll({loaded_files:?})].map(part =>
                 ({{ url: part.getAttribute('href') ?? part.getAttribute('src'),
                   integrity: part.integrity }})))",
            loaded_files = select::page::LOADED_FILES
        ))
        .await;
    let parts: Vec<Part> = serde_json::from_value(parts).expect("a list");
    let of_kind = |kind: &str| parts.iter().filter(|part| part.url.ends_with(kind)).count();
    assert!(
        of_kind(".css") >= 1 && of_kind(".js") >= 1 && of_kind(".wasm") >= 1,
        "{parts:?}"
    );
    for Part { url, integrity } in &parts {
        assert!(url.starts_with("./"), "{url} is not relative");
        let is_hashed = url.rsplit(['/', '-']).next().is_some_and(|end| {
            let hash = end.split(['.', '_']).next().unwrap_or_default();
            hash.len() >= 12 && hash.bytes().all(|b| b.is_ascii_hexdigit())
        });
        assert!(is_hashed, "{url} says nothing of its content");
        let is_code = [".css", ".js", ".wasm"]
            .iter()
            .any(|kind| url.ends_with(kind));
        assert!(
            !is_code || integrity.starts_with("sha"),
            "{url} has no integrity"
        );
    }

    // What is loaded later says so too, and no script stands in the page itself.
    let worker = viewer
        .js(formatcp!(
            "const loader = document.querySelector({worker:?}).content;
             return fetch(loader).then(reply => reply.text()).then(text => loader + ' ' + text)",
            worker = select::page::WORKER
        ))
        .await;
    let worker = worker.as_str().expect("the loader's name and text");
    let is_named = |start: &str, end: &str| {
        worker.split([' ', '"', ',', '(']).any(|part| {
            let hash = part
                .strip_prefix(start)
                .and_then(|rest| rest.strip_suffix(end))
                .unwrap_or_default();
            hash.len() >= 12 && hash.bytes().all(|b| b.is_ascii_hexdigit())
        })
    };
    for (start, end) in [
        ("worker-loader-", ".js"),
        ("worker-", ".js"),
        ("worker-", "_bg.wasm"),
    ] {
        assert!(is_named(start, end), "no {start}…{end}: {worker}");
    }
    assert!(worker.contains("integrity:\"sha256-"), "{worker}");
    let script = viewer
        .js(formatcp!(
            "const script = document.querySelector({script:?}).href;
             return fetch(script).then(reply => reply.text())",
            script = select::page::SCRIPT
        ))
        .await;
    let script = script.as_str().expect("the page's script");
    for part in [
        "part-start-",
        "part-history-",
        "part-browse-",
        "part-build-",
        "part-text-",
        "part-files-",
        "part-extras-",
    ] {
        let place = script
            .find(part)
            .unwrap_or_else(|| panic!("the script names no {part}"));
        let named: String = script[place..].chars().take(150).collect();
        assert!(named.contains(".wasm\",\"sha256-"), "{named}");
    }
    let inline = viewer
        .js("return [...document.scripts].filter(script => !script.src).length")
        .await;
    assert_eq!(inline, 0, "scripts in index.html");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_few_visits_need_is_loaded_when_it_is_wanted() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.wait_for(select::run_panel::HEADER).await;
    // All but the part of a build, which comes when the build is scrolled to.
    let parts = async || -> Vec<String> {
        let asked = viewer.requests().await;
        let is_part = |url: &String| url.contains("/part-") && !url.contains("/part-build-");
        asked
            .into_iter()
            .filter(|url| is_part(url) || url.contains("/history-"))
            .collect()
    };
    assert_eq!(parts().await, [""; 0]);

    // What asks before a run is ended is there before somebody wants to.
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_for(select::run_panel::TERMINATE_ENABLED).await;
    let has_dialogs = "performance.getEntriesByType('resource').some(file => file.name.includes('/part-dialogs-'))";
    viewer.wait_until_js(has_dialogs).await;
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer
        .wait_for_text(
            select::page::TITLE,
            name(DONE).rsplit('/').next().expect("an id"),
        )
        .await;
    viewer.wait_loaded().await;

    viewer
        .click_text(select::rollout::TITLE_LINK, "Explore")
        .await;
    viewer.wait_for(select::history::CANVAS).await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({history_part:?})?.integrity.startsWith('sha256-')",
            history_part = select::page::HISTORY_PART
        ))
        .await;
    let parts = parts().await;
    let is_of = |url: &String, end: &str| {
        url.starts_with(&viewer.site.url) && url.contains("/part-history-") && url.ends_with(end)
    };
    assert!(parts.iter().any(|url| is_of(url, ".wasm")), "{parts:?}");
    assert!(
        !parts.iter().any(|url| url.contains("/part-browse-")),
        "{parts:?}"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_does_not_load_is_said_and_can_be_tried_again() {
    let mut viewer = Viewer::show(
        Setup {
            host_may_fail: true,
            ..Setup::default()
        },
        DONE,
    )
    .await;
    viewer.expect_error("/part-");
    viewer.expect_error("Failed to fetch");
    // What is shown by itself has come.
    viewer.wait_for(select::build::STEPS).await;
    viewer.site.lose_parts(true);
    let shown = async |viewer: &Viewer| {
        viewer
            .wait_for_error("A part of the viewer is missing")
            .await
    };

    // A page.
    viewer
        .click_text(select::rollout::TITLE_LINK, "Explore")
        .await;
    let words = shown(&viewer).await;
    assert!(words.contains("Load the page again"), "{words}");
    viewer.site.lose_parts(false);
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer.wait_for(select::history::CANVAS).await;

    // A file that is opened.
    viewer.goto(&viewer.url_of("")).await;
    viewer.wait_for(select::start::PAGE).await;
    viewer.site.lose_parts(true);
    viewer
        .js("const pasted = new DataTransfer();
             pasted.setData('text', '{\"jobRuns\": []}');
             document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true }));")
        .await;
    shown(&viewer).await;

    // What is done on a page goes on without it.
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_loaded().await;
    viewer
        .click_text(select::rollout::EXPORT_TOGGLE, "Export")
        .await;
    viewer.click_text(select::page::MENU_ITEM, "JSON").await;
    viewer
        .wait_for_text(select::rollout::EXPORT_ALERT, "could not be loaded")
        .await;
    viewer.site.lose_parts(false);
    viewer
        .click_text(select::rollout::EXPORT_TOGGLE, "Export")
        .await;
    let (file, _) = viewer
        .saved(async || viewer.click_text(select::page::MENU_ITEM, "JSON").await)
        .await;
    assert!(file.ends_with(".json"), "{file}");
    viewer.site.lose_parts(true);
    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "Paste a token")
        .await;
    viewer
        .wait_for_text(select::session::TOP_BAR_ALERT, "could not be loaded")
        .await;
    viewer.site.lose_parts(false);
    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "Paste a token")
        .await;
    viewer
        .wait_for(&select::focused(select::dialogs::TOKEN))
        .await;
    viewer
        .wait_for(select::session::TOP_BAR_NOTHING_WRONG)
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_config_json_it_asks_google() {
    for config in [Config::Missing, Config::Index] {
        let setup = Setup {
            config: Some(config.clone()),
            host_may_fail: true,
            ..Setup::default()
        };
        let mut viewer = Viewer::open(setup, &name(DONE)).await;
        viewer.expect_error("config.json");
        viewer.expect_error("net::ERR_NAME_NOT_RESOLVED");
        viewer.wait_for_error("No answer").await;
        assert!(viewer.stand_in().requests().is_empty());
        let outside = viewer.finish_outside().await;
        let google = format!("https://clouddeploy.googleapis.com/v1/{}", name(DONE));
        assert!(!outside.is_empty(), "{config:?}");
        assert!(
            outside.iter().all(|url| url.starts_with(&google)),
            "{config:?}: {outside:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_config_json_is_said_and_nobody_is_asked() {
    for text in [
        "{\"apiBase\": ",
        "{\"apiBase\": 5}",
        "[]5",
        "apiBase = \"http://127.0.0.1\"",
    ] {
        let setup = Setup {
            config: Some(Config::Text(text.to_owned())),
            ..Setup::default()
        };
        let viewer = Viewer::open(setup, &name(DONE)).await;
        let shown = viewer.wait_for_error("config.json cannot be read").await;
        assert!(shown.contains("line 1, column"), "{text}: {shown}");
        assert!(shown.contains("beside index.html"), "{text}: {shown}");
        assert!(viewer.stand_in().requests().is_empty());
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_config_json_leaves_out_or_has_beside_does_no_harm() {
    let setup = Setup {
        config: Some(Config::Text("{\"comment\": \"ours\"}".to_owned())),
        ..Setup::default()
    };
    let viewer = Viewer::open(setup, "").await;
    viewer.wait_for(select::start::PAGE).await;
    viewer
        .click_text(select::start::DEMO_CARD, "Everything went well")
        .await;
    viewer
        .wait_for_text(select::rollout::VERDICT_HEADLINE, "All 4 jobs succeeded")
        .await;
    viewer.finish().await;
}

/// What the recipe for nginx answers: the status and the headers.
pub async fn asked(nginx: &Nginx, path: &str, encodings: &str) -> (u16, http::HeaderMap) {
    let (head, _) = answer(nginx, path, encodings).await.into_parts();
    (head.status.as_u16(), head.headers)
}

async fn answer(nginx: &Nginx, path: &str, encodings: &str) -> http::Response<axum::body::Body> {
    use hyper_util::client::legacy::Client;
    let client: Client<_, String> =
        Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let request = http::Request::get(format!("http://127.0.0.1:{}{path}", nginx.port));
    // There are clients that do not say which they take.
    let request = match encodings {
        "" => request,
        encodings => request.header("accept-encoding", encodings),
    };
    let request = request.body(String::new()).expect("a request");
    client
        .request(request)
        .await
        .expect("nginx answers")
        .map(axum::body::Body::new)
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_sends_what_is_compressed_to_those_who_take_it() {
    let nginx = Nginx::start("/", &dist(), None).await;
    let mut packed = 0;
    for file in std::fs::read_dir(&nginx.root)
        .expect("the built viewer")
        .map_while(Result::ok)
    {
        let file = file.file_name().to_string_lossy().into_owned();
        if file.ends_with(".gz") || file.ends_with(".br") {
            continue;
        }
        let bytes_of = |end: &str| std::fs::read(nginx.root.join(format!("{file}{end}"))).ok();
        let (plain, gzip) = (bytes_of("").expect("it is there"), bytes_of(".gz"));
        let brotli = bytes_of(".br").filter(|_| Nginx::has_brotli());
        // What is worth it is compressed.
        let is_text = [".html", ".css", ".js", ".wasm"]
            .iter()
            .any(|end| file.ends_with(end));
        if is_text && plain.len() > 1_000 {
            assert!(gzip.is_some() && bytes_of(".br").is_some(), "{file}");
            packed += 1;
        }
        let gzipped = gzip.as_ref().map_or(("", &plain), |bytes| ("gzip", bytes));
        let best = brotli.as_ref().map_or(gzipped, |bytes| ("br", bytes));
        for (asked, (encoding, expected)) in [
            ("gzip", gzipped),
            (
                "br",
                brotli.as_ref().map_or(("", &plain), |bytes| ("br", bytes)),
            ),
            ("gzip, deflate, br, zstd", best),
            ("identity", ("", &plain)),
            ("", ("", &plain)),
        ] {
            let (head, body) = answer(&nginx, &format!("/{file}"), asked)
                .await
                .into_parts();
            let body = axum::body::to_bytes(body, usize::MAX)
                .await
                .expect("it is whole");
            let header = |name: &str| {
                head.headers
                    .get(name)
                    .map_or("", |v| v.to_str().expect("a text"))
            };
            assert_eq!(header("content-encoding"), encoding, "{file} for “{asked}”");
            assert!(body == expected[..], "{file} for “{asked}” is other bytes");
            // A cache between must not send to one what another has asked for.
            assert!(
                gzip.is_none() || header("vary") == "Accept-Encoding",
                "{file} for “{asked}”"
            );
            if file.ends_with(".wasm") {
                assert_eq!(
                    header("content-type"),
                    "application/wasm",
                    "{file} for “{asked}”"
                );
            }
        }
    }
    assert!(packed > 20, "{packed} files are compressed");
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_sends_each_file_as_it_is_to_be_kept_and_guarded() {
    for base in ["/", "/tools/viewer/"] {
        let nginx = Nginx::start(base, &dist(), None).await;
        let mut files = 0;
        for file in std::fs::read_dir(dist())
            .expect("the built viewer")
            .map_while(Result::ok)
        {
            let file = file.file_name().to_string_lossy().into_owned();
            let (status, headers) = asked(&nginx, &format!("{base}{file}"), "gzip").await;
            let header = |name: &str| {
                headers
                    .get(name)
                    .map_or("", |value| value.to_str().expect("a text"))
            };
            assert_eq!(status, 200, "{file}");
            files += 1;
            let is_fixed = ["index.html", "config.json"].contains(&file.as_str());
            let kept = if is_fixed {
                "no-cache"
            } else {
                "public, max-age=31536000, immutable"
            };
            assert_eq!(header("cache-control"), kept, "{file}");
            assert!(
                header("content-security-policy").starts_with("default-src 'none'; "),
                "{file}"
            );
            assert_eq!(header("x-content-type-options"), "nosniff", "{file}");
            assert_eq!(header("x-frame-options"), "DENY", "{file}");
            assert_eq!(header("referrer-policy"), "strict-origin", "{file}");
        }
        assert!(files > 20, "{files} files");
        let (status, headers) = asked(&nginx, base, "gzip").await;
        assert_eq!(
            (status, &headers["cache-control"]),
            (200, &"no-cache".parse().expect("a value"))
        );
        for path in [
            format!("{base}projects/x"),
            format!("{base}part-x-0123456789abcdef.wasm"),
            "/elsewhere".into(),
        ] {
            let (status, headers) = asked(&nginx, &path, "gzip").await;
            assert_eq!(status, 404, "{path}");
            assert_eq!(headers["cache-control"], "no-cache", "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_container_sends_the_configuration_of_its_environment() {
    let environment = [
        ("API_BASE", ""),
        ("BUILD_BASE", "https://builds.example:8443/google"),
        ("CLIENT_ID", "1-a.apps.example"),
        ("VIEWER_CONNECT", "http://builds.internal:8080"),
        ("VIEWER_PATH", "/tools/viewer/"),
    ];
    let nginx = Nginx::start_container(&dist(), &environment).await;
    let config = answer(&nginx, "/tools/viewer/config.json", "identity").await;
    assert_eq!(
        config.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    assert_eq!(config.headers()["cache-control"], "no-cache");
    let config = axum::body::to_bytes(config.into_body(), usize::MAX)
        .await
        .expect("it is whole");
    let config: serde_json::Value = serde_json::from_slice(&config).expect("it is JSON");
    assert_eq!(
        config,
        serde_json::json!({
            "apiBase": "", "buildBase": "https://builds.example:8443/google", "clientId": "1-a.apps.example",
        })
    );
    let (status, headers) = asked(&nginx, "/tools/viewer/", "identity").await;
    let policy = headers["content-security-policy"].to_str().expect("a text");
    assert_eq!(status, 200);
    let connect = "connect-src http://builds.internal:8080 https://builds.example:8443 'self' https://*.googleapis.com;";
    assert!(policy.contains(connect), "{policy}");

    // What nginx would take for more than a value starts nothing, and -t only looks.
    let folder = tempfile::tempdir().expect("a folder");
    let status = |key: &str, value: &str| {
        let mut container = Nginx::container(folder.path(), &dist());
        container
            .arg("-t")
            .env(key, value)
            .status()
            .expect("the entrypoint runs")
            .code()
    };
    assert_eq!(status("VIEWER_LISTEN", "127.0.0.1:8080"), Some(0));
    for (key, value) in [
        ("CLIENT_ID", "a\"}"),
        ("VIEWER_CONNECT", "x; script-src *"),
        ("VIEWER_LISTEN", "1; include /etc/passwd"),
        ("VIEWER_RUN", "relative"),
    ] {
        assert_eq!(status(key, value), Some(2), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_json_that_may_be_there_is_not_taken_for_missing() {
    for config in [Config::Broken, Config::LoginPage] {
        let setup = Setup {
            config: Some(config.clone()),
            host_may_fail: true,
            ..Setup::default()
        };
        let mut viewer = Viewer::open(setup, &name(DONE)).await;
        viewer.expect_error("config.json");
        let shown = viewer.wait_for_error("config.json cannot be read").await;
        assert!(
            shown.contains("(503)") || shown.contains("the reply is text/html"),
            "{shown}"
        );
        assert!(viewer.stand_in().requests().is_empty(), "{config:?}");
        viewer.finish().await;
    }
}
