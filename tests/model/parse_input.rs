//! Guards what a pasted text is taken for: every form that people have at hand, and a sentence of
//! its own for each usual mistake.

use jobrun_viewer::core::name::{JobRunName, RolloutName};
use jobrun_viewer::model::input::parse_input::{Above, ParsedInput, Resource, parse_input};
use proptest::prelude::*;

const ROLLOUT: &str = "projects/shop-prod/locations/us-central1/deliveryPipelines/web/releases/web-7/rollouts/web-7-to-prod-0001";
const RUN: &str = "14668f0f-3e09-408d-a70f-0e7d7de5e23b";

fn rollout() -> RolloutName {
    ROLLOUT.parse().unwrap()
}

/// A resource as the name it stands for; a target's with its pipeline.
fn resource(text: &str) -> String {
    match parse_input(text) {
        ParsedInput::Resource {
            resource: Resource::Rollout(name),
            ..
        } => name.to_string(),
        ParsedInput::Resource {
            resource: Resource::JobRun(name),
            ..
        } => name.to_string(),
        ParsedInput::Resource {
            resource: Resource::Above(above),
            ..
        } => {
            let Above {
                project,
                location,
                delivery_pipeline,
                release,
                target,
            } = above;
            let mut name = format!("projects/{project}");
            let parts = [
                ("locations", location),
                ("deliveryPipelines", delivery_pipeline),
                ("releases", release),
                ("targets", target),
            ];
            for (collection, id) in parts {
                if let Some(id) = id {
                    name.push_str(&format!("/{collection}/{id}"));
                }
            }
            name
        }
        other => other.sentence(),
    }
}

