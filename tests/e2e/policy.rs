//! What the page's Content-Security-Policy and Trusted Types keep out. That they let in what the viewer
//! needs is asserted by all other tests, which allow no error in the console.

use const_format::formatcp;
use serde_json::{Value, json};

use crate::hosting::asked;
use crate::nginx::Nginx;
use crate::select;
use crate::site::dist;
use crate::viewer::{DONE, Setup, Viewer, name};

/// All that the policy says, in its order, with what it lets the page talk to.
fn policy(connect: &str) -> Vec<(String, String)> {
    let said = [
        ("default-src", "'none'"),
        (
            "script-src",
            "'self' 'wasm-unsafe-eval' https://accounts.google.com/gsi/client",
        ),
        ("style-src", "'self' https://accounts.google.com/gsi/style"),
        ("style-src-attr", "'unsafe-inline'"),
        ("img-src", "'self' data: blob:"),
        ("font-src", "'self'"),
        ("connect-src", connect),
        ("worker-src", "'self'"),
        ("frame-src", "https://accounts.google.com/gsi/"),
        ("manifest-src", "'self'"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
        ("object-src", "'none'"),
        ("frame-ancestors", "'none'"),
        ("require-trusted-types-for", "'script'"),
        ("trusted-types", "default goog#html"),
    ];
    said.map(|(directive, value)| (directive.to_owned(), value.to_owned()))
        .into()
}

/// A policy as a browser takes it apart.
fn directives(policy: &str) -> Vec<(String, String)> {
    let parts = policy
        .split(';')
        .map(|part| part.trim().split_once(' ').unwrap_or((part.trim(), "")));
    parts
        .map(|(directive, value)| (directive.to_owned(), value.to_owned()))
        .collect()
}

/// What the attempts need: `refused` tells which directive of the policy, or which exception, an attempt
/// met.
const TOOLS: &str = "
    const met = {};
    const pause = millis => new Promise(resolve => setTimeout(resolve, millis));
    const refused = async (what, attempt, timeout = 10000) => {
      let directive;
      const hear = ({ effectiveDirective }) => { directive ??= effectiveDirective };
      document.addEventListener('securitypolicyviolation', hear);
      let thrown = '';
      try { await attempt() } catch (error) { thrown = error.name }
      // What is refused elsewhere than here, or when it is drawn, is told later.
      const begin = performance.now();
      while (!directive && !thrown && performance.now() - begin < timeout) await pause(20);
      // Two policies see it, one after the other: neither may be taken for what the next attempt meets.
      await pause(150);
      document.removeEventListener('securitypolicyviolation', hear);
      met[what] = directive ?? (thrown || 'nothing');
    };
    const add = (tag, attributes) => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.append(element);
      return element;
    };
    const elsewhere = 'http://127.0.0.1:1/';";

/// Tries what an injection would try. Most of it meets Trusted Types, which come before the rest.
const ATTEMPTS: &str = formatcp!(
    "
    await refused('markup', () => {{ document.querySelector({main:?}).innerHTML = '<img>' }});
    await refused('code in a text', () => {{ (0, eval)('window.ran = 1') }});
    await refused('code in an attribute', () => add('b', {{ onclick: 'window.ran = 1' }}).click());
    await refused('a script inside', () => {{ add('script', {{}}).text = 'window.ran = 1' }});
    await refused('a script from elsewhere', () => add('script', {{ src: elsewhere }}));
    await refused('a worker from elsewhere', () => new Worker(elsewhere));
    await refused('a worker of a text', () => new Worker('data:text/javascript,0'));
    await refused('a javascript address', () => add('a', {{ href: 'javascript:window.ran = 1' }}).click());
    await refused('a request elsewhere', () => fetch(elsewhere));
    await refused('a line held open', () => new WebSocket('ws://127.0.0.1:1/'));
    await refused('a word on leaving', () => navigator.sendBeacon(elsewhere));
    await refused('a sound from elsewhere', () => add('audio', {{ src: elsewhere }}));
    await refused('a picture from elsewhere', () => add('img', {{ src: elsewhere }}));
    await refused('a page inside', () => add('iframe', {{ src: elsewhere }}));
    await refused('a style inside', () => {{ add('style', {{}}).textContent = 'main {{ opacity: 0.5 }}' }});
    await refused('a style from elsewhere', () => add('link', {{ rel: 'stylesheet', href: elsewhere }}));
    await refused('another base', () => add('base', {{ href: elsewhere }}));
    await refused('a form', () => add('form', {{ action: elsewhere }}).submit());
    await refused('a policy that trusts all', () => trustedTypes.createPolicy('all',
      {{ createHTML: text => text }}));
    return [met, window.ran ?? null];",
    main = select::page::MAIN
);

