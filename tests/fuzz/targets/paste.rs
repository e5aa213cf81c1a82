//! What a person pastes: names, links of the console and the API, commands of gcloud.

use jobrun_viewer::model::address::Address;
use jobrun_viewer::model::input::open::{self, Opens};
use jobrun_viewer::model::input::paste::{Above, Place, Refused, Understood, understand};

use super::input::text;

/// The name of a place, where it has one that says all of it.
fn full_name(place: &Place) -> Option<String> {
    Some(match place {
        Place::Rollout(name) => name.to_string(),
        Place::JobRun(name) => name.to_string(),
        // A target is told of, with the pipeline that a link had beside it.
        Place::Above(Above { target: Some(_), .. }) => return None,
        Place::Above(Above { project, location, delivery_pipeline, release, target: None }) => {
            let ids = [
                ("projects", Some(project)),
                ("locations", location.as_ref()),
                ("deliveryPipelines", delivery_pipeline.as_ref()),
                ("releases", release.as_ref()),
            ];
            let parts = ids.into_iter().map_while(|(kind, id)| Some(format!("{kind}/{}", id?)));
            parts.collect::<Vec<_>>().join("/")
        }
    })
}

/// Understands a text, says so, and opens it.
pub fn target(data: &[u8]) {
    let text = &*text(data);
    let understood = understand(text);
    let reading = open::read(text);
    match &understood {
        Understood::Nothing => assert_eq!((&*reading.said, &reading.opens), ("", &Opens::Nothing)),
        Understood::Json => assert_eq!(reading.opens, Opens::Json),
        Understood::Place { place, .. } => {
            assert_eq!(reading.said, place.sentence());
            let Opens::Place(address) = &reading.opens else { panic!("{place:?} opens nothing") };
            assert!(!matches!(**address, Address::Unreadable(_) | Address::Start), "{address:?}");
            if let Some(name) = full_name(place) {
                assert!(!name.split('/').any(str::is_empty), "{name}");
            }
        }
        Understood::Refused(Refused { reason, help }) => {
            for sentence in [reason, help] {
                assert!(sentence.ends_with(['.', '…']), "{sentence}");
                // A text may be long, and a sentence about it is not.
                assert!(sentence.chars().count() < 400, "{sentence}");
            }
        }
    }
    if let Opens::Place(address) = reading.opens {
        // The address in the browser's bar leads to where it stands.
        let hash = address.to_hash();
        assert_eq!(Address::from_hash(&hash), *address, "{hash}");
        assert_eq!(open::read(&hash).opens, Opens::Place(address), "{hash}");
    }
}
