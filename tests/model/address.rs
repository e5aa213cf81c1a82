//! Guards the page's address: every page has one, it leads back to the same page, and an odd
//! one leads nowhere rather than to a panic.

use jobrun_viewer::api::http::percent_encode;
use jobrun_viewer::core::name::{JobRunName, RolloutName};
use jobrun_viewer::core::time::{Timestamp, to_rfc3339};
use jobrun_viewer::model::address::{Address, LogView, PageView, Parent, Source};
use jobrun_viewer::model::timeline::Window;
use proptest::prelude::*;

use crate::sample::{at, rollout};

const ROLLOUT: &str = "projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o";

fn address(job_run: Option<&str>, filter: &str, utc: bool) -> Address {
    let view = PageView {
        job_run: job_run.map(str::to_owned),
        filter: filter.into(),
        utc,
        ..PageView::default()
    };
    Address::Rollout {
        rollout: rollout(),
        view,
    }
}

fn shown(change: impl FnOnce(&mut PageView)) -> Address {
    Address::rollout(rollout()).with(change)
}

/// A time as an address has it.
fn time_of(secs: f64) -> String {
    percent_encode(&to_rfc3339(at(secs)))
}

fn browse(name: &str) -> Address {
    Address::Browse(Parent::from_name(name).expect("a name"))
}

#[test]
fn places_have_addresses() {
    let cases = [
        (Address::Start, "#/".to_owned()),
        (Address::rollout(rollout()), format!("#/{ROLLOUT}")),
        (
            address(Some("j"), "", false),
            format!("#/{ROLLOUT}/jobRuns/j"),
        ),
        (
            address(None, "state=\"FAILED\"", false),
            format!("#/{ROLLOUT}?filter=state%3D%22FAILED%22"),
        ),
        (address(None, "", true), format!("#/{ROLLOUT}?tz=utc")),
        (
            address(Some("a b/?#"), "a&b=c+d", true),
            format!("#/{ROLLOUT}/jobRuns/a%20b%2F%3F%23?filter=a%26b%3Dc%2Bd&tz=utc"),
        ),
        (browse("projects/p"), "#/projects/p".to_owned()),
        (
            browse("projects/p/locations/l"),
            "#/projects/p/locations/l".to_owned(),
        ),
        (
            browse("projects/p/locations/l/deliveryPipelines/d/releases/r"),
            "#/projects/p/locations/l/deliveryPipelines/d/releases/r".to_owned(),
        ),
        (Address::Opened(Source::File), "#/?src=file".to_owned()),
        (
            Address::Opened(Source::Url("https://h/a?b".into())),
            "#/?src=https%3A%2F%2Fh%2Fa%3Fb".to_owned(),
        ),
        (
            shown(|view| view.open = vec!["o-1".into(), "o-2".into()]),
            format!("#/{ROLLOUT}?open=o-1%2Co-2"),
        ),
        (
            shown(|view| {
                view.window = Some(Window {
                    from: at(0.0),
                    to: at(90.5),
                })
            }),
            format!("#/{ROLLOUT}?from={}&to={}", time_of(0.0), time_of(90.5)),
        ),
        (
            shown(|view| view.source = Source::File),
            format!("#/{ROLLOUT}?src=file"),
        ),
        (
            shown(|view| view.log.is_open = true),
            format!("#/{ROLLOUT}?log=open"),
        ),
        (
            shown(|view| view.log.pick(17)),
            format!("#/{ROLLOUT}?log=17"),
        ),
        (
            shown(|view| {
                view.log.pick(17);
                view.log.picked = Some((17, 4));
                view.log.query = "a b".into();
                view.log.from = "t:smoke".into();
                view.log.level = "WARN".into();
                view.log.toggle('c');
                view.log.toggle('r');
            }),
            format!("#/{ROLLOUT}?log=17-4&lq=a%20b&ls=t%3Asmoke&ll=WARN&lo=cr"),
        ),
        (
            Address::Log(PageView {
                source: Source::Url("/a.log".into()),
                ..PageView::default()
            }),
            "#/log?src=%2Fa.log".to_owned(),
        ),
    ];
    for (found, hash) in cases {
        assert_eq!(found.to_hash(), hash);
    }
}

