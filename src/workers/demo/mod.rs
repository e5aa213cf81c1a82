//! The demo: the [simulated Cloud Deploy](crate::sim), in a worker that the page loads when the demo is opened.
//!
//! [`protocol`] has the messages, `client` the page's side, and `program` the worker in the browser. The rest is pure.
//! Of the workers this one alone imports `sim`.

#[cfg(feature = "web")]
pub(crate) mod client;
#[cfg(feature = "demo-worker")]
pub mod program;
pub mod protocol;

use crate::api::http::Reply;
use crate::sim::Sim;
use protocol::DemoRequest;

/// Answers the demo's requests, from a simulation that the first of them starts.
#[derive(Default)]
pub(crate) struct DemoWorker(Option<Sim>);

impl DemoWorker {
    /// Answers a request as Cloud Deploy does.
    pub(crate) fn answer(&mut self, asked: &DemoRequest) -> Reply {
        let sim = self.0.get_or_insert_with(|| Sim::demo(asked.epoch));
        sim.handle(asked.now, &asked.request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::http::{Method, Request};
    use crate::core::time::parse;

    fn get(path: &str) -> DemoRequest {
        let time = parse("2026-03-01T09:00:00Z").unwrap();
        let request = Request {
            method: Method::Get,
            path_and_query: path.to_owned(),
            body: None,
        };
        DemoRequest {
            epoch: time,
            now: time,
            request,
        }
    }

    #[test]
    fn a_request_is_answered_as_by_cloud_deploy() {
        let mut worker = DemoWorker::default();
        let found = worker.answer(&get(
            "/v1/projects/demo/locations/us-central1/deliveryPipelines",
        ));
        assert_eq!(found.status, 200);
        assert!(
            found.body.contains("\"deliveryPipelines\""),
            "{}",
            found.body
        );
        let missing = worker.answer(&get(
            "/v1/projects/demo/locations/us-central1/deliveryPipelines/none",
        ));
        assert_eq!(missing.status, 404);
    }

    #[test]
    fn a_request_crosses_as_json() {
        let asked = get("/v1/projects/demo");
        let json = serde_json::to_string(&asked).unwrap();
        assert_eq!(serde_json::from_str::<DemoRequest>(&json).unwrap(), asked);
        assert!(
            serde_json::from_str::<DemoRequest>(&json.replace("2026-03-01T", "soon ")).is_err()
        );
    }
}
