//! The recipes of `scripts/hosting`, as far as they need neither a network nor a server: what the scripts
//! would send and write. The end-to-end tests have what needs the built viewer.

mod program;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use program::write_program;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><script src=./start-0123456789abcdef.js></script>";

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn run(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    println!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A command of the project, without what the environment may say of a host.
fn script(name: &str) -> Command {
    unset(Command::new(format!("{ROOT}/{name}")))
}

fn unset(mut command: Command) -> Command {
    let of_config = ["API_BASE", "BUILD_BASE", "STORAGE_BASE", "CLIENT_ID"];
    for (key, _) in std::env::vars() {
        if key.starts_with("VIEWER_") || of_config.contains(&key.as_str()) {
            command.env_remove(key);
        }
    }
    command
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn text_of(command: &mut Command) -> String {
    text(&run(command))
}

/// A folder with `dist` and a `gcloud` that writes down what it is asked, one argument to a line and an
/// empty line after each call, and keeps what it would send.
struct Bucket {
    folder: TempDir,
}

/// A file that was sent.
#[derive(Debug)]
struct Sent {
    to: String,
    options: Vec<String>,
}

impl Sent {
    fn option(&self, name: &str) -> &str {
        let start = format!("--{name}=");
        self.options
            .iter()
            .find_map(|option| option.strip_prefix(&start))
            .unwrap_or_default()
    }
}

impl Bucket {
    fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for name in ["dist", "bin", "sent"] {
            std::fs::create_dir(at.join(name)).unwrap();
        }
        for name in files {
            write(
                &at.join("dist").join(name),
                if *name == "index.html" { PAGE } else { "{}" },
            );
        }
        let program = format!(
            "#!/bin/sh\nfor each; do printf '%s\\n' \"$each\"; [ ! -f \"$each\" ] || cp \"$each\" '{0}/sent/'; done \
             >>'{0}/calls'\necho >>'{0}/calls'\n[ ! -e '{0}/fails' ]\n",
            at.display()
        );
        write_program(&at.join("bin/gcloud"), &program);
        Self { folder }
    }

    fn upload(&self, to: &str, environment: &[(&str, &str)]) -> Output {
        let at = self.folder.path();
        let path = format!(
            "{}:{}",
            at.join("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let mut command = script("scripts/hosting/bucket/upload");
        run(command
            .arg(at.join("dist"))
            .arg(to)
            .env("PATH", path)
            .envs(environment.iter().copied()))
    }

    fn calls(&self) -> Vec<Vec<String>> {
        let calls = std::fs::read_to_string(self.folder.path().join("calls")).unwrap_or_default();
        let calls = calls.split("\n\n").filter(|call| !call.trim().is_empty());
        calls
            .map(|call| call.lines().map(str::to_owned).collect())
            .collect()
    }

    /// What was sent where, in that order.
    fn sent(&self) -> Vec<Sent> {
        let mut sent = Vec::new();
        for call in self.calls() {
            assert_eq!(call[..2], ["storage", "cp"], "only ever copies: {call:?}");
            let (options, paths): (Vec<String>, Vec<String>) = call[2..]
                .iter()
                .cloned()
                .partition(|part| part.starts_with("--"));
            let (destination, files) = paths.split_last().unwrap();
            assert!(!files.is_empty(), "{call:?}");
            for file in files {
                let name = Path::new(file).file_name().unwrap().to_str().unwrap();
                let is_folder = destination.ends_with('/');
                let to = if is_folder {
                    format!("{destination}{name}")
                } else {
                    destination.clone()
                };
                sent.push(Sent {
                    to,
                    options: options.clone(),
                });
            }
        }
        sent
    }

    fn content(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join("sent").join(name)).unwrap()
    }
}

const FILES: [&str; 9] = [
    "config.json",
    "icon-0123456789abcdef.svg",
    "index.html",
    "jobrun-viewer-0123456789abcdef_bg.wasm",
    "part-text-0123456789abcdef.wasm",
    "part-text-0123456789abcdef.wasm.br",
    "start-0123456789abcdef.js",
    "start-0123456789abcdef.js.gz",
    "style-0123456789abcdef.css",
];

#[test]
fn a_bucket_gets_each_file_with_its_headers_and_the_page_last() {
    let bucket = Bucket::new(&FILES);
    text(&bucket.upload("gs://bucket/tools/viewer/", &[]));
    let sent = bucket.sent();
    let packed_elsewhere = |name: &&str| name.ends_with(".gz") || name.ends_with(".br");
    assert_eq!(
        sent.len(),
        FILES.iter().filter(|name| !packed_elsewhere(name)).count(),
        "{sent:?}"
    );
    for file in &sent {
        let name = file
            .to
            .strip_prefix("gs://bucket/tools/viewer/")
            .expect("the path is kept");
        assert!(
            FILES.contains(&name) && !packed_elsewhere(&name),
            "{file:?}"
        );
        let is_fixed = ["index.html", "config.json"].contains(&name);
        let kept = if is_fixed {
            "no-cache"
        } else {
            "public, max-age=31536000, immutable"
        };
        assert_eq!(file.option("cache-control"), kept, "{file:?}");
        let (_, ending) = name.rsplit_once('.').unwrap();
        let kind = match ending {
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "svg" => "image/svg+xml",
            "wasm" => "application/wasm",
            other => panic!("{other}"),
        };
        assert_eq!(file.option("content-type"), kind, "{file:?}");
        let is_packed = file
            .option("gzip-local")
            .split(',')
            .any(|packed| packed == ending);
        assert_eq!(is_packed, ending != "json", "{file:?}");
        // What the host has set in its bucket stays.
        assert_eq!(
            file.options.iter().any(|option| option == "--no-clobber"),
            name == "config.json"
        );
    }
    let last: Vec<&str> = sent[sent.len() - 2..]
        .iter()
        .map(|file| file.to.as_str())
        .collect();
    assert_eq!(
        last,
        [
            "gs://bucket/tools/viewer/config.json",
            "gs://bucket/tools/viewer/index.html"
        ]
    );
    assert_eq!(bucket.content("index.html"), PAGE);
}

#[test]
fn a_bucket_gets_the_configuration_that_is_named() {
    let bucket = Bucket::new(&FILES);
    let config = bucket.folder.path().join("ours");
    write(&config, "{\"clientId\": \"ours\"}");
    text(&bucket.upload(
        "gs://bucket",
        &[("VIEWER_CONFIG", config.to_str().unwrap())],
    ));
    let sent = bucket.sent();
    let config = sent
        .iter()
        .find(|file| file.to == "gs://bucket/config.json")
        .expect("at the root");
    assert!(
        !config.options.iter().any(|option| option == "--no-clobber"),
        "{config:?}"
    );
    assert_eq!(bucket.content("config.json"), "{\"clientId\": \"ours\"}");
}

#[test]
fn a_page_is_not_sent_when_one_of_its_files_was_not() {
    let bucket = Bucket::new(&FILES);
    write(&bucket.folder.path().join("fails"), "");
    assert!(!bucket.upload("gs://bucket", &[]).status.success());
    assert_eq!(bucket.calls().len(), 1);
}

#[test]
fn nothing_is_sent_that_is_no_built_viewer() {
    let all_but = |left_out: &str| {
        FILES
            .into_iter()
            .filter(|name| !name.contains(left_out))
            .collect::<Vec<_>>()
    };
    let unhashed = [&FILES[..], &["jobrun-viewer.js"]].concat();
    let is_secret = [&FILES[..], &["key.pem"]].concat();
    for files in [
        all_but("index.html"),
        all_but("config.json"),
        all_but("-01234"),
        unhashed,
        is_secret,
    ] {
        let bucket = Bucket::new(&files);
        assert_eq!(
            bucket.upload("gs://bucket", &[]).status.code(),
            Some(2),
            "{files:?}"
        );
        assert!(bucket.calls().is_empty(), "{files:?}");
    }
    let bucket = Bucket::new(&FILES);
    for to in ["bucket", "gs://", "s3://bucket"] {
        assert_eq!(bucket.upload(to, &[]).status.code(), Some(2), "{to}");
    }
    assert!(bucket.calls().is_empty());
}

#[test]
fn a_policy_is_widened_by_addresses_and_by_nothing_else() {
    let csp = |connect: &str| run(script("scripts/hosting/csp").env("VIEWER_CONNECT", connect));
    let usual = text(&csp(""));
    assert!(
        usual.contains("connect-src 'self' https://*.googleapis.com; ")
            && usual.contains("; frame-ancestors 'none'; "),
        "{usual}"
    );
    let wide = text(&csp("http://a:1 http://b:2"));
    assert_eq!(wide.replace("http://a:1 http://b:2 ", ""), usual);
    for hostile in [
        "x; script-src *",
        "x\" y",
        "x' y",
        "x\nscript-src *",
        "x|y",
        "x&y",
        "x><script",
        "$uri",
        "x, y",
    ] {
        assert_eq!(csp(hostile).status.code(), Some(2), "{hostile}");
    }
}

const PAGES: &str = include_str!("../scripts/hosting/github-pages.yml");

/// The lines of a workflow that have a key, with what stands after it.
fn values<'a>(key: &str) -> Vec<&'a str> {
    let lines = PAGES
        .lines()
        .map(|line| line.trim().trim_start_matches("- "));
    lines
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        .collect()
}

#[test]
fn the_workflow_for_pages_runs_what_there_is_with_few_rights() {
    // Where Python has a reader of YAML, it has the word; the rest goes by lines.
    let reads = "import sys
try: import yaml
except ImportError: sys.exit(77)
flow = yaml.safe_load(sys.stdin)
assert flow['permissions'] == {}, flow['permissions']
assert flow['jobs']['build']['permissions'] == {'contents': 'read'}
assert flow['jobs']['deploy']['permissions'] == {'pages': 'write', 'id-token': 'write'}
assert flow['jobs']['deploy']['needs'] == 'build'
steps = [step for job in flow['jobs'].values() for step in job['steps']]
assert all(('run' in step) != ('uses' in step) for step in steps), steps
";
    let mut python = Command::new("python3");
    python
        .args(["-c", reads])
        .stdin(std::fs::File::open(format!("{ROOT}/scripts/hosting/github-pages.yml")).unwrap());
    match python.output() {
        Ok(output) if output.status.code() != Some(77) => {
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        _ => println!("no reader of YAML: by lines only"),
    }

    for uses in values("uses") {
        let (action, version) = uses.split_once('@').expect("a version");
        assert!(action.starts_with("actions/"), "{uses}");
        assert!(
            version
                .strip_prefix('v')
                .is_some_and(|major| major.parse::<u32>().is_ok()),
            "{uses}"
        );
    }
    for action in ["checkout", "upload-pages-artifact", "deploy-pages"] {
        assert!(
            values("uses")
                .iter()
                .any(|uses| uses.starts_with(&format!("actions/{action}@"))),
            "{action}"
        );
    }
    for run in values("run") {
        let command = run.split(' ').next().unwrap();
        if !command.starts_with("scripts/") {
            assert_eq!(command, "rustup", "{run}");
            continue;
        }
        let mode = std::fs::metadata(Path::new(ROOT).join(command))
            .expect(run)
            .permissions()
            .mode();
        assert_eq!(mode & 0o111, 0o111, "{run}");
    }
    let files = PAGES
        .split("hashFiles(")
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .unwrap();
    for file in files.split(", ").map(|file| file.trim_matches('\'')) {
        // A folder, with all that lies in it.
        assert!(
            Path::new(ROOT).join(file.trim_end_matches("/**")).exists(),
            "{file}"
        );
    }
    assert!(
        values("path").contains(&"~/.cache/jobrun-viewer"),
        "where scripts/env.sh has its tools"
    );
    assert!(values("path").contains(&"dist"));

    // What is done after the build does what is hoped.
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("dist")).unwrap();
    write(&folder.path().join("dist/index.html"), PAGE);
    let after = values("run")
        .into_iter()
        .skip_while(|run| *run != "scripts/build release")
        .skip(1);
    for step in after {
        let command = step.replace("scripts/", &format!("{ROOT}/scripts/"));
        let mut shell = unset(Command::new("bash"));
        shell
            .args(["-ec", &command])
            .current_dir(folder.path())
            .env("CLIENT_ID", "");
        text(&run(&mut shell));
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join("dist").join(name)).unwrap();
    let config: serde_json::Value = serde_json::from_str(&read("config.json")).unwrap();
    assert_eq!(config, serde_json::json!({ "clientId": "" }));
}

#[test]
fn a_configuration_is_what_the_environment_says() {
    let config = |environment: &[(&str, &str)]| {
        let mut command = script("scripts/hosting/config-json");
        run(command.envs(environment.iter().copied()))
    };
    let read = |output: Output| serde_json::from_str::<serde_json::Value>(&text(&output)).unwrap();
    assert_eq!(read(config(&[])), serde_json::json!({}));
    let all = [
        ("API_BASE", ""),
        ("BUILD_BASE", "https://b"),
        ("STORAGE_BASE", "https://s"),
        ("CLIENT_ID", "1-a.apps"),
    ];
    let expected = serde_json::json!({
        "apiBase": "", "buildBase": "https://b", "storageBase": "https://s", "clientId": "1-a.apps"
    });
    assert_eq!(read(config(&all)), expected);
    // The keys are those that the viewer reads.
    let reader = include_str!("../src/api/config.rs");
    for field in ["api_base", "build_base", "storage_base", "client_id"] {
        assert!(reader.contains(&format!("pub {field}: String")), "{field}");
    }
    for hostile in ["a\"b", "a\\b", "a\nb", "a\u{1}b", "ä"] {
        assert_eq!(
            config(&[("CLIENT_ID", hostile)]).status.code(),
            Some(2),
            "{hostile:?}"
        );
    }
}

#[test]
fn the_container_is_made_of_what_there_is_and_its_entrypoint_finds_it() {
    let dockerfile = include_str!("../scripts/hosting/container/Dockerfile");
    let image = tempfile::tempdir().unwrap();
    let (_, last_stage) = dockerfile.rsplit_once("\nFROM ").unwrap();
    for (text, is_last) in [(dockerfile, false), (last_stage, true)] {
        for line in text.lines().filter_map(|line| line.strip_prefix("COPY ")) {
            if line.starts_with("--from=") {
                continue;
            }
            let parts: Vec<&str> = line.split(' ').collect();
            let (to, from) = parts.split_last().unwrap();
            for path in from {
                assert!(Path::new(ROOT).join(path).exists(), "{line}");
            }
            if is_last {
                let to = image.path().join(to.trim_start_matches('/'));
                std::fs::create_dir_all(&to).unwrap();
                // A folder's content is copied, not the folder.
                let from = from.iter().map(|path| Path::new(ROOT).join(path));
                let from = from.map(|path| if path.is_dir() { path.join(".") } else { path });
                text_of(Command::new("cp").arg("-r").args(from).arg(&to));
            }
        }
    }
    for line in dockerfile.lines().filter(|line| line.starts_with("RUN ")) {
        for command in line
            .split([' ', '&'])
            .filter(|word| word.starts_with("scripts/"))
        {
            assert!(Path::new(ROOT).join(command).is_file(), "{line}");
        }
    }
    let entrypoint = last_stage
        .lines()
        .find_map(|line| line.strip_prefix("ENTRYPOINT "))
        .unwrap();
    let entrypoint: Vec<String> = serde_json::from_str(entrypoint).unwrap();
    let run_folder = image.path().join("tmp/viewer");
    let mut start = unset(Command::new(
        image.path().join(entrypoint[0].trim_start_matches('/')),
    ));
    start
        .env("VIEWER_RUN", &run_folder)
        .env("NGINX_COMMAND", "echo")
        .env("CLIENT_ID", "ours")
        .arg("-t");
    let asked = text_of(&mut start);
    assert!(asked.ends_with("/tmp/viewer/nginx.conf -t\n"), "{asked}");
    let conf = std::fs::read_to_string(run_folder.join("viewer.conf")).unwrap();
    assert!(
        conf.contains("listen 8080;") && conf.contains("alias /srv/viewer/;"),
        "{conf}"
    );
    assert!(last_stage.contains(" /srv/viewer\n") && last_stage.contains("\nEXPOSE 8080\n"));
    let config = std::fs::read_to_string(run_folder.join("config.json")).unwrap();
    assert!(config.contains("\"clientId\": \"ours\""), "{config}");
}