#[test]
fn addresses_lead_to_places() {
    let cases = [
        ("", Address::Start),
        ("#", Address::Start),
        ("#/", Address::Start),
        ("#/?tz=utc", Address::Start),
        (ROLLOUT, Address::rollout(rollout())),
        (&format!("#{ROLLOUT}"), Address::rollout(rollout())),
        (&format!("#/{ROLLOUT}"), Address::rollout(rollout())),
        (
            &format!("#/{ROLLOUT}/jobRuns/j"),
            address(Some("j"), "", false),
        ),
        (
            &format!("#/{ROLLOUT}/jobRuns/%C3%A9%20"),
            address(Some("é "), "", false),
        ),
        (
            &format!("#/{ROLLOUT}?tz=utc&filter=a%3D1"),
            address(None, "a=1", true),
        ),
        (&format!("#/{ROLLOUT}?tz=local"), address(None, "", false)),
        (&format!("#/{ROLLOUT}?filter"), address(None, "", false)),
        (
            &format!("#/{ROLLOUT}?new=1&filter=x"),
            address(None, "x", false),
        ),
        (
            &format!("#/{ROLLOUT}?filter=a?b#c"),
            address(None, "a?b#c", false),
        ),
        (&format!("#/{ROLLOUT}?"), address(None, "", false)),
        (
            "#/projects/p/locations/l/deliveryPipelines/d",
            browse("projects/p/locations/l/deliveryPipelines/d"),
        ),
        // A window that ends before it begins, or has but one end, is none.
        (
            &format!("#/{ROLLOUT}?from={}&to={}", time_of(9.0), time_of(1.0)),
            Address::rollout(rollout()),
        ),
        (
            &format!("#/{ROLLOUT}?from={}", time_of(9.0)),
            Address::rollout(rollout()),
        ),
        (
            &format!("#/{ROLLOUT}?from=now&to=then"),
            Address::rollout(rollout()),
        ),
        ("#/projects/p?tz=utc", browse("projects/p")),
        ("#/?src=", Address::Start),
        ("#/?src=file", Address::Opened(Source::File)),
        (
            &format!("#/{ROLLOUT}?open=,a,,b"),
            shown(|view| view.open = vec!["a".into(), "b".into()]),
        ),
        // An id with a slash would be two parts of a name.
        (
            &format!("#/{ROLLOUT}/jobRuns/a%2Fb"),
            address(Some("a/b"), "", false),
        ),
    ];
    for (hash, found) in cases {
        assert_eq!(Address::from_hash(hash), found, "{hash}");
    }
}

#[test]
fn what_names_nothing_says_why() {
    let cases = [
        ("#/x", "x", "found “x” where “projects” should be"),
        ("#//", "/", "the name has an empty part"),
        (
            "#/projects/%20",
            "projects/ ",
            "the name ends before locations",
        ),
        (
            "#/projects/p/places/l",
            "projects/p/places/l",
            "found “places” where “locations” should be",
        ),
        ("#/ ", " ", "found “ ” where “projects” should be"),
        ("#/%", "%", "found “%” where “projects” should be"),
    ];
    for (hash, text, reason) in cases {
        match Address::from_hash(hash) {
            Address::Unreadable(error) => {
                assert_eq!(error.text(), text, "{hash}");
                assert!(
                    error
                        .to_string()
                        .starts_with(&format!("{reason}; expected ")),
                    "{hash}: {error}"
                );
            }
            found => panic!("{hash}: {found:?}"),
        }
    }
    let run = format!("#/{ROLLOUT}/jobRuns/");
    assert!(matches!(Address::from_hash(&run), Address::Unreadable(_)));
}

