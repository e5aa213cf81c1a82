//! `scripts/release`, in a repository of its own, with checks and a build that take no time.

mod program;

use std::path::PathBuf;
use std::process::{Command, Output};

use program::write_program;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const CHANGELOG: &str = "# Changelog\n\n## Unreleased\n\n### Added\n\n- Something new.\n\n## 0.0.1 - 2026-01-01\n\n- Old.\n";
/// What the checks are to see.
const CHECKS: &str = "#!/bin/sh\nset -eu\ngrep -m 1 '^version' Cargo.toml >>.git/checked\n[ ! -e .git/checks-fail ]\n";
const BUILD: &str = "#!/bin/sh\nset -eu\nmkdir -p dist\nfor each in index.html config.json b-0123456789abcdef.js \
                     a-0123456789abcdef.wasm; do echo \"$each\" >dist/\"$each\"; done\ntouch -d 2001-01-01 dist/*\n";

struct Repository(TempDir);

impl Repository {
    fn new(changelog: &str) -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        for folder in ["scripts", ".ci"] {
            std::fs::create_dir(repository.at(folder)).unwrap();
        }
        for file in ["Cargo.toml", "Cargo.lock", ".gitignore"] {
            std::fs::copy(format!("{ROOT}/{file}"), repository.at(file)).unwrap();
        }
        repository.write("CHANGELOG.md", changelog);
        let release = std::fs::read_to_string(format!("{ROOT}/scripts/release")).unwrap();
        for (name, text) in [
            ("scripts/release", &*release),
            (".ci/run", CHECKS),
            ("scripts/build", BUILD),
        ] {
            write_program(&repository.at(name), text);
        }
        // So that what follows is later than what was, whatever the project's version is.
        for file in ["Cargo.toml", "Cargo.lock"] {
            let text = repository.read(file);
            let start = text.find("name = \"jobrun-viewer\"\nversion = \"").unwrap();
            let (before, project) = text.split_at(start);
            let (name, rest) = project.split_once("version = \"").unwrap();
            let (_, rest) = rest.split_once('"').unwrap();
            repository.write(file, &format!("{before}{name}version = \"0.1.0\"{rest}"));
        }
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit_all();
        repository
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.at(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.0.path());
        // Neither the settings of this machine's git, nor those of a git that runs the tests.
        for key in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "DIST_DIR"] {
            command.env_remove(key);
        }
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("TZ", "UTC");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Tests")
                .env(format!("GIT_{who}_EMAIL"), "tests@example.org");
        }
        let output = command
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        println!(
            "{program} {arguments:?}: {}\n{}{}",
            output.status,
            text(&output.stdout),
            text(&output.stderr)
        );
        output
    }

    fn ask(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.run(program, arguments);
        assert!(output.status.success(), "{program} {arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.ask("git", arguments)
    }

    fn commit_all(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message=All"]);
    }

    fn release(&self, arguments: &[&str]) -> Output {
        self.run("scripts/release", arguments)
    }

    /// All that a release may change.
    fn state(&self) -> [String; 5] {
        let releases = std::fs::read_dir(self.at("target/releases")).map_or(0, Iterator::count);
        [
            self.git(&["rev-parse", "HEAD"]),
            self.git(&["tag", "--list"]),
            self.git(&["status", "--porcelain"]),
            self.git(&["diff", "HEAD"]),
            releases.to_string(),
        ]
    }
}