/// Tries it once more with what Trusted Types trust, as an injection would that has got hold of a policy's
/// values: now the other directives must answer.
const TRUSTED_ATTEMPTS: &str = "
    const keep = text => text;
    const trust = trustedTypes.createPolicy(
      'goog#html', { createHTML: keep, createScript: keep, createScriptURL: keep });
    const ran = trust.createScript('window.ran = 1');
    const address = trust.createScriptURL(elsewhere);
    const text = trust.createScriptURL('data:text/javascript,globalThis.ran = 1');
    const blob = trust.createScriptURL(URL.createObjectURL(new Blob(['globalThis.ran = 1'], { type: 'text/javascript' })));
    await refused('a handler in markup', () => {
      add('div', {}).innerHTML = trust.createHTML('<img src=\"data:,\" onerror=\"window.ran = 1\">');
    });
    await refused('a page in markup', () => {
      add('div', {}).innerHTML = trust.createHTML('<iframe src=\"data:text/html,\"></iframe>');
    });
    await refused('code in a text', () => { (0, eval)(ran) });
    await refused('code for later', () => { setTimeout(ran) });
    await refused('code in an attribute', () => add('b', { onclick: ran }).click());
    await refused('a script inside', () => {
      const script = document.createElement('script');
      script.text = ran;
      document.body.append(script);
    });
    await refused('a script from elsewhere', () => add('script', { src: address }));
    await refused('a script of a text', () => add('script', { src: text }));
    await refused('a script of a file', () => add('script', { src: blob }));
    await refused('a module from elsewhere', () => import(elsewhere));
    await refused('a worker from elsewhere', () => new Worker(address));
    await refused('a worker of a text', () => new Worker(text));
    await refused('a worker of a file', () => new Worker(blob));
    await refused('a worker of many pages', () => new SharedWorker(text));
    await refused('a worker that stays', () => navigator.serviceWorker.register(address));
    await refused('an object', () => add('object', { data: address }));
    await refused('an embedded file', () => add('embed', { src: address }));
    await refused('a page inside', () => add('iframe', { srcdoc: trust.createHTML('<script>parent.ran = 1</script>') }), 200);
    await new Promise(resolve => setTimeout(resolve, 200));
    return [met, window.ran ?? null];";

/// Markup that can run, load or send something, or that hides what it is.
const HOSTILE_MARKUP: [&str; 26] = [
    "<img src=data: onerror='window.ran = 1'>",
    "<img src=\"data:,\" onerror=\"window.ran = 1\">",
    "<iframe srcdoc=\"&lt;script>parent.ran = 1&lt;/script>\"></iframe>",
    "<base href=\"http://127.0.0.1:1/\">",
    "<meta http-equiv=\"refresh\" content=\"0\">",
    "<style>main { opacity: 0 }</style>",
    "<form action=\"http://127.0.0.1:1/\"></form>",
    "<a href=\"javascript:window.ran = 1\">x</a>",
    "<a href=\" javascript:window.ran = 1\">x</a>",
    "<a href=\"&#106;avascript:window.ran = 1\">x</a>",
    "<b onclick=\"window.ran = 1\">x</b>",
    "<b/onclick=1>x</b>",
    "<b\nonclick=1>x</b>",
    "<b title=\">\" onclick=1>x</b>",
    "<script>window.ran = 1</script>",
    "<SCRIPT>window.ran = 1</SCRIPT>",
    "<svg><use href=\"data:,\"></use></svg>",
    "<svg><animate onbegin=\"1\"></animate></svg>",
    "<object data=\"data:,\"></object>",
    "<link rel=\"stylesheet\" href=\"data:,\">",
    "<math><mtext></mtext></math>",
    "<template><b></b></template>",
    "<button formaction=\"http://127.0.0.1:1/\"></button>",
    "<input type=\"image\" src=\"data:,\">",
    "<b title=\"",
    "<!-- x -->",
];

/// Markup such as `view!` compiles in.
const INERT_MARKUP: &str = "<div role=\"note\" aria-hidden=\"true\">ü &lt;b&gt;<br><a href=\"https://example.com/\">x</a></div>";

#[tokio::test(flavor = "multi_thread")]
async fn only_inert_markup_becomes_elements() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    for words in ["Content Security Policy", "TrustedHTML", "Refused to"] {
        viewer.expect_error(words);
    }
    let passed = viewer
        .js(&format!(
            "const passed = [];
            for (const markup of {}) {{
              try {{ document.createElement('div').innerHTML = markup; passed.push(markup) }} catch {{}}
            }}
            return [passed, window.ran ?? null];",
            json!(HOSTILE_MARKUP)
        ))
        .await;
    assert_eq!(passed, json!([[], null]));
    let inert = viewer
        .js(&format!(
            "const made = document.createElement('div'); made.innerHTML = {}; return made.innerHTML;",
            json!(INERT_MARKUP)
        ))
        .await;
    assert_eq!(inert, INERT_MARKUP);
    viewer.finish().await;
}