#[test]
fn a_pasted_name_may_have_space_around_it() {
    assert_eq!(
        Address::from_name(&format!("  {ROLLOUT}\n")),
        Address::rollout(rollout())
    );
    assert_eq!(
        Address::from_name(&format!("\t{ROLLOUT}/jobRuns/j ")),
        address(Some("j"), "", false)
    );
    assert!(matches!(Address::from_name("  "), Address::Unreadable(_)));
}

#[test]
fn settings_change_one_thing() {
    let found = address(Some("j"), "f", false);
    assert_eq!(
        found.with(|view| view.utc = true),
        address(Some("j"), "f", true)
    );
    assert_eq!(found.select(None), address(None, "f", false));
    assert_eq!(found.select(Some("k")), address(Some("k"), "f", false));
    for found in [Address::Start, Address::from_name("x")] {
        assert_eq!(found.with(|view| view.utc = true), found);
        assert_eq!(found.page(), found);
        assert_eq!(found.select(Some("k")), found);
    }
}

proptest! {
    #[test]
    fn a_rollouts_address_leads_back(
        ids in prop::array::uniform5("[^/]{1,8}|[ \u{a0}\u{3000}\t.%]{1,3}"),
        job_run in prop::option::of("[^/]{1,8}|[ \u{3000}\n]{1,2}"),
        filter in any::<String>(),
        utc in any::<bool>(),
        open in prop::collection::vec("[^,]{1,5}", 0..3),
        window in prop::option::of((0_i64..1_000_000, 1_i64..1_000_000)),
        source in prop_oneof![Just(Source::Cloud), Just(Source::File), ".{5,9}".prop_map(Source::Url)],
        picked in prop::option::of((1_u32..9, 1_u32..9)),
        of_build in 0_usize..20,
        [query, from, level, options] in [".{0,4}", ".{0,4}", ".{0,4}", ".{0,4}"],
    ) {
        let log = LogView { is_open: picked.is_some(), picked, of_build, query, from, level, options };
        let window = window.map(|(from, length)| {
            let at = |secs| Timestamp::from_second(secs).unwrap();
            Window { from: at(from), to: at(from + length) }
        });
        let [project, location, delivery_pipeline, release, id] = ids;
        let rollout = RolloutName { project, location, delivery_pipeline, release, rollout: id };
        let found = Address::Rollout { rollout, view: PageView { job_run, filter, utc, open, window, source, log } };
        let hash = found.to_hash();
        prop_assert!(hash.is_ascii() && hash.starts_with("#/projects/") && !hash[1..].contains('#'));
        prop_assert_eq!(Address::from_hash(&hash), found);
    }

    #[test]
    fn any_hash_leads_to_a_place_whose_address_leads_back(
        free in any::<String>(),
        near in "#?/?(projects|locations|%2F|%|%4|a|/|/|\\?|filter=|tz=utc|&|#| ){0,12}",
        tail in "[/?#&=%a-z ]{0,12}",
    ) {
        for hash in [free, near, format!("#/{ROLLOUT}{tail}"), format!("#/{ROLLOUT}/jobRuns/{tail}")] {
            let found = Address::from_hash(&hash);
            prop_assert_eq!(Address::from_hash(&found.to_hash()), found, "{}", hash);
        }
    }

    #[test]
    fn any_name_of_a_run_leads_to_it(job_run in "[^/]{1,8}") {
        let name: JobRunName = rollout().job_run(&job_run);
        let expected = Address::rollout(rollout()).select(Some(job_run.trim_end()));
        // What is left of a name whose id is all space is none.
        prop_assume!(!job_run.trim_end().is_empty());
        prop_assert_eq!(Address::from_name(&name.to_string()), expected);
    }
}

#[test]
fn an_address_that_cannot_be_read_stays_what_it_is() {
    for hash in [
        "#/history/history",
        "#/history/log",
        "#/history/x",
        "#/history/%252Fx",
    ] {
        assert_eq!(Address::from_hash(hash).to_hash(), hash);
    }
}

#[test]
fn the_history_of_nothing_is_the_start_page() {
    for hash in ["#/history", "#/history/", "#/history?sort=name"] {
        assert_eq!(Address::from_hash(hash), Address::Start, "{hash}");
    }
}