/// The beginning of [`ROLLOUT`] with this many ids.
fn depth(ids: usize) -> String {
    ROLLOUT
        .split('/')
        .take(2 * ids)
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn names_at_any_depth() {
    for ids in 1..=5 {
        assert_eq!(resource(&depth(ids)), depth(ids));
        assert_eq!(resource(&format!("{}/", depth(ids))), depth(ids));
    }
    let run = format!("{ROLLOUT}/jobRuns/{RUN}");
    let forms = [
        run.clone(),
        format!("  \"{run}\",\n"),
        format!("'{run}'"),
        format!("\u{feff}{run}\r\n"),
        format!("/{run}"),
        format!("name: {run}"),
        format!("\"name\": \"{run}\","),
        format!("//clouddeploy.googleapis.com/{run}"),
        format!("clouddeploy.googleapis.com/{run}"),
        format!("https://clouddeploy.googleapis.com/v1/{run}"),
        format!("https://clouddeploy.googleapis.com/v1/{run}?alt=json&prettyPrint=true"),
        format!("HTTPS://clouddeploy.googleapis.com/v1/{run}:terminate"),
        format!("https://clouddeploy.us-central1.rep.googleapis.com/v1/{run}"),
        format!("http://127.0.0.1:8081/v1/{run}"),
        format!("https://viewer.example/path/#/{run}"),
        format!("https://viewer.example/path/index.html?x=1#/{run}?tz=utc"),
        format!("http://localhost:8080/#/{run}"),
        format!("#/{run}"),
    ];
    for text in forms {
        assert_eq!(resource(&text), run, "{text}");
    }
    // The address of a list stands for what holds it.
    assert_eq!(
        resource(&format!(
            "https://clouddeploy.googleapis.com/v1/{ROLLOUT}/jobRuns?pageSize=9"
        )),
        ROLLOUT
    );
    assert_eq!(
        resource("projects/shop-prod/locations"),
        "projects/shop-prod"
    );
    assert_eq!(
        resource("projects/123456789012/locations/l/targets/prod"),
        "projects/123456789012/locations/l/targets/prod"
    );
    assert_eq!(
        resource("https://clouddeploy.googleapis.com/v1/projects/example.com:p"),
        "projects/example.com:p"
    );
    assert_eq!(
        resource("projects/p/locations/l/targets"),
        "projects/p/locations/l"
    );
    assert_eq!(
        resource("projects/example.com:p/locations/l"),
        "projects/example.com:p/locations/l"
    );
}

#[test]
fn the_settings_of_an_address_are_kept() {
    let read = |text: String| match parse_input(&text) {
        ParsedInput::Resource { settings, .. } => settings,
        other => panic!("{other:?}"),
    };
    let address = format!("https://viewer.example/#/{ROLLOUT}?filter=state%3D%22FAILED%22&tz=utc");
    assert_eq!(read(address), "filter=state%3D%22FAILED%22&tz=utc");
    assert_eq!(
        read(format!(
            "https://clouddeploy.googleapis.com/v1/{ROLLOUT}?alt=json"
        )),
        ""
    );
}

#[test]
fn console_links() {
    let base = "https://console.cloud.google.com/deploy/delivery-pipelines";
    let target = format!("{}/targets/prod", depth(3));
    let cases = [
        (format!("{base}?project=shop-prod"), depth(1)),
        (
            format!("{base}?authuser=1&project=shop-prod&supportedpurview=project"),
            depth(1),
        ),
        (
            "https://console.cloud.google.com/deploy?project=shop-prod".into(),
            depth(1),
        ),
        (format!("{base}/us-central1?project=shop-prod"), depth(2)),
        (
            format!("{base}/us-central1/web?project=shop-prod"),
            depth(3),
        ),
        (
            format!("{base}/us-central1/web/?project=shop-prod#section"),
            depth(3),
        ),
        (
            format!("{base}/us-central1/web;tab=x/releases?project=shop-prod"),
            depth(3),
        ),
        (
            format!("{base}/us-central1/web/releases/web-7?project=shop-prod"),
            depth(4),
        ),
        (
            format!("{base}/us-central1/web/releases/web-7/rollouts?project=shop-prod"),
            depth(4),
        ),
        (
            format!(
                "{base}/us-central1/web/releases/web-7/rollouts/web-7-to-prod-0001?project=shop-prod"
            ),
            depth(5),
        ),
        (
            format!(
                "{base}/us-central1/web/releases/web-7/rollouts/web-7-to-prod-0001;a=b/phases;c=d?x&project=shop-prod&y=1#f"
            ),
            depth(5),
        ),
        (
            format!("{base}/us-central1/web/targets/prod?project=shop-prod"),
            target,
        ),
        (
            format!("{base}/us-central1/web?project=123456789012"),
            "projects/123456789012/locations/us-central1/deliveryPipelines/web".into(),
        ),
        (
            format!("{base}/us-central1/web?project=example.com%3Ap"),
            "projects/example.com:p/locations/us-central1/deliveryPipelines/web".into(),
        ),
        (
            "console.cloud.google.com/deploy/delivery-pipelines?project=shop-prod".into(),
            depth(1),
        ),
    ];
    for (link, name) in cases {
        assert_eq!(resource(&link), name, "{link}");
    }
}

#[test]
fn the_viewers_own_console_link_leads_back() {
    assert_eq!(
        resource(&jobrun_viewer::model::address::links::rollout(&rollout())),
        ROLLOUT
    );
}

#[test]
fn command_lines() {
    let run = format!("{ROLLOUT}/jobRuns/{RUN}");
    let above = "--delivery-pipeline=web --region=us-central1 --project=shop-prod";
    let cases = [
        (
            format!(
                "gcloud deploy job-runs describe {RUN} --rollout=web-7-to-prod-0001 --release=web-7 {above}"
            ),
            run.clone(),
        ),
        (
            format!(
                "$ gcloud beta deploy job-runs describe \\\n    --project shop-prod --region us-central1 \\\n    \
                 --delivery-pipeline web \\\n  --release 'web-7' --rollout \"web-7-to-prod-0001\" \\\r\n {RUN} --format=json | jq .state"
            ),
            run.clone(),
        ),
        (
            format!(
                "gcloud deploy job-runs describe {RUN} `\r\n --rollout=web-7-to-prod-0001 --release=web-7 `\n {above}"
            ),
            run.clone(),
        ),
        (
            format!(
                "gcloud deploy job-runs describe {RUN} ^\r\n --rollout=web-7-to-prod-0001 --release=web-7 ^\n {above}"
            ),
            run.clone(),
        ),
        // Broken only by the screen's width.
        (
            format!(
                "me@cloudshell:~ (x)$ gcloud deploy job-runs describe {RUN}\n  --rollout=web-7-to-prod-0001\n--release=web-7 {above}\nname: x"
            ),
            run.clone(),
        ),
        (format!("gcloud --quiet alpha deploy --log-http job-runs describe -q {run}"), run.clone()),
        // A full name says all; flags do not change it.
        (format!("gcloud deploy job-runs describe {run} --project=other --region=other"), run.clone()),
        (format!("gcloud deploy job-runs describe //clouddeploy.googleapis.com/{run}"), run),
        (format!("gcloud deploy job-runs list --rollout={ROLLOUT}"), ROLLOUT.into()),
        (
            format!(
                "gcloud deploy job-runs list --rollout=web-7-to-prod-0001 --release=web-7 {above} --limit 5"
            ),
            ROLLOUT.into(),
        ),
        (
            format!("gcloud deploy rollouts describe web-7-to-prod-0001 --release=web-7 {above}"),
            ROLLOUT.into(),
        ),
        (
            format!("gcloud deploy rollouts describe web-7-to-prod-0001 --release={}", depth(4)),
            ROLLOUT.into(),
        ),
        (format!("gcloud deploy rollouts list --release=web-7 {above}"), depth(4)),
        (format!("gcloud deploy releases promote --release=web-7 --to-target=prod {above}"), depth(4)),
        // Flags that take no value leave what follows them.
        (
            format!("gcloud deploy rollouts describe --force web-7-to-prod-0001 --release=web-7 {above}"),
            ROLLOUT.into(),
        ),
        (format!("gcloud deploy rollouts list {above}"), depth(3)),
        (format!("gcloud deploy releases describe web-7 {above}"), depth(4)),
        (format!("gcloud deploy releases list {above}; echo done"), depth(3)),
        (
            "gcloud deploy delivery-pipelines describe web --region=us-central1 --project=shop-prod".into(),
            depth(3),
        ),
        ("gcloud deploy delivery-pipelines list --region us-central1 --project shop-prod".into(), depth(2)),
        ("gcloud deploy delivery-pipelines list --project=shop-prod".into(), depth(1)),
        (
            "gcloud deploy targets describe prod --region=us-central1 --project=shop-prod".into(),
            format!("{}/targets/prod", depth(2)),
        ),
    ];
    for (command, name) in cases {
        assert_eq!(resource(&command), name, "{command}");
    }
}

#[test]
fn places_in_words() {
    let sentence = |text: &str| parse_input(text).sentence();
    assert_eq!(
        sentence(ROLLOUT),
        "A rollout: web-7-to-prod-0001 of release web-7 in pipeline web, project shop-prod, location us-central1"
    );
    assert_eq!(
        sentence(&format!("{ROLLOUT}/jobRuns/{RUN}")),
        format!(
            "A job run: {RUN} of rollout web-7-to-prod-0001 of release web-7 in pipeline web, project shop-prod, \
             location us-central1"
        )
    );
    assert_eq!(
        sentence(&depth(4)),
        "A release: web-7 in pipeline web, project shop-prod, location us-central1"
    );
    assert_eq!(
        sentence(&depth(3)),
        "A delivery pipeline: web in project shop-prod, location us-central1"
    );
    assert_eq!(
        sentence(&depth(2)),
        "A location: us-central1 of project shop-prod"
    );
    assert_eq!(sentence(&depth(1)), "A project: shop-prod");
    assert_eq!(
        sentence("projects/p/locations/l/targets/t"),
        "A target: t in project p, location l"
    );
    assert_eq!(
        sentence(
            "https://console.cloud.google.com/deploy/delivery-pipelines/l/d/targets/t?project=p"
        ),
        "A target: t of pipeline d, project p, location l"
    );
}

#[test]
fn what_leads_nowhere_says_why() {
    let cases = [
        (
            "14668f0f-3e09-408d-a70f-0e7d7de5e23b",
            "This is only an id, of a job run or of a build",
        ),
        ("web-7-to-prod-0001", "This is only an id, of a rollout"),
        ("web-7", "This is only an id:"),
        ("123456789012", "This is only an id:"),
        ("what happened?", "This is a text of several words"),
        ("…", "This is no name, link or command"),
        (
            "gs://bucket/path/manifest.yaml",
            "This is a file or folder in Cloud Storage.",
        ),
        (
            "https://console.cloud.google.com/cloud-build/builds;region=l/b?project=p",
            "This is a Cloud Build link.",
        ),
        (
            "https://console.cloud.google.com/run/detail/l/s/metrics?project=p",
            "This is a Cloud Run link.",
        ),
        (
            "https://console.cloud.google.com/storage/browser/b?project=p",
            "This is a Cloud Storage link.",
        ),
        (
            "https://console.cloud.google.com/logs/query?project=p",
            "This is a link to logs.",
        ),
        (
            "https://console.cloud.google.com/kubernetes/list?project=p",
            "This is a page of the Cloud console, and not",
        ),
        (
            "https://console.cloud.google.com/deploy/automations?project=p",
            "This is the console’s page “automations”",
        ),
        (
            "https://console.cloud.google.com/deploy/delivery-pipelines/l/d",
            "The link names no project. Add ?project=",
        ),
        (
            "https://console.cloud.google.com/deploy/delivery-pipelines/l/d?project=",
            "The link names no project.",
        ),
        (
            "https://web-abc-uc.a.run.app/",
            "This is the address of a Cloud Run service.",
        ),
        (
            "https://example.com/a",
            "A link to example.com leads to no rollout.",
        ),
        (
            "https://viewer.example/#/",
            "This is an address of this viewer’s start page.",
        ),
        ("ftp://example.com/a", "A ftp: address leads to no rollout."),
        (
            "projects/p/locations/l/builds/b",
            "This is the name of a Cloud Build build.",
        ),
        (
            "projects/p/builds/b",
            "This is the name of a Cloud Build build.",
        ),
        (
            "projects/p/locations/l/services/s",
            "This is the name of a Cloud Run resource.",
        ),
        (
            "projects/p/locations/l/delivery-pipelines/d",
            "The name has “delivery-pipelines” where “deliveryPipelines” should be.",
        ),
        (
            "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o/job-runs/j",
            "The name has “job-runs” where “jobRuns” should be.",
        ),
        (
            "projects/p/regions/l",
            "The name has “regions” where “locations” should be.",
        ),
        (
            "projects/p/locations/l/deliveryPipelines/d/automationRuns/a",
            "This is the name of an automation run.",
        ),
        (
            "projects/p/locations//deliveryPipelines/d",
            "The name has nothing between two slashes, where the location’s id",
        ),
        (
            "projects/$PROJECT_ID/locations/l",
            "“$PROJECT_ID” stands for a project and is none.",
        ),
        (
            "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o/jobRuns/j/x",
            "The name goes on after the job run, with “x”.",
        ),
        ("projects/", "The name ends before the project’s id."),
        (
            "locations/l/deliveryPipelines/d",
            "The name begins at locations: what stands before it is missing.",
        ),
        (
            "deliveryPipelines/d/releases/r",
            "Paste all of it, from projects/ on; here projects/…/locations/… is missing.",
        ),
        (
            "web/releases/r",
            "This is no name of Cloud Deploy: it begins with “web”",
        ),
        ("gcloud", "The command says only gcloud."),
        (
            "gcloud deploy",
            "The command does not say what to describe.",
        ),
        (
            "gcloud builds describe b",
            "This is a command of Cloud Build.",
        ),
        (
            "gcloud run services describe s",
            "This is a command of gcloud run, and not of gcloud deploy.",
        ),
        (
            "gcloud deploy automations list --region=l",
            "gcloud deploy automations is not about",
        ),
        (
            "gcloud deploy releases describe r --delivery-pipeline=d --region=l",
            "The command names no --project. gcloud takes it from its configuration, which a web page cannot read. Add --project=… to it.",
        ),
        (
            "gcloud deploy job-runs describe j --delivery-pipeline=d --project=p --region=",
            "The command names no --region and no --release and no --rollout.",
        ),
        (
            "gcloud deploy rollouts describe o --delivery-pipeline=d --project=p --region=l",
            "The command names no --release. Add --release=… to it.",
        ),
        (
            "gcloud deploy rollouts describe --release=r --delivery-pipeline=d --project=p --region=l",
            "The command names no rollout. Put the rollout’s id behind describe.",
        ),
        (
            "gcloud deploy rollouts describe o --release --delivery-pipeline=d --project=p --region=l",
            "The command names no --release.",
        ),
        (
            "gcloud deploy rollouts describe projects/p/locations/l/builds/b",
            "This is the name of a Cloud Build build.",
        ),
    ];
    for (text, expected) in cases {
        let ParsedInput::Rejected(refused) = parse_input(text) else {
            panic!("{text}: {}", resource(text))
        };
        assert!(!refused.help.is_empty());
        let sentence = parse_input(text).sentence();
        assert!(
            sentence.contains(expected),
            "{text}:\n{sentence}\n{expected}"
        );
    }
    let two = format!("{ROLLOUT}\n{ROLLOUT}\n");
    assert_eq!(
        parse_input(&two).sentence(),
        "These are 2 names or links at once. Paste one of them."
    );
}

#[test]
fn json_is_for_import() {
    for text in ["{", "[]", "  \n{\"name\":\"x\"}", "\u{feff}[{}]"] {
        assert_eq!(parse_input(text), ParsedInput::Json);
    }
    for text in ["", " \r\n\t", "\u{feff}"] {
        assert_eq!(parse_input(text), ParsedInput::Nothing);
    }
}

proptest! {
    #[test]
    fn a_name_is_understood(
        ids in prop::array::uniform5("[a-z]([a-z0-9-]{0,20}[a-z0-9])?"),
        job_run in "[0-9a-f]{8}-[0-9a-f]{4}",
    ) {
        let [project, location, delivery_pipeline, release, rollout] = ids;
        let rollout = RolloutName { project, location, delivery_pipeline, release, rollout };
        let understood = |resource| ParsedInput::Resource { resource, settings: String::new() };
        prop_assert_eq!(parse_input(&rollout.to_string()), understood(Resource::Rollout(rollout.clone())));
        let run: JobRunName = rollout.job_run(&job_run);
        prop_assert_eq!(parse_input(&run.to_string()), understood(Resource::JobRun(run.clone())));
        let link = jobrun_viewer::model::address::links::rollout(&rollout);
        prop_assert_eq!(parse_input(&link), understood(Resource::Rollout(rollout)));
    }

    #[test]
    fn any_text_is_understood_or_refused_in_words(
        free in any::<String>(),
        // Almost names, links and commands.
        near in "(projects/|locations/|https://|//|console.cloud.google.com/|deploy/|delivery-pipelines/|\
                 gcloud |deploy |rollouts |describe |--release|--project=|[a=/ ?#;:%'\"\\\\`^\n|é-]){1,14}",
    ) {
        for text in [free, near] {
            let understood = parse_input(&text);
            let is_nothing = matches!(understood, ParsedInput::Nothing);
            prop_assert_eq!(understood.sentence().is_empty(), is_nothing);
            prop_assert_eq!(is_nothing, text.trim().is_empty() || text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty());
        }
    }
}