async fn attempt(viewer: &Viewer, attempts: &str) -> Value {
    viewer
        .js(&format!("return (async () => {{ {TOOLS} {attempts} }})()"))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_injection_would_try_is_refused() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    for words in [
        "Content Security Policy",
        "Content Security policy",
        "TrustedHTML",
        "TrustedScript",
        "Refused to",
    ] {
        viewer.expect_error(words);
    }
    let met = attempt(&viewer, ATTEMPTS).await;
    let trusted = "require-trusted-types-for";
    assert_eq!(
        met,
        json!([
            {
                "markup": trusted,
                "code in a text": trusted,
                "code in an attribute": trusted,
                "a script inside": trusted,
                "a script from elsewhere": trusted,
                "a worker from elsewhere": trusted,
                "a worker of a text": trusted,
                "a javascript address": "script-src-elem",
                "a request elsewhere": "connect-src",
                "a line held open": "connect-src",
                "a word on leaving": "connect-src",
                "a sound from elsewhere": "media-src",
                "a picture from elsewhere": "img-src",
                "a page inside": "frame-src",
                "a style inside": "style-src-elem",
                "a style from elsewhere": "style-src-elem",
                "another base": "base-uri",
                "a form": "form-action",
                "a policy that trusts all": "trusted-types",
            },
            null,
        ])
    );
    // The page goes on as before.
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_loaded().await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_gets_past_trusted_types_is_refused_all_the_same() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    for words in [
        "Content Security Policy",
        "Content Security policy",
        "Refused to",
    ] {
        viewer.expect_error(words);
    }
    let met = attempt(&viewer, TRUSTED_ATTEMPTS).await;
    assert_eq!(
        met,
        json!([
            {
                "a handler in markup": "script-src-attr",
                "a page in markup": "frame-src",
                "code in a text": "script-src",
                "code for later": "script-src",
                "code in an attribute": "script-src-attr",
                "a script inside": "script-src-elem",
                "a script from elsewhere": "script-src-elem",
                "a script of a text": "script-src-elem",
                "a script of a file": "script-src-elem",
                "a module from elsewhere": "script-src-elem",
                // Another origin is refused before a policy is asked.
                "a worker from elsewhere": "SecurityError",
                "a worker of a text": "worker-src",
                "a worker of a file": "worker-src",
                "a worker of many pages": "worker-src",
                "a worker that stays": "SecurityError",
                "an object": "object-src",
                "an embedded file": "object-src",
                // It obeys the policy of the page around it, and its script does not run.
                "a page inside": "nothing",
            },
            null,
        ])
    );
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_loaded().await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_is_this_and_no_other_in_the_page_and_in_the_header() {
    let viewer = Viewer::open(Setup::default(), "").await;
    let said = viewer
        .js(formatcp!(
            "return document.querySelector({policy:?}).content",
            policy = select::page::POLICY
        ))
        .await;
    let mut expected = policy(select::page::ANY);
    expected.retain(|(directive, _)| directive != "frame-ancestors");
    assert_eq!(directives(said.as_str().expect("a text")), expected);
    viewer.finish().await;

    let nginx = Nginx::start("/", &dist(), Some(9)).await;
    for path in ["/", "/index.html", "/none"] {
        let (_, headers) = asked(&nginx, path, "identity").await;
        let policies: Vec<_> = headers.get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 1, "{path}: {policies:?}");
        let said = policies[0].to_str().expect("a text");
        assert_eq!(
            directives(said),
            policy("http://127.0.0.1:* 'self' https://*.googleapis.com"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_asks_is_seen_and_refused_where_a_header_says_so() {
    let mut viewer = Viewer::open(Setup::default(), "log?src=config.json").await;
    viewer.wait_for(select::log::FRAME_ROW).await;
    // The page asks for its own configuration, and the worker for the same file as a log.
    let sent = viewer.whole_requests().await;
    let by = |kind| {
        sent.iter()
            .filter(|sent| sent.by == kind && sent.url.ends_with("/config.json"))
            .count()
    };
    assert_eq!([by("page"), by("worker")], [1, 1]);

    for words in [
        "net::ERR_NAME_NOT_RESOLVED",
        "Content Security Policy",
        "Refused to",
        "Fetch API",
    ] {
        viewer.expect_error(words);
    }
    viewer
        .goto(&viewer.url_of("log?src=https%3A%2F%2Fevil.example%2Fevents.log"))
        .await;
    viewer.wait_for(select::build::ANY_NOTE_BUTTON).await;
    let is_guarded = std::env::var("BEHIND").is_ok_and(|server| server == "nginx");
    let expected: &[&str] = if is_guarded {
        &[]
    } else {
        &["https://evil.example/events.log"]
    };
    assert_eq!(viewer.finish_outside().await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_asks_whom_config_json_names_and_nobody_else() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let policies = viewer
        .js(formatcp!(
            "return [...document.querySelectorAll({policy:?})].map(meta => meta.content)",
            policy = select::page::POLICY
        ))
        .await;
    let base = viewer.stand_in().base_url();
    assert_eq!(policies.as_array().map(Vec::len), Some(2), "{policies}");
    assert!(
        policies[0]
            .as_str()
            .is_some_and(|policy| policy.starts_with("default-src 'none'; ")),
        "{policies}"
    );
    assert_eq!(policies[1], format!("connect-src 'self' {base}"));
    viewer.finish().await;
}
