//! What the page's Content-Security-Policy and Trusted Types keep out. That they let in what the viewer
//! needs is asserted by all other tests, which allow no error in the console.

use serde_json::json;

use crate::viewer::{DONE, Setup, Viewer, name};

/// Tries what an injection would try, and tells which directive of the policy, or which exception, each
/// attempt met.
const ATTEMPTS: &str = "
    const met = {};
    const refused = async (what, attempt) => {
      let directive;
      const hear = ({ effectiveDirective }) => { directive ??= effectiveDirective };
      document.addEventListener('securitypolicyviolation', hear);
      let thrown = '';
      try { await attempt() } catch (error) { thrown = error.name }
      await new Promise(resolve => setTimeout(resolve, 50));
      document.removeEventListener('securitypolicyviolation', hear);
      met[what] = directive ?? (thrown || 'nothing');
    };
    const add = (tag, attributes) => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.append(element);
      return element;
    };
    const elsewhere = 'http://127.0.0.1:1/';
    await refused('markup', () => { document.querySelector('main').innerHTML = '<b>' });
    await refused('code in a text', () => { (0, eval)('window.ran = 1') });
    await refused('code in an attribute', () => add('b', { onclick: 'window.ran = 1' }).click());
    await refused('a script inside', () => { add('script', {}).text = 'window.ran = 1' });
    await refused('a script from elsewhere', () => add('script', { src: elsewhere }));
    await refused('a worker from elsewhere', () => new Worker(elsewhere));
    await refused('a worker of a text', () => new Worker('data:text/javascript,0'));
    await refused('a request elsewhere', () => fetch(elsewhere));
    await refused('a picture from elsewhere', () => add('img', { src: elsewhere }));
    await refused('a page inside', () => add('iframe', { src: elsewhere }));
    await refused('a style from elsewhere', () => add('link', { rel: 'stylesheet', href: elsewhere }));
    await refused('another base', () => add('base', { href: elsewhere }));
    await refused('a form', () => add('form', { action: elsewhere }).submit());
    await refused('a policy that trusts all', () => trustedTypes.createPolicy('all', { createHTML: text => text }));
    return [met, window.ran ?? null];";

#[tokio::test(flavor = "multi_thread")]
async fn what_an_injection_would_try_is_refused() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    for words in
        ["Content Security Policy", "Content Security policy", "TrustedHTML", "TrustedScript", "Refused to"]
    {
        viewer.expect_error(words);
    }
    let met = viewer.js(&format!("return (async () => {{ {ATTEMPTS} }})()")).await;
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
                "a request elsewhere": "connect-src",
                "a picture from elsewhere": "img-src",
                "a page inside": "frame-src",
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
    viewer.loaded().await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_asks_whom_config_json_names_and_nobody_else() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let policies = viewer
        .js("return [...document.querySelectorAll('meta[http-equiv=Content-Security-Policy]')].map(meta => meta.content)")
        .await;
    let base = viewer.stand_in().base_url();
    assert_eq!(policies.as_array().map(Vec::len), Some(2), "{policies}");
    assert!(
        policies[0].as_str().is_some_and(|policy| policy.starts_with("default-src 'none'; ")),
        "{policies}"
    );
    assert_eq!(policies[1], format!("connect-src 'self' {base}"));
    viewer.finish().await;
}