#[test]
fn a_release_is_checked_committed_tagged_and_packed() {
    let repository = Repository::new(CHANGELOG);
    assert!(repository.release(&["0.2.0"]).status.success());
    assert_eq!(
        repository.read(".git/checked"),
        "version = \"0.2.0\"\n",
        "checked once, as it will be"
    );
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    assert_eq!(
        repository.git(&["log", "--format=%s"]),
        "Release 0.2.0\nAll\n"
    );
    let changed = repository.git(&[
        "diff",
        "--unified=0",
        "HEAD~",
        "--",
        "Cargo.toml",
        "Cargo.lock",
    ]);
    let changed: Vec<&str> = changed
        .lines()
        .filter(|line| {
            line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")
        })
        .collect();
    assert_eq!(
        changed,
        ["-version = \"0.1.0\"", "+version = \"0.2.0\""].repeat(2)
    );
    let time = repository.git(&["log", "-1", "--format=%ct %cd", "--date=format:%Y-%m-%d"]);
    let (seconds, day) = time.trim().split_once(' ').unwrap();
    let dated = format!("## Unreleased\n\n## 0.2.0 - {day}\n\n### Added\n");
    assert_eq!(
        repository.read("CHANGELOG.md"),
        CHANGELOG.replace("## Unreleased\n\n### Added\n", &dated)
    );
    let tag = repository.git(&[
        "for-each-ref",
        "--format=%(objecttype) %(*objectname) %(contents)",
        "refs/tags/v0.2.0",
    ]);
    let head = repository.git(&["rev-parse", "HEAD"]);
    assert_eq!(
        tag.trim(),
        format!(
            "tag {} Release 0.2.0\n\n### Added\n\n- Something new.",
            head.trim()
        )
    );

    let archive = "target/releases/jobrun-viewer-0.2.0.tar.gz";
    let listed = repository.ask(
        "tar",
        &[
            "--list",
            "--verbose",
            "--full-time",
            "--numeric-owner",
            "--file",
            archive,
        ],
    );
    let files: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let names: Vec<&str> = files.iter().map(|file| *file.last().unwrap()).collect();
    let expected = [
        "",
        "a-0123456789abcdef.wasm",
        "b-0123456789abcdef.js",
        "config.json",
        "index.html",
    ]
    .map(|name| format!("jobrun-viewer-0.2.0/{name}"));
    assert_eq!(names, expected);
    let when = repository.ask("date", &["-u", "-d", &format!("@{seconds}"), "+%F %T"]);
    for file in &files {
        let rights = if file[0].starts_with('d') {
            "drwxr-xr-x"
        } else {
            "-rw-r--r--"
        };
        assert_eq!((file[0], file[1]), (rights, "0/0"), "{listed}");
        assert_eq!(format!("{} {}", file[3], file[4]), when.trim(), "{listed}");
    }
    // gzip would write when it was made, in its fifth to eighth byte.
    assert_eq!(std::fs::read(repository.at(archive)).unwrap()[4..8], [0; 4]);
    repository.ask(
        "sh",
        &[
            "-c",
            "cd target/releases && sha256sum --check --strict *.sha256",
        ],
    );

    // The next one needs something to say.
    let before = repository.state();
    assert!(!repository.release(&["0.3.0"]).status.success());
    assert_eq!(repository.state(), before);
}

#[test]
fn a_release_that_fails_or_is_only_tried_leaves_everything_as_it_was() {
    let repository = Repository::new(CHANGELOG);
    let before = repository.state();
    let tried = repository.release(&["0.2.0", "--dry-run"]);
    assert!(
        tried.status.success()
            && String::from_utf8_lossy(&tried.stdout).contains("- Something new.")
    );
    assert_eq!(repository.state(), before);
    assert!(!repository.at(".git/checked").exists());

    repository.write(".git/checks-fail", "");
    assert!(!repository.release(&["0.2.0"]).status.success());
    assert_eq!(repository.state(), before);
    // A build may not change what is released.
    std::fs::remove_file(repository.at(".git/checks-fail")).unwrap();
    repository.write("scripts/build", &format!("{BUILD}echo >>.ci/run\n"));
    repository.commit_all();
    assert!(!repository.release(&["0.2.0"]).status.success());
    repository.git(&["checkout", "--quiet", "--", ".ci/run"]);
    assert_eq!(repository.state()[1..], before[1..]);
}

#[test]
fn no_release_is_made_of_what_is_not_ready() {
    let refuses = |repository: &Repository, version: &str, why: &str| {
        let before = repository.state();
        let output = repository.release(&[version, "--no-checks"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains(why),
            "{version}, {why}: {said}"
        );
        assert_eq!(repository.state(), before, "{version}, {why}");
    };
    let repository = Repository::new(CHANGELOG);
    for version in [
        "",
        "1",
        "v1.0.0",
        "1.0.0-rc.1",
        "01.0.0",
        "1.0.0;true",
        "--force",
    ] {
        refuses(&repository, version, "usage");
    }
    refuses(&repository, "0.0.9", "older than 0.1.0");
    repository.git(&["tag", "v0.2.0"]);
    refuses(&repository, "0.2.0", "a tag v0.2.0");
    repository.write("new", "");
    refuses(&repository, "0.3.0", "not clean");
    repository.commit_all();
    repository.git(&["switch", "--quiet", "--create=other"]);
    refuses(&repository, "0.3.0", "this is other");
    repository.git(&["switch", "--quiet", "--detach"]);
    refuses(&repository, "0.3.0", "this is no branch");

    refuses(
        &Repository::new(&CHANGELOG.replace("- Something new.\n", "")),
        "0.2.0",
        "no change",
    );
    refuses(&Repository::new("# Changelog\n"), "0.2.0", "no one section");
}

#[test]
fn a_finished_build_can_be_released_with_the_version_that_is_there() {
    let repository = Repository::new(CHANGELOG);
    repository.ask("scripts/build", &[]);
    repository.ask("mv", &["dist", ".git/built"]);
    repository.ask(
        "env",
        &[
            "DIST_DIR=.git/built",
            "scripts/release",
            "--no-checks",
            "0.1.0",
        ],
    );
    assert!(!repository.at("dist").exists() && !repository.at(".git/checked").exists());
    assert_eq!(
        repository.git(&["diff", "--name-only", "HEAD~"]),
        "CHANGELOG.md\n"
    );
    assert!(
        repository
            .at("target/releases/jobrun-viewer-0.1.0.tar.gz")
            .is_file()
    );
}
