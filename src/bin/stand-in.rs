//! The stand-in for Cloud Deploy as a program: `stand-in --help`.

use std::process::ExitCode;
use std::time::Duration;

use jobrun_viewer::stand_in::{Options, StandIn};

const HELP: &str = "\
A simulated Cloud Deploy on 127.0.0.1, for trying out and testing the viewer.

usage: stand-in [FLAG…]
  --port PORT    default 8787; 0 takes a free one
  --token TOKEN  let only this bearer token in; without it any does, and none
  --speed N      run the simulation's clock N times faster; 0 stops it
  --delay MS     wait before every answer
  --many N       add a rollout with N job runs
  --fault FAULT  let something go wrong; may be given several times
                 KIND[:NUMBER][@CALLS][*TIMES]; CALLS are list, get, terminate, browse,
                 get-rollout, act, build or object: list and get are of job runs, browse
                 is any other list, object is Cloud Storage; KIND is delay:MS,
                 a status such as 503 or 429:SECONDS (of Retry-After), truncated,
                 hang-up, not-json,
                 wrong-shape, page-loop or unreachable; 429:2@list*3 for one
  --help         print this

Below /stand-in/ are its own paths: requests (GET, DELETE), faults (GET, POST, DELETE) and
clock (GET, POST).
";

fn main() -> ExitCode {
    let options = match parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("stand-in: {message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stand-in: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> std::io::Result<()> {
    let token = options.token.clone();
    let stand_in = StandIn::start(options)?;
    let base = stand_in.base_url();
    println!("A simulated Cloud Deploy answers at {base} until Ctrl-C.");
    println!("Point the viewer at it with this config.json beside its index.html:");
    println!("  {{\"apiBase\": \"{base}\"}}");
    match token {
        Some(token) => println!("Sign in with the token {token}"),
        None => println!("Any token will do."),
    }
    println!("Its rollouts:");
    for (name, title) in stand_in.rollouts() {
        println!("  {name}\n      {title}");
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(tokio::signal::ctrl_c())
}

/// Reads the command line; `None` asks for help.
fn parse(mut args: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options {
        port: 8787,
        ..Options::default()
    };
    while let Some(arg) = args.next() {
        if arg == "--help" || arg == "-h" {
            return Ok(None);
        }
        let (flag, value) = match arg.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (arg, None),
        };
        let known = [
            "--port", "--token", "--speed", "--delay", "--many", "--fault",
        ];
        if !known.contains(&flag.as_str()) {
            return Err(format!("there is no flag {flag}"));
        }
        let value = value
            .or_else(|| args.next())
            .ok_or_else(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--port" => options.port = number(&flag, &value)?,
            "--token" => options.token = Some(value),
            "--speed" => options.speed = number(&flag, &value)?,
            "--delay" => options.delay = Duration::from_millis(number(&flag, &value)?),
            "--many" => options.many = number(&flag, &value)?,
            _ => options.faults.push(value.parse()?),
        }
    }
    Ok(Some(options))
}

fn number<T: std::str::FromStr>(flag: &str, value: &str) -> Result<T, String> {
    value
        .parse()
        .map_err(|_| format!("{flag} needs a number, and “{value}” is none"))
}
