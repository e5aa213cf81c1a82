//! The built viewer on a loopback port, as a static host serves it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;
use tower_http::services::ServeDir;

use crate::nginx::Nginx;

/// What the host answers for `config.json`.
#[derive(Clone, Debug)]
pub enum Config {
    Text(String),
    /// Status 404.
    Missing,
    /// index.html, as hosts of single-page apps answer for every file that they do not have.
    Index,
    /// Status 503.
    Broken,
    /// What a proxy shows to those whom it does not know.
    LoginPage,
}

impl Config {
    /// Sends the viewer to a server that answers as all three APIs.
    pub fn api(base: &str) -> Self {
        let config = serde_json::json!({ "apiBase": base, "buildBase": base, "storageBase": base });
        Self::Text(config.to_string())
    }

    fn answer(self) -> Response {
        match self {
            Self::Text(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
            Self::Missing => StatusCode::NOT_FOUND.into_response(),
            Self::Broken => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::LoginPage => ([(CONTENT_TYPE, "text/html")], "<h1>Sign in</h1>").into_response(),
            Self::Index => {
                let index = std::fs::read_to_string(dist().join("index.html"))
                    .expect("there is an index.html");
                ([(CONTENT_TYPE, "text/html")], index).into_response()
            }
        }
    }
}

/// What can be wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoiled {
    /// Status 404, as of a host that has put up a new version.
    Missing,
    /// Another byte at the end.
    Changed,
    /// Only the first half, as if it were the whole.
    Cut,
}

impl Spoiled {
    async fn spoil(self, response: Response) -> Response {
        if self == Self::Missing {
            return StatusCode::NOT_FOUND.into_response();
        }
        let (mut head, body) = response.into_parts();
        let mut bytes = to_bytes(body, usize::MAX)
            .await
            .expect("a file is whole")
            .to_vec();
        match self {
            Self::Cut => bytes.truncate(bytes.len() / 2),
            _ => bytes.push(b' '),
        }
        head.headers.remove(CONTENT_LENGTH);
        Response::from_parts(head, Body::from(bytes))
    }
}

/// Serves the built viewer below a path, with a `config.json` of its own.
pub struct Site {
    pub url: String,
    config: Arc<Mutex<Config>>,
    worker_held: watch::Sender<bool>,
    spoiled: Arc<Mutex<Option<(&'static str, Spoiled)>>>,
    authorized: Arc<Mutex<Vec<String>>>,
    server: tokio::task::JoinHandle<()>,
    _nginx: Option<Nginx>,
}

impl Site {
    /// `path` is where the viewer lies, such as `/` or `/tools/viewer/`. A host that `may_fail` is
    /// always the tests' own, whose files a test can hold or lose.
    pub async fn start(path: &str, config: Config, may_fail: bool) -> Self {
        let dist = dist();
        assert!(
            dist.join("index.html").is_file(),
            "{} has no built viewer: run scripts/test e2e",
            dist.display()
        );
        let config = Arc::new(Mutex::new(config));
        let answered = config.clone();
        let config_route =
            get(
                move || async move { answered.lock().expect("no panic holds it").clone().answer() },
            );
        let (worker_held, held) = watch::channel(false);
        let spoiled = Arc::new(Mutex::new(None::<(&str, Spoiled)>));
        let authorized = Arc::new(Mutex::new(Vec::new()));
        let (spoils, hears) = (spoiled.clone(), authorized.clone());
        let hold = from_fn(move |request: Request, next: Next| {
            let mut held = held.clone();
            if request.headers().contains_key(AUTHORIZATION) {
                hears
                    .lock()
                    .expect("no panic holds it")
                    .push(request.uri().to_string());
            }
            let spoiled = spoils.lock().expect("no panic holds it");
            let how =
                spoiled.and_then(|(part, how)| request.uri().path().contains(part).then_some(how));
            std::mem::drop(spoiled);
            async move {
                if let Some(how) = how {
                    return how.spoil(next.run(request).await).await;
                }
                if request.uri().path().contains("/worker-") {
                    held.wait_for(|held| !held)
                        .await
                        .expect("the site goes before its requests");
                }
                next.run(request).await
            }
        });
        let files = Router::new()
            .route("/config.json", config_route)
            .fallback_service(ServeDir::new(dist))
            .layer(hold);
        let app = match path {
            "/" => files,
            path => Router::new().nest_service(path.trim_end_matches('/'), files),
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a loopback port");
        let port = listener.local_addr().expect("the port is known").port();
        let server = tokio::spawn(async move {
            axum::serve(listener, app)
                .await
                .expect("the site is served");
        });
        let nginx = if Nginx::is_wanted() && !may_fail {
            Some(Nginx::start(path, &self::dist(), Some(port)).await)
        } else {
            None
        };
        let port = nginx.as_ref().map_or(port, |nginx| nginx.port);
        let url = format!("http://127.0.0.1:{port}{path}");
        Self {
            url,
            config,
            worker_held,
            spoiled,
            authorized,
            server,
            _nginx: nginx,
        }
    }

    /// Lets the worker's files wait, or come.
    pub fn hold_worker(&self, is_held: bool) {
        self.worker_held.send_replace(is_held);
    }

    /// Loses the files of the page's parts, as a host does that has put up a new version, or has them.
    pub fn lose_parts(&self, are_lost: bool) {
        self.spoil(are_lost.then_some(("/part-", Spoiled::Missing)));
    }

    /// Lets something be wrong with the files that have a text in their path.
    pub fn spoil(&self, what: Option<(&'static str, Spoiled)>) {
        *self.spoiled.lock().expect("no panic holds it") = what;
    }

    /// The requests so far that had an Authorization header, which is none of a host's business.
    pub fn authorized(&self) -> Vec<String> {
        self.authorized.lock().expect("no panic holds it").clone()
    }

    /// Answers with another `config.json` from now on.
    pub fn set_config(&self, text: &str) {
        *self.config.lock().expect("no panic holds it") = Config::Text(text.to_owned());
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub fn dist() -> PathBuf {
    PathBuf::from(std::env::var("DIST_DIR").unwrap_or_else(|_| "dist".into()))
}
