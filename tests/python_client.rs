//! Google's own Python client against the stand-in: what the stand-in says is what the real API's
//! users would take from it.

use std::io::Write;
use std::process::{Command, Stdio};

use jobrun_viewer::stand_in::{Options, StandIn};

#[test]
fn googles_client_gets_along_with_the_stand_in() {
    let python = std::env::var_os("PYTHON_CLIENT").filter(|python| !python.is_empty()).expect(
        "PYTHON_CLIENT is not set: it names a Python that has google-cloud-deploy. Run scripts/test, which \
         installs one and sets it",
    );
    let token = "a-token-for-python";
    let options = Options {
        token: Some(token.to_owned()),
        speed: 0.0,
        ..Options::default()
    };
    let stand_in = StandIn::start(options).unwrap();
    let rollouts: Vec<String> = stand_in
        .rollouts()
        .iter()
        .map(|(name, ..)| name.to_string())
        .collect();

    let mut command = Command::new(&python);
    command
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/python/client.py"
        ))
        .args([stand_in.base_url(), token])
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // Else the client may look for a certificate of the machine, or for credentials.
        .env("GOOGLE_API_USE_CLIENT_CERTIFICATE", "false")
        .env_remove("GOOGLE_APPLICATION_CREDENTIALS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", python.display()));
    let stdin = child.stdin.take().unwrap();
    serde_json::to_writer(&stdin, &rollouts).unwrap();
    (&stdin).flush().unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    println!("{stdout}");
    assert!(
        output.status.success() && stdout.ends_with("all checked\n"),
        "client.py ended with {}\n{stdout}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );

    let requests = stand_in.requests();
    assert!(requests.iter().all(|request| request.authorized));
    assert!(
        requests
            .iter()
            .any(|request| request.path_and_query.contains("enum-encoding"))
    );
    // As many as client.py makes: the client repeats none, not even after a 503.
    assert_eq!(
        requests
            .iter()
            .filter(|request| request.is_terminate())
            .count(),
        7
    );
    assert_eq!(
        requests.iter().filter(|request| request.is_act()).count(),
        12
    );
}
