//! The built viewer on a loopback port, as a static host serves it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
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
            Self::Index => {
                let index =
                    std::fs::read_to_string(dist().join("index.html")).expect("there is an index.html");
                ([(CONTENT_TYPE, "text/html")], index).into_response()
            }
        }
    }
}

/// Serves the built viewer below a path, with a `config.json` of its own.
pub struct Site {
    pub url: String,
    config: Arc<Mutex<Config>>,
    worker_held: watch::Sender<bool>,
    parts_lost: Arc<AtomicBool>,
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
            get(move || async move { answered.lock().expect("no panic holds it").clone().answer() });
        let (worker_held, held) = watch::channel(false);
        let parts_lost = Arc::new(AtomicBool::new(false));
        let lost = parts_lost.clone();
        let hold = from_fn(move |request: Request, next: Next| {
            let mut held = held.clone();
            let is_lost = request.uri().path().contains("/part-") && lost.load(Ordering::Relaxed);
            async move {
                if is_lost {
                    return StatusCode::NOT_FOUND.into_response();
                }
                if request.uri().path().contains("/worker-") {
                    held.wait_for(|held| !held).await.expect("the site goes before its requests");
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
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let port = listener.local_addr().expect("the port is known").port();
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("the site is served");
        });
        let nginx = if Nginx::is_wanted() && !may_fail {
            Some(Nginx::start(path, &self::dist(), Some(port)).await)
        } else {
            None
        };
        let port = nginx.as_ref().map_or(port, |nginx| nginx.port);
        let url = format!("http://127.0.0.1:{port}{path}");
        Self { url, config, worker_held, parts_lost, server, _nginx: nginx }
    }

    /// Lets the worker's files wait, or come.
    pub fn hold_worker(&self, is_held: bool) {
        self.worker_held.send_replace(is_held);
    }

    /// Loses the files of the page's parts, as a host does that has put up a new version, or has them.
    pub fn lose_parts(&self, are_lost: bool) {
        self.parts_lost.store(are_lost, Ordering::Relaxed);
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
