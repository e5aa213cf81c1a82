//! Guards what is remembered of what was opened.

use jobrun_viewer::core::time::Timestamp;
use jobrun_viewer::model::address::recent::{Recent, read, remember, write};
use jobrun_viewer::model::address::{Address, Source};
use proptest::prelude::*;

use crate::sample::{at, rollout};

fn address(id: &str) -> Address {
    let mut name = rollout();
    name.rollout = id.to_owned();
    Address::rollout(name)
}

#[test]
fn the_newest_is_first_and_there_are_ten() {
    let mut recents = Vec::new();
    for number in 0..12 {
        remember(
            &mut recents,
            &address(&format!("o-{number}")),
            at(f64::from(number)),
        );
    }
    remember(
        &mut recents,
        &address("o-5").select(Some("a-run")),
        at(100.0),
    );
    assert_eq!(recents.len(), 10);
    assert_eq!(
        recents[0],
        Recent {
            at: at(100.0),
            address: address("o-5")
        }
    );
    assert_eq!(recents[1].address, address("o-11"));
    assert_eq!(
        recents
            .iter()
            .filter(|recent| recent.address == address("o-5"))
            .count(),
        1
    );
    assert_eq!(read(&write(&recents)), recents);
}

#[test]
fn each_says_what_it_is_and_lies_in() {
    let told = |address: Address| {
        Recent {
            at: at(0.0),
            address,
        }
        .told()
    };
    let name = rollout();
    let within = format!(
        "{} · {} · {}",
        name.delivery_pipeline, name.location, name.project
    );
    assert_eq!(
        told(Address::rollout(name.clone())),
        (name.rollout, format!("Rollout · {within}"))
    );
    let browse = |name: &str| told(Address::from_name(name));
    assert_eq!(browse("projects/p"), ("p".to_owned(), "Project".to_owned()));
    let pipeline = browse("projects/p/locations/l/deliveryPipelines/d");
    assert_eq!(pipeline, ("d".to_owned(), "Pipeline · l · p".to_owned()));
}

#[test]
fn steps_on_the_way_are_not_remembered() {
    let mut recents = Vec::new();
    let pipeline = "projects/p/locations/l/deliveryPipelines/d";
    for name in [
        "projects/p",
        "projects/p/locations/l",
        pipeline,
        &format!("{pipeline}/releases/r"),
    ] {
        remember(&mut recents, &Address::from_name(name), at(0.0));
    }
    let kept: Vec<String> = recents
        .iter()
        .map(|recent| recent.address.to_hash())
        .collect();
    assert_eq!(kept, [format!("#/{pipeline}"), "#/projects/p".to_owned()]);
}

#[test]
fn the_demo_and_files_are_not_remembered() {
    let mut recents = Vec::new();
    let demo = Address::from_name("projects/demo/locations/us-central1");
    let file = address("o").with(|view| view.source = Source::File);
    for address in [
        demo,
        file,
        Address::Start,
        Address::from_name("x"),
        Address::Opened(Source::File),
    ] {
        remember(&mut recents, &address, at(0.0));
    }
    assert_eq!(recents, []);
    remember(&mut recents, &Address::from_name("projects/shop"), at(0.0));
    assert_eq!(recents.len(), 1);
}

proptest! {
    #[test]
    fn any_stored_text_is_read(text in any::<String>(), number in any::<i64>()) {
        read(&text);
        read(&format!("{number} #/projects/p\n\n{text}"));
    }

    #[test]
    fn whatever_is_written_is_read(ids in prop::collection::vec("[^/]{1,8}", 0..9), secs in 0_i64..4_000_000_000) {
        let at = Timestamp::from_second(secs).unwrap();
        let mut recents = Vec::new();
        ids.iter().for_each(|id| remember(&mut recents, &address(id), at));
        prop_assert_eq!(read(&write(&recents)), recents);
    }
}
