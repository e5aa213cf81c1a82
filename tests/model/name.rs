//! Guards resource names: what is read prints back to the same text, and what is refused says why.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use jobrun_viewer::core::name::{
    BuildName, DeliveryPipelineName, GlobalBuildName, GsUri, JobRunName, LocationName, NameError,
    RegionalBuildName, ReleaseName, RolloutName, ServiceName, TargetName,
};
use proptest::prelude::*;

const ROLLOUT: &str = "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o";

#[test]
fn names_have_their_parts() {
    let rollout: RolloutName = ROLLOUT.parse().unwrap();
    let RolloutName {
        project,
        location,
        delivery_pipeline,
        release,
        rollout: id,
    } = &rollout;
    assert_eq!(
        [project, location, delivery_pipeline, release, id],
        ["p", "l", "d", "r", "o"]
    );
    let run: JobRunName = format!("{ROLLOUT}/jobRuns/j").parse().unwrap();
    assert_eq!(run, rollout.job_run("j"));
    assert_eq!((&run.rollout, run.job_run.as_str()), (&rollout, "j"));

    let build: BuildName = "projects/p/locations/l/builds/b".parse().unwrap();
    let regional = RegionalBuildName {
        project: "p".into(),
        location: "l".into(),
        build: "b".into(),
    };
    assert_eq!((build.id(), &build), ("b", &BuildName::Regional(regional)));
    let build: BuildName = "projects/p/builds/b".parse().unwrap();
    let global = GlobalBuildName {
        project: "p".into(),
        build: "b".into(),
    };
    assert_eq!((build.id(), &build), ("b", &BuildName::Global(global)));

    let service: ServiceName = "projects/p/locations/l/services/s".parse().unwrap();
    assert_eq!(
        service,
        ServiceName {
            project: "p".into(),
            location: "l".into(),
            service: "s".into()
        }
    );
}

#[test]
fn names_lead_up_and_down_the_tree() {
    let rollout: RolloutName = ROLLOUT.parse().unwrap();
    let release: ReleaseName = "projects/p/locations/l/deliveryPipelines/d/releases/r"
        .parse()
        .unwrap();
    let pipeline: DeliveryPipelineName = "projects/p/locations/l/deliveryPipelines/d"
        .parse()
        .unwrap();
    let location: LocationName = "projects/p/locations/l".parse().unwrap();
    let target: TargetName = "projects/p/locations/l/targets/t".parse().unwrap();
    assert_eq!(rollout.release_name(), release);
    assert_eq!(
        (release.delivery_pipeline_name(), &pipeline.release("r")),
        (pipeline.clone(), &release)
    );
    assert_eq!(
        (pipeline.location_name(), &location.delivery_pipeline("d")),
        (location.clone(), &pipeline)
    );
    assert_eq!(location.target("t"), target);
}

#[test]
fn a_near_miss_says_what_is_wrong() {
    let long = "projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*";
    let cases = [
        ("", "the name has an empty part"),
        ("/", "the name has an empty part"),
        ("x", "found “x” where “projects” should be"),
        ("projects", "the name ends before an id"),
        ("projects/", "the name has an empty part"),
        ("projects/p", "the name ends before locations"),
        ("Projects/p", "found “Projects” where “projects” should be"),
        ("/projects/p", "the name has an empty part"),
        (
            " projects/p",
            "found “ projects” where “projects” should be",
        ),
        (
            "projects/p/locations/l/targets/t",
            "found “targets” where “deliveryPipelines” should be",
        ),
        (
            "projects/p/locations/l/deliveryPipelines/d",
            "the name ends before releases",
        ),
        (
            "projects//locations/l/deliveryPipelines/d/releases/r/rollouts/o",
            "the name has an empty part",
        ),
        (
            "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts",
            "the name ends before an id",
        ),
        (
            "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o/",
            "the name goes on with “/”",
        ),
        (
            "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o/jobRuns/j",
            "the name goes on with “/jobRuns”",
        ),
        (
            "//clouddeploy.googleapis.com/projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o",
            "the name has an empty part",
        ),
    ];
    for (text, reason) in cases {
        let error = text.parse::<RolloutName>().unwrap_err();
        assert_eq!(error.text(), text);
        assert_eq!(error.to_string(), format!("{reason}; expected {long}"));
    }
}

