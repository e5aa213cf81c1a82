//! The demo: the [simulated Cloud Deploy](crate::sim), in a worker that the page loads when the demo is opened.
//!
//! This module is pure; `program.rs` passes the messages. Of the workers it alone imports `sim`.

#[cfg(feature = "demo-worker")]
pub mod program;

use crate::core::time::{Timestamp, parse};
use crate::sim::Sim;
use crate::transport::exchange::{DEMO, reply_to_texts, request};

/// Answers the demo's requests, from a simulation that the first of them starts.
#[derive(Default)]
pub(crate) struct DemoWorker(Option<Sim>);

impl DemoWorker {
    /// Answers [`DEMO`], the one call that there is.
    ///
    /// # Errors
    /// A sentence when it is another or lacks something: the page and the worker are then not of the same build.
    pub(crate) fn answer(&mut self, call: &str, texts: &[String]) -> Result<Vec<String>, String> {
        match (call, texts) {
            (DEMO, [epoch, now, method, path_and_query, body]) => {
                let (epoch, now) = (time(epoch)?, time(now)?);
                let sim = self.0.get_or_insert_with(|| Sim::demo(epoch));
                Ok(reply_to_texts(sim.handle(now, &request(method, path_and_query, body))))
            }
            (DEMO, texts) => Err(format!("{DEMO} does not take {} texts", texts.len())),
            (call, _) => Err(format!("no call is named {call}")),
        }
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    parse(text).map_err(|_| format!("{text} is no time"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::exchange::reply_from_texts;

    fn ask(worker: &mut DemoWorker, texts: &[&str]) -> Result<Vec<String>, String> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        worker.answer(DEMO, &texts)
    }

    #[test]
    fn a_request_is_answered_as_by_cloud_deploy() {
        const NOW: &str = "2026-03-01T09:00:00Z";
        let worker = &mut DemoWorker::default();
        let mut get =
            |path: &str| reply_from_texts(ask(worker, &[NOW, NOW, "GET", path, ""]).unwrap()).unwrap();
        let found = get("/v1/projects/demo/locations/us-central1/deliveryPipelines");
        assert_eq!(found.status, 200);
        assert!(found.body.contains("\"deliveryPipelines\""), "{}", found.body);
        assert_eq!(get("/v1/projects/demo/locations/us-central1/deliveryPipelines/none").status, 404);
    }

    #[test]
    fn what_is_no_such_call_is_said() {
        let worker = &mut DemoWorker::default();
        assert_eq!(worker.answer("open", &[]), Err("no call is named open".to_owned()));
        assert_eq!(ask(worker, &["GET"]), Err("demo does not take 1 texts".to_owned()));
        assert_eq!(ask(worker, &["now", "now", "GET", "/v1/", ""]), Err("now is no time".to_owned()));
    }
}
