//! Asks the parsers what fuzzing asks of them, natively and in seconds: with every seed, with every
//! input that once found a bug, and with some thousand others that are made of these.
//!
//! `scripts/fuzz` looks for more of them, for as long as it is told.

#[path = "fuzz/targets/mod.rs"]
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use targets::input::Random;

/// What is read where a parser looks for structure, to be put in where it is not.
const TOKENS: [&[u8]; 24] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\n",
    b"\r",
    b"/",
    b"%2F",
    b"?",
    b"&",
    b"=",
    b"#",
    b" ",
    b"\x1b[",
    b"\\n",
    b"\\u0000",
    b"null",
    b"\xff",
    "é".as_bytes(),
    b"-9223372036854775808",
];

/// The files of a folder, in the order of their names.
fn files(folder: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz")
        .join(folder)
        .join(target);
    let Ok(entries) = fs::read_dir(folder) else {
        return vec![];
    };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    files.sort();
    files
}

/// An input made of others: a stretch of one, changed at a few offsets.
fn mutated(inputs: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    const LONGEST: usize = 600;
    let any = |random: &mut Random| &inputs[random.below(inputs.len())][..];
    let stretch = |input: &[u8], most: usize, random: &mut Random| {
        let from = if input.len() > most {
            random.below(input.len() - most)
        } else {
            0
        };
        input[from..input.len().min(from + most)].to_vec()
    };
    let mut input = stretch(any(random), LONGEST, random);
    for _ in 0..1 + random.below(4) {
        let at = random.below(input.len() + 1);
        let to = (at + random.below(12)).min(input.len());
        match random.below(6) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 => drop(input.drain(at..to)),
            2 => drop(input.splice(at..at, TOKENS[random.below(TOKENS.len())].iter().copied())),
            3 => drop(input.splice(at..to, TOKENS[random.below(TOKENS.len())].iter().copied())),
            4 => drop(input.splice(at..to, stretch(any(random), 40, random))),
            _ => input.truncate(at),
        }
    }
    input
}

/// Tries a target with its seeds, its crashes, and so many inputs made of them.
fn replay(name: &str, target: fn(&[u8]), made: usize) {
    let files: Vec<PathBuf> = ["seeds", "crashes"]
        .into_iter()
        .flat_map(|folder| files(folder, name))
        .collect();
    let inputs: Vec<Vec<u8>> = files
        .iter()
        .map(|file| fs::read(file).expect("it can be read"))
        .collect();
    assert!(inputs.len() > 2, "{name} has no seeds");
    let attempt = |input: &[u8], what: &dyn Fn() -> String| {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
            eprintln!(
                "{name} fails for {}: {:?}",
                what(),
                input.escape_ascii().to_string()
            );
            resume_unwind(panic);
        }
    };
    target(b"");
    for (file, input) in files.iter().zip(&inputs) {
        attempt(input, &|| file.display().to_string());
    }
    let mut random = Random::of(name.as_bytes());
    for number in 0..made {
        attempt(&mutated(&inputs, &mut random), &|| {
            format!("input {number}")
        });
    }
    println!(
        "{name}: {} cases, {} of them files",
        1 + inputs.len() + made,
        inputs.len()
    );
}

macro_rules! targets {
    ($( $name:ident = $target:path, $made:literal; )+) => { $(
        #[test]
        fn $name() {
            replay(stringify!($name), $target, $made);
        }
    )+ };
}

// How many inputs are made: as many as two seconds have room for, at most.
targets! {
    name = targets::names::target, 20_000;
    time = targets::times::target, 20_000;
    address = targets::addresses::target, 20_000;
    paste = targets::paste::target, 20_000;
    job_run = targets::messages::job_run, 20_000;
    rollout = targets::messages::rollout, 20_000;
    resource = targets::messages::resource, 20_000;
    cloud_build = targets::messages::build, 20_000;
    response = targets::lists::response, 20_000;
    file = targets::lists::file, 20_000;
    filter = targets::lists::filter, 20_000;
    history = targets::histories::target, 20_000;
    json = targets::texts::json, 20_000;
    yaml = targets::texts::yaml, 20_000;
    diff = targets::texts::diff, 20_000;
    build_log = targets::texts::log, 20_000;
    event_line = targets::event_logs::line, 20_000;
    event_log = targets::event_logs::log, 2_000;
    error = targets::replies::error, 20_000;
    config = targets::replies::config, 20_000;
    message = targets::replies::messages, 20_000;
}