#[test]
fn each_type_expects_its_own_form() {
    fn sentence<T: FromStr<Err = NameError> + Debug>(text: &str) -> String {
        text.parse::<T>().unwrap_err().to_string()
    }
    let cases = [
        (
            sentence::<JobRunName>(ROLLOUT),
            "the name ends before jobRuns; expected \
             projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*/jobRuns/*",
        ),
        (
            sentence::<LocationName>("projects/p"),
            "the name ends before locations; expected projects/*/locations/*",
        ),
        (
            sentence::<TargetName>("projects/p/locations/l/deliveryPipelines/d"),
            "found “deliveryPipelines” where “targets” should be; expected projects/*/locations/*/targets/*",
        ),
        (
            sentence::<DeliveryPipelineName>(
                "projects/p/locations/l/deliveryPipelines/d/releases/r",
            ),
            "the name goes on with “/releases”; expected projects/*/locations/*/deliveryPipelines/*",
        ),
        (
            sentence::<ReleaseName>(ROLLOUT),
            "the name goes on with “/rollouts”; expected \
             projects/*/locations/*/deliveryPipelines/*/releases/*",
        ),
        (
            sentence::<BuildName>("projects/p/locations/l/services/s"),
            "found “services” where “builds” should be; expected projects/*/locations/*/builds/*",
        ),
        (
            sentence::<BuildName>("b"),
            "found “b” where “projects” should be; expected projects/*/locations/*/builds/*",
        ),
        (
            sentence::<ServiceName>("projects/p/locations/l/services/s/revisions/v"),
            "the name goes on with “/revisions”; expected projects/*/locations/*/services/*",
        ),
        (
            sentence::<GsUri>("s3://b/o"),
            "the address does not start with gs://; expected gs://bucket/path",
        ),
        (
            sentence::<GsUri>("GS://b/o"),
            "the address does not start with gs://; expected gs://bucket/path",
        ),
        (
            sentence::<GsUri>("gs:/b"),
            "the address does not start with gs://; expected gs://bucket/path",
        ),
        (
            sentence::<GsUri>("gs://"),
            "the address has no bucket; expected gs://bucket/path",
        ),
        (
            sentence::<GsUri>("gs:///o"),
            "the address has no bucket; expected gs://bucket/path",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn the_project_may_be_an_id_or_a_number() {
    let rollout: RolloutName = ROLLOUT.parse().unwrap();
    let changed = |change: fn(&mut RolloutName) -> &mut String| {
        let mut other = rollout.clone();
        *change(&mut other) = "other".into();
        rollout.same_but_project(&other)
    };
    assert!(rollout.same_but_project(&rollout));
    assert!(changed(|name| &mut name.project));
    assert!(!changed(|name| &mut name.location));
    assert!(!changed(|name| &mut name.delivery_pipeline));
    assert!(!changed(|name| &mut name.release));
    assert!(!changed(|name| &mut name.rollout));
}

#[test]
fn a_folder_is_joined_with_one_slash() {
    let cases = [
        ("gs://b", "f", "gs://b/f"),
        ("gs://b/", "f", "gs://b/f"),
        ("gs://b", "/f", "gs://b/f"),
        ("gs://b//", "f", "gs://b/f"),
        ("gs://b/d", "f", "gs://b/d/f"),
        ("gs://b/d/", "f", "gs://b/d/f"),
        ("gs://b/d//", "//f", "gs://b/d/f"),
        ("gs://b/d/e", "f/g/", "gs://b/d/e/f/g/"),
        ("gs://b/d", "", "gs://b/d/"),
        ("gs://b/d", "../f", "gs://b/d/../f"),
        ("gs://b/d", "a b?#%2F", "gs://b/d/a b?#%2F"),
    ];
    for (folder, path, expected) in cases {
        let folder: GsUri = folder.parse().unwrap();
        assert_eq!(folder.join(path).to_string(), expected, "{folder} {path}");
    }
}

#[test]
fn a_bucket_and_its_root_folder_are_told_apart() {
    let read = |text: &str| text.parse::<GsUri>().unwrap().object;
    assert_eq!(read("gs://b"), None);
    assert_eq!(read("gs://b/").as_deref(), Some(""));
    assert_eq!(read("gs://b//d/").as_deref(), Some("/d/"));
}

/// A text is refused, or prints back.
fn read_or_refuse<T: FromStr<Err = NameError> + Display>(text: &str) {
    match text.parse::<T>() {
        Ok(name) => assert_eq!(name.to_string(), text),
        Err(error) => {
            assert_eq!(error.text(), text);
            assert!(!error.to_string().starts_with("; "));
        }
    }
}

/// A text is read and prints back.
fn read<T: FromStr<Err = NameError> + Display>(text: &str) {
    match text.parse::<T>() {
        Ok(name) => assert_eq!(name.to_string(), text),
        Err(error) => panic!("{text}: {error}"),
    }
}

proptest! {
    #[test]
    fn a_name_with_any_ids_prints_back(ids in prop::array::uniform6("[^/]{1,12}")) {
        let [p, l, d, r, o, j] = &ids;
        read::<LocationName>(&format!("projects/{p}/locations/{l}"));
        read::<TargetName>(&format!("projects/{p}/locations/{l}/targets/{d}"));
        read::<DeliveryPipelineName>(&format!("projects/{p}/locations/{l}/deliveryPipelines/{d}"));
        read::<ReleaseName>(&format!("projects/{p}/locations/{l}/deliveryPipelines/{d}/releases/{r}"));
        read::<RolloutName>(&format!("projects/{p}/locations/{l}/deliveryPipelines/{d}/releases/{r}/rollouts/{o}"));
        read::<JobRunName>(&format!(
            "projects/{p}/locations/{l}/deliveryPipelines/{d}/releases/{r}/rollouts/{o}/jobRuns/{j}"
        ));
        read::<BuildName>(&format!("projects/{p}/locations/{l}/builds/{d}"));
        read::<RegionalBuildName>(&format!("projects/{p}/locations/{l}/builds/{d}"));
        read::<BuildName>(&format!("projects/{p}/builds/{d}"));
        read::<GlobalBuildName>(&format!("projects/{p}/builds/{d}"));
        read::<ServiceName>(&format!("projects/{p}/locations/{l}/services/{d}"));
        read::<GsUri>(&format!("gs://{p}"));
        read::<GsUri>(&format!("gs://{p}/{l}//{d}/"));
    }

    #[test]
    fn any_text_is_refused_or_prints_back(
        free in any::<String>(),
        // Names that are almost right.
        near in "(projects|locations|targets|deliveryPipelines|builds|services|gs:|rollouts|jobRuns|a|/|/){1,12}",
    ) {
        for text in [free, near] {
            read_or_refuse::<LocationName>(&text);
            read_or_refuse::<TargetName>(&text);
            read_or_refuse::<DeliveryPipelineName>(&text);
            read_or_refuse::<ReleaseName>(&text);
            read_or_refuse::<RolloutName>(&text);
            read_or_refuse::<JobRunName>(&text);
            read_or_refuse::<BuildName>(&text);
            read_or_refuse::<ServiceName>(&text);
            read_or_refuse::<GsUri>(&text);
        }
    }

    #[test]
    fn a_joined_path_stays_in_its_bucket(folder in "gs://[a-z]{1,3}(/[a-z/.]{0,6})?", path in "[a-z/.]{0,6}") {
        let folder: GsUri = folder.parse().unwrap();
        let joined = folder.join(&path);
        prop_assert_eq!(&joined.bucket, &folder.bucket);
        read::<GsUri>(&joined.to_string());
        let object = joined.object.unwrap();
        prop_assert!(object.ends_with(path.trim_start_matches('/')));
    }
}
